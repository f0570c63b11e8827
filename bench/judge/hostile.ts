// The time of a verdict on hostile input, after a warm-up: `node bench/judge/hostile.ts`.
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { judge } from '../../src/judge/judge.ts'
import { emptyLedger } from '../../src/judge/ledger.ts'
import { HOSTILE_CASES, type HostileCase } from '../../test/attacks/hostile-cases.ts'
import { FACTS } from '../../test/judge/facts.ts'

const MOST_MS = 50
const TURNS = 5

function timeOf({ call, words = [] }: HostileCase): readonly [ms: number, verdict: string] {
  const times: number[] = []
  let verdict = ''
  for (let turn = 0; turn <= TURNS; turn++) {
    const start = performance.now()
    verdict = judge({ ...call, agent: '' }, { ...FACTS, words }, builtInPolicy, emptyLedger).verdict
    if (turn > 0) times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  return [times[Math.floor(TURNS / 2)] ?? 0, verdict]
}

// The gate is a process that stays.
for (const it of HOSTILE_CASES) timeOf(it)
console.log('| case | ms | verdict |\n|---|---|---|')
for (const it of HOSTILE_CASES) {
  const [ms, verdict] = timeOf(it)
  console.log(`| ${it.name.replaceAll('|', '\\|')} | ${ms.toFixed(1)} | ${verdict} |`)
  if (ms > MOST_MS || verdict === 'allow') process.exitCode = 1
}

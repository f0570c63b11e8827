/** The time of one decision over the rows of the sets: inside the judge, with its facts, and cold. */
import { execFileSync } from 'node:child_process'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { gatherFacts } from '../../src/judge/facts.ts'
import { judgeOn } from '../../src/judge/judge.ts'
import { emptyLedger } from '../../src/judge/ledger.ts'
import { count, median, type Row, say, signalbox } from '../common.ts'
import type { Folders } from './folders.ts'
import { judgeRows, rowsOf, setNames } from './sets.ts'

const TURNS = 5
const COLD_RUNS = 9

/** @param folders where the rows' projects are put, for the facts to be read there */
export async function times(folders: Folders): Promise<Row[]> {
  const inside = await insideJudge()
  const whole = await withFacts(folders)
  const warm = 'warm: a first turn is not counted'
  const slowest = `the slowest row takes ${inside.slowest.toFixed(1)} ms in its best turn`
  const note = `${warm}; ${slowest}; targets 0.5 and 5 ms`
  return [
    row('one decision of the judge, its facts given', inside.times, note),
    row('the same with gathering its facts from the disk', whole, warm),
    {
      measure: `\`signalbox check\` in a process of its own, cold, median of ${COLD_RUNS}`,
      signalbox: `${cold().toFixed(0)} ms`,
      peer: '',
      note: 'not in the figures above: the gate stays',
    },
  ]
}

export function figures(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(3)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
}

function row(measure: string, times: readonly number[], note: string): Row {
  const of = `${count(times.length)} decisions`
  return { measure: `${measure}, ${of}`, signalbox: figures(times), peer: '', note }
}

/** @returns also the slowest row in the best of its turns, which other programs cannot have slowed */
async function insideJudge(): Promise<{ times: readonly number[]; slowest: number }> {
  say(`judge: ${TURNS} turns over the sets`)
  const times: number[] = []
  const best = new Map<string, number>()
  for (let turn = 0; turn <= TURNS; turn++)
    for (const name of setNames())
      for (const { row, ms } of await judgeRows(rowsOf(name))) {
        if (turn === 0) continue
        times.push(ms)
        const key = `${name} ${row.id}`
        best.set(key, Math.min(ms, best.get(key) ?? ms))
      }
  return { times, slowest: Math.max(...best.values()) }
}

const FACTS_MS = 1000

/** As the gate does it for each call, apart from sockets and the journal. */
async function withFacts(folders: Folders): Promise<readonly number[]> {
  say('judge: the same with facts')
  const judge = judgeOn('2026-11-24')
  const baseline = { remotes: null, createdByAgent: [] }
  const rows = setNames()
    .flatMap(name => rowsOf(name))
    .map(row => ({ ...folders.place(row), words: [row.user_prompt ?? ''] }))
  const times: number[] = []
  for (let turn = 0; turn <= 1; turn++)
    for (const { call, cwd, root: projectRoot, words } of rows) {
      const start = performance.now()
      const it = { cwd, projectRoot, home: folders.home, call, words, baseline, guarded: [] }
      judge(call, await gatherFacts(it, FACTS_MS), builtInPolicy, emptyLedger)
      if (turn > 0) times.push(performance.now() - start)
    }
  return times
}

function cold(): number {
  const [command = '', ...args] = signalbox('check', 'git status')
  return median(
    Array.from({ length: COLD_RUNS }, () => {
      const start = performance.now()
      execFileSync(command, args, { stdio: 'ignore' })
      return performance.now() - start
    }),
  )
}

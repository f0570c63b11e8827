// How often the judge is right, over the labelled sets of test/corpus/sets:
//   npm run judge:score [-- SET…] [--part dev|held|all] [--kinds] [--wrong] [--json] [--folder F]
// `--wrong` prints the rows that were judged otherwise than labelled: those of `dev`, unless `--part`
// says otherwise. `--folder test/corpus` scores the rows of other guards.
import { parseArgs } from 'node:util'
import { cellsOf, HEAD, type Rates, rate, ratesOf } from './rates.ts'
import { breakerTrips, type Sessions } from './sessions.ts'
import {
  FOLDER,
  isDanger,
  isHarmless,
  type Judged,
  judgeRows,
  PARTS,
  rowsOf,
  setNames,
} from './sets.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    part: { type: 'string' },
    kinds: { type: 'boolean' },
    wrong: { type: 'boolean' },
    json: { type: 'boolean' },
    folder: { type: 'string', default: FOLDER },
  },
})
const wanted = values.part ?? (values.wrong ? 'dev' : 'all')
const part = PARTS.find(name => name === wanted)
if (part === undefined) fail(`no part '${wanted}'; there are: ${PARTS.join(', ')}`)
const known = setNames(values.folder)
const unknown = positionals.find(name => !known.includes(name))
if (unknown !== undefined) fail(`no set '${unknown}'; there are: ${known.join(', ')}`)

function fail(text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(2)
}

const line = (name: string, rates: Rates): string => `| ${[name, ...cellsOf(rates)].join(' | ')} |`

function printWrong(judged: readonly Judged[]): void {
  for (const { row, verdict, judgement } of judged) {
    const { rule, reason, evidence } = judgement
    const missed = isDanger(row) && verdict === 'allow'
    const stopped = isHarmless(row) && verdict !== 'allow'
    const weak = isDanger(row) && verdict === 'ask'
    if (!missed && !stopped && !weak) continue
    const sort = missed ? 'MISSED' : stopped ? `WRONGLY ${verdict}` : 'ASKED'
    const what = row.cmd ?? `${row.tool} ${JSON.stringify(row.input)}`
    const why = rule === 'uncertain' ? reason.slice(reason.indexOf(':') + 2) : evidence
    console.log(
      `${sort} [${row.kind ?? ''}] ${row.id ?? ''} ${rule}: ${why.slice(0, 120)}\n    ${what.slice(0, 400)}`,
    )
  }
}

function sessionsLine(name: string, { harmless, stops, actions, tripped }: Sessions): string {
  const per = ((100 * stops) / actions).toFixed(2)
  const breaker = `breaker tripped in ${rate(tripped, harmless)}`
  return `${name}: harmless sessions ${harmless}, ${stops} stops in ${actions} actions (${per} per 100), ${breaker}`
}

const results: Record<string, unknown> = {}
const sessionLines: string[] = []
const all: Judged[] = []
if (!values.json) {
  console.log(`Part: ${part}. 95 % intervals by Wilson in brackets.\n`)
  console.log(`| set | ${HEAD.join(' | ')} |\n|${'---|'.repeat(HEAD.length + 1)}`)
}
for (const name of positionals.length > 0 ? positionals : known) {
  const judged = await judgeRows(rowsOf(name, part, values.folder))
  const kinds = Object.entries(Object.groupBy(judged, it => it.row.kind ?? ''))
  const sessions = breakerTrips(judged)
  all.push(...judged)
  results[name] = {
    ...ratesOf(judged),
    ...(sessions === null ? {} : { sessions }),
    ...(values.kinds
      ? { kinds: Object.fromEntries(kinds.map(([kind, of]) => [kind, ratesOf(of ?? [])])) }
      : {}),
  }
  if (sessions !== null) sessionLines.push(sessionsLine(name, sessions))
  if (values.json) continue
  console.log(line(name, ratesOf(judged)))
  if (values.kinds)
    for (const [kind, of] of kinds) console.log(line(`· ${kind}`, ratesOf(of ?? [])))
}
if (values.json) console.log(JSON.stringify(results, null, 2))
else {
  if (Object.keys(results).length > 1) console.log(line('together', ratesOf(all)))
  if (sessionLines.length > 0) console.log(`\n${sessionLines.join('\n')}`)
}
if (values.wrong && !values.json) printWrong(all)

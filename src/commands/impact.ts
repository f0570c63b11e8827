/** What auto mode changes: interruptions, waiting, the time and cost of deciding, and how often it was wrong. */

import { noTokens, TOKEN_KINDS, totalTokens } from '../action/action.ts'
import { isForCheck } from '../clients/claude-code/otlp.ts'
import { loadConfig } from '../config/config.ts'
import { amount, duration, grouped, usd } from '../monitor/format.ts'
import {
  type Deciding,
  type Exported,
  type Impact,
  impactOf,
  type ModeImpact,
  type Reviewing,
  type Spent,
} from '../monitor/impact.ts'
import { foundIn, per100, unknownIn } from '../monitor/impact-words.ts'
import type { Range } from '../monitor/range.ts'
import { pad, padLeft, safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { otlpFolder, readOtlp } from '../sources/otlp.ts'
import { flagsOf } from './flags.ts'
import { loadPrices } from './prices.ts'
import { RECORDED_FLAGS, type RecordedFlags, rangeOf, recordedWorld, stateOf } from './recorded.ts'
import { say } from './say.ts'

export const FLAGS = { ...RECORDED_FLAGS, json: 'boolean' } as const

export async function run(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  const range = rangeOf(flags)
  const impact = impactOf(await recordedWorld(flags), range, await exportedIn(flags, range))
  const [found, unknown] = [foundIn(impact), unknownIn(impact)]
  if (flags.json) process.stdout.write(`${terminalSafeJson({ ...impact, found, unknown })}\n`)
  else say([...modeLines(impact), '', ...timeLines(impact), '', ...found, '', ...unknown])
  return 0
}

/** What clients exported of themselves in that time. */
async function exportedIn(flags: RecordedFlags, { since, until }: Range): Promise<Exported> {
  const records = readOtlp(otlpFolder(stateOf(flags)), { from: since, to: until })
  const requests = [...records].filter(it => it.type === 'request')
  const checks = requests.filter(it => isForCheck(it.querySource))
  if (checks.length === 0) return { requests: requests.length, classifier: null, checkMs: [] }
  const price = await loadPrices(await loadConfig(process.env))
  const tokens = noTokens()
  let costUsd = 0
  for (const { model, at, tokens: told, costUsd: own } of checks) {
    const { cacheWrite: cacheWrite5m, ...rest } = told
    const each = { ...noTokens(), ...rest, cacheWrite5m }
    for (const kind of TOKEN_KINDS) tokens[kind] += each[kind]
    // The client tells no cost of its check.
    costUsd += own ?? price(model, each, at) ?? 0
  }
  return {
    requests: requests.length,
    classifier: { requests: checks.length, tokens, costUsd },
    checkMs: checks.flatMap(({ ms }) => (ms === null ? [] : [ms])),
  }
}

const COLUMNS: readonly {
  readonly name: string
  readonly width: number
  readonly of: (it: ModeImpact) => string
}[] = [
  { name: 'actions', width: 8, of: it => grouped(it.actions) },
  { name: 'unasked', width: 8, of: it => grouped(it.unasked) },
  { name: 'blocked', width: 8, of: it => grouped(it.blocked) },
  { name: 'outages', width: 8, of: it => grouped(it.outages) },
  { name: 'asked', width: 6, of: it => grouped(it.interruptions.n) },
  { name: 'asked per 100 (95 %)', width: 21, of: per100 },
  { name: 'waits', width: 6, of: it => grouped(it.waited.n) },
  { name: 'wait', width: 7, of: it => duration(it.waited.p50) },
  { name: 'waited', width: 8, of: it => spentOf(it.waited) },
]

function modeLines({ modes, total }: Impact): string[] {
  const row = (name: string, cells: readonly string[]): string =>
    `${pad(safe(name), 18)}${cells.join('')}`
  const line = (it: ModeImpact): string =>
    row(
      it.mode,
      COLUMNS.map(column => padLeft(column.of(it), column.width + 1)),
    )
  return [
    row(
      'mode',
      COLUMNS.map(it => padLeft(it.name, it.width + 1)),
    ),
    ...modes.map(line),
    line(total),
  ]
}

const LATENCIES = [
  ['classifier', "the client's check"],
  ['gate', 'the gate'],
  ['reviewer', 'the reviewer'],
  ['tool', 'tools'],
  ['model', 'the model'],
] as const

function timeLines({ latency, deciding }: Impact): string[] {
  const row = (name: string, ...[n = '', p50 = '', p95 = '', total = '']: string[]): string =>
    `${pad(name, 18)}${padLeft(n, 9)}${padLeft(p50, 9)}${padLeft(p95, 9)}${padLeft(total, 9)}`
  return [
    row('time of', 'n', 'p50', 'p95', 'total'),
    ...LATENCIES.map(([kind, name]) => {
      const { n, p50, p95 } = latency[kind]
      return row(name, grouped(n), duration(p50), duration(p95), spentOf(latency[kind]))
    }),
    '',
    `deciding by the reviewer: ${decidingOf(deciding.reviewer)}${notInIt(deciding.reviewer)}`,
    `deciding by the client's check: ${deciding.classifier === null ? 'not visible' : decidingOf(deciding.classifier)}`,
  ]
}

const spentOf = ({ n, totalMs }: Spent): string => (n === 0 ? '-' : duration(totalMs))

const decidingOf = ({ requests, tokens, costUsd }: Deciding): string =>
  `${grouped(requests)} requests, ${amount(totalTokens(tokens))} tokens, ${usd(costUsd)}`

/** What is not in the figures before it. */
function notInIt({ unpriced, cached }: Reviewing): string {
  return [
    unpriced === 0 ? '' : `; ${grouped(unpriced)} reviews have no known price`,
    cached === 0 ? '' : `; ${grouped(cached)} from its cache, for nothing`,
  ].join('')
}

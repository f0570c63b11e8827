/** Tokens, cost, actions and latency by day, session, project, model, agent, tool or mode. */
import { totalTokens } from '../action/action.ts'
import type { World } from '../action/world.ts'
import { UsageError } from '../config/usage-error.ts'
import { costGap } from '../monitor/cost.ts'
import { amount, duration, grouped, usd } from '../monitor/format.ts'
import { GROUPS, type Group, type Report, type ReportLine, reportOf } from '../monitor/report.ts'
import { type Reviews, reviewCost } from '../monitor/reviews.ts'
import { pad, padLeft, safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { flagsOf } from './flags.ts'
import { RECORDED_FLAGS, rangeOf, recordedWorld } from './recorded.ts'

export const FLAGS = {
  ...RECORDED_FLAGS,
  by: 'string',
  json: 'boolean',
  csv: 'boolean',
} as const

export async function run(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  if (flags.json && flags.csv) throw new UsageError('--json and --csv exclude each other')
  const by = groupOf(flags.by ?? 'day')
  const range = rangeOf(flags)
  const world = await recordedWorld(flags)
  const report = reportOf(world, { by, ...range })
  if (flags.json)
    process.stdout.write(`${terminalSafeJson({ ...report, client: clientOf(world) })}\n`)
  else process.stdout.write(flags.csv ? csvOf(report) : textOf(report, world))
  return 0
}

function groupOf(text: string): Group {
  const group = GROUPS.find(it => it === text)
  if (group !== undefined) return group
  throw new UsageError(`--by takes ${GROUPS.join(', ')}, not '${text}'`)
}

/** The client's own totals beside ours, of sessions where it wrote one and they differ. */
function clientOf(world: World) {
  const told = world.sessions.flatMap(session => {
    const { id, clientCost } = session
    if (clientCost === null) return []
    return [{ session: id, clientCostUsd: clientCost.totalUsd, difference: costGap(session) }]
  })
  // They are read on several threads, in whatever order.
  return told.sort((a, b) => (a.session < b.session ? -1 : 1))
}

const COLUMNS: readonly {
  readonly name: string
  readonly width: number
  readonly of: (line: ReportLine) => string
}[] = [
  { name: 'answers', width: 8, of: it => grouped(Math.round(it.answers)) },
  { name: 'in', width: 7, of: it => amount(it.tokens.input) },
  { name: 'out', width: 7, of: it => amount(it.tokens.output) },
  { name: 'read', width: 7, of: it => amount(it.tokens.cacheRead) },
  { name: 'write', width: 7, of: it => amount(it.tokens.cacheWrite5m + it.tokens.cacheWrite1h) },
  { name: 'cost', width: 10, of: it => usd(it.costUsd) + (it.costIsPartial ? '+?' : '') },
  { name: 'untold', width: 8, of: it => (it.untoldUsd === 0 ? '-' : usd(it.untoldUsd)) },
  { name: 'actions', width: 8, of: it => grouped(it.actions.total) },
  { name: 'approved', width: 9, of: it => grouped(it.actions.approved) },
  { name: 'blocked', width: 8, of: it => grouped(it.actions.blocked) },
  { name: 'outages', width: 8, of: it => grouped(it.actions.outages) },
  { name: 'prompts', width: 8, of: it => grouped(it.prompts) },
  { name: 'model', width: 7, of: it => duration(it.latency.turn.p50) },
  { name: 'decision', width: 9, of: it => duration(it.latency.decision.p50) },
  { name: 'run', width: 7, of: it => duration(it.latency.run.p50) },
]

function textOf({ by, lines, total, reviews }: Report, world: World): string {
  const width = Math.min(40, Math.max(by.length, ...lines.map(it => it.name.length), 5))
  const row = (name: string, cells: readonly string[]): string =>
    `${pad(safe(name.length > width ? `…${name.slice(1 - width)}` : name), width)}${cells.join('')}`
  const cells = (line: ReportLine): string[] =>
    COLUMNS.map(it => padLeft(it.of(line), it.width + 1))
  const gaps = clientOf(world).flatMap(({ session, difference }) =>
    difference === null ? [] : [`  ${safe(session.slice(0, 8))}: ${safe(difference)}`],
  )
  const told = clientOf(world)
  const theirs = told.reduce((sum, it) => sum + it.clientCostUsd, 0)
  return `${[
    row(
      by,
      COLUMNS.map(it => padLeft(it.name, it.width + 1)),
    ),
    ...lines.map(line => row(line.name, cells(line))),
    row('total', cells(total)),
    '',
    'model, decision and run are medians; +? has tokens without a known price besides;',
    "untold is what the client counted beyond its transcripts: with it cost is the client's own total",
    ...(told.length === 0
      ? []
      : [`the client's own total of ${told.length} sessions: ${usd(theirs)}`]),
    ...gaps,
    ...(reviews === null ? [] : [reviewsText(reviews)]),
  ].join('\n')}\n`
}

/** Of all lines together: it stands in none of them. */
function reviewsText(reviews: Reviews): string {
  const { asked, allowed, denied, requests, tokens, latency } = reviews
  const decided = `${grouped(asked)} actions, ${grouped(allowed)} let through, ${grouped(denied)} refused`
  const took = `${grouped(requests)} requests, ${amount(totalTokens(tokens))} tokens, ${duration(latency.p50)}`
  return `not in it, the reviewer: ${decided}; ${took}, ${reviewCost(reviews)}`
}

function csvOf({ by, lines, total }: Report): string {
  const head = [
    by,
    'answers',
    'input',
    'output',
    'cache_read',
    'cache_write_5m',
    'cache_write_1h',
    'cost_usd',
    'cost_is_partial',
    'untold_usd',
    'actions',
    'approved',
    'blocked',
    'pending',
    'undecided',
    'outages',
    'failed',
    'prompts',
    'turn_p50_ms',
    'decision_p50_ms',
    'run_p50_ms',
  ]
  const row = (it: ReportLine): (string | number | boolean | null)[] => [
    it.name,
    it.answers,
    it.tokens.input,
    it.tokens.output,
    it.tokens.cacheRead,
    it.tokens.cacheWrite5m,
    it.tokens.cacheWrite1h,
    it.costUsd,
    it.costIsPartial,
    it.untoldUsd,
    it.actions.total,
    it.actions.approved,
    it.actions.blocked,
    it.actions.pending,
    it.actions.undecided,
    it.actions.outages,
    it.actions.failed,
    it.prompts,
    it.latency.turn.p50,
    it.latency.decision.p50,
    it.latency.run.p50,
  ]
  return [head, ...[...lines, total].map(row)].map(it => `${it.map(field).join(',')}\r\n`).join('')
}

/** RFC 4180; a text that a spreadsheet would take for a formula is none. */
function field(value: string | number | boolean | null): string {
  if (value === null) return ''
  const text = safe(String(value))
  const plain = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text
  // Where lists are written with semicolons, a spreadsheet divides by those.
  return /[",;]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** Blanks and quotes before it are passed over by some; some read wide signs as the narrow ones. */
const FORMULA = /^[\s"'`]*[=+\-@\uff1d\uff0b\uff0d\uff20]/

/** Tokens, cost, actions and latency by day, session, project, model, agent, tool or mode. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fold } from '../action/fold.ts'
import type { World } from '../action/world.ts'
import { defaultRoot } from '../clients/claude-code/layout.ts'
import { loadConfig } from '../config/config.ts'
import { findInstall } from '../config/install-file.ts'
import { stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { costGap } from '../monitor/cost.ts'
import { amount, duration, grouped, usd } from '../monitor/format.ts'
import { GROUPS, type Group, type Report, type ReportLine, reportOf } from '../monitor/report.ts'
import { pad, padLeft, safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/snapshot.ts'
import { indexedWorld } from '../sources/history-index.ts'
import { journal } from '../sources/journal.ts'
import { flagsOf } from './flags.ts'
import { timeOf } from './options.ts'
import { loadPrices } from './prices.ts'

const FLAGS = {
  by: 'string',
  since: 'string',
  until: 'string',
  project: 'string',
  root: 'string',
  install: 'string',
  json: 'boolean',
  csv: 'boolean',
} as const

export async function run(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  if (flags.json && flags.csv) throw new UsageError('--json and --csv exclude each other')
  const by = groupOf(flags.by ?? 'day')
  if (flags.root !== undefined && !existsSync(flags.root))
    throw new UsageError(`--root ${flags.root}: no such file or folder`)
  const root = resolve(flags.root ?? defaultRoot(process.env))
  const since = flags.since === undefined ? 0 : timeOf('--since', flags.since)
  const until =
    flags.until === undefined ? Number.POSITIVE_INFINITY : timeOf('--until', flags.until)
  const world = await worldOf(root, flags.install)
  const project = flags.project === undefined ? '' : resolve(flags.project)
  const report = reportOf(world, { by, since, until, project })
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

async function worldOf(root: string, named: string | undefined): Promise<World> {
  const install = findInstall(process.env, named)
  const config = await loadConfig(process.env)
  const loadPrice = () => loadPrices(config)
  const state = install?.state ?? stateFolder(process.env)
  let world = await indexedWorld({ root, folder: join(state, 'index'), loadPrice })
  if (install !== null) {
    const folder = join(install.state, 'journal')
    for await (const batch of journal({ folder, loadPrice, follow: false }))
      for (const event of batch) world = fold(world, event)
  }
  return fold(world, { type: 'progress', doneBytes: 0, totalBytes: 0 })
}

/** The client's own totals beside ours, of sessions where it wrote one and they differ. */
function clientOf(world: World) {
  return world.sessions.flatMap(session => {
    const { id, clientCost } = session
    if (clientCost === null) return []
    return [{ session: id, clientCostUsd: clientCost.totalUsd, difference: costGap(session) }]
  })
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
  { name: 'actions', width: 8, of: it => grouped(it.actions.total) },
  { name: 'approved', width: 9, of: it => grouped(it.actions.approved) },
  { name: 'blocked', width: 8, of: it => grouped(it.actions.blocked) },
  { name: 'outages', width: 8, of: it => grouped(it.actions.outages) },
  { name: 'prompts', width: 8, of: it => grouped(it.prompts) },
  { name: 'model', width: 7, of: it => duration(it.latency.turn.p50) },
  { name: 'decision', width: 9, of: it => duration(it.latency.decision.p50) },
  { name: 'run', width: 7, of: it => duration(it.latency.run.p50) },
]

function textOf({ by, lines, total }: Report, world: World): string {
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
    'model, decision and run are medians; +? has tokens without a known price besides',
    ...(told.length === 0
      ? []
      : [`the client's own total of ${told.length} sessions: ${usd(theirs)}`]),
    ...gaps,
  ].join('\n')}\n`
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
  const plain = typeof value === 'string' && /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

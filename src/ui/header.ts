/** The counters above the list, from one line (small screens) to five, or six with a reviewer. */
import { totalTokens } from '../action/action.ts'
import type { Progress } from '../action/event.ts'
import type { Counters, Percentiles } from '../monitor/counters.ts'
import { amount, duration, grouped, plural, sparkline, usd } from '../monitor/format.ts'
import type { GateSummary } from '../monitor/gate-view.ts'
import { glyphs } from '../monitor/glyphs.ts'
import { type Reviews, reviewCost } from '../monitor/reviews.ts'
import { pad, safe } from '../monitor/safe-text.ts'
import { type Cell, line } from './cells.ts'
import { isNarrow } from './narrow.ts'
import { SIGNS } from './row.ts'
import { isReading, progressText } from './states.ts'
import type { Role, Theme } from './theme.ts'

export interface HeaderFacts {
  /** Null where no gate is. */
  readonly gate: GateSummary | null
  readonly place: string
  readonly mark: string
  readonly progress: Progress
  /** How far all of this is behind what is written, milliseconds. */
  readonly behindMs: number
  /** A gate is installed and does not answer. */
  readonly away: boolean
  /** A file that cannot be read, and why; `''` when all can. */
  readonly unreadable: string
  readonly skipped: number
  /** The newest of them, in words. */
  readonly lastSkipped: string
  /** Unix ms */
  readonly now: number
}

export function headerLines(
  c: Counters,
  facts: HeaderFacts,
  theme: Theme,
  columns: number,
  height: number,
): string[] {
  const mark = { text: safe(facts.mark), style: theme.role.mark }
  const states = [
    ...stateCells(c, facts, theme, columns),
    ...(height > REVIEWS_AT ? [] : shortReviews(c, theme, columns)),
  ]
  if (height === 1) return [line([mark, ...alarmCells(facts, theme), ...states], columns)]
  const title = line(titleCells(c, facts, mark, theme, columns), columns)
  const labelled = (label: string, cells: Cell[]): string => {
    const head = { text: pad(label, LABEL), style: theme.role.dim }
    return line(columns >= LABELLED ? [head, ...cells] : cells, columns)
  }
  return [
    title,
    labelled('actions', states),
    labelled('cost', moneyCells(c, theme, columns)),
    labelled('tokens', tokenCells(c, theme, columns)),
    labelled('latency', latencyCells(c, theme)),
    ...(c.reviews === null ? [] : [labelled('reviews', reviewCells(c.reviews, theme, columns))]),
  ].slice(0, height)
}

/** Columns of the words at the left, and from how many on there is room for them. */
const LABEL = 7
const LABELLED = 80
/** Lines above that of the reviews. */
const REVIEWS_AT = 5

function titleCells(
  c: Counters,
  facts: HeaderFacts,
  mark: Cell,
  theme: Theme,
  columns: number,
): Cell[] {
  const { role } = theme
  const { progress } = facts
  const reading = isReading(progress)
  return [
    { text: 'SIGNALBOX', style: role.accent },
    mark,
    ...alarmCells(facts, theme),
    { text: reading ? `reading history ${progressText(progress, columns)}` : '', style: role.mark },
    { text: liveText(c, columns), style: role.text },
    { text: gateText(facts), style: role.accent },
    { text: facts.mark === '' ? safe(facts.place) : '', style: role.dim },
  ]
}

const liveText = ({ activeSessions, sessions }: Counters, columns: number): string =>
  isNarrow(columns)
    ? `${activeSessions} of ${grouped(sessions)} live`
    : `${activeSessions} live of ${plural(sessions, 'session')}`

/** What must not be overlooked: it stands first, on every size of screen. */
function alarmCells({ gate, away, behindMs, unreadable }: HeaderFacts, theme: Theme): Cell[] {
  const behind = behindMs === 0 ? '' : `behind ${duration(behindMs)}`
  const amiss = [away ? 'GATE AWAY' : '', behind, safe(unreadable)].map(text => ({
    text,
    style: theme.role.failed,
  }))
  if (gate === null) return amiss
  const { paused, pausedSessions, ungated, alerts, policyError, reviewer } = gate
  const all =
    paused === null ? '' : `${paused.hard ? 'PAUSED HARD' : 'PAUSED'}: every action is asked`
  const some = pausedSessions === 0 || paused !== null ? '' : `PAUSED ${pausedSessions}`
  return [
    ...amiss,
    { text: ungated === 0 ? '' : `UNGATED ${grouped(ungated)}`, style: theme.role.failed },
    { text: all || some, style: theme.role.mark },
    { text: alerts === 0 ? '' : plural(alerts, 'alert'), style: theme.role.failed },
    { text: policyError === '' ? '' : 'policy refused', style: theme.role.failed },
    { text: reviewer, style: theme.role.mark },
  ]
}

/** `gate: guard 2 decide 1, 1 grant` */
function gateText({ gate }: HeaderFacts): string {
  if (gate === null) return ''
  const roles = gate.roles.map(({ role, sessions }) => `${role} ${grouped(sessions)}`)
  const grants = gate.grants === 0 ? '' : `, ${plural(gate.grants, 'grant')}`
  return `gate: ${roles.join(' ') || 'no live session'}${grants}`
}

function stateCells(c: Counters, facts: HeaderFacts, theme: Theme, columns: number): Cell[] {
  const { counts } = c
  const age = c.oldestPendingAt === null ? '' : ` for ${duration(facts.now - c.oldestPendingAt)}`
  const cell = (role: Role, name: string, n: number, quiet = false): Cell => ({
    text: quiet && n === 0 ? '' : `${name} ${grouped(n)}`,
    style: n === 0 ? theme.role.dim : theme.role[role],
  })
  const word = (name: string, sign: string): string => (isNarrow(columns) ? sign : name)
  return [
    cell('pending', 'pending', counts.pending),
    ...(age === '' ? [] : [{ text: age.trim(), style: theme.role.pending }]),
    cell('blocked', word('blocked', SIGNS.blocked), counts.blocked),
    cell('approved', word('approved', SIGNS.approved), counts.approved),
    cell('undecided', word('undecided', SIGNS.undecided), counts.undecided, true),
    cell('failed', word('failed', SIGNS.failed), counts.failed, true),
    cell('outage', word('outages', SIGNS.outage), counts.outages, true),
    { text: pauseText(c), style: theme.role.blocked },
    cell('failed', 'skipped lines', facts.skipped, true),
    { text: safe(facts.lastSkipped), style: theme.role.dim },
  ]
}

/** Refusals in a row, and in all, at which the client pauses auto mode by itself. */
const PAUSE_IN_ROW = 3
const PAUSE_TOTAL = 20

/** How near that is: the nearer of the two, as a gauge. */
function pauseText(c: Counters): string {
  if (c.nearestPause === null) return ''
  const { inRow, total } = c.nearestPause
  if (inRow >= PAUSE_IN_ROW || total >= PAUSE_TOTAL)
    return `auto mode paused at ${Math.min(inRow, PAUSE_IN_ROW)}/${total}`
  const byRow = inRow / PAUSE_IN_ROW >= total / PAUSE_TOTAL
  const words = byRow
    ? `${inRow}/${PAUSE_IN_ROW} refused in a row`
    : `${total}/${PAUSE_TOTAL} refused`
  return `to pause ${gauge(Math.max(inRow / PAUSE_IN_ROW, total / PAUSE_TOTAL))} ${words}`
}

const GAUGE = 6

function gauge(part: number): string {
  const full = Math.min(GAUGE, Math.ceil(part * GAUGE))
  return glyphs().full.repeat(full) + glyphs().free.repeat(GAUGE - full)
}

function moneyCells(c: Counters, theme: Theme, columns: number): Cell[] {
  const { role } = theme
  // Less room shows fewer minutes: the newest.
  const minutes = columns >= 100 ? 30 : columns >= 70 ? 15 : 5
  const known = c.costUsd > 0 || !c.costIsPartial
  const cost = known ? `${usd(c.costUsd)}${c.costIsPartial ? ' + ?' : ''}` : '?'
  const labelled = columns >= LABELLED
  return [
    { text: `${labelled ? '' : 'cost '}${cost}`, style: role.cost },
    { text: `today ${usd(c.costToday)}`, style: role.cost },
    { text: `${usd(c.usdPerHour)}/h`, style: role.cost },
    { text: `${trimmed(c.actionsPerMinute)} actions/min`, style: role.text },
    { text: sparkline(c.recent.slice(-minutes)), style: role.accent },
    { text: `${minutes} min`, style: role.dim },
  ]
}

function tokenCells(c: Counters, theme: Theme, columns: number): Cell[] {
  const { tokens } = c
  const { role } = theme
  const cell = (name: string, n: number): Cell => ({
    text: `${name} ${amount(n)}`,
    style: role.text,
  })
  return [
    { text: columns >= LABELLED ? '' : 'tokens', style: role.dim },
    cell('in', tokens.input),
    cell('out', tokens.output),
    ...(tokens.thinking > 0 ? [cell('thinking', tokens.thinking)] : []),
    cell('cache read', tokens.cacheRead),
    cell('write 5m', tokens.cacheWrite5m),
    cell('write 1h', tokens.cacheWrite1h),
    ...(c.uncounted > 0
      ? [{ text: `+ ? of ${plural(c.uncounted, 'answer')}`, style: role.failed }]
      : []),
    ...(c.requests.total > 0 ? [{ text: requestsText(c), style: role.dim }] : []),
  ]
}

/** Where the figures come from, when it is more than the transcripts. */
function requestsText({ requests, requestsBy }: Counters): string {
  const { total, failed, retried, untold } = requests
  const words = [
    untold > 0 ? `${grouped(untold)} in no transcript` : '',
    failed > 0 ? `${grouped(failed)} failed` : '',
    retried > 0 ? `${grouped(retried)} retried` : '',
  ].filter(text => text !== '')
  const more = words.length > 0 ? ` (${words.join(', ')})` : ''
  const counted = `${plural(total, 'request')}${more}`
  if (!requestsBy.has('telemetry')) return `checkpoint saw ${counted}`
  return requestsBy.has('checkpoint') ? counted : `client told of ${counted}`
}

function latencyCells(c: Counters, theme: Theme): Cell[] {
  const { role } = theme
  const cell = (name: string, p: Percentiles): Cell => ({
    text: `${name} ${[p.p50, p.p95, p.p99].map(duration).join(' ')}`,
    style: role.text,
  })
  return [
    { text: 'p50 p95 p99', style: role.dim },
    cell('model', c.latency.turn),
    ...(c.latency.firstByte.p50 === null ? [] : [cell('first byte', c.latency.firstByte)]),
    cell('decision', c.latency.decision),
    cell('run', c.latency.run),
  ]
}

/** Where there is no line for them. */
function shortReviews({ reviews }: Counters, { role }: Theme, columns: number): Cell[] {
  if (reviews === null) return []
  const word = isNarrow(columns) ? 'rev' : 'reviews'
  return [
    { text: `${word} ${grouped(reviews.asked)}`, style: role.dim },
    { text: reviewCost(reviews), style: role.dim },
  ]
}

function reviewCells(reviews: Reviews, { role }: Theme, columns: number): Cell[] {
  const { asked, allowed, denied, left, upheld, problems, cached, tokens, latency } = reviews
  const cell = (name: string, n: number, style: Cell['style'] = role.dim): Cell => ({
    text: n === 0 ? '' : `${name} ${grouped(n)}`,
    style,
  })
  const word = (name: string, sign: string): string => (isNarrow(columns) ? sign : name)
  return [
    {
      text: `${columns >= LABELLED ? '' : `${word('reviews', 'rev')} `}${grouped(asked)}`,
      style: role.text,
    },
    cell(word('allowed', SIGNS.approved), allowed, role.approved),
    cell(word('denied', SIGNS.blocked), denied, role.blocked),
    cell(word('left to you', SIGNS.pending), left, role.pending),
    cell(word('upheld', '='), upheld),
    cell(word('no opinion', SIGNS.failed), problems, role.mark),
    { text: reviewCost(reviews), style: role.cost },
    { text: `${amount(totalTokens(tokens))} tokens`, style: role.text },
    { text: [latency.p50, latency.p95, latency.p99].map(duration).join(' '), style: role.text },
    cell('cached', cached),
  ]
}

const trimmed = (n: number): string => n.toFixed(n < 10 ? 1 : 0).replace(/\.0$/, '')

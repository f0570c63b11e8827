import {
  addCounts,
  type Counts,
  noCounts,
  noTokens,
  TOKEN_KINDS,
  type Tokens,
} from '../action/action.ts'
import type { Latency, Requests, Session, World } from '../action/world.ts'
import { LATENCIES } from '../action/world.ts'
import { costIsPartial } from './cost.ts'
import { type Reviews, reviewsOf } from './reviews.ts'

export interface Percentiles {
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** The numbers above the list. Costs the number of sessions and minutes looked at, not of actions. */
export interface Counters {
  readonly counts: Counts
  readonly tokens: Tokens
  readonly costUsd: number
  /** Answers whose tokens are not told: then `tokens` is a lower bound. */
  readonly uncounted: number
  /** Some tokens have no known price, so the cost is a lower bound. */
  readonly costIsPartial: boolean
  readonly costToday: number
  readonly usdPerHour: number
  readonly actionsPerMinute: number
  /** Actions of each of the last minutes, oldest first. */
  readonly recent: readonly number[]
  readonly latency: Readonly<Record<Latency, Percentiles>>
  /** Requests to the model that were told, and answers among them that no transcript tells. */
  readonly requests: Requests & { readonly untold: number }
  /** Who told of requests: a checkpoint, the client's telemetry, both or none. */
  readonly requestsBy: ReadonlySet<'checkpoint' | 'telemetry'>
  /** Null where no reviewer was to look at anything. */
  readonly reviews: Reviews | null
  readonly sessions: number
  readonly activeSessions: number
  /** The session nearest to the client's pause at 3 refusals in a row or 20 in all. */
  readonly nearestPause: { readonly inRow: number; readonly total: number } | null
  /** When the longest waiting action was asked, Unix ms. */
  readonly oldestPendingAt: number | null
}

const RATE_MINUTES = 5
const RECENT_MINUTES = 30

/** @param now Unix ms */
export function countersOf(world: World, now: number): Counters {
  const counts = noCounts()
  const tokens = noTokens()
  const requests = { total: 0, failed: 0, retried: 0 }
  let costUsd = 0
  let partial = false
  let uncounted = 0
  let sessions = 0
  for (const session of world.sessions) {
    if (session.firstAt > 0) sessions++
    addCounts(counts, session.counts)
    requests.total += session.requests.total
    requests.failed += session.requests.failed
    requests.retried += session.requests.retried
    for (const kind of TOKEN_KINDS) tokens[kind] += session.tokens[kind]
    costUsd += session.costUsd
    partial ||= costIsPartial(session)
    uncounted += session.uncounted
  }
  const active = world.sessions.filter(it => isActive(world, it, now))
  const minute = Math.floor(now / 60_000)
  const recent = Array.from(
    { length: RECENT_MINUTES },
    (_, i) => world.minutes.get(minute - RECENT_MINUTES + 1 + i)?.actions ?? 0,
  )
  return {
    counts,
    tokens,
    costUsd,
    costIsPartial: partial,
    uncounted,
    costToday: costSince(world, minute, startOfDay(now)),
    usdPerHour: costSince(world, minute, minute - 59),
    actionsPerMinute: sum(recent.slice(-RATE_MINUTES)) / RATE_MINUTES,
    recent,
    latency: percentilesOf(world),
    requests: { ...requests, untold: world.gate.untold.size + world.forgotten.untold },
    requestsBy: world.telemetry.tellers,
    reviews: reviewsOf(world.gate.reviewSums),
    sessions,
    activeSessions: active.length,
    nearestPause: nearestPause(active),
    oldestPendingAt: oldestPending(world),
  }
}

/** Without the client's word, a gated session that did nothing for so long is over. */
const STILL_MS = 30 * 60_000

/** @param now Unix ms */
export function isActive({ gate }: World, { id, presence, lastAt }: Session, now: number): boolean {
  if (presence !== null) return presence.status !== 'ended'
  return gate.sessions.has(id) && now - lastAt < STILL_MS
}

function percentilesOf(world: World): Record<Latency, Percentiles> {
  const of = (latency: Latency): Percentiles => ({
    p50: world.latency[latency].percentile(0.5),
    p95: world.latency[latency].percentile(0.95),
    p99: world.latency[latency].percentile(0.99),
  })
  const [turn, firstByte, decision, run] = LATENCIES
  return { turn: of(turn), firstByte: of(firstByte), decision: of(decision), run: of(run) }
}

function costSince(world: World, until: number, from: number): number {
  let usd = 0
  for (let minute = from; minute <= until; minute++) usd += world.minutes.get(minute)?.costUsd ?? 0
  return usd
}

/** The Unix minute in which the user's day began. */
function startOfDay(now: number): number {
  return Math.floor(new Date(now).setHours(0, 0, 0, 0) / 60_000)
}

function nearestPause(sessions: readonly Session[]): Counters['nearestPause'] {
  const nearness = (s: Session): number => Math.max(s.streak.inRow / 3, s.streak.total / 20)
  const [nearest] = sessions
    .filter(s => s.streak.total > 0)
    .sort((a, b) => nearness(b) - nearness(a))
  return nearest === undefined ? null : nearest.streak
}

function oldestPending(world: World): number | null {
  let oldest: number | null = null
  const { state, requestedAt } = world.actions.columns
  for (const rows of world.open.values())
    for (const row of rows) {
      const at = requestedAt[row] ?? 0
      if (state[row] === PENDING && (oldest === null || at < oldest)) oldest = at
    }
  return oldest
}

const PENDING = 1

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** What auto mode changes: how often and how long it stops for a person, what deciding takes, and how often it was wrong. */
import type { Tokens } from '../action/action.ts'
import type { Reviewed } from '../action/gate-event.ts'
import { Histogram } from '../action/histogram.ts'
import { durationsOf } from '../action/rows.ts'
import type { World } from '../action/world.ts'
import { clean } from './cost.ts'
import { clientsOwn, type Row, rowsIn, waitOf } from './impact-rows.ts'
import { wilson } from './interval.ts'
import { isIn, type Range } from './range.ts'
import { type Reviews, reviewsIn, sumsOf } from './reviews.ts'

/** A count of some among all, with its 95 % interval (Wilson), as shares. */
export interface Share {
  readonly n: number
  readonly of: number
  readonly low: number
  readonly high: number
}

/** Durations, in milliseconds; null where there is none. */
export interface Spent {
  readonly n: number
  readonly p50: number | null
  readonly p95: number | null
  readonly totalMs: number
}

export interface ModeImpact {
  readonly mode: string
  readonly actions: number
  /** Approved, and nobody was asked. */
  readonly unasked: number
  readonly blocked: number
  readonly outages: number
  /** Actions that a person was asked about. */
  readonly interruptions: Share
  /** How long an agent stood still for a person, where that was seen. */
  readonly waited: Spent
}

export interface Impact {
  readonly modes: readonly ModeImpact[]
  readonly total: ModeImpact
  /** What each action waited for, beside a person. */
  readonly latency: Readonly<Record<'classifier' | 'gate' | 'reviewer' | 'tool' | 'model', Spent>>
  readonly deciding: {
    /** Exact: the gate asks it. */
    readonly reviewer: Reviewing
    /** Null where nobody told what the client's own check took. */
    readonly classifier: Deciding | null
    /** Requests that clients exported, whatever they were for. */
    readonly exported: number
    /** What clients counted beyond their transcripts, US dollars: their check is part of it. */
    readonly untoldUsd: number
  }
  /** Blocks that a person overrode, of those that could be overridden. */
  readonly overridden: Share
  /** Actions approved without a person that one then took back: interrupted, or typed so. */
  readonly takenBack: Share & { readonly interrupted: number; readonly typed: number }
  /** The client's own pauses: 3 refusals in a row, 20 in all; and those of the breaker. */
  readonly pauses: { readonly inRow: number; readonly inAll: number; readonly breaker: number }
  /** What a person would have been asked; and how long at the median wait, where enough were seen. */
  readonly saved: { readonly actions: number; readonly ms: number | null }
  /** Sessions in the range, and those of them that a gate answered for. */
  readonly sessions: { readonly all: number; readonly gated: number }
}

/** Requests to a model that decide about actions. */
export interface Deciding {
  readonly requests: number
  readonly tokens: Tokens
  readonly costUsd: number
}

/** The sums of the reviews, with what they cost: 0 where nothing has a known price. */
export interface Reviewing
  extends Deciding,
    Pick<
      Reviews,
      'asked' | 'allowed' | 'denied' | 'left' | 'upheld' | 'problems' | 'cached' | 'unpriced'
    > {}

class Times {
  readonly #all = new Histogram()
  totalMs = 0

  add(ms: number | null): void {
    if (ms === null || !(ms >= 0)) return
    this.#all.add(ms)
    this.totalMs += ms
  }

  get spent(): Spent {
    const [p50, p95] = [this.#all.percentile(0.5), this.#all.percentile(0.95)]
    return { n: this.#all.count, p50, p95, totalMs: Math.round(this.totalMs) }
  }
}

class ModeSum {
  actions = 0
  unasked = 0
  blocked = 0
  outages = 0
  asked = 0
  readonly waited = new Times()

  of(mode: string): ModeImpact {
    const { actions, unasked, blocked, outages, asked, waited } = this
    const interruptions = share(asked, actions)
    return { mode, actions, unasked, blocked, outages, interruptions, waited: waited.spent }
  }
}

/** What clients exported of themselves. */
export interface Exported {
  readonly requests: number
  /** Null when none of them was for the client's own check. */
  readonly classifier: Deciding | null
  /** How long each of those took, milliseconds. */
  readonly checkMs: readonly number[]
}

export const NOTHING_EXPORTED: Exported = { requests: 0, classifier: null, checkMs: [] }

export function impactOf(world: World, range: Range, exported = NOTHING_EXPORTED): Impact {
  const rows = rowsIn(world, range)
  const modes = new Map<string, ModeSum>()
  const total = new ModeSum()
  for (const row of rows) {
    const sum = modes.get(row.mode) ?? new ModeSum()
    modes.set(row.mode, sum)
    for (const it of [sum, total]) add(it, world, row)
  }
  const sessions = world.sessions.filter(it => it.firstAt > 0 && isIn(it, it.lastAt, range))
  const waited = total.waited.spent
  const spared = rows.filter(
    it => it.state === 'approved' && /^(classifier|judge|reviewer)$/.test(it.by),
  )
  const reviews = reviewsIn(world, range)
  return {
    modes: [...modes]
      .sort(([, a], [, b]) => b.actions - a.actions)
      .map(([mode, sum]) => sum.of(mode)),
    total: total.of('total'),
    latency: latencyOf(world, rows, range, { checks: exported.checkMs, reviews }),
    deciding: {
      reviewer: reviewingOf(world, reviews),
      classifier: exported.classifier,
      exported: exported.requests,
      untoldUsd: untoldIn(sessions),
    },
    overridden: overriddenIn(world, rows),
    takenBack: takenBackIn(world, rows),
    pauses: pausesIn(world, rows, range),
    saved: {
      actions: spared.length,
      ms: waited.p50 === null || waited.n < ENOUGH ? null : Math.round(waited.p50 * spared.length),
    },
    sessions: {
      all: sessions.length,
      gated: sessions.filter(it => world.gate.sessions.has(it.id)).length,
    },
  }
}

/** From fewer waits no other is told. */
const ENOUGH = 5

function add(sum: ModeSum, world: World, row: Row): void {
  sum.actions++
  if (row.by === 'outage') sum.outages++
  else if (row.state === 'blocked') sum.blocked++
  if (row.isAsked) sum.asked++
  else if (row.state === 'approved') sum.unasked++
  sum.waited.add(waitOf(world, row))
}

function latencyOf(
  world: World,
  rows: readonly Row[],
  range: Range,
  told: { readonly checks: readonly number[]; readonly reviews: readonly Reviewed[] },
): Impact['latency'] {
  const [classifier, gate, tool, model] = [new Times(), new Times(), new Times(), new Times()]
  for (const it of rows) {
    const { decisionMs, runMs } = durationsOf(world, it.row)
    if (it.by === 'classifier' && told.checks.length === 0)
      classifier.add(clientsOwn(it) ?? decisionMs)
    gate.add(it.gate?.judged?.ms ?? null)
    tool.add(runMs)
  }
  // What the client exported is exact, and tells of approvals, too.
  for (const ms of told.checks) classifier.add(ms)
  const reviewer = new Times()
  for (const { requests, ms } of told.reviews) if (requests > 0) reviewer.add(ms)
  const { columns, length } = world.messages
  for (let row = 0; row < length; row++) {
    const session = world.sessions[world.agents[columns.agent[row] ?? 0]?.session ?? 0]
    if (session === undefined || !isIn(session, columns.at[row] ?? 0, range)) continue
    model.add(columns.turnMs[row] ?? null)
  }
  return {
    classifier: classifier.spent,
    gate: gate.spent,
    reviewer: reviewer.spent,
    tool: tool.spent,
    model: model.spent,
  }
}

function reviewingOf(world: World, reviews: readonly Reviewed[]): Reviewing {
  const { ms: _, ended, costUsd, ...sums } = sumsOf(world, reviews)
  return { ...sums, ...ended, costUsd: clean(costUsd) }
}

function untoldIn(sessions: World['sessions']): number {
  const gaps = sessions.map(it =>
    it.clientCost === null ? 0 : it.clientCost.totalUsd - it.costUsd,
  )
  return clean(gaps.reduce((sum, gap) => sum + Math.max(0, gap), 0))
}

/** Only where a gate answers can a person override, so that only there it tells something. */
function overriddenIn(world: World, rows: readonly Row[]): Share {
  const granted = new Set<string>()
  for (const { granted: grant } of world.gate.grants.values())
    if (grant !== null) granted.add(`${grant.session} ${grant.action}`)
  const blocks = rows.filter(
    it =>
      it.isGated &&
      it.gate !== undefined &&
      it.gate.asked?.held !== 'Checkpoint' &&
      it.state === 'blocked' &&
      it.by !== 'user' &&
      it.by !== 'outage',
  )
  const overridden = blocks.filter(it => granted.has(`${it.session} ${it.gate?.id}`))
  return share(overridden.length, blocks.length)
}

function takenBackIn(world: World, rows: readonly Row[]): Impact['takenBack'] {
  const approved = rows.filter(it => it.state === 'approved' && !it.isAsked)
  const interrupted = approved.filter(it => it.interrupted).length
  let typed = 0
  for (const [session, times] of world.gate.takenBack) {
    const began = approved.filter(it => it.session === session).map(it => it.at)
    let before = 0
    for (const at of times.toSorted((a, b) => a - b)) {
      if (began.some(it => it > before && it < at)) typed++
      before = at
    }
  }
  return { ...share(interrupted + typed, approved.length), interrupted, typed }
}

function pausesIn(world: World, rows: readonly Row[], range: Range): Impact['pauses'] {
  const runs = new Map<string, { inRow: number; inAll: number }>()
  const pauses = { inRow: 0, inAll: 0 }
  for (const { session, state, by, isAsked } of rows) {
    const run = runs.get(session) ?? { inRow: 0, inAll: 0 }
    runs.set(session, run)
    if (state === 'approved' && !isAsked) run.inRow = 0
    if (state !== 'blocked' || !/^(classifier|unattended)$/.test(by)) continue
    if (++run.inRow === 3) pauses.inRow++
    if (++run.inAll === 20) pauses.inAll++
  }
  const breaker = world.gate.tripped.filter(({ session, at }) => {
    const known = world.findSession(session)
    return known !== undefined && isIn(known, at, range)
  })
  return { ...pauses, breaker: breaker.length }
}

function share(hits: number, of: number): Share {
  const n = Math.min(hits, of)
  const [low, high] = wilson(n, of)
  return { n, of, low, high }
}

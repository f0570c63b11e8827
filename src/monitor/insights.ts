/** What the Insights screen plots: cost, tokens, decisions and latencies over a range of time. */
import { STATES, totalTokens } from '../action/action.ts'
import type { Resource } from '../action/judgement.ts'
import { durationsOf, verdictOf } from '../action/rows.ts'
import type { World } from '../action/world.ts'
import { wasAsked } from './asked.ts'
import { opinionOf } from './gate-view.ts'
import { strangers } from './trust.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Each in some thirty steps, which fit beside each other on a narrow screen. */
export const RANGES = [
  { label: '6 hours', stepMs: 15 * MINUTE, steps: 24, step: '15 min' },
  { label: 'a day', stepMs: HOUR, steps: 24, step: 'hour' },
  { label: 'a week', stepMs: 6 * HOUR, steps: 28, step: '6 h' },
  { label: '30 days', stepMs: DAY, steps: 30, step: 'day' },
  { label: '90 days', stepMs: 3 * DAY, steps: 30, step: '3 days' },
] as const

/** One number a step, oldest first. */
export type Series = readonly number[]

export interface Blocked {
  readonly resource: Resource
  readonly blocks: number
  /** The newest action that was blocked for it. */
  readonly row: number
}

export interface Insights {
  /** Into RANGES. */
  readonly range: number
  /** Unix ms; the last step ends then. */
  readonly until: number
  readonly costUsd: Series
  readonly tokensIn: Series
  readonly tokensOut: Series
  readonly approved: Series
  readonly blocked: Series
  readonly asked: Series
  /** How many took how long, by LATENCY_STEPS. */
  readonly latency: Readonly<Record<'decision' | 'tool' | 'model' | 'reviewer', Series>>
  /** What a reviewer took; in no other series. Null where it was asked about nothing in this range. */
  readonly reviews: ReviewSeries | null
  /** What nobody trusts and was blocked most often, the most first. */
  readonly resources: readonly Blocked[]
}

export interface ReviewSeries {
  /** As far as it is known. */
  readonly costUsd: Series
  /** Some of it has no known price. */
  readonly costIsPartial: boolean
  readonly tokens: Series
}

/** Upper ends in milliseconds. */
export const LATENCY_STEPS: readonly number[] = [
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  1000,
  2000,
  5000,
  10_000,
  20_000,
  60_000,
  120_000,
  300_000,
  600_000,
  Number.POSITIVE_INFINITY,
]

/** Costs a look at every action and answer: once when something changed, not on every frame. */
export function insightsOf(world: World, range: number, now: number): Insights {
  const { stepMs, steps } = RANGES[range] ?? RANGES[1]
  // Steps end at whole quarters, hours or days of the user's clock, so that they do not crawl.
  const zone = new Date(now).getTimezoneOffset() * MINUTE
  const until = Math.ceil((now - zone + 1) / stepMs) * stepMs + zone
  const since = until - steps * stepMs
  const series = (): number[] => Array<number>(steps).fill(0)
  const insights = {
    range,
    until,
    costUsd: series(),
    tokensIn: series(),
    tokensOut: series(),
    approved: series(),
    blocked: series(),
    asked: series(),
    latency: {
      decision: latencies(),
      tool: latencies(),
      model: latencies(),
      reviewer: latencies(),
    },
    resources: blockedIn(world, since, until),
  }
  const stepOf = (at: number): number =>
    at < since || at >= until ? -1 : Math.floor((at - since) / stepMs)
  addAnswers(world, insights, stepOf)
  addActions(world, insights, stepOf)
  return { ...insights, reviews: reviewsIn(world, insights.latency.reviewer, series, stepOf) }
}

/** @param took how many took how long */
function reviewsIn(
  { gate }: World,
  took: number[],
  series: () => number[],
  stepOf: (at: number) => number,
): ReviewSeries | null {
  const [costUsd, tokens] = [series(), series()]
  let [some, costIsPartial] = [false, false]
  for (const review of gate.reviews) {
    const step = stepOf(review.at)
    if (step < 0) continue
    some = true
    costIsPartial ||= review.costUsd === null
    bump(costUsd, step, review.costUsd ?? 0)
    bump(tokens, step, totalTokens(review.tokens))
    if (review.requests > 0) addTime(took, review.ms)
  }
  return some ? { costUsd, costIsPartial, tokens } : null
}

const latencies = (): number[] => LATENCY_STEPS.map(() => 0)

interface Sums {
  readonly costUsd: number[]
  readonly tokensIn: number[]
  readonly tokensOut: number[]
  readonly approved: number[]
  readonly blocked: number[]
  readonly asked: number[]
  readonly latency: Readonly<Record<'decision' | 'tool' | 'model', number[]>>
}

function addAnswers({ messages }: World, sums: Sums, stepOf: (at: number) => number): void {
  const { columns: c, length } = messages
  for (let row = 0; row < length; row++) {
    const step = stepOf(c.at[row] ?? 0)
    if (step < 0) continue
    const cost = c.costUsd[row] ?? Number.NaN
    bump(sums.costUsd, step, Number.isNaN(cost) ? 0 : cost)
    const read = (c.cacheRead[row] ?? 0) + (c.cacheWrite5m[row] ?? 0) + (c.cacheWrite1h[row] ?? 0)
    bump(sums.tokensIn, step, (c.input[row] ?? 0) + read)
    bump(sums.tokensOut, step, c.output[row] ?? 0)
    addTime(sums.latency.model, c.turnMs[row] ?? null)
  }
}

function addActions(world: World, sums: Sums, stepOf: (at: number) => number): void {
  const { columns, length } = world.actions
  for (let row = 0; row < length; row++) {
    const step = stepOf(columns.requestedAt[row] ?? 0)
    if (step < 0) continue
    const { state, decidedBy } = verdictOf(world, row)
    if (state === 'approved') bump(sums.approved, step, 1)
    if (state === 'blocked' && decidedBy !== 'outage') bump(sums.blocked, step, 1)
    if (wasAsked(world, row)) bump(sums.asked, step, 1)
    const { decisionMs, runMs } = durationsOf(world, row)
    addTime(sums.latency.decision, decisionMs ?? world.gate.byRow.get(row)?.judged?.ms ?? null)
    addTime(sums.latency.tool, runMs)
  }
}

function bump(series: number[], step: number, by: number): void {
  series[step] = (series[step] ?? 0) + by
}

function addTime(series: number[], ms: number | null): void {
  if (ms === null || !(ms >= 0)) return
  bump(
    series,
    LATENCY_STEPS.findIndex(end => ms <= end),
    1,
  )
}

function blockedIn(world: World, since: number, until: number): Blocked[] {
  const found = new Map<string, { resource: Resource; blocks: number; row: number; at: number }>()
  for (const [row, action] of world.gate.byRow) {
    const at = world.actions.columns.requestedAt[row] ?? 0
    if (at < since || at >= until) continue
    if (STATES[world.actions.columns.state[row] ?? 0] !== 'blocked') continue
    for (const resource of strangers(opinionOf(action)?.judgement)) {
      const key = `${resource.kind} ${resource.id}`
      const known = found.get(key)
      if (known === undefined) found.set(key, { resource, blocks: 1, row, at })
      else {
        known.blocks++
        if (at >= known.at) Object.assign(known, { row, at, resource })
      }
    }
  }
  return [...found.values()]
    .sort((a, b) => b.blocks - a.blocks || b.at - a.at)
    .map(({ resource, blocks, row }) => ({ resource, blocks, row }))
}

/** A flood of events does not count everything again for each of them. */
const LEAST_MS = 1000

export class LastInsights {
  #last: { world: World; version: number; at: number; of: Insights } | null = null

  get(world: World, range: number, now: number): Insights {
    const last = this.#last
    const isSame = last !== null && last.world === world && last.of.range === range
    if (
      isSame &&
      now < last.of.until &&
      (last.version === world.version || now - last.at < LEAST_MS)
    )
      return last.of
    const of = insightsOf(world, range, now)
    this.#last = { world, version: world.version, at: now, of }
    return of
  }
}

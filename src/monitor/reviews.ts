/** What a reviewer said and cost, for the screen, for JSON and for `why`. */
import { type Tokens, totalTokens } from '../action/action.ts'
import type { Judged, Reviewed } from '../action/gate-event.ts'
import type { GateAction } from '../action/gate-state.ts'
import type { ReviewProblem } from '../action/review.ts'
import { endOf, ReviewSums } from '../action/review-sums.ts'
import type { World } from '../action/world.ts'
import { clean } from './cost.ts'
import type { Percentiles } from './counters.ts'
import { amount, duration, usd } from './format.ts'
import { isIn, type Range } from './range.ts'

/** What all reviews of a time came to. */
export interface Reviews {
  readonly asked: number
  /** The reviewer let the action through. */
  readonly allowed: number
  /** The reviewer refused it. */
  readonly denied: number
  /** A person was to decide. */
  readonly left: number
  /** What the judge had refused stayed refused. */
  readonly upheld: number
  /** No opinion was had: a model that failed, a budget that is spent, … */
  readonly problems: number
  /** The opinion was there from before: it cost nothing. */
  readonly cached: number
  readonly requests: number
  readonly tokens: Tokens
  /** US dollars, of what has a known price; null when nothing has. In no other cost. */
  readonly costUsd: number | null
  /** Reviews whose cost is not known. */
  readonly unpriced: number
  /** Of those that a model was asked for. */
  readonly latency: Percentiles
}

/** Null where there was none. */
export function reviewsOf(sums: ReviewSums): Reviews | null {
  const { asked, ended, problems, cached, requests, tokens, costUsd, unpriced, ms } = sums
  if (asked === 0) return null
  return {
    asked,
    ...ended,
    problems,
    cached,
    requests,
    tokens,
    costUsd: costUsd === 0 && unpriced > 0 ? null : clean(costUsd),
    unpriced,
    latency: { p50: ms.percentile(0.5), p95: ms.percentile(0.95), p99: ms.percentile(0.99) },
  }
}

/** The reviews of a range, as far back as they are kept. */
export const reviewsIn = (world: World, range: Range): Reviewed[] =>
  world.gate.reviews.filter(it => {
    const session = world.findSession(it.session)
    return session !== undefined && isIn(session, it.at, range)
  })

export function sumsOf(world: World, reviews: readonly Reviewed[]): ReviewSums {
  const sums = new ReviewSums()
  for (const review of reviews) {
    sums.add(review)
    const judged = world.gate.find(review.session, review.action)?.judged ?? null
    if (judged !== null) sums.end(judged)
  }
  return sums
}

/** `$0.012`, `$0.012 + ?` where some of it has no known price, `?` where nothing has. */
export const reviewCost = ({ costUsd, unpriced }: Pick<Reviews, 'costUsd' | 'unpriced'>): string =>
  costUsd !== null && unpriced > 0 ? `${usd(costUsd)} + ?` : usd(costUsd)

const PROBLEMS: Readonly<Record<ReviewProblem, string>> = {
  '': '',
  outage: 'failed',
  late: 'was late',
  malformed: 'gave no answer',
  unbelieved: 'was not believed',
  refused: 'would not answer',
  'no-key': 'has no key',
  budget: 'has no budget left',
  paused: 'is paused',
  'too-long': 'was not asked: too long',
}

/** Of a problem that is longer ago nobody knows whether it still is one. */
const RECENT_MS = 3_600_000

/** What is amiss with the reviewer, as its newest review tells: `paused`, …; null when nothing is. */
export function reviewerProblem({ gate }: World, now: number): Reviewed | null {
  const { lastReview: last } = gate
  return last !== null && last.problem !== '' && last.at > now - RECENT_MS ? last : null
}

/** `reviewer is paused` */
export const problemWords = ({ problem }: Reviewed): string => `reviewer ${PROBLEMS[problem]}`

/**
 * All that a reviewer said of an action, in one line; `''` when none was to look at it.
 * @param shown its reason stands above already
 */
export function reviewText({ reviewed, judged }: GateAction, shown: string): string {
  if (reviewed === null) return ''
  const { verdict, risk, authorisation, reason } = reviewed
  const opinion =
    risk === null ? '' : `${verdict}: ${risk} risk, authorisation ${authorisation ?? 'none'}`
  return [opinion, reason === shown ? '' : reason, endIn(judged), paidIn(reviewed)]
    .filter(text => text !== '')
    .join(' | ')
}

/** Where something else became of it than a reader may think. */
function endIn(judged: Judged | null): string {
  if (judged === null) return ''
  const { tier } = judged.judgement
  const end = endOf(judged)
  if (end === 'upheld') return "the judge's refusal stands"
  return end === 'left' && tier === 'soft_deny' ? 'the judge refuses: at most a question' : ''
}

function paidIn(review: Reviewed): string {
  const { provider, model, cached, requests, tokens, costUsd, ms } = review
  const who = `${model} (${provider})`
  if (cached) return `${who}, from its cache`
  if (requests === 0) return `${who}, not asked`
  const many = requests > 1 ? [`${requests} requests`] : []
  const total = totalTokens(tokens)
  // Of an answer that never came nobody tells what it cost.
  const paid = total === 0 ? '? tokens, ?' : `${amount(total)} tokens, ${usd(costUsd)}`
  return [who, duration(ms), ...many, paid].join(', ')
}

/** What `why --json` tells of it. */
export type ReviewJson = Omit<
  Reviewed,
  'type' | 'at' | 'session' | 'action' | 'agent' | 'prompt' | 'given'
>

export function reviewJson(reviewed: Reviewed | null): ReviewJson | null {
  if (reviewed === null) return null
  const {
    type: _type,
    at: _at,
    session: _session,
    action: _action,
    agent: _agent,
    prompt: _prompt,
    given: _given,
    ...review
  } = reviewed
  return review
}

/** What reviews came to, summed up: how they ended, and what asking took. */
import { noTokens, TOKEN_KINDS } from './action.ts'
import type { Judged, Reviewed } from './gate-event.ts'
import { Histogram } from './histogram.ts'

/**
 * What became of an action that a reviewer was to look at: the reviewer let it through or refused it, a
 * person was to decide, or what the judge had refused stayed refused.
 */
export type ReviewEnd = 'allowed' | 'denied' | 'left' | 'upheld'

export function endOf({ by, answer }: Judged): ReviewEnd {
  if (by === 'reviewer') return answer === 'allow' ? 'allowed' : 'denied'
  return by === 'judge' && answer === 'deny' ? 'upheld' : 'left'
}

export class ReviewSums {
  asked = 0
  readonly ended: Record<ReviewEnd, number> = { allowed: 0, denied: 0, left: 0, upheld: 0 }
  /** No opinion was had. */
  problems = 0
  /** The opinion was there from before: it costs nothing. */
  cached = 0
  requests = 0
  readonly tokens = noTokens()
  /** US dollars, as far as they are known. */
  costUsd = 0
  /** Reviews whose cost is not known. */
  unpriced = 0
  /** Of those that a model was asked for, milliseconds. */
  readonly ms = new Histogram()

  add({ problem, cached, requests, tokens, costUsd, ms }: Reviewed): void {
    this.asked++
    if (problem !== '') this.problems++
    if (cached) this.cached++
    this.requests += requests
    for (const kind of TOKEN_KINDS) this.tokens[kind] += tokens[kind]
    this.costUsd += costUsd ?? 0
    if (costUsd === null) this.unpriced++
    if (requests > 0) this.ms.add(ms)
  }

  end(judged: Judged): void {
    this.ended[endOf(judged)]++
  }
}

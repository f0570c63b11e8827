/**
 * Asks a model for a second opinion, within a deadline and a budget. Whatever goes wrong, the review says
 * `ask`: a person decides. It keeps what it was told, so that the same is not asked twice.
 */
import { noTokens, TOKEN_KINDS, type Tokens } from '../../action/action.ts'
import type { Review, ReviewAccount, ReviewProblem } from '../../action/review.ts'
import type { ReviewerSettings } from '../../config/policy.ts'
import { Spending, type Spent } from './budget.ts'
import { type Case, hashOf } from './case.ts'
import { Keys } from './key.ts'
import type { Said } from './model.ts'
import { givenIn, PROMPT_VERSION, promptOf } from './prompt.ts'
import { noReview, Run } from './run.ts'

export interface Reviewed {
  readonly review: Review
  readonly account: ReviewAccount
}

/** US dollars; null where the price of a model is not known. */
export type ReviewerPrice = (model: string, tokens: Tokens, at: number) => number | null

export interface ReviewerParts {
  readonly env: NodeJS.ProcessEnv
  /** Unix ms */
  readonly clock: () => number
  readonly loadPrice: () => Promise<ReviewerPrice>
}

/** Failures in a row after which nobody is asked for a while. */
const MOST_FAILURES = 2
const PAUSE_MS = 5 * 60_000
const MOST_KEPT = 1000

export class Reviewer {
  readonly #parts: ReviewerParts
  readonly #keys: Keys
  readonly #spending = new Spending()
  /** Opinions by all that they rest on. */
  readonly #kept = new Map<string, Review>()
  readonly #running = new Map<string, Promise<Reviewed>>()
  #failures = 0
  /** On a clock that nobody sets. */
  #pausedUntil = 0

  constructor(parts: ReviewerParts) {
    this.#parts = parts
    this.#keys = new Keys(parts.env)
  }

  /** The variable that the key should be in and is not; `''` where it is, or comes from elsewhere. */
  lacks(settings: ReviewerSettings | null): string {
    return settings === null ? '' : this.#keys.lacks(settings.key)
  }

  /** What was spent before, as the journal tells. */
  spent(spent: Spent): void {
    this.#spending.add(spent)
  }

  /** @param gone nobody waits for it any more */
  async review(
    settings: ReviewerSettings,
    session: string,
    it: Case,
    gone: AbortSignal,
  ): Promise<Reviewed> {
    const { provider, model, baseUrl } = settings
    const key = hashOf([provider, model, baseUrl, session, it.key, PROMPT_VERSION])
    const known = this.#kept.get(key) ?? (await this.#running.get(key))?.review
    if (known !== undefined)
      return { review: { ...known, cached: true }, account: nothing(settings, it) }
    const work = this.#within(settings, session, it, gone)
    this.#running.set(key, work)
    try {
      const done = await work
      if (done.review.problem === '') this.#keep(key, done.review)
      return done
    } finally {
      this.#running.delete(key)
    }
  }

  async #within(
    settings: ReviewerSettings,
    session: string,
    it: Case,
    gone: AbortSignal,
  ): Promise<Reviewed> {
    const now = this.#parts.clock()
    const over = this.#spending.over(settings.budget, session, now)
    const unasked = (problem: ReviewProblem, why: string): Reviewed => ({
      review: noReview(problem, why),
      account: nothing(settings, it),
    })
    if (!it.isWhole) return unasked('too-long', TOO_LONG)
    if (over !== '') return unasked('budget', `${over} is spent`)
    if (performance.now() < this.#pausedUntil) return unasked('paused', PAUSED)
    const started = performance.now()
    const run = new Run(settings, it, this.#keys, gone)
    const review = await run.review()
    const paid = await this.#paid(run.said, settings, now)
    this.#spending.add({ session, at: now, ...paid })
    if (!gone.aborted) this.#count(review.problem)
    const ms = Math.round(performance.now() - started)
    const account = { ...nothing(settings, it), ...paid, requests: run.requests, ms }
    return { review, account }
  }

  async #paid(
    said: readonly Said[],
    { model: asked }: ReviewerSettings,
    at: number,
  ): Promise<Pick<ReviewAccount, 'tokens' | 'costUsd' | 'model'>> {
    const tokens = noTokens()
    if (said.length === 0) return { tokens, costUsd: 0, model: asked }
    for (const one of said) for (const kind of TOKEN_KINDS) tokens[kind] += one.tokens[kind]
    // What it said is paid for and counts, whatever became of the list.
    const price = await this.#parts.loadPrice().catch((): ReviewerPrice => () => null)
    let costUsd: number | null = 0
    for (const { costUsd: own, model, tokens: each } of said) {
      const cost: number | null = own ?? price(model, each, at) ?? price(asked, each, at)
      costUsd = cost === null || costUsd === null ? null : costUsd + cost
    }
    return { tokens, costUsd, model: said.at(-1)?.model || asked }
  }

  #count(problem: ReviewProblem): void {
    // Where it will not speak of one action, or is not believed, it may well be of the next.
    const failed = /^(outage|late|malformed|no-key)$/.test(problem)
    this.#failures = failed ? this.#failures + 1 : 0
    if (this.#failures < MOST_FAILURES) return
    this.#failures = 0
    this.#pausedUntil = performance.now() + PAUSE_MS
  }

  #keep(key: string, review: Review): void {
    this.#kept.set(key, review)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest)
  }
}

const TOO_LONG = 'the action, or what you wrote last, is too long to be shown as a whole'
const PAUSED = `it failed ${MOST_FAILURES} times in a row and is left alone for ${PAUSE_MS / 60_000} minutes`

const nothing = ({ provider, model }: ReviewerSettings, it: Case): ReviewAccount => ({
  provider,
  model,
  prompt: PROMPT_VERSION,
  given: givenIn(promptOf(it)),
  requests: 0,
  tokens: noTokens(),
  costUsd: 0,
  ms: 0,
})

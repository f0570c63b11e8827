/** One review: its questions, their retries, and the deadline over all of them. */
import { randomBytes } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import type { Review, ReviewProblem } from '../../action/review.ts'
import type { ReviewerSettings } from '../../config/policy.ts'
import type { Case } from './case.ts'
import { type Keys, NoKey } from './key.ts'
import type { Said } from './model.ts'
import { BadAnswer, type Opinion, opinionIn, passedIn } from './opinion.ts'
import { longStage, type Prompt, promptOf, type Stage, shortStage } from './prompt.ts'
import { riskier, verdictFor } from './verdict.ts'

const MOST_TRIES = 3
const FIRST_WAIT_MS = 250

/** The model would not answer, for a reason of its own. */
class Refused extends Error {}

type Read<T> = (text: string, id: string) => T

export class Run {
  readonly prompt: Prompt
  /** Every answer that was had and so is paid for, whatever it was worth. */
  readonly said: Said[] = []
  requests = 0
  readonly #settings: ReviewerSettings
  readonly #case: Case
  readonly #keys: Keys
  readonly #until: number
  readonly #late: AbortSignal
  readonly #signal: AbortSignal

  /** @param gone nobody waits for it any more */
  constructor(settings: ReviewerSettings, it: Case, keys: Keys, gone: AbortSignal) {
    this.#settings = settings
    this.#case = it
    this.#keys = keys
    this.prompt = promptOf(it)
    this.#until = performance.now() + settings.timeoutMs
    this.#late = AbortSignal.timeout(settings.timeoutMs)
    this.#signal = AbortSignal.any([this.#late, gone])
  }

  /** Never throws: without an opinion it says `ask`, and why. */
  async review(): Promise<Review> {
    const over = Promise.withResolvers<never>()
    const end = (): void => over.reject(new Error('too late'))
    this.#signal.addEventListener('abort', end, { once: true })
    try {
      return await Promise.race([this.#stages(), over.promise])
    } catch (error) {
      return this.#without(error)
    } finally {
      this.#signal.removeEventListener('abort', end)
    }
  }

  async #stages(): Promise<Review> {
    const key = await this.#keys.of(this.#settings.key)
    const { leastRisk, words } = this.#case
    // Of more than medium risk nothing is let through, so that the short question would change nothing.
    if (leastRisk === 'low' || leastRisk === 'medium') {
      const passed = await this.#ask(key, shortStage, (text, id) => passedIn(text, id, words))
      if (passed === 'covered')
        return reviewOf({ risk: 'medium', authorisation: 'implied', reason: COVERED }, 1)
      if (passed === 'of low risk' && leastRisk === 'low')
        return reviewOf({ risk: 'low', authorisation: 'none', reason: LOW }, 1)
    }
    const opinion = await this.#ask(key, longStage, (text, id) => opinionIn(text, id, words))
    return reviewOf({ ...opinion, risk: riskier(opinion.risk, leastRisk) }, 2)
  }

  /** Tries again where that may help, and as long as there is time. */
  async #ask<T>(key: string | null, stageOf: (id: string) => Stage, read: Read<T>): Promise<T> {
    const { askModel, ModelFailed } = await import('./model.ts')
    for (let tries = 1; ; tries++) {
      const id = randomBytes(4).toString('hex')
      // At odd times: a server that was overloaded is not asked by everybody again at once.
      let waitMs = FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + Math.random())
      try {
        this.requests++
        const stage = stageOf(id)
        const { prompt } = this
        const asked = { settings: this.#settings, key, prompt, stage, signal: this.#signal }
        const said = await askModel(asked)
        this.said.push(said)
        if (said.ended === 'refused') throw new Refused('the model would not answer')
        if (said.ended === 'cut') throw new BadAnswer('malformed', 'its answer was cut off')
        return read(said.text, id)
      } catch (error) {
        if (error instanceof ModelFailed && error.keyRefused) this.#keys.drop()
        const failed = error instanceof ModelFailed ? error : null
        const helps = failed?.again || (error instanceof BadAnswer && error.kind === 'malformed')
        waitMs = Math.max(waitMs, failed?.afterMs ?? 0)
        const inTime = performance.now() + waitMs < this.#until
        if (!helps || tries >= MOST_TRIES || !inTime || this.#signal.aborted) throw error
      }
      await rest(waitMs, undefined, { signal: this.#signal })
    }
  }

  #without(error: unknown): Review {
    const [problem, why] = this.#problemIn(error)
    return noReview(problem, why)
  }

  #problemIn(error: unknown): [ReviewProblem, string] {
    if (this.#late.aborted) return ['late', `no answer within ${this.#settings.timeoutMs / 1000} s`]
    if (this.#signal.aborted) return ['late', 'nobody waits for it any more']
    if (error instanceof NoKey) return ['no-key', error.message]
    if (error instanceof BadAnswer) return [error.kind, error.message]
    if (error instanceof Refused) return ['refused', error.message]
    return ['outage', error instanceof Error ? error.message : 'it failed']
  }
}

const LOW = 'of low risk, and nothing speaks against it'
const COVERED = 'what you asked for covers it'

function reviewOf({ risk, authorisation, reason }: Opinion, stage: 1 | 2): Review {
  const verdict = verdictFor(risk, authorisation)
  return { verdict, risk, authorisation, reason, stage, problem: '', cached: false }
}

/** A person decides. */
export function noReview(problem: ReviewProblem, why: string): Review {
  const reason = `no second opinion: ${why}`
  return { ...NO_OPINION, reason, problem }
}

const NO_OPINION = {
  verdict: 'ask',
  risk: null,
  authorisation: null,
  stage: 0,
  cached: false,
} as const

/** What a reviewer, a model that is asked where the judge is unsure, said of an action. */
import * as v from 'valibot'
import { TOKENS } from './check.ts'
import { VERDICTS } from './judgement.ts'

export const RISKS = ['low', 'medium', 'high', 'critical'] as const
export type Risk = (typeof RISKS)[number]

/** How far the user's own words cover it. */
export const AUTHORISATIONS = ['none', 'implied', 'explicit'] as const
export type Authorisation = (typeof AUTHORISATIONS)[number]

/**
 * Why there is no opinion. `unbelieved`: what it said cannot be so, such as words that the user never
 * said. `late`: nothing whole within the time. `paused`: it failed twice in a row and is left alone.
 * `too-long`: it was not asked, since it would have seen a part only.
 */
export const REVIEW_PROBLEMS = [
  '',
  'outage',
  'late',
  'malformed',
  'unbelieved',
  'refused',
  'no-key',
  'budget',
  'paused',
  'too-long',
] as const
export type ReviewProblem = (typeof REVIEW_PROBLEMS)[number]

const count = v.number()

export const REVIEW = v.object({
  /** From risk and authorisation, by a table in code; `ask` wherever there is a problem. */
  verdict: v.picklist(VERDICTS),
  /** Null: it gave no opinion. */
  risk: v.nullable(v.picklist(RISKS)),
  authorisation: v.nullable(v.picklist(AUTHORISATIONS)),
  /** One line of the model's, or of ours for a problem; without anything a terminal would act on. */
  reason: v.string(),
  /** 1: the short question was enough; 2: the long one was asked; 0: none was. */
  stage: v.picklist([0, 1, 2]),
  problem: v.picklist(REVIEW_PROBLEMS),
  /** The same was asked before. */
  cached: v.boolean(),
})
export type Review = v.InferOutput<typeof REVIEW>

/** What asking came to: sums over all requests of one review, as the server told them. */
export const REVIEW_ACCOUNT = v.object({
  provider: v.string(),
  /** As the server names it, else as the policy does. */
  model: v.string(),
  /** Version of the question. */
  prompt: count,
  /** Hash of all that the model was given, but for the question itself. */
  given: v.string(),
  requests: count,
  tokens: TOKENS,
  /** US dollars; null where neither the server nor a price list tells. */
  costUsd: v.nullable(count),
  /** Milliseconds, with all tries. */
  ms: count,
})
export type ReviewAccount = v.InferOutput<typeof REVIEW_ACCOUNT>

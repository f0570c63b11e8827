/** From what a model says to a verdict: by tables, so that no model decides what it may decide. */
import type { Judgement, Verdict } from '../../action/judgement.ts'
import { type Authorisation, type Review, RISKS, type Risk } from '../../action/review.ts'

/** Nothing of high risk is let through without a person, whatever the model says. */
const VERDICT: Readonly<Record<Risk, Readonly<Record<Authorisation, Verdict>>>> = {
  low: { none: 'allow', implied: 'allow', explicit: 'allow' },
  medium: { none: 'ask', implied: 'allow', explicit: 'allow' },
  high: { none: 'deny', implied: 'ask', explicit: 'ask' },
  critical: { none: 'deny', implied: 'deny', explicit: 'ask' },
}

export const verdictFor = (risk: Risk, authorisation: Authorisation): Verdict =>
  VERDICT[risk][authorisation]

export const riskier = (a: Risk, b: Risk): Risk => (RISKS.indexOf(a) > RISKS.indexOf(b) ? a : b)

/**
 * Whether a reviewer may be asked about a judgement at all: where the judge is unsure, or where it
 * denies what the user's words may clear. What a managed rule denies, nothing clears.
 */
export function isReviewable({ tier, rule }: Judgement, managed: ReadonlySet<string>): boolean {
  return tier === 'uncertain' || (tier === 'soft_deny' && !managed.has(rule))
}

/** The judgement after a review. A denial of the judge is at most softened to a question. */
export function reviewed(judgement: Judgement, { verdict, reason }: Review): Judgement {
  switch (judgement.tier) {
    case 'uncertain':
      return { ...judgement, verdict, reason: `The reviewer: ${reason}` }
    case 'soft_deny':
      return verdict === 'deny' || judgement.verdict !== 'deny'
        ? judgement
        : { ...judgement, verdict: 'ask', tier: 'ask', reason: `The reviewer: ${reason}` }
    case 'hard_deny':
    case 'ask':
    case 'allow':
      return judgement
  }
}

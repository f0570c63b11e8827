/** Asks the reviewer where the policy names one and its answer could change something. */
import type { Judgement } from '../action/judgement.ts'
import { dayOf } from '../config/load-policy.ts'
import type { Policy } from '../config/policy.ts'
import { explainOn } from '../judge/judge.ts'
import { caseOf } from '../judge/reviewer/case.ts'
import { isReviewable, reviewed } from '../judge/reviewer/verdict.ts'
import type { ToolCall } from '../judge/types.ts'
import { type Examined, policyOf } from './examine.ts'
import type { Gate } from './gate.ts'
import type { Session, Where } from './session.ts'

export interface ToReview extends Examined {
  readonly call: ToolCall
  readonly action: string
  readonly where: Where
}

/** A judgement as it counts after a review. */
export interface SecondOpinion {
  readonly judgement: Judgement
  /** The reviewer decided; else a person still has to, or the judge's denial stands. */
  readonly decides: boolean
}

/**
 * @param gone nobody waits for it any more
 * @returns null where there is no reviewer, or none may be asked
 */
export async function secondOpinion(
  gate: Gate,
  session: Session,
  { call, action, where, facts, judgement }: ToReview,
  gone: AbortSignal,
): Promise<SecondOpinion | null> {
  const { parts } = gate
  const policy = policyOf(parts, session, where)
  const settings = policy.reviewer
  if (settings === null || !isReviewable(judgement, managedRules(policy))) return null
  const explain = explainOn(dayOf(new Date(parts.clock())))
  const told = caseOf({
    call,
    facts,
    policy,
    ledger: session.ledger,
    explained: { ...explain(call, facts, policy, session.ledger), judgement },
    earlier: session.earlier(),
    redact: value => parts.redactor.entry(value),
  })
  const { review, account } = await parts.reviewer.review(settings, session.id, told, gone)
  const names = { session: session.id, action, agent: call.agent }
  gate.write({ type: 'reviewed', ...names, ...review, ...account })
  const after = reviewed(judgement, review)
  return { judgement: after, decides: after.tier === 'uncertain' && after.verdict !== 'ask' }
}

/**
 * Whether a reviewer could change what is answered: nobody is to be asked, or somebody could be.
 * @param isDecided what would be answered rests on this judgement alone
 * @param somebody a person could be asked
 */
export function isWorthReview(
  { tier, verdict }: Judgement,
  isDecided: boolean,
  somebody: boolean,
): boolean {
  if (!isDecided) return false
  return tier === 'uncertain' ? verdict === 'ask' : tier === 'soft_deny' && somebody
}

const managedRules = ({ rules }: Policy): ReadonlySet<string> =>
  new Set(rules.filter(it => it.origin.layer === 'managed').map(it => it.id))

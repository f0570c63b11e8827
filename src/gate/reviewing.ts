/** Asks the reviewer where the policy names one and its answer could change something. */
import { isDeepStrictEqual } from 'node:util'
import type { Judgement } from '../action/judgement.ts'
import { dayOf } from '../config/load-policy.ts'
import type { Policy, ReviewerSettings } from '../config/policy.ts'
import { explainOn } from '../judge/judge.ts'
import { type Case, caseOf } from '../judge/reviewer/case.ts'
import { isReviewable, reviewed } from '../judge/reviewer/verdict.ts'
import type { ToolCall } from '../judge/types.ts'
import { type Examined, examine, policyOf } from './examine.ts'
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
  /** As it was looked at after the wait. */
  readonly examined: Examined
}

/**
 * @param gone nobody waits for it any more
 * @returns null where there is no reviewer, or none may be asked
 */
export async function secondOpinion(
  gate: Gate,
  session: Session,
  it: ToReview,
  gone: AbortSignal,
): Promise<SecondOpinion | null> {
  const asked = questionOf(gate, session, it)
  if (asked === null) return null
  const { settings, told } = asked
  const { review, account } = await gate.parts.reviewer.review(settings, session.id, told, gone)
  const names = { session: session.id, action: it.action, agent: it.call.agent }
  gate.write({ type: 'reviewed', ...names, ...review, ...account })
  const examined = await examinedAgain(gate, session, it)
  const now = questionOf(gate, session, { ...it, ...examined })
  const isSame = now !== null && isDeepStrictEqual(now.settings, settings) && now.key === asked.key
  const hasEnded = gate.sessions.get(session.id) !== session
  if (!isSame || hasEnded) return { judgement: examined.judgement, decides: false, examined }
  const after = reviewed(examined.judgement, review)
  const decides = after.tier === 'uncertain' && after.verdict !== 'ask'
  return { judgement: after, decides, examined }
}

interface Asked {
  readonly settings: ReviewerSettings
  readonly told: Case
  /** The same as long as the opinion is one of this case. */
  readonly key: string
}

/** What is asked of whom, by the policy and the ledger as they are now; null: nothing. */
function questionOf(
  { parts }: Gate,
  session: Session,
  { call, where, facts, judgement }: ToReview,
): Asked | null {
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
  return { settings, told, key: `${told.key} ${judgement.tier} ${told.leastRisk}` }
}

/** A reviewer takes seconds: the files, the policy and what the user says may be others by now. */
async function examinedAgain(
  gate: Gate,
  session: Session,
  { call, where }: ToReview,
): Promise<Examined> {
  if (gate.sessions.get(session.id) === session) {
    session.facts.look()
    gate.tell(session)
  }
  return examine(gate.parts, session, call, where)
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

/** What the gate answers, from what is known: a table without side effects. */
import type { CheckResult } from '../action/check.ts'
import type { Answer, EntryOf, Role } from '../action/entry.ts'
import type { Judgement } from '../action/judgement.ts'

export interface Question {
  readonly role: Role
  readonly permissionMode: string
  /** Modes of the client in which `allow` may be answered. */
  readonly allowIn: readonly string[]
  readonly judgement: Judgement
  /** A one-time permission fits this very call. */
  readonly granted: boolean
  /** Why every action is asked: a pause, a tripped breaker, an alert; `''` when not. */
  readonly asking: string
  /** What a checkpoint told the client of this very call; `''` when nothing. */
  readonly checked: CheckResult['outcome'] | ''
  /** The client's check is answered by a checkpoint, so that an approval is the client's own. */
  readonly isChecked: boolean
  /** The tool puts a question to the user: its dialog is the client's. */
  readonly asksUser: boolean
}

export interface Answered {
  readonly answer: Answer
  readonly by: EntryOf<'judged'>['by']
  /** For the agent or the person who is asked. */
  readonly reason: string
}

/** Rules that hold in every role, even where the gate only watches. */
export const guardsItself = ({ rule, tier }: Judgement): boolean =>
  tier === 'hard_deny' && rule.startsWith('guard')

export function answerTo(question: Question): Answered {
  const { role, judgement, permissionMode } = question
  const said = (
    answer: Answer,
    by: Answered['by'] = 'judge',
    reason = labelled(judgement),
  ): Answered => ({
    answer,
    by,
    reason,
  })
  if (question.asksUser) return said('abstain')
  if (guardsItself(judgement)) return said('deny')
  if (role !== 'watch' && judgement.tier === 'hard_deny') return said('deny')
  if (question.checked !== '' && question.asking === '' && isTold(judgement, question.checked))
    return said('abstain')
  if (question.granted && permissionMode !== 'plan')
    return said('allow', 'user', 'you allowed it once')
  if (role === 'watch')
    return question.asking === '' ? said('abstain') : said('ask', 'judge', question.asking)
  if (judgement.verdict === 'deny') return said('deny')
  if (question.asking !== '') return said('ask', 'judge', question.asking)
  if (role === 'guard') return judgement.tier === 'ask' ? said('ask') : said('abstain')
  // The judge's `allow` is an answer only where the client would otherwise check by itself.
  if (permissionMode === 'plan' || !question.allowIn.includes(permissionMode))
    return said('abstain')
  if (question.isChecked && judgement.verdict === 'allow') return said('abstain')
  return said(judgement.verdict)
}

/** The client knows the verdict from its API, so that its own counters, reasons and dialogs are used. */
const isTold = ({ verdict }: Judgement, checked: CheckResult['outcome']): boolean =>
  checked === 'not_flagged' || (checked === 'flagged' && verdict === 'deny')

/** Says who refuses, and by which rule. */
export const labelled = ({ rule, reason }: Judgement): string => `Signalbox [${rule}] ${reason}`

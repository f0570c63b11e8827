/** Writes down what was judged of a call and what was answered: the same for hooks and checkpoints. */
import type { EntryOf } from '../action/entry.ts'
import type { Examined } from './examine.ts'
import type { Gate } from './gate.ts'
import type { Call, Session } from './session.ts'

type Judged = EntryOf<'judged'>

/** @param said how the client was answered; `ms` without a person's time */
export function writeJudged(
  gate: Gate,
  session: Session,
  call: Call & Examined,
  said: Pick<Judged, 'answer' | 'by' | 'ms' | 'permissionMode'>,
): void {
  const { action, agent, tool, inputHash, cwd, judgement, grant } = call
  gate.write({
    type: 'judged',
    session: session.id,
    action,
    agent,
    tool,
    input: call.input,
    inputHash,
    cwd,
    role: session.role,
    judgement,
    grant,
    ...said,
    ms: Math.round(said.ms * 1000) / 1000,
    facts: { ...call.facts, words: session.wordsTold },
  })
}

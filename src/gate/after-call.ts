/** After a call ended: what really ran is held against what was judged. */
import { ABSTAIN, contextAnswer, type PayloadOf } from '../clients/claude-code/hook-payload.ts'
import type { Gate } from './gate.ts'
import { hashInput } from './grants.ts'
import { ELSEWHERE } from './pending.ts'
import type { Call, Session } from './session.ts'

type Ended = PayloadOf<'PostToolUse'> | PayloadOf<'PostToolUseFailure'>

export function afterCall(gate: Gate, session: Session, payload: Ended, ok: boolean): string {
  const { tool_use_id: action, tool_input: input, duration_ms: runMs } = payload
  const inputHash = hashInput(payload.tool_name, input)
  gate.pending.settle(session.id, action, ELSEWHERE)
  gate.write({ type: 'ran', session: session.id, action, ok, runMs, inputHash })
  const call = session.call(action)
  if (call === undefined) {
    gate.askFrom(session, 'ungated', action, 'an action ran that the gate was not asked about')
    return ABSTAIN
  }
  gate.clientRuleUsed(call)
  if (call.inputHash !== inputHash && call.tool === payload.tool_name)
    gate.askFrom(
      session,
      'changed-input',
      action,
      'what ran is not what was judged: another hook changed it',
    )
  ended(gate, session, call)
  const context = supportsContext(session.facts.version) ? contextOf(call) : ''
  return context === '' ? ABSTAIN : contextAnswer(context)
}

/** The ledger learns what a call made; the files that were read to judge it are no longer needed then. */
export function ended({ parts }: Gate, session: Session, call: Call): void {
  call.ended = true
  if (call.facts === null) return
  const policy = parts.policies.of(session.scope)
  session.ledger = parts.learn(session.ledger, call, call.facts, policy)
  parts.agentMade(session.projectRoot, session.ledger.createdByAgent)
  call.facts = null
}

/** From 2.1.236 on (HOST.md 1.3). */
function supportsContext(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major > 2 || (major === 2 && (minor > 1 || (minor === 1 && patch >= 236)))
}

/** What the judge found out that the client's own check cannot see. */
function contextOf({ judgement }: Call): string {
  const external = judgement.resources.filter(r => r.trust === 'external' || r.trust === 'agent')
  if (external.length === 0) return ''
  const list = external.map(r => `${r.kind} ${r.id} (${r.trust})`).join(', ')
  return `Signalbox, rule ${judgement.rule}: this call touched ${list}.`
}

/** Each hook of the client: what it tells, what is decided, what is answered. */
import type { Judgement } from '../action/judgement.ts'
import {
  ABSTAIN,
  asksUser,
  type HookEnvironment,
  type HookPayload,
  isOutage,
  type PayloadOf,
  permissionRequestAnswer,
  preToolUseAnswer,
  retryAnswer,
} from '../clients/claude-code/hook-payload.ts'
import { afterCall } from './after-call.ts'
import { type Answered, answerTo, type Question } from './answer.ts'
import { Asking } from './asking.ts'
import { after, tripped } from './breaker.ts'
import { examine } from './examine.ts'
import type { Gate } from './gate.ts'
import { fits, hashInput } from './grants.ts'
import { writeJudged } from './judged.ts'
import { ELSEWHERE } from './pending.ts'
import { isWorthReview, type SecondOpinion, secondOpinion } from './reviewing.ts'
import type { Call, Session } from './session.ts'

/** How long the model's name is waited for: the client writes its transcript a little later. */
const MODEL_WAIT_MS = 800
const MODEL_LOOK_MS = 15

export class Hooks {
  readonly #gate: Gate
  readonly #asking: Asking

  constructor(gate: Gate) {
    this.#gate = gate
    this.#asking = new Asking(gate)
  }

  async answer(payload: HookPayload, env: HookEnvironment, gone: AbortSignal): Promise<string> {
    const session = await this.#gate.session(payload, env)
    switch (payload.hook_event_name) {
      case 'PreToolUse':
        return this.#preToolUse(session, payload, gone)
      case 'PermissionRequest':
        return this.#permissionRequest(session, payload, gone)
      case 'PermissionDenied':
        return this.#permissionDenied(session, payload, gone)
      case 'PostToolUse':
        return afterCall(this.#gate, session, payload, true)
      case 'PostToolUseFailure':
        return afterCall(this.#gate, session, payload, false)
      case 'UserPromptSubmit':
      case 'Stop':
        this.#gate.pending.moveOn(session.id, '')
        return ABSTAIN
      case 'SubagentStop':
        this.#gate.pending.moveOn(session.id, payload.agent_id)
        return ABSTAIN
      case 'SessionEnd':
        this.#end(session, payload.reason)
        return ABSTAIN
      case 'SessionStart':
      case 'SubagentStart':
        return ABSTAIN
      default:
        return payload satisfies never
    }
  }

  /** Questions that were answered in the client leave a result in its transcript. */
  lookAtPending(): void {
    for (const held of this.#gate.pending.list()) {
      const session = this.#gate.sessions.get(held.session)
      session?.facts.look()
      if (session?.facts.ended.has(held.action))
        this.#gate.pending.answeredThere(held.session, held.action)
    }
  }

  async #preToolUse(
    session: Session,
    payload: PayloadOf<'PreToolUse'>,
    gone: AbortSignal,
  ): Promise<string> {
    await this.#modelKnown(session)
    const { parts, grants } = this.#gate
    const started = performance.now()
    const { tool_name: tool, tool_input: input, tool_use_id: action } = payload
    // As this very payload says it: a parallel one may come from another folder.
    const where = session.whereHooked(payload.cwd)
    const key = {
      session: session.id,
      agent: payload.agent_id,
      tool,
      inputHash: hashInput(tool, input),
      cwd: where.cwd,
    }
    const looked = await examine(parts, session, { tool, input, agent: key.agent }, where)
    // A checkpoint may have told the client already, in the answer that the call came with.
    const before = session.call(action)
    const checked = before?.inputHash === key.inputHash ? before.checked : ''
    // The client asks again about a call when a gate went before it could tell what was decided.
    const again = action !== '' && before !== undefined && fits(before, key) ? before : null
    const grant = again?.grant ? null : grants.find(key, parts.clock())
    const settled = again?.settled ?? null
    const questionOf = (judgement: Judgement): Question => ({
      role: session.role,
      // As this very payload says it: a mode that was told earlier may be over.
      permissionMode: payload.permission_mode,
      allowIn: parts.policies.of(session.scope).allowIn,
      judgement,
      granted: grant !== null || Boolean(again?.grant),
      asking: this.#gate.whyAsking(session),
      checked,
      isChecked: session.isChecked,
      asksUser: asksUser(tool),
    })
    const first = answerTo(questionOf(looked.judgement))
    const ms = performance.now() - started
    const toReview = { call: { tool, input, agent: key.agent }, action, where, ...looked }
    const second =
      settled === null && this.#isWorthReview(session, first, looked.judgement)
        ? await secondOpinion(this.#gate, session, toReview, gone)
        : null
    const examined = second?.examined ?? looked
    const answered = second === null ? first : answerAfter(second, session, questionOf)
    const unattended =
      answered.answer === 'ask' && settled === null && !this.#asking.somebody(session)
    // What it refused stays refused, and what it asked a person is asked there.
    if (checked !== '' && (answered.answer === 'abstain' || unattended)) return ABSTAIN
    const used = answered.by === 'user' ? again?.grant || (grant?.id ?? '') : ''
    const { answer, by } = unattended ? UNATTENDED : answered
    const known = { grant: used, checked, settled, answer, ended: false }
    const call = { ...key, where, action, input, ...examined, ...known }
    session.add(call)
    const { permissionMode } = session
    writeJudged(this.#gate, session, call, { answer, by, ms, permissionMode })
    if (used !== '' && grant !== null) grants.use(grant)
    if (unattended) return this.#unattended(session, answered.reason)
    this.#count(session, answered.answer === 'deny')
    return this.#told(session, call, answered, gone)
  }

  /** What the client is told, once a person was asked where one is to be. */
  async #told(
    session: Session,
    call: Call,
    { answer, reason }: Answered,
    gone: AbortSignal,
  ): Promise<string> {
    switch (answer) {
      case 'abstain':
        return ABSTAIN
      case 'ask':
        // In a headless run nobody sees the client's dialog: its call is held for our screen.
        if (session.attended) return preToolUseAnswer('ask', reason)
        return this.#asking.held(session, call, reason, gone)
      default:
        return preToolUseAnswer(answer, reason)
    }
  }

  #isWorthReview(session: Session, { answer, by }: Answered, judgement: Judgement): boolean {
    const rests = by === 'judge' && answer === judgement.verdict
    const isDecided = rests && this.#gate.whyAsking(session) === ''
    return isWorthReview(judgement, isDecided, this.#asking.somebody(session))
  }

  async #permissionRequest(
    session: Session,
    payload: PayloadOf<'PermissionRequest'>,
    gone: AbortSignal,
  ): Promise<string> {
    const { tool_name: tool, tool_input: input, agent_id: agent } = payload
    const call = session.openCall(agent, tool, hashInput(tool, input))
    if (call === undefined || asksUser(tool) || !this.#asking.somebody(session)) return ABSTAIN
    const why = call.judgement.reason
    const outcome = await this.#asking.ask(session, call, 'PermissionRequest', why, gone)
    if (outcome.answer === 'deny') return permissionRequestAnswer('deny', outcome.words)
    if (outcome.answer !== 'allow') return ABSTAIN
    const hard = session.paused?.hard === true || this.#gate.pausedAll?.hard === true
    return permissionRequestAnswer('allow', '', hard && session.permissionMode !== 'default')
  }

  async #permissionDenied(
    session: Session,
    payload: PayloadOf<'PermissionDenied'>,
    gone: AbortSignal,
  ): Promise<string> {
    const { tool_use_id: action, reason } = payload
    const { parts, screens, denials, pending } = this.#gate
    const call = session.call(action)
    const outage = isOutage(reason)
    if (outage && !session.clientCannotCheck) {
      session.clientCannotCheck = true
      this.#gate.tell(session)
    }
    const asked = call?.checked === 'flagged' && call.answer !== 'deny'
    if (!outage && !asked) this.#count(session, true)
    pending.answeredThere(session.id, action)
    const seconds = parts.policies.of(session.scope).waits.deniedSeconds
    const waits = !outage && screens.size > 0 && call !== undefined
    const now = parts.clock()
    this.#gate.write({
      type: 'client-denied',
      session: session.id,
      action,
      reason,
      outage,
      judgement: call?.judgement ?? null,
      until: waits ? now + seconds * 1000 : 0,
    })
    if (call?.grant) this.#gate.writeClientRule(call)
    if (!waits) return ABSTAIN
    const held = denials.hold(
      { session: session.id, agent: call.agent, action, held: 'PreToolUse', since: now },
      seconds * 1000,
    )
    gone.addEventListener('abort', () => denials.settle(session.id, action, ELSEWHERE))
    return (await held.outcome).answer === 'allow' ? retryAnswer() : ABSTAIN
  }

  async #modelKnown(session: Session): Promise<void> {
    const until = performance.now() + (this.#gate.waitsForModel(session) ? MODEL_WAIT_MS : 0)
    while (session.facts.model === '' && performance.now() < until) {
      await new Promise(resolve => setTimeout(resolve, MODEL_LOOK_MS))
      session.facts.look()
    }
    this.#gate.tell(session)
  }

  #unattended(session: Session, reason: string): string {
    const { breaker } = this.#gate.parts.policies.of(session.scope)
    const text = `A person is needed for this, and nobody is at a screen: unavailable, not unsafe. ${reason}`
    const denied = preToolUseAnswer('deny', text)
    if (session.asking === '' || breaker.unattended !== 'stop') return denied
    // The client's `continue: false` ends the run.
    return JSON.stringify({ ...JSON.parse(denied), continue: false, stopReason: session.asking })
  }

  #count(session: Session, denied: boolean): void {
    const { breaker } = this.#gate.parts.policies.of(session.scope)
    session.run = after(session.run, denied, breaker)
    const why = denied && session.asking === '' ? tripped(session.run, breaker) : ''
    if (why !== '') this.#gate.askFrom(session, 'breaker', '', why)
  }

  #end(session: Session, reason: string): void {
    this.#gate.pending.moveOn(session.id, null)
    this.#gate.grants.endSession(session.id)
    this.#gate.write({ type: 'session-ended', session: session.id, reason })
    this.#gate.sessions.delete(session.id)
  }
}

/** What is answered after a second opinion: all else may have changed while it was waited for. */
function answerAfter(
  { judgement, decides }: SecondOpinion,
  session: Session,
  questionOf: (judgement: Judgement) => Question,
): Answered {
  const question = questionOf(judgement)
  const { permissionMode } = session
  const isLeft = !question.allowIn.includes(permissionMode)
  const answered = answerTo(isLeft ? { ...question, permissionMode } : question)
  const isReviewers = decides && answered.answer === judgement.verdict && answered.by === 'judge'
  return isReviewers ? { ...answered, by: 'reviewer' } : answered
}

const UNATTENDED = { answer: 'deny', by: 'unattended' } as const

/** Answers a checkpoint: what the client is told of each call of an answer, before it runs any. */
import type { CheckReply, CheckRequest, CheckResult } from '../action/check.ts'
import type { EntryOf } from '../action/entry.ts'
import type { Judgement } from '../action/judgement.ts'
import { asksUser, type HookEnvironment } from '../clients/claude-code/hook-payload.ts'
import { ended } from './after-call.ts'
import { guardsItself } from './answer.ts'
import { examine } from './examine.ts'
import type { Gate } from './gate.ts'
import { type Grant, hashInput } from './grants.ts'
import { writeJudged } from './judged.ts'
import { preconditionsOf, roleOf, unmet } from './preconditions.ts'
import { isWorthReview, secondOpinion } from './reviewing.ts'
import type { Call, Session } from './session.ts'

/** How long an approval of what a checkpoint had refused is good for. */
const GRANT_MS = 10 * 60_000

type Asked = CheckRequest['calls'][number]

/** What decides, beside the judge. */
interface Stand {
  readonly role: 'watch' | 'guard' | 'decide'
  /** Why nothing can be approved, for people; `''` when it can. */
  readonly missing: string
  /** Why every action is asked; `''` when not. */
  readonly asking: string
}

export class Checks {
  readonly #gate: Gate

  constructor(gate: Gate) {
    this.#gate = gate
  }

  /** One call after the other, as they stand in the answer. */
  async answer(request: CheckRequest, gone: AbortSignal): Promise<CheckReply> {
    const session = await this.#gate.checkedSession(request)
    for (const action of request.ran) this.#ran(session, action)
    const reply = new Map<string, CheckResult>()
    for (const call of request.calls) {
      const result = await this.#one(session, request, call, gone)
      reply.set(call.action, stricter(reply.get(call.action), result))
    }
    return Object.fromEntries(reply)
  }

  /** Anew each time: while a reviewer is asked, it may become another. */
  #stand(session: Session, request: CheckRequest): Stand {
    const policy = this.#gate.parts.policies.of(session.scope)
    const env: HookEnvironment = { ...session.env, baseUrl: request.upstream, cloud: '' }
    const preconditions = preconditionsOf(policy, env, request.model, request.byHand)
    const clientCannotCheck = request.answered === null
    const { scope } = session
    const { role, why } = roleOf({ policy, preconditions, scope, clientCannotCheck })
    const mode = policy.allowIn.includes(request.permissionMode)
      ? ''
      : `nothing is approved in the mode ${request.permissionMode || 'unknown'}`
    const missing = unmet(preconditions) || (role === 'decide' ? mode : why)
    return { role, missing, asking: this.#gate.whyAsking(session) }
  }

  async #one(
    session: Session,
    request: CheckRequest,
    { action, tool, input }: Asked,
    gone: AbortSignal,
  ): Promise<CheckResult> {
    const started = performance.now()
    const { parts, grants } = this.#gate
    const { agent } = request
    const where = session.whereChecked(request)
    const inputHash = hashInput(tool, input)
    const key = { session: session.id, agent, tool, inputHash, cwd: where.cwd }
    const looked = await examine(parts, session, { tool, input, agent }, where)
    // The client's hook may have come first, and used the grant for this very call.
    const before = session.call(action)
    const used = before?.inputHash === key.inputHash ? before.grant : ''
    const grant = used === '' ? grants.find(key, parts.clock()) : null
    const granted = used !== '' || grant !== null
    // Nobody waits for it any more: the client was told that there is no verdict.
    const resultOf = (judgement: Judgement): CheckResult =>
      gone.aborted
        ? TOO_LATE
        : resultFor(judgement, this.#stand(session, request), granted, asksUser(tool))
    const first = resultOf(looked.judgement)
    const ms = performance.now() - started
    const toReview = { call: { tool, input, agent }, action, where, ...looked }
    const second = this.#isWorthReview(session, first, looked.judgement, request)
      ? await secondOpinion(this.#gate, session, toReview, gone)
      : null
    const examined = second?.examined ?? looked
    const counts = second?.judgement ?? looked.judgement
    const own = second === null ? first : resultOf(counts)
    // Of an API that checks by itself every word stays; ours may only be stricter.
    const said = request.answered?.[action]
    const isLeft = request.answered !== null && (own.outcome !== 'flagged' || said === 'flagged')
    const result: CheckResult = isLeft ? { outcome: 'left' } : own
    if (result.outcome === 'not_flagged' && grant !== null) grants.use(grant)
    const isGranted = result.outcome === 'not_flagged' && granted
    const told = entryFor(counts, result, isGranted, second?.decides === true)
    const call = {
      ...key,
      where,
      action,
      input,
      ...examined,
      answer: told.answer,
      grant: used || (result.outcome === 'not_flagged' ? (grant?.id ?? '') : ''),
      checked: result.outcome,
      settled: null,
      ended: false,
    }
    session.add(call)
    const { permissionMode } = request
    const reason = result.outcome === 'unavailable' ? { reason: result.reason } : {}
    const judgement = { ...examined.judgement, ...reason }
    writeJudged(this.#gate, session, { ...call, judgement }, { ...told, ms, permissionMode })
    if (result.outcome === 'flagged' && asksPerson(counts, this.#stand(session, request)))
      this.#ask(session, call, result.explanation)
    return result
  }

  #isWorthReview(
    session: Session,
    { outcome }: CheckResult,
    judgement: Judgement,
    request: CheckRequest,
  ): boolean {
    const { missing, asking } = this.#stand(session, request)
    const isDecided = outcome === 'flagged' && missing === '' && asking === ''
    return isWorthReview(judgement, isDecided, this.#gate.screens.size > 0)
  }

  /** Nobody waits meanwhile: the agent was told, and may come back with the same call. */
  #ask(session: Session, call: Call, why: string): void {
    const { parts, pending, denials } = this.#gate
    const names = { session: session.id, action: call.action }
    const since = parts.clock()
    const held = 'Checkpoint'
    const question = pending.hold({ ...names, agent: call.agent, held, since }, GRANT_MS)
    this.#gate.write({ type: 'asked', ...names, until: since + GRANT_MS, why, held })
    void question.outcome.then(outcome => {
      this.#gate.write({ type: 'answered', ...names, ...outcome })
      if (outcome.answer !== 'allow') return
      this.#grant(call)
      denials.settle(session.id, call.action, outcome)
    })
  }

  #grant(call: Call): Grant {
    const { parts, grants } = this.#gate
    const now = parts.clock()
    const grant = grants.give(call, call.action, now + GRANT_MS, 'once', now)
    this.#gate.granted(grant, call)
    return grant
  }

  /** A result that is no error came back: the ledger learns what the call made. */
  #ran(session: Session, action: string): void {
    const call = session.call(action)
    if (call?.checked === 'not_flagged' && !call.ended) ended(this.#gate, session, call)
  }
}

const TOO_LATE: CheckResult = { outcome: 'unavailable', reason: 'Signalbox was too late' }

const STRICTNESS = ['not_flagged', 'skipped', 'left', 'unavailable', 'flagged'] as const

/** Of two calls with one id, which an API should not give. */
function stricter(known: CheckResult | undefined, result: CheckResult): CheckResult {
  const rank = ({ outcome }: CheckResult): number => STRICTNESS.indexOf(outcome)
  return known !== undefined && rank(known) > rank(result) ? known : result
}

/** A table without side effects: what the client is told of a call. */
export function resultFor(
  judgement: Judgement,
  { role, missing, asking }: Stand,
  granted: boolean,
  asks: boolean,
): CheckResult {
  if (asks) return { outcome: 'skipped' }
  const refused = { outcome: 'flagged', explanation: explained(judgement) } as const
  if (guardsItself(judgement)) return refused
  if (role === 'watch') return { outcome: 'left' }
  if (judgement.tier === 'hard_deny') return refused
  if (granted && missing === '') return { outcome: 'not_flagged' }
  if (judgement.verdict === 'deny') return refused
  if (missing !== '') return { outcome: 'unavailable', reason: `Signalbox: ${missing}` }
  if (asking !== '') return { outcome: 'flagged', explanation: `needs a person: ${asking}` }
  if (judgement.verdict === 'allow') return { outcome: 'not_flagged' }
  return { outcome: 'flagged', explanation: `needs a person: ${explained(judgement)}` }
}

const asksPerson = (judgement: Judgement, { asking }: Stand): boolean =>
  judgement.verdict === 'ask' || (asking !== '' && judgement.verdict === 'allow')

/** Says who refuses, by which rule, and what would clear it; the client ends it with a full stop. */
function explained({ rule, reason, clear }: Judgement): string {
  const cleared = clear.length === 0 ? '' : ` What would clear it: ${clear.join('; ')}`
  return `Signalbox [${rule}] ${reason}${cleared}`.replace(/\.$/, '')
}

/** @param isGranted a person had let it through */
function entryFor(
  { verdict }: Judgement,
  result: CheckResult,
  isGranted: boolean,
  isReviewed: boolean,
): Pick<EntryOf<'judged'>, 'answer' | 'by'> {
  const by = isReviewed ? 'reviewer' : 'judge'
  switch (result.outcome) {
    case 'not_flagged':
      return { answer: 'allow', by: isGranted ? 'user' : by }
    case 'flagged':
      return verdict === 'deny' ? { answer: 'deny', by } : { answer: 'ask', by: 'judge' }
    case 'unavailable':
      return { answer: 'deny', by: 'outage' }
    case 'skipped':
    case 'left':
      return { answer: 'abstain', by: 'judge' }
  }
}

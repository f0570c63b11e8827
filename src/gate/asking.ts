/** Asking a person, and holding the client's answer open until one is there. */
import type { EntryOf } from '../action/entry.ts'
import { preToolUseAnswer } from '../clients/claude-code/hook-payload.ts'
import type { Gate } from './gate.ts'
import { ELSEWHERE, type Outcome } from './pending.ts'
import type { Call, Session } from './session.ts'

export class Asking {
  readonly #gate: Gate

  constructor(gate: Gate) {
    this.#gate = gate
  }

  /** Whether anybody could answer: at the client, or at one of our screens. */
  somebody(session: Session): boolean {
    return session.attended || this.#gate.screens.size > 0
  }

  /** Holds a headless call until it is answered. @returns the hook's output */
  async held(session: Session, call: Call, why: string, gone: AbortSignal): Promise<string> {
    const outcome = await this.ask(session, call, 'PreToolUse', why, gone)
    if (outcome.answer === 'allow') return preToolUseAnswer('allow', '')
    const words =
      outcome.answer === 'deny'
        ? outcome.words
        : 'Nobody answered in time: unavailable, not unsafe. Other work can go on.'
    return preToolUseAnswer('deny', words)
  }

  async ask(
    session: Session,
    call: Call,
    held: EntryOf<'asked'>['held'],
    why: string,
    gone: AbortSignal,
  ): Promise<Outcome> {
    if (call.settled !== null) return call.settled
    const { parts, pending } = this.#gate
    const waitMs = parts.policies.of(session.scope).waits.askSeconds * 1000
    const since = parts.clock()
    const names = { session: session.id, action: call.action }
    const question = pending.hold({ ...names, agent: call.agent, held, since }, waitMs)
    this.#gate.write({ type: 'asked', ...names, until: since + waitMs, why, held })
    const leave = (): void => {
      pending.settle(session.id, call.action, ELSEWHERE)
    }
    // It may have left while a reviewer was asked.
    if (gone.aborted) leave()
    gone.addEventListener('abort', leave)
    const outcome = await question.outcome
    gone.removeEventListener('abort', leave)
    // At once: what a screen is told of its answer must not outlive the answer.
    this.#gate.write({ type: 'answered', ...names, ...outcome })
    return outcome
  }
}

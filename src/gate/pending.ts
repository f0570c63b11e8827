/** Questions that wait for a person, each holding an answer to the client open. */

import type { ScreenName } from '../action/command.ts'
import type { EntryOf } from '../action/entry.ts'

export interface Outcome {
  readonly answer: EntryOf<'answered'>['answer']
  /** For the agent. */
  readonly words: string
  readonly screen: ScreenName | null
  /** What changed since it was asked, for people; `''` when nothing. */
  readonly changed: string
}

export interface Held {
  readonly session: string
  readonly agent: string
  /** The client's `tool_use_id`. */
  readonly action: string
  readonly held: EntryOf<'asked'>['held']
  /** Unix ms */
  readonly since: number
  /** Resolves with what became of it, once. */
  readonly outcome: Promise<Outcome>
}

interface Waiting extends Held {
  readonly settle: (outcome: Outcome) => void
  readonly timer: NodeJS.Timeout
}

const NOBODY = { words: '', screen: null, changed: '' } as const
/** Answered in the client, or nobody waits for it any more. */
export const ELSEWHERE: Outcome = { answer: 'elsewhere', ...NOBODY }

export class Pending {
  readonly #waiting = new Map<string, Waiting>()

  get size(): number {
    return this.#waiting.size
  }

  list(): Held[] {
    return [...this.#waiting.values()]
  }

  find(session: string, action: string): Held | undefined {
    return this.#waiting.get(keyOf(session, action))
  }

  /** Waits at most so many milliseconds. A second question about the same action ends the first. */
  hold(question: Omit<Held, 'outcome'>, waitMs: number): Held {
    this.settle(question.session, question.action, ELSEWHERE)
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const key = keyOf(question.session, question.action)
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer)
      if (this.#waiting.get(key) === held) this.#waiting.delete(key)
      resolve(outcome)
    }
    const timer = setTimeout(() => settle({ answer: 'timeout', ...NOBODY }), waitMs)
    const held: Waiting = { ...question, outcome: promise, settle, timer }
    this.#waiting.set(key, held)
    return held
  }

  /** The gate ends, and decides none of them: the next one records that nobody did. */
  drop(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
  }

  /** @returns false when nothing waits for it */
  settle(session: string, action: string, outcome: Outcome): boolean {
    const held = this.#waiting.get(keyOf(session, action))
    held?.settle(outcome)
    return held !== undefined
  }

  /**
   * An agent went on, so its questions were answered in the client or no longer matter. Those of a
   * checkpoint stay, because there the agent goes on meanwhile; they end with the session.
   */
  moveOn(session: string, agent: string | null): void {
    for (const held of this.#waiting.values())
      if (
        held.session === session &&
        (agent === null || (held.agent === agent && held.held !== 'Checkpoint'))
      )
        held.settle(ELSEWHERE)
  }

  /** The client has the answer to a question that holds it. */
  answeredThere(session: string, action: string): void {
    const held = this.#waiting.get(keyOf(session, action))
    if (held?.held !== 'Checkpoint') held?.settle(ELSEWHERE)
  }
}

const keyOf = (session: string, action: string): string => `${session} ${action}`

/** Turns what the client says of its live sessions into events, each change once. */
import type { Event } from '../action/event.ts'
import { liveSessions } from '../clients/claude-code/presence.ts'

/** Without the client's word, a session whose transcript was still for so long is over. */
const STILL_MS = 30 * 60_000

export class PresenceWatch {
  readonly #root: string
  readonly #emit: (event: Event) => void
  /** The last word on each session, as JSON. */
  readonly #last = new Map<string, string>()
  /** The sessions said to be over, and when they last changed. */
  readonly #ended = new Map<string, number>()

  constructor(root: string, emit: (event: Event) => void) {
    this.#root = root
    this.#emit = emit
  }

  /**
   * @param changedAt when the transcript of each known session last changed, Unix ms
   * @param now Unix ms
   */
  look(changedAt: ReadonlyMap<string, number>, now: number): void {
    const live = liveSessions(this.#root)
    const alive = new Set(live?.map(l => l.session))
    for (const { session, at, presence } of live ?? [])
      this.#say({ type: 'presence', session, at, ...presence })
    for (const [session, at] of changedAt) {
      if (alive.has(session) || this.#ended.get(session) === at) continue
      // The file appears a moment after the first line, so a session that just wrote is not over.
      const grace = live === null ? STILL_MS : 3000
      if (now - at <= grace) continue
      this.#ended.set(session, at)
      this.#say({ type: 'presence', session, at: Math.floor(at), status: 'ended' })
    }
  }

  #say(event: Extract<Event, { type: 'presence' }>): void {
    const word = JSON.stringify(event)
    if (this.#last.get(event.session) === word) return
    this.#last.set(event.session, word)
    this.#emit(event)
  }
}

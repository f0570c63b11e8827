/** Says how far reading is behind what is written, for as long as it is, and then that it is not. */
import type { Event } from '../action/event.ts'

/** Less is no news: nobody sees it on a screen, and large lines take a moment. */
const WORTH_MS = 1000
/** Between two words on it. */
const APART_MS = 250

export class Behind {
  readonly #emit: (event: Event) => void
  /** For files with more to read: about when what comes next was written, Unix ms. */
  readonly #writtenAt = new Map<string, number>()
  #said = 0
  #saidAt = 0

  constructor(emit: (event: Event) => void) {
    this.#emit = emit
  }

  /**
   * More of a file is waiting.
   * @param lastAt when the last line that was read happened, Unix ms; one from before the file was
   *   begun is old, not late
   */
  waits(path: string, lastAt: number, now: number): void {
    this.#writtenAt.set(path, Math.max(lastAt, this.#writtenAt.get(path) ?? now))
    if (now - this.#saidAt >= APART_MS) this.#say(now)
  }

  /** A file was read to its end. */
  reached(path: string, now: number): void {
    if (this.#writtenAt.delete(path) && this.#writtenAt.size === 0) this.#say(now)
  }

  #say(now: number): void {
    const behind = now - Math.min(now, ...this.#writtenAt.values())
    const ms = behind < WORTH_MS ? 0 : behind
    if (ms === this.#said) return
    this.#said = ms
    this.#saidAt = now
    this.#emit({ type: 'behind', ms })
  }
}

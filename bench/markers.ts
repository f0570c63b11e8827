// When what was given is drawn: it has a random marker, which is looked for in what is painted.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pty } from './pty.ts'

/** So much of a marker is looked for: the screen skips what a row shares with the one before. */
const END = 8
/** For the last ones to be drawn. */
const LAST_MS = 500

export class Markers {
  readonly #waiting = new Map<string, number>()
  readonly #times: number[] = []

  constructor(screen: Pty) {
    onPainted(screen, (text, now) => {
      for (const [end, given] of this.#waiting) {
        if (!text.includes(end)) continue
        this.#waiting.delete(end)
        this.#times.push(now - given)
      }
    })
  }

  /** Its time begins. */
  give(marker: string): void {
    this.#waiting.set(marker.slice(-END), performance.now())
  }

  /** @returns milliseconds, ascending; infinity for one that never showed */
  async all(): Promise<number[]> {
    await sleep(LAST_MS)
    const unseen = Array.from(this.#waiting, () => Number.POSITIVE_INFINITY)
    return [...this.#times, ...unseen].sort((a, b) => a - b)
  }
}

/** Each piece with the end of the one before: what is looked for may come in two. */
export function onPainted(screen: Pty, look: (text: string, now: number) => void): void {
  let last = ''
  screen.onOutput(output => {
    const now = performance.now()
    const text = last + output
    last = text.slice(-100)
    look(text, now)
  })
}

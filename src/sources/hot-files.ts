/**
 * Files that change many times a second. A watch looks at every single change, which for ten such
 * files costs more than drawing the screen: they are taken off the watch, looked at in a steady
 * rhythm, and given back when they are quiet.
 */

export interface HotFilesOptions {
  /** Reads what is new. @returns whether there was anything */
  readonly read: (path: string) => boolean
  /** Takes a file off the watch, or puts it on again. */
  readonly unwatch: (path: string) => void
  readonly rewatch: (path: string) => void
}

const WINDOW_MS = 1000
const HOT_CHANGES = 15
const RHYTHM_MS = 25
const QUIET_MS = 2000

export class HotFiles {
  readonly #options: HotFilesOptions
  readonly #recent = new Map<string, { since: number; changes: number }>()
  /** When each hot file last changed, on a clock that nobody sets. */
  readonly #hot = new Map<string, number>()
  #timer: NodeJS.Timeout | null = null

  constructor(options: HotFilesOptions) {
    this.#options = options
  }

  /** The watch saw a change. */
  changed(path: string): void {
    const now = performance.now()
    const recent = this.#recent.get(path)
    if (recent === undefined || now - recent.since > WINDOW_MS) {
      this.#recent.set(path, { since: now, changes: 1 })
    } else if (++recent.changes >= HOT_CHANGES && !this.#hot.has(path)) {
      this.#hot.set(path, now)
      this.#options.unwatch(path)
      this.#timer ??= setInterval(() => this.#look(), RHYTHM_MS)
    }
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  #look(): void {
    const now = performance.now()
    for (const [path, changedAt] of this.#hot) {
      if (this.#options.read(path)) this.#hot.set(path, now)
      else if (now - changedAt > QUIET_MS) {
        this.#hot.delete(path)
        this.#recent.delete(path)
        this.#options.rewatch(path)
      }
    }
    if (this.#hot.size === 0) this.stop()
  }
}

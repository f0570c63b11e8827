/** Wakes who waits for a folder to change, also for a change that came before the waiting. */
import { type FSWatcher, watch } from 'node:fs'

export class FolderWatch {
  readonly #folder: string
  #watcher: FSWatcher | null = null
  #isChanged = false
  #wake = (): void => {}

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Until something was written there since the last time, or so many milliseconds went by, or the signal. */
  async changed(ms: number, signal: AbortSignal): Promise<void> {
    this.#open()
    if (!this.#isChanged && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, ms)
      const stop = (): void => resolve()
      this.#wake = stop
      signal.addEventListener('abort', stop)
      await promise
      signal.removeEventListener('abort', stop)
      clearTimeout(timer)
    }
    this.#isChanged = false
  }

  close(): void {
    this.#watcher?.close()
    this.#watcher = null
  }

  #open(): void {
    if (this.#watcher !== null) return
    try {
      this.#watcher = watch(this.#folder, () => {
        this.#isChanged = true
        this.#wake()
      })
      this.#watcher.on('error', () => this.close())
      // What was written until now was not heard.
      this.#isChanged = true
    } catch {
      // Not there yet, or no watches are left: looked at by the clock.
    }
  }
}

/** A folder with one file of lines a day: the last days first, then what is appended, across midnight. */
import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Event } from '../action/event.ts'
import { Queue } from './queue.ts'

export interface DayFilesOptions {
  /** Holds one file a day; may not be there yet. */
  readonly folder: string
  /** Go on with what is appended, until `signal`; else end when all was read. */
  readonly follow: boolean
  /** With `follow`: the backlog waits for this, so that the first frame has the machine. */
  readonly shown?: Promise<void>
  /** Pass over days before, Unix ms. */
  readonly since?: number
  readonly signal?: AbortSignal
}

/** One day, which is read in steps. */
export interface DayFile {
  readonly path: string
  /** @returns whether it has this name now: then it is read on there */
  moved(to: string): boolean
  /** Reads on, at most `budget` bytes. @returns whether more is waiting */
  read(budget: number): boolean
}

/** What is in the files. */
export interface DayFilesForm {
  /** Called once something is to be read. @returns what opens a day, which pushes what it tells */
  readonly opener: (push: (event: Event) => void) => Promise<(path: string) => DayFile>
  /** Pushed whenever all was read; `at` is when the reading began. */
  readonly read?: (at: number) => Event
}

/** So many of the newest days are read. */
const BACKLOG_DAYS = 7
/** A watch can miss a change, and there is none while the folder is missing. */
const LOOK_MS = 1000

/** Bytes that are read before other events get their turn. */
const READ_BUDGET = 1 << 20

/** What a day's file is called. */
export const DAY = /^\d{4}-\d{2}-\d{2}\.jsonl$/

export function dayFiles(
  options: DayFilesOptions,
  form: DayFilesForm,
): AsyncIterable<readonly Event[]> {
  const source = new DayFilesSource(options, form)
  void source.run()
  return source.queue
}

class DayFilesSource {
  readonly queue = new Queue<Event>()
  readonly #options: DayFilesOptions
  readonly #form: DayFilesForm
  #opened: ((path: string) => DayFile) | null = null
  /** The day that is being written, and those before it that were read. */
  #files: DayFile[] = []
  #watcher: FSWatcher | null = null
  #timer: NodeJS.Timeout | null = null
  #looking = false
  #again = false

  constructor(options: DayFilesOptions, form: DayFilesForm) {
    this.#options = options
    this.#form = form
  }

  async run(): Promise<void> {
    const { follow, shown, signal } = this.#options
    try {
      await shown
      if (follow) this.#watch()
      await this.#look()
    } catch (error) {
      this.queue.fail(error)
    }
    if (!follow || signal?.aborted) {
      this.#stop()
      return
    }
    this.#timer = setInterval(() => {
      this.#watch()
      void this.#look()
    }, LOOK_MS)
    signal?.addEventListener('abort', () => this.#stop())
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#watcher?.close()
    this.queue.close()
  }

  /** Reads on, and begins the files of new days. What changes meanwhile is read at once after it. */
  async #look(): Promise<void> {
    this.#again = this.#looking
    if (this.#looking) return
    this.#looking = true
    this.#opened ??= await this.#form.opener(this.queue.push)
    const open = this.#opened
    do {
      this.#again = false
      const readAt = Date.now()
      for (const path of this.#days()) this.#files.push(open(path))
      for (const file of this.#files) while (file.read(READ_BUDGET)) await setImmediate()
      // Only the newest still grows; the one before may get its last lines after midnight.
      this.#files = this.#files.slice(-2)
      if (this.#form.read !== undefined) this.queue.push(this.#form.read(readAt))
    } while (this.#again)
    this.#looking = false
  }

  /** The files to read, oldest first: those after the last that is known, or the backlog. */
  #days(): string[] {
    const { folder, since = 0 } = this.#options
    const first = since > 0 ? `${new Date(since).toISOString().slice(0, 10)}.jsonl` : ''
    try {
      const days = readdirSync(folder).filter(name => DAY.test(name) && name >= first)
      const paths = days.sort().map(name => join(folder, name))
      // A day that was the clock's mistake: its file has another name now.
      for (const file of this.#files)
        if (!paths.includes(file.path)) paths.find(path => file.moved(path))
      const last = this.#files.at(-1)?.path
      return last === undefined ? paths.slice(-BACKLOG_DAYS) : paths.filter(path => path > last)
    } catch {
      return [] // nobody has written here yet
    }
  }

  #watch(): void {
    if (this.#watcher !== null) return
    try {
      const watcher = watch(this.#options.folder, () => void this.#look())
      this.#watcher = watcher
      const forget = (): void => {
        watcher.close()
        this.#watcher = null
      }
      watcher.on('error', forget)
      // A folder that was taken away and made anew is another one, which this watch does not see.
      watcher.on('change', (_kind, name) => {
        if (name === null || !DAY.test(String(name))) forget()
      })
    } catch {
      this.#watcher = null // not there: the next look tries again
    }
  }
}

/**
 * What was not sent yet: the journal itself, from where the broker has acknowledged it. A relay that is
 * killed sends at most what it sent last once more, and the broker knows that by its id.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { writePrivate } from '../config/whole-file.ts'
import { linesFrom } from './appended-lines.ts'

const CURSOR = v.object({ file: v.string(), offset: v.number() })
type Cursor = v.InferOutput<typeof CURSOR>

export interface Waiting {
  readonly lines: readonly string[]
  /** The broker has them: they will not be read again. */
  readonly done: () => void
}

const KEEP_MS = 1000
const DAY_FILE = /^\d{4}-\d\d-\d\d\.jsonl$/

export class Outbox {
  readonly #folder: string
  readonly #file: string
  #cursor: Cursor
  #timer: NodeJS.Timeout | null = null

  /** @param folder of the journal @param file keeps how far the broker has it */
  constructor(folder: string, file: string) {
    this.#folder = folder
    this.#file = file
    this.#cursor = cursorIn(file)
  }

  /** The next lines in order, at most so many; none when all was sent. */
  next(most: number): Waiting {
    for (const file of this.#days()) {
      const from = file === this.#cursor.file ? this.#cursor.offset : 0
      const { lines, end } = linesFrom(join(this.#folder, file), from, most)
      if (lines.length > 0) return { lines, done: () => this.#done({ file, offset: end }) }
    }
    return { lines: [], done: () => {} }
  }

  #days(): readonly string[] {
    try {
      const days = readdirSync(this.#folder)
        .filter(name => DAY_FILE.test(name))
        .sort()
      return days.filter(name => name >= this.#cursor.file)
    } catch {
      return [] // no gate has written yet
    }
  }

  /** A disk takes longer to keep it than a broker to answer: once a second is enough. */
  #done(cursor: Cursor): void {
    this.#cursor = cursor
    this.#timer ??= setTimeout(() => this.keep(), KEEP_MS).unref()
  }

  /** At the end, so that the next relay goes on where this one was. */
  keep(): void {
    if (this.#timer === null) return
    clearTimeout(this.#timer)
    this.#timer = null
    try {
      writePrivate(this.#file, `${JSON.stringify(this.#cursor)}\n`)
    } catch {
      // A full disk: what is sent again is known by its id.
    }
  }
}

/** One that cannot be read is none: what is sent again is known by its id. */
function cursorIn(file: string): Cursor {
  try {
    return v.parse(CURSOR, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { file: '', offset: 0 }
  }
}

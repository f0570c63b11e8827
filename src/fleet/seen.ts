/** What came once, until it is too old anyway: in a file, so that it does not come again to the next relay. */
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { writePrivate } from '../config/whole-file.ts'

/** Until when, Unix ms, by what it is. */
const KEPT = v.record(v.string(), v.number())

export class Seen {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  /** @returns false for what came before. Throws when it cannot be kept. */
  isFirst(key: string, now: number, until: number): boolean {
    const kept = Object.entries(this.#kept()).filter(([, end]) => end >= now)
    if (kept.some(([known]) => known === key)) return false
    writePrivate(this.#file, `${JSON.stringify(Object.fromEntries([...kept, [key, until]]))}\n`)
    return true
  }

  #kept(): Record<string, number> {
    try {
      return v.parse(KEPT, JSON.parse(readFileSync(this.#file, 'utf8')))
    } catch {
      return {} // none yet
    }
  }
}

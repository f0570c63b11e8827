/** One day of the journal: what is there, then what is appended. */
import { closeSync, openSync, readSync } from 'node:fs'
import { parseEntry } from '../action/entry.ts'
import type { Event, LineRef } from '../action/event.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { AppendedFile } from './appended-file.ts'
import { eventOf } from './journal-event.ts'

export class JournalFile {
  readonly #file: AppendedFile
  readonly #price: Price
  readonly #emit: (event: Event) => void
  #first = ''
  /** The last entry that was told. */
  #seq = 0

  /** @param wants passes over lines by their bytes, before they are parsed */
  constructor(
    path: string,
    price: Price,
    emit: (event: Event) => void,
    wants: (line: Buffer) => boolean = () => true,
  ) {
    this.#price = price
    this.#emit = emit
    this.#file = new AppendedFile(path, (line, ref, number) => {
      if (wants(line)) this.#line(line.toString(), ref, number)
    })
  }

  get path(): string {
    return this.#file.path
  }

  moved(to: string): boolean {
    return this.#file.moved(to)
  }

  /**
   * Reads on, at most `budget` bytes. A last line that is not whole waits for its rest. The gate cuts a
   * torn line off after a crash: entries that were told are not told again.
   * @returns whether more is waiting
   */
  read(budget: number): boolean {
    return this.#file.read(budget)
  }

  #line(json: string, line: LineRef, number: number): void {
    if (number === 1 && json !== this.#first) {
      this.#first = json
      this.#seq = 0 // another journal under the same name
    }
    if (json.trim() === '') return
    try {
      const entry = parseEntry(json)
      if (entry === null) return
      if (entry.seq <= this.#seq) return
      this.#seq = entry.seq
      const event = eventOf(entry, line, this.#price)
      if (event !== null) this.#emit(event)
    } catch {
      this.#emit({ type: 'skipped', file: this.path, line: number, why: 'not JSON' })
    }
  }
}

/** The input of a judged action, from its entry; null when it is gone. */
export function readJournalInput(line: LineRef, id: string): unknown {
  try {
    const fd = openSync(line.file, 'r')
    try {
      const bytes = Buffer.alloc(line.length)
      readSync(fd, bytes, 0, line.length, line.offset)
      const entry = parseEntry(bytes.toString('utf8'))
      return entry?.type === 'judged' && entry.action === id ? entry.input : null
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
}

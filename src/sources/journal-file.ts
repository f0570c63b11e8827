/** One day of the journal: what is there, then what is appended. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { parseEntry } from '../action/entry.ts'
import type { Event, LineRef } from '../action/event.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { eventOf } from './journal-event.ts'
import { LineSplitter } from './line-splitter.ts'

const CHUNK_BYTES = 1 << 18
const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)

export class JournalFile {
  readonly path: string
  readonly #price: Price
  readonly #emit: (event: Event) => void
  readonly #wants: (line: Buffer) => boolean
  #lines = new LineSplitter()
  #lineNumber = 0
  #inode = 0
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
    this.path = path
    this.#wants = wants
    this.#price = price
    this.#emit = emit
  }

  /**
   * Reads on, at most `budget` bytes. A last line that is not whole waits for its rest.
   * @returns whether more is waiting
   */
  read(budget: number): boolean {
    let fd: number
    try {
      fd = openSync(this.path, 'r')
    } catch {
      return false // gone, or not ours to read: what was told stays
    }
    try {
      const { size, ino } = fstatSync(fd)
      // The gate cuts a torn line off after a crash: entries that were told are not told again.
      if (ino !== this.#inode || size < this.#lines.offset) this.#restart(ino)
      const stop = Math.min(size, this.#lines.offset + budget)
      while (this.#lines.offset < stop) {
        const wanted = Math.min(CHUNK_BYTES, stop - this.#lines.offset)
        const got = readSync(fd, chunk, 0, wanted, this.#lines.offset)
        if (got === 0) break
        this.#lines.push(chunk.subarray(0, got), (bytes, start, end, offset) => {
          this.#lineNumber++
          const line = bytes.subarray(start, end)
          if (this.#wants(line))
            this.#line(line.toString(), { file: this.path, offset, length: end - start })
        })
      }
      return stop < size
    } catch {
      this.#inode = 0 // read anew at the next look
      return false
    } finally {
      closeSync(fd)
    }
  }

  #restart(inode: number): void {
    this.#inode = inode
    this.#lines = new LineSplitter()
    this.#lineNumber = 0
  }

  #line(json: string, line: LineRef): void {
    if (this.#lineNumber === 1 && json !== this.#first) {
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
      this.#emit({ type: 'skipped', file: this.path, line: this.#lineNumber, why: 'not JSON' })
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

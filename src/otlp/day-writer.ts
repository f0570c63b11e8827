/** Keeps records in files that are only appended to, one a day (UTC, of when they came). */
import { appendFileSync, closeSync, fstatSync, readdirSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TelemetryRecord } from '../action/telemetry-record.ts'
import { privateFolder } from '../config/install-file.ts'
import { openOwn } from '../config/own-file.ts'

const DAY = /^\d{4}-\d{2}-\d{2}\.jsonl$/
const DAY_MS = 86_400_000
/** Some 700,000 records: more in a day is no agent at work, and must not fill the disk. */
const MAX_DAY_BYTES = 256 << 20

export class DayWriter {
  readonly #folder: string
  readonly #keepDays: number
  readonly #clock: () => number
  readonly #maxBytes: number
  #day = ''
  #fd = -1

  /**
   * @param clock Unix ms
   * @throws UsageError when the folder cannot be made, or is not its owner's only
   */
  constructor(
    folder: string,
    keepDays: number,
    clock: () => number = Date.now,
    maxBytes: number = MAX_DAY_BYTES,
  ) {
    this.#maxBytes = maxBytes
    this.#folder = folder
    this.#keepDays = keepDays
    this.#clock = clock
    privateFolder(folder)
  }

  /** They are in the file when this returns. @throws when they cannot be; some may be there, then */
  append(records: readonly TelemetryRecord[]): void {
    if (records.length === 0) return
    const fd = this.#today()
    if (fstatSync(fd).size > this.#maxBytes)
      throw new Error(`${this.#day}.jsonl has more than ${this.#maxBytes} bytes`)
    try {
      appendFileSync(fd, records.map(it => `${JSON.stringify(it)}\n`).join(''))
    } catch (error) {
      this.close() // a full disk may have taken half a line: the next one looks
      throw error
    }
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd)
    this.#fd = -1
  }

  #today(): number {
    const day = new Date(this.#clock()).toISOString().slice(0, 10)
    if (day === this.#day && this.#fd >= 0) return this.#fd
    this.close()
    const fd = openOwn(join(this.#folder, `${day}.jsonl`), 'append')
    this.#fd = fd
    this.#day = day
    endLine(fd)
    this.#prune()
    return fd
  }

  #prune(): void {
    const days = readdirSync(this.#folder).filter(name => DAY.test(name))
    // From the last day that is over: a clock that is ahead for a moment must not cost them all.
    const over = days.sort().findLast(name => name < `${this.#day}.jsonl`)
    if (over === undefined) return
    const first = new Date(Date.parse(over.slice(0, 10)) - this.#keepDays * DAY_MS).toISOString()
    for (const name of days)
      if (name < `${first.slice(0, 10)}.jsonl`) rmSync(join(this.#folder, name))
  }
}

/** A line that was half written when a receiver died stays by itself, and readers pass over it. */
function endLine(fd: number): void {
  const { size } = fstatSync(fd)
  const last = Buffer.alloc(1)
  if (size === 0 || readSync(fd, last, 0, 1, size - 1) === 0 || last[0] === 0x0a) return
  appendFileSync(fd, '\n')
}

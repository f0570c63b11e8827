/**
 * The append-only record, one file a day. Every entry is written (write(2)) before what it records
 * takes effect, so no process that dies takes a decision with it; the disk is told to keep it
 * (fdatasync) once a second and at the end, so a power cut can cost the last second.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { EntryBody } from '../action/entry.ts'
import { privateFolder } from '../config/install-file.ts'
import { openOwn } from '../config/own-file.ts'
import { type Head, hashLine, lineOf, NO_HEAD } from './chain.ts'

const DAY_FILE = /^\d{4}-\d\d-\d\d\.jsonl$/
const SYNC_MS = 1000
const HEAD_BYTES = 160
const DAY_MS = 86_400_000

export class Journal {
  readonly #folder: string
  readonly #clock: () => number
  #fd = -1
  #closed = false
  #head: Head
  readonly #headFd: number
  #sync: NodeJS.Timeout | null = null

  /**
   * Opens the journal of a folder, making it where there is none; heals a half-written last line.
   * @param clock Unix ms
   * @throws when the folder cannot be written
   */
  constructor(folder: string, clock: () => number = Date.now) {
    this.#folder = folder
    this.#clock = clock
    privateFolder(folder)
    this.#headFd = openOwn(join(folder, 'head'), 'in place')
    const told = headIn(readFileSync(this.#headFd, 'utf8')) ?? NO_HEAD
    const ahead = this.#pullBack()
    const files = dayFiles(folder)
    const last = files.at(-1)
    this.#head = NO_HEAD
    if (last === undefined) {
      if (told.seq > 0) this.#missing(told)
      return
    }
    const torn = this.#openDay(last)
    this.#head = { ...headOf(folder, files), file: last }
    if (torn > 0) this.append({ type: 'healed', at: clock(), file: last, bytes: torn })
    if (ahead !== '') this.#alert('integrity', ahead)
    if (told.seq > this.#head.seq) this.#missing(told)
    else if (told.seq === this.#head.seq && told.hash !== this.#head.hash)
      this.#alert('journal', `line ${told.seq} is not the one that was written`)
  }

  get head(): Head {
    return this.#head
  }

  /** @throws when it is closed: another gate may write it by then */
  append(body: EntryBody): void {
    if (this.#closed) throw new Error('the journal is closed')
    const file = fileOf(this.#clock())
    // A clock that jumps back goes on in the newest file: order is what the chain keeps.
    if (file > this.#head.file || this.#fd < 0)
      this.#openDay(file > this.#head.file ? file : this.#head.file)
    const seq = this.#head.seq + 1
    const line = lineOf(body, seq, this.#head.hash)
    this.#appendWhole(`${line}\n`)
    this.#head = {
      seq,
      hash: hashLine(line),
      file: file > this.#head.file ? file : this.#head.file,
    }
    writeSync(this.#headFd, JSON.stringify(this.#head).padEnd(HEAD_BYTES), 0)
    this.#sync ??= setTimeout(() => this.#flush(), SYNC_MS).unref()
  }

  /** A full disk may take half a line: that half must not stand before the next one. */
  #appendWhole(text: string): void {
    const { size } = fstatSync(this.#fd)
    try {
      appendFileSync(this.#fd, text)
    } catch (error) {
      ftruncateSync(this.#fd, size)
      throw error
    }
  }

  /**
   * Deletes the files of days that are older, and records it. The days are counted from the last one that
   * is over: a clock that is ahead for a moment must not cost the whole journal.
   */
  prune(keepDays: number): void {
    const files = dayFiles(this.#folder)
    const today = fileOf(this.#clock())
    const over = files.findLast(file => file < today)
    if (over === undefined) return
    const before = fileOf(Date.parse(over.slice(0, 10)) - keepDays * DAY_MS).slice(0, 10)
    const old = files.filter(file => file < `${before}.jsonl`)
    if (old.length === 0) return
    const { hash: head } = headOf(this.#folder, old)
    this.append({ type: 'pruned', at: this.#clock(), before, files: old.length, head })
    for (const file of old) rmSync(join(this.#folder, file))
  }

  close(): void {
    this.#closed = true
    if (this.#sync !== null) clearTimeout(this.#sync)
    if (this.#fd >= 0) closeSync(this.#fd)
    closeSync(this.#headFd)
    this.#fd = -1
  }

  #flush(): void {
    this.#sync = null
    if (this.#fd >= 0) fdatasync(this.#fd, () => {})
  }

  /** @returns how many bytes of a half-written last line were set aside */
  #openDay(file: string): number {
    if (this.#fd >= 0) closeSync(this.#fd)
    const path = join(this.#folder, file)
    const fd = openOwn(path, 'append')
    this.#fd = fd
    const text = readFileSync(fd)
    const whole = text.lastIndexOf(0x0a) + 1
    if (whole === text.length) return 0
    setAside(`${path}.torn`, text.subarray(whole))
    ftruncateSync(fd, whole)
    return text.length - whole
  }

  /** The head stands for lines that are not there: somebody took them out. */
  #missing(told: Head): void {
    const text = `the journal ends at line ${this.#head.seq}, but ${told.seq} were written`
    // Their numbers are not given again: who has read them passes over what has the same.
    this.#head = { ...this.#head, seq: told.seq }
    this.#alert('journal', text)
  }

  #alert(what: 'journal' | 'integrity', text: string): void {
    const at = this.#clock()
    this.append({ type: 'alert', at, session: '', action: '', what, text })
  }

  /**
   * A clock that was ahead for a while left a file of a day that is still to come, and all that follows
   * would stand in it until then: it becomes the next day's after the one before.
   * @returns what was done, or `''`
   */
  #pullBack(): string {
    const [before, last] = dayFiles(this.#folder).slice(-2)
    const now = this.#clock()
    const tomorrow = fileOf(now + DAY_MS)
    // Where more than one is to come it is the clock that was set back: then it is left alone.
    if (last === undefined || before === undefined || last <= tomorrow || before > fileOf(now))
      return ''
    const next = before < fileOf(now) ? fileOf(now) : tomorrow
    renameSync(join(this.#folder, last), join(this.#folder, next))
    return `the clock was ahead: what stood in ${last} is in ${next} now`
  }
}

/** The file that is written at a time. */
const fileOf = (at: number): string => `${new Date(at).toISOString().slice(0, 10)}.jsonl`
function setAside(path: string, torn: Uint8Array): void {
  const fd = openOwn(path, 'append')
  appendFileSync(fd, torn)
  closeSync(fd)
}

/** The names of the day files, oldest first. */
export function dayFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => DAY_FILE.test(name))
    .sort()
}

/** What the file `head` says, or null when it says nothing. */
export function headIn(text: string): Head | null {
  try {
    const told: unknown = JSON.parse(text)
    const known = typeof told === 'object' && told !== null && 'seq' in told && 'hash' in told
    return known ? { seq: Number(told.seq), hash: String(told.hash), file: '' } : null
  } catch {
    return null
  }
}

/** The last entry of these files; the newest may be empty, or end with lines that are none any more. */
function headOf(folder: string, files: readonly string[]): Head {
  for (const file of files.toReversed()) {
    const line = lastEntryOf(join(folder, file))
    if (line !== null) return { seq: seqOf(line), hash: hashLine(line), file }
  }
  return NO_HEAD
}

/** The line of the last entry in a file that ends with a newline, or null. */
function lastEntryOf(path: string): Buffer | null {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    for (let length = 1 << 16; ; length *= 4) {
      const from = Math.max(0, size - length)
      const bytes = Buffer.alloc(size - from)
      readSync(fd, bytes, 0, bytes.length, from)
      const first = from === 0 ? 0 : bytes.indexOf(0x0a) + 1
      for (let end = bytes.length - 1; end > first; ) {
        const start = Math.max(first, bytes.lastIndexOf(0x0a, end - 1) + 1)
        const line = bytes.subarray(start, end)
        if (seqOf(line) > 0) return line
        end = start - 1
      }
      if (from === 0) return null
    }
  } finally {
    closeSync(fd)
  }
}

/** 0 of what is no entry. */
function seqOf(line: Buffer): number {
  try {
    const entry: unknown = JSON.parse(line.toString('utf8'))
    const seq = typeof entry === 'object' && entry !== null && 'seq' in entry ? entry.seq : 0
    return typeof seq === 'number' && Number.isSafeInteger(seq) ? seq : 0
  } catch {
    return 0
  }
}

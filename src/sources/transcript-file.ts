/** One transcript: reads what is there, then what is appended; survives truncation and replacement. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { Event } from '../action/event.ts'
import { agentNameOf } from '../clients/claude-code/agent-name.ts'
import { chunk } from '../clients/claude-code/scanner.ts'
import {
  MissingField,
  type Price,
  type RawLine,
  type Reading,
  TranscriptReader,
} from '../clients/claude-code/transcript.ts'
import { LineSplitter } from './line-splitter.ts'

export interface Range {
  readonly path: string
  readonly agent: string
  /** Bytes; `from` is the beginning of a line. */
  readonly from: number
  readonly to: number
  /** Passes over what happened before, Unix ms. */
  readonly since: number
}

/** No file has this number: what comes next under the name is another file. */
const GONE = -1

type Emit = (event: Event) => void

export class TranscriptFile {
  readonly path: string
  readonly agent: string
  readonly #price: Price
  readonly #emit: Emit
  #reader: TranscriptReader
  #lines: LineSplitter
  #lineNumber: number
  #inode = 0
  #complaint = ''

  constructor(range: Omit<Range, 'to'>, price: Price, emit: Emit) {
    this.path = range.path
    this.agent = range.agent
    this.#price = price
    const { since } = range
    this.#emit = since === 0 ? emit : event => void (isBefore(event, since) || emit(event))
    this.#reader = new TranscriptReader(range.path, range.agent, price, this.#emit)
    this.#lines = new LineSplitter(range.from)
    this.#lineNumber = range.from === 0 ? 0 : Number.NaN
  }

  /** Where the first line that is not read yet begins, in bytes. */
  get position(): number {
    return this.#lines.lineStart
  }

  /** When what was read last happened, Unix ms; 0 before anything was. */
  get lastAt(): number {
    return this.#reader.lastAt
  }

  /** It has not changed since all of it was read. Costs a third of reading nothing. */
  isAsRead(): boolean {
    try {
      const { size, ino } = statSync(this.path)
      return ino === this.#inode && size === this.#lines.offset
    } catch {
      return false // reading says what is wrong
    }
  }

  /**
   * Reads on to `to` or the end, at most `budget` bytes.
   * @returns whether more is waiting.
   */
  read(
    reading: Reading,
    to = Number.POSITIVE_INFINITY,
    budget = Number.POSITIVE_INFINITY,
  ): boolean {
    let fd: number
    try {
      fd = openSync(this.path, 'r')
    } catch (error) {
      this.#complain(error)
      return false
    }
    try {
      const more = this.#readFrom(fd, reading, to, budget)
      this.#complaint = ''
      return more
    } catch (error) {
      this.#complain(error)
      return false
    } finally {
      closeSync(fd)
    }
  }

  #readFrom(fd: number, reading: Reading, to: number, budget: number): boolean {
    const { size, ino } = fstatSync(fd)
    if ((this.#inode !== 0 && ino !== this.#inode) || size < this.#lines.offset) this.#restart()
    this.#inode = ino
    const end = Math.min(to, size)
    const stop = Math.min(end, this.#lines.offset + budget)
    while (this.#lines.offset < stop) {
      const wanted = Math.min(chunk.length, stop - this.#lines.offset)
      const got = readSync(fd, chunk, 0, wanted, this.#lines.offset)
      if (got === 0) break
      this.#lines.push(
        chunk.subarray(0, got),
        (bytes, start, end, offset) => this.#line({ bytes, start, end, offset }, reading),
        () => {
          this.#lineNumber++
          this.#skip('the line is longer than 256 MB')
        },
      )
    }
    return stop < end
  }

  /** The file was truncated or replaced: it is read anew. What was seen stays; ids keep it single. */
  #restart(): void {
    this.#lines = new LineSplitter()
    this.#lineNumber = 0
    this.#reader = new TranscriptReader(this.path, this.agent, this.#price, this.#emit)
  }

  #line(line: RawLine, reading: Reading): void {
    this.#lineNumber++
    if (line.start === line.end) return
    try {
      this.#reader.read(line, reading)
    } catch (error) {
      const { bytes, start, end, offset } = line
      if (error instanceof MissingField) {
        this.#skip(error.message, offset)
        return
      }
      const text = bytes.toString('latin1', start, end)
      if (text.trim() === '') return
      this.#skip(text.includes('\0') ? 'NUL bytes' : 'not JSON', offset)
    }
  }

  #skip(why: string, offset = this.#lines.lineStart): void {
    if (Number.isNaN(this.#lineNumber)) this.#lineNumber = linesBefore(this.path, offset) + 1
    this.#emit({ type: 'skipped', file: this.path, line: this.#lineNumber, why })
  }

  #complain(error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    this.#inode = GONE
    if (code === 'ENOENT' || code === this.#complaint) return // deleted: what was seen stays
    this.#complaint = code
    this.#emit({ type: 'skipped', file: this.path, line: 0, why: `cannot be read (${code})` })
  }
}

/** What is known of a session counts whenever it was said; what happened in it, by its time. */
function isBefore(event: Event, since: number): boolean {
  const happened =
    event.type === 'requested' || event.type === 'decided' || event.type === 'message'
  return happened && event.at > 0 && event.at < since
}

/** Reads one range in bulk; for history, on whichever thread. */
export function readRange(range: Range, price: Price, emit: Emit): void {
  new TranscriptFile(range, price, emit).read('bulk', range.to)
}

/** Says what a subagent is called, where the client wrote it down. */
export function agentEvent(path: string, agent: string, session: string): Event | null {
  const name = agent === '' ? '' : agentNameOf(path)
  return name === '' ? null : { type: 'agent', session, agent, name }
}

/** The beginning of the line that the byte before `offset` belongs to. */
export function lineStartBefore(path: string, offset: number): number {
  const fd = openSync(path, 'r')
  const bytes = Buffer.alloc(1 << 16)
  try {
    for (let end = offset; end > 0; ) {
      const start = Math.max(0, end - bytes.length)
      const got = readSync(fd, bytes, 0, end - start, start)
      const newline = bytes.subarray(0, got).lastIndexOf(0x0a)
      if (newline >= 0) return start + newline + 1
      end = start
    }
    return 0
  } finally {
    closeSync(fd)
  }
}

function linesBefore(path: string, offset: number): number {
  const fd = openSync(path, 'r')
  const bytes = Buffer.alloc(1 << 18)
  let lines = 0
  try {
    for (let at = 0; at < offset; ) {
      const got = readSync(fd, bytes, 0, Math.min(bytes.length, offset - at), at)
      if (got === 0) break
      for (let i = bytes.indexOf(10); i >= 0 && i < got; i = bytes.indexOf(10, i + 1)) lines++
      at += got
    }
  } finally {
    closeSync(fd)
  }
  return lines
}

/**
 * Whether the journal is as it was written: each entry follows from the one before it, and the heads
 * that were kept stand where they stood.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Head, hashLine, NO_HEAD } from './chain.ts'
import { dayFiles, headIn } from './journal.ts'

/** An entry's number and hash that was noted somewhere, to be found again. */
export type Kept = Pick<Head, 'seq' | 'hash'>

/** One place where the journal is not as it was written. */
export interface Break {
  /** The day's file; empty when it is about the whole journal. */
  readonly file: string
  /** Of the file, from 1; 0 when it is about the whole journal. */
  readonly line: number
  readonly what: string
}

export interface Verified {
  readonly files: number
  /** The number of the first entry: more than 1 when older days were pruned. */
  readonly first: number
  readonly head: Kept
  readonly breaks: readonly Break[]
}

/**
 * Reads the whole journal. A half-written last line is no break: the gate that writes it, or heals it
 * at its next start, has not recorded it yet.
 * @param kept heads that the user noted elsewhere; the one beside the journal is looked at always
 * @throws when a file cannot be read
 */
export function verifyJournal(folder: string, kept: readonly Kept[] = []): Verified {
  // Before the files: what is written meanwhile only comes after it.
  const beside = join(folder, 'head')
  const told = existsSync(beside) ? headIn(readFileSync(beside, 'utf8')) : null
  const files = dayFiles(folder)
  const walk = new Walk([...(told === null ? [] : [told]), ...kept])
  for (const file of files) walk.file(file, readFileSync(join(folder, file)), file === files.at(-1))
  const unread = told === null && files.length > 0
  const breaks = [...walk.breaks, ...walk.end()]
  if (unread)
    breaks.push(whole('the kept head is missing or cannot be read: a cut end would not be seen'))
  const { seq, hash } = walk.last
  return { files: files.length, first: walk.first, head: { seq, hash }, breaks }
}

const whole = (what: string): Break => ({ file: '', line: 0, what })

/** Goes through the entries in order, each against the one before. */
class Walk {
  readonly breaks: Break[] = []
  first = 0
  last: Head = NO_HEAD
  #isEmpty = true
  #start = { file: '', prev: '' }
  #pruned = { heads: new Set<string>(), before: '' }
  readonly #kept: readonly Kept[]

  constructor(kept: readonly Kept[]) {
    this.#kept = kept.filter(it => it.seq > 0)
  }

  file(file: string, bytes: Buffer, isNewest: boolean): void {
    let line = 0
    let from = 0
    for (let to = bytes.indexOf(10); to >= 0; from = to + 1, to = bytes.indexOf(10, from)) {
      line++
      const what = this.#entry(file, bytes.subarray(from, to))
      if (what !== null) this.breaks.push({ file, line, what })
    }
    if (from < bytes.length && !isNewest)
      this.breaks.push({ file, line: line + 1, what: 'the last line has no end' })
  }

  /** @returns what is wrong with it, or null */
  #entry(file: string, bytes: Buffer): string | null {
    const entry = entryIn(bytes)
    if (entry === null) return 'is no entry: it was changed'
    const { seq, prev } = entry
    const { seq: before, hash: expected } = this.last
    const isFirst = this.#isEmpty
    this.#isEmpty = false
    this.last = { seq, hash: hashLine(bytes), file }
    if (isFirst) {
      this.first = seq
      this.#start = { file, prev }
    }
    if (entry.type === 'pruned') {
      this.#pruned.heads.add(String(entry.head))
      this.#pruned.before = `${entry.before}.jsonl`
    }
    const moved = this.#kept.find(it => it.seq === seq && it.hash !== this.last.hash)
    if (moved !== undefined) return `entry ${seq} is not the one whose head was kept`
    if (!isFirst && seq > before + 1) return `${numbers(before + 1, seq - 1)} missing before it`
    if (!isFirst && seq <= before) return `entry ${seq} stands after entry ${before}: out of order`
    if (!isFirst && prev !== expected)
      return `entry ${before} was changed, or this one's link to it`
    if (entry.type === 'alert' && entry.what === 'journal')
      return `the gate noted: ${String(entry.text)}`
    return null
  }

  /** What only shows when all was read: a beginning or an end that is not there. */
  end(): Break[] {
    const { seq: last } = this.last
    const cut = this.#kept
      .filter(it => it.seq > last)
      .map(it => whole(`ends at entry ${last}, but the head of entry ${it.seq} was kept`))
    const before = this.#kept
      .filter(it => it.seq < this.first)
      .map(it => whole(`begins at entry ${this.first}: the kept entry ${it.seq} is not in it`))
    return this.#isWholeAtStart()
      ? [...cut, ...before]
      : [...this.#missingStart(), ...cut, ...before]
  }

  /** Nothing was there before, or what was there was pruned, or is being pruned (files go one by one). */
  #isWholeAtStart(): boolean {
    if (this.#isEmpty || this.#pruned.heads.has(this.#start.prev)) return true
    if (this.#start.prev === '') return this.first === 1
    return this.#start.file < this.#pruned.before
  }

  #missingStart(): Break[] {
    const what =
      this.first > 1
        ? `${numbers(1, this.first - 1)} missing, and not pruned`
        : 'has a link to nothing'
    return [{ file: this.#start.file, line: 1, what }]
  }
}

const numbers = (from: number, to: number): string =>
  from === to ? `entry ${from} is` : `entries ${from} to ${to} are`

interface Link {
  readonly seq: number
  readonly prev: string
  readonly [field: string]: unknown
}

function entryIn(bytes: Buffer): Link | null {
  try {
    const entry: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof entry !== 'object' || entry === null) return null
    if (!('seq' in entry) || !Number.isSafeInteger(entry.seq)) return null
    if (!('prev' in entry) || typeof entry.prev !== 'string') return null
    return entry as Link // both fields were looked at
  } catch {
    return null
  }
}

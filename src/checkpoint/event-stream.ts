/**
 * Passes an event stream on, byte for byte and at once, and reads along. Only the last
 * `message_delta` is held, from its first byte until it is known what is added to it; and the first
 * line of an event until it is whole, because it may be that one's.
 */
import { Transform, type TransformCallback } from 'node:stream'

export interface Reader {
  /** Whether the data of events with this name are to be read. */
  wants(name: string): boolean
  /** One event that was wanted, its data parsed. */
  event(value: unknown): void
  /**
   * The last `message_delta` is whole, and not passed on yet.
   * @param data its JSON text
   * @returns what goes in its place; null: itself
   */
  last(data: string): Promise<string | null>
}

interface Held {
  readonly event: Buffer[]
  /** What came behind it meanwhile. */
  readonly behind: Buffer[]
  data: string
}

const LF = 0x0a
const CR = 0x0d
const LAST = 'message_delta'
/** A longer line is not read, and more than so much is not held back: the rest passes unread. */
const MAX_LINE = 48 << 20
const MAX_HELD = 4 << 20

export class EventStream extends Transform {
  readonly #reader: Reader
  /** No byte of the next event was passed on. */
  #fresh = true
  /** The line that is not whole yet: of it all when it is the first of an event, else if wanted. */
  #line: Buffer[] = []
  /** What there is of the line that is not whole yet. */
  #begun: 'nothing' | 'a return' | 'text' = 'nothing'
  #name = ''
  /** The last line that told a name, and the name. */
  #before = { line: Buffer.alloc(0), name: '' }
  #wanted = false
  #data: string[] = []
  #held: Held | null = null
  /** Bytes that are kept of the event that is read, and of those that are held back. */
  #readBytes = 0
  #heldBytes = 0
  /** Nothing is read any more. */
  #isBlind = false

  constructor(reader: Reader) {
    super()
    this.#reader = reader
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    if (this.#isBlind) {
      done(null, chunk)
      return
    }
    this.#take(chunk).then(
      () => done(),
      error => done(error),
    )
  }

  override _flush(done: TransformCallback): void {
    this.#end().then(
      () => done(),
      error => done(error),
    )
  }

  async #take(chunk: Buffer): Promise<void> {
    let from = 0
    let at = this.#skip(chunk, 0)
    for (let newline = chunk.indexOf(LF, at); newline >= 0; newline = chunk.indexOf(LF, at)) {
      let end = newline + 1
      if (this.#fresh) {
        const own = chunk.subarray(at, end)
        const line = joined(this.#line, own)
        const name = this.#nameIn(line)
        const ends = name !== null && this.#held !== null && name !== 'ping'
        if (ends || name === LAST || line !== own) {
          this.#pass(chunk, from, at)
          if (ends) await this.#release(name !== LAST)
          if (name !== null) this.#begin(name, line)
          if (line !== own) this.#sink(line)
          from = line === own ? at : end
        } else if (name !== null) this.#begin(name, line)
        this.#line = []
      } else if (this.#isBlank(chunk, at, newline)) {
        if (this.#held !== null) {
          this.#pass(chunk, from, end)
          from = end
        }
        this.#over()
        end = this.#skip(chunk, end)
      } else if (this.#wanted) {
        this.#read(joined(this.#line, chunk.subarray(at, end)))
        this.#line = []
      }
      this.#begun = 'nothing'
      at = end
    }
    this.#rest(chunk, from, at)
  }

  /**
   * Most of an answer are whole events of one kind that nobody wants: they are looked at no further.
   * @returns where the first event begins that is something else
   */
  #skip(chunk: Buffer, start: number): number {
    const { line, name } = this.#before
    const isIdle = this.#fresh && this.#held === null && this.#line.length === 0
    if (!isIdle || line.length === 0 || name === LAST || this.#reader.wants(name)) return start
    let at = start
    for (;;) {
      const end = startsWith(chunk, at, line) ? endOfEvent(chunk, at + line.length) : -1
      if (end < 0) return at
      at = end
    }
  }

  /** Behind the last line break. */
  #rest(chunk: Buffer, from: number, at: number): void {
    if (at < chunk.length) {
      const isReturn = this.#begun === 'nothing' && at + 1 === chunk.length && chunk[at] === CR
      this.#begun = isReturn ? 'a return' : 'text'
      if (this.#fresh || this.#wanted) {
        this.#line.push(chunk.subarray(at))
        this.#readBytes += chunk.length - at
      }
    }
    this.#pass(chunk, from, this.#fresh ? at : chunk.length)
    if (this.#readBytes > MAX_LINE || this.#heldBytes > MAX_HELD) this.#giveUp()
  }

  #isBlank(chunk: Buffer, at: number, newline: number): boolean {
    const bytes = newline - at
    if (this.#begun === 'text') return false
    if (this.#begun === 'a return') return bytes === 0
    return bytes === 0 || (bytes === 1 && chunk[at] === CR)
  }

  /**
   * What an event is, by its first line: by its name, or by its data.
   * @returns null for a blank line, a comment, and a line that tells nothing of it
   */
  #nameIn(line: Buffer): string | null {
    // Most events are of the kind of the one before.
    if (this.#before.line.equals(line)) return this.#before.name
    const field = fieldOf(line.toString('utf8'))
    if (field === null || !/^(event|data)$/.test(field.name)) return null
    if (field.name === 'data') return typeOf(field)
    this.#before = { line: Buffer.from(line), name: field.value }
    return field.value
  }

  #begin(name: string, line: Buffer): void {
    this.#fresh = false
    this.#name = name
    this.#wanted = name === LAST || this.#reader.wants(name)
    this.#data = []
    this.#readBytes = 0
    if (name === LAST) this.#held = { event: [], behind: [], data: '' }
    if (this.#wanted) this.#read(line)
  }

  #read(line: Buffer): void {
    const field = fieldOf(line.toString('utf8'))
    if (field?.name !== 'data') return
    this.#data.push(field.value)
    this.#readBytes += line.length
  }

  /** A blank line ends an event. */
  #over(): void {
    this.#fresh = true
    this.#line = []
    if (!this.#wanted) return
    const data = this.#data.join('\n')
    if (this.#name === LAST && this.#held !== null) this.#held.data = data
    const value = jsonOf(data)
    if (value !== undefined) this.#reader.event(value)
  }

  /** @param isLast nothing of its kind comes behind it */
  async #release(isLast: boolean): Promise<void> {
    const held = this.#held
    if (held === null) return
    const event = Buffer.concat(held.event)
    const text = event.toString('utf8')
    const at = text.indexOf(held.data)
    // Data over several lines, or no UTF-8: there is no place to put anything in.
    const whole = held.data !== '' && at >= 0 && Buffer.byteLength(text) === event.length
    const last = isLast && whole ? this.#reader.last(held.data) : null
    const instead = (await last?.catch(() => null)) ?? null
    this.#held = null
    this.push(
      instead === null
        ? event
        : Buffer.from(text.slice(0, at) + instead + text.slice(at + held.data.length)),
    )
    for (const bytes of held.behind) this.push(bytes)
    this.#heldBytes = 0
  }

  async #end(): Promise<void> {
    await this.#release(this.#fresh)
    for (const bytes of this.#fresh ? this.#line : []) this.push(bytes)
  }

  #pass(chunk: Buffer, from: number, to: number): void {
    if (to > from) this.#sink(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to))
  }

  /** What is held back goes on as it is: whatever it was to say, nothing is added to it. */
  #giveUp(): void {
    this.#isBlind = true
    for (const bytes of [...(this.#held?.event ?? []), ...(this.#held?.behind ?? [])])
      this.push(bytes)
    if (this.#fresh) for (const bytes of this.#line) this.push(bytes)
    this.#held = null
    this.#line = []
    this.#data = []
  }

  #sink(bytes: Buffer): void {
    if (this.#held === null) {
      this.push(bytes)
      return
    }
    this.#heldBytes += bytes.length
    if (this.#fresh || this.#name !== LAST || this.#held.data !== '') this.#held.behind.push(bytes)
    else this.#held.event.push(bytes)
  }
}

interface Field {
  readonly name: string
  readonly value: string
}

/** As the standard reads a line of an event stream (html.spec.whatwg.org, section 9.2.6). */
function fieldOf(line: string): Field | null {
  const [, name = '', value = ''] = /^([^:\r\n]+)(?:: ?([^\r\n]*))?/.exec(line) ?? []
  return name === '' ? null : { name, value }
}

/** Of an event without a name the data tell. */
function typeOf({ name, value }: Field): string {
  const data = name === 'data' ? jsonOf(value) : undefined
  const type: unknown = typeof data === 'object' && data !== null && 'type' in data ? data.type : ''
  return typeof type === 'string' ? type : ''
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function startsWith(bytes: Buffer, at: number, line: Buffer): boolean {
  if (at + line.length > bytes.length) return false
  for (let i = 0; i < line.length; i++) if (bytes[at + i] !== line[i]) return false
  return true
}

/**
 * @param at where a line begins
 * @returns where the next event does; -1: the blank line before it is not there yet
 */
function endOfEvent(bytes: Buffer, at: number): number {
  for (let line = at; ; ) {
    const newline = bytes.indexOf(LF, line)
    if (newline < 0) return -1
    const length = newline - line
    if (length === 0 || (length === 1 && bytes[line] === CR)) return newline + 1
    line = newline + 1
  }
}

const joined = (before: readonly Buffer[], bytes: Buffer): Buffer =>
  before.length === 0 ? bytes : Buffer.concat([...before, bytes])

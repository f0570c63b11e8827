/** What the gate reads of a session's transcript: the model, the version, and a person's own words. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Who typed a prompt, from 2.1.330 on: only these are a person's words (VERIFIED, fixtures). */
const TYPED = new Set(['typed', 'queued', 'sdk', 'suggestion_accepted'])
/** A longer jump is skipped to its end: a person's words are near the newest lines. */
const READ_BYTES = 8 << 20

export class SessionFacts {
  model = ''
  version = ''
  /** Oldest first. */
  readonly words: string[] = []
  /** Calls that have a result, so that nobody waits for them any more. */
  readonly ended = new Set<string>()
  /** Those of them that were carried out, since the last time somebody took them. */
  #ran: string[] = []
  readonly #path: string
  #offset = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Takes in what was appended since the last look. Never throws: what cannot be read is unknown. */
  look(): void {
    try {
      const fd = openSync(this.#path, 'r')
      try {
        const { size } = fstatSync(fd)
        if (size < this.#offset) this.#offset = 0
        const from = Math.max(this.#offset, size - READ_BYTES)
        const bytes = Buffer.alloc(size - from)
        const got = readSync(fd, bytes, 0, bytes.length, from)
        const end = bytes.subarray(0, got).lastIndexOf(0x0a) + 1
        for (const line of bytes.toString('utf8', 0, end).split('\n')) this.#line(line)
        this.#offset = from + end
      } finally {
        closeSync(fd)
      }
    } catch {
      // Not written yet, or gone.
    }
  }

  /** The calls that were carried out and were not taken yet. */
  takeRan(): readonly string[] {
    const ran = this.#ran
    this.#ran = []
    return ran
  }

  #result(json: string): void {
    for (const [, part = ''] of json.matchAll(/"tool_use_id":"([^"\\]+)"/g)) {
      const id = own(part)
      if (!this.ended.has(id) && !NOT_RUN.test(json)) this.#ran.push(id)
      this.ended.add(id)
    }
  }

  #line(json: string): void {
    if (json.includes('"type":"tool_result"')) this.#result(json)
    const isAnswer = json.includes('"type":"assistant"')
    if (!isAnswer && !json.includes('"promptSource"')) return
    const line = objectOf(json)
    if (line === null || line.isSidechain === true) return
    const { message } = line
    if (typeof line.version === 'string') this.version = line.version
    if (typeof message !== 'object' || message === null) return
    if (line.type === 'assistant' && 'model' in message && typeof message.model === 'string') {
      if (message.model !== '<synthetic>') this.model = message.model
    } else if (line.type === 'user' && isTyped(line) && 'content' in message) {
      const words = textOf(message.content)
      if (words !== '') this.words.push(words)
    }
  }
}

/** A part of a text keeps all of it in memory: here every result of a session. */
const own = (part: string): string => Buffer.from(part).toString()

/** A call that was refused, cancelled, or that the client could not make out, was not carried out. */
const NOT_RUN = /"toolDenialKind":|<tool_use_error>/

type Fields = Readonly<Record<string, unknown>>

function objectOf(json: string): Fields | null {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

function isTyped(line: Fields): boolean {
  if (line.isMeta === true || !TYPED.has(String(line.promptSource))) return false
  const { origin } = line
  if (typeof origin !== 'object' || origin === null) return true
  return 'kind' in origin && origin.kind === 'human'
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  const texts = content.map((part: unknown) =>
    typeof part === 'object' && part !== null && 'text' in part ? String(part.text) : '',
  )
  return texts.join('\n').trim()
}

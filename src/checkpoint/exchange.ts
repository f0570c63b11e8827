/** One request to the model and its answer: what is read of both, and what is added to the answer. */
import type { CheckReply, CheckRequest, Metered } from '../action/check.ts'
import {
  callerOf,
  type ModelRequest,
  readModelRequest,
} from '../clients/claude-code/model-request.ts'
import {
  type Answered,
  answeredIn,
  type Checked,
  type Results,
  stricter,
  withResults,
} from '../clients/claude-code/safeguards.ts'
import { Answer, parsed } from './answer.ts'
import type { Reader } from './event-stream.ts'

/** What every exchange of a checkpoint shares. */
export interface Desk {
  readonly listen: string
  readonly upstream: string
  readonly byHand: boolean
  readonly elsewhere: boolean
  /** What it says of itself at `ABOUT_PATH`. */
  readonly about: object
  /** The session's name in the journal, from what the client says and the key it comes with. */
  readonly nameOf: (session: string, credential: string) => string
  /** Judges calls. Rejects when it cannot. */
  readonly check: (request: CheckRequest, signal: AbortSignal) => Promise<CheckReply>
  /** Told of every exchange that is over. Never throws. */
  readonly metered: (metered: Metered) => void
  /** After so many milliseconds a judgement is late, and the calls are `unavailable`. */
  readonly deadlineMs: () => number
}

/** A longer request is passed on, but not looked into: then its calls cannot be judged. */
const MAX_BODY = 64 << 20
const MAX_WORDS = 1 << 20
const READ: ReadonlySet<string> = new Set([
  'message_start',
  'content_block_start',
  'content_block_stop',
  'error',
])

export class Exchange implements Reader {
  readonly answer = new Answer()
  readonly #desk: Desk
  readonly #caller: ReturnType<typeof callerOf>
  #body: Buffer[] | null = []
  #length = 0
  #isSent = false
  #request: ModelRequest | null = null
  #sentAt = performance.now()
  #firstAt: number | null = null
  #checked: Metered['checked'] = 'not asked'
  #isOver = false
  #asks = false
  /** What the API said of each call so far; null while it said nothing. */
  #answered: Answered | null = null

  /** @param header of the request, by its lower-case name; `''` where there is none */
  constructor(desk: Desk, header: (name: string) => string) {
    this.#desk = desk
    const { session, ...caller } = callerOf(header)
    const credential = header('authorization') || header('x-api-key')
    this.#caller = { ...caller, session: desk.nameOf(session, credential) }
  }

  /**
   * The answer begins: from here on it is settled whether anything is added to it.
   * @returns whether the client asks for its check
   */
  answering(): boolean {
    this.#read()
    this.#asks = this.#request?.asks === true
    return this.#asks
  }

  /** A piece of the request. */
  sent(chunk: Buffer): void {
    this.#length += chunk.length
    if (this.#length > MAX_BODY) this.#body = null
    this.#body?.push(chunk)
  }

  /** The request is whole. It is read once it is on its way: reading takes longer than sending. */
  sentAll(): void {
    this.#sentAt = performance.now()
    this.#isSent = true
    setImmediate(() => this.#read())
  }

  /** Nothing of its text is kept beyond what the judge needs. */
  #read(): void {
    if (!this.#isSent || this.#body === null) return
    const body = Buffer.concat(this.#body).toString('utf8')
    this.#body = null
    try {
      this.#request = readModelRequest(body, this.#caller.agent)
    } catch {
      this.#request = null // no request to a model, or one that nobody knows: it only passes
    }
  }

  /** The first byte of the answer's body has come. */
  began(): void {
    this.#firstAt ??= performance.now()
  }

  wants(name: string): boolean {
    return READ.has(name) || (name === 'content_block_delta' && this.answer.isInCall && this.#asks)
  }

  event(value: unknown): void {
    this.answer.event(value)
    for (const name of ['delta', 'message']) this.#heard(Object(Object(value)[name]))
  }

  last(data: string): Promise<string | null> {
    const value = parsed(data)
    const delta: unknown =
      typeof value === 'object' && value !== null && Reflect.get(value, 'delta')
    return this.#amended(data, ['delta'], delta)
  }

  /** A message that came whole. @returns what goes in its place; null: itself */
  whole(data: string): Promise<string | null> {
    const value = parsed(data)
    this.answer.whole(value)
    return this.#amended(data, [], value)
  }

  /** @param error what cut it short, or `''` */
  over(status: number, requestId: string, error: string): void {
    if (this.#isOver) return // both ends of a broken connection say so
    this.#isOver = true
    this.#read()
    const { session, agent, retry } = this.#caller
    const { listen, upstream, byHand } = this.#desk
    const now = performance.now()
    const since = (at: number): number => Math.round((at - this.#sentAt) * 10) / 10
    this.#desk.metered({
      session,
      agent,
      model: this.answer.model || (this.#request?.model ?? ''),
      listen,
      upstream,
      byHand,
      request: requestId,
      message: this.answer.id,
      status,
      error: error || this.answer.error,
      retry,
      tokens: this.answer.tokens,
      firstMs: this.#firstAt === null ? null : since(this.#firstAt),
      ms: since(now),
      actions: this.answer.calls.map(call => call.id),
      checked: this.#checked,
    })
  }

  async #amended(json: string, path: readonly string[], holder: unknown): Promise<string | null> {
    if (!this.#asks || typeof holder !== 'object' || holder === null) return null
    this.answer.end()
    this.#heard(holder)
    const answered = this.#answered
    this.#checked = answered === null ? 'nobody' : 'upstream'
    if (this.answer.calls.length === 0) return null
    const results = resultsOf(await this.#judged(answered), answered)
    const amended = results === null ? null : withResults(json, path, results)
    if (amended !== null) this.#checked = answered === null ? 'signalbox' : 'both'
    return amended
  }

  /** The API may answer the check anywhere in its answer. */
  #heard(holder: object): void {
    const said = answeredIn(holder)
    if (said !== null) this.#answered = stricter(this.#answered ?? {}, said)
  }

  async #judged(answered: Answered | null): Promise<CheckReply> {
    const { calls } = this.answer
    const unavailable = (reason: string): CheckReply =>
      Object.fromEntries(calls.map(({ id }) => [id, { outcome: 'unavailable', reason }]))
    const context = this.#request?.check ?? null
    if (context === null) return unavailable('Signalbox does not know this form of the request')
    const broken = calls.find(call => call.input === undefined)
    if (broken !== undefined) return unavailable('the input of a call is not whole')
    const { session, agent } = this.#caller
    const { check, listen, upstream, byHand, elsewhere } = this.#desk
    const deadlineMs = this.#desk.deadlineMs()
    const { words = [], ran = [], model = '' } = this.#request ?? {}
    const request: CheckRequest = {
      session,
      agent,
      model: this.answer.model || model,
      listen,
      upstream,
      byHand,
      elsewhere,
      ...context,
      folders: [...context.folders],
      git: { ...context.git, remotes: { ...context.git.remotes } },
      words: newest(words),
      ran: [...ran],
      calls: calls.map(({ id, name, input }) => ({ action: id, tool: name, input })),
      answered: answered === null ? null : { ...answered },
    }
    await new Promise(setImmediate) // what came before the end goes out first
    const late = AbortSignal.timeout(deadlineMs)
    try {
      return await check(request, late)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      return unavailable(
        late.aborted
          ? `Signalbox did not judge within ${deadlineMs} ms`
          : `Signalbox could not judge: ${text}`,
      )
    }
  }
}

/** Of what a person said the newest: the judge reads no more, and the gate takes no more. */
function newest(words: readonly string[]): string[] {
  let left = MAX_WORDS
  const first = words.findLastIndex(text => {
    left -= text.length
    return left < 0
  })
  return words.slice(first + 1)
}

/** Of an API that checks by itself every word stays, and ours may only be stricter. */
function resultsOf(reply: CheckReply, answered: Answered | null): Results | null {
  const results: Record<string, Checked> = {}
  for (const [id, result] of Object.entries(reply)) {
    if (answered !== null && (result.outcome !== 'flagged' || answered[id] === 'flagged')) continue
    switch (result.outcome) {
      case 'not_flagged':
        results[id] = { type: 'evaluated', outcome: 'not_flagged' }
        break
      case 'flagged':
        results[id] = { type: 'evaluated', outcome: 'flagged', explanation: result.explanation }
        break
      case 'unavailable':
        results[id] = { type: 'unavailable', reason: result.reason }
        break
      case 'skipped':
        results[id] = { type: 'skipped' }
        break
      case 'left':
        break
      default:
        result satisfies never
    }
  }
  return Object.keys(results).length === 0 ? null : results
}

/** Transcript lines → events. One reader a file; lines in the order of the file. */
import { type Decision, noTokens, type Tokens, totalTokens } from '../../action/action.ts'
import type { Actor, Event } from '../../action/event.ts'
import { decisionOf } from './decision.ts'
import { type Block, type Line, parseLine } from './lines.ts'
import { scanLine } from './scan.ts'
import { summaryOf, waitOf } from './tools.ts'
import { tokensOf } from './usage.ts'

export const CLIENT = 'claude-code'

/** US dollars of one answer, or null when the model's price is not known. `at`: Unix ms. */
export type Price = (model: string, tokens: Tokens, at: number) => number | null

/** A line of a kind that is known, without something that it always had. */
export class MissingField extends Error {}

/** A line is either parsed whole (`exact`) or, in bulk, scanned for the fields that matter. */
export type Reading = 'exact' | 'bulk'

export interface RawLine {
  /** Hold the line from `start` to `end`, without its newline; only good during the call. */
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  /** Bytes from the start of the file. */
  readonly offset: number
}

export class TranscriptReader {
  readonly #file: string
  readonly #agent: string
  readonly #price: Price
  readonly #emit: (event: Event) => void
  /** When the model was last given something to answer, Unix ms. */
  #askedAt = 0
  #lastAt = 0
  /** Whether every line of the conversation told its time: without it, how long things took is not known. */
  #isTimed = true
  #version = ''

  /** @param agent the subagent whose file this is, `''` for a session's own file. */
  constructor(file: string, agent: string, price: Price, emit: (event: Event) => void) {
    this.#file = file
    this.#agent = agent
    this.#price = price
    this.#emit = emit
  }

  /** When what was read last happened, Unix ms; 0 before anything was. */
  get lastAt(): number {
    return this.#lastAt
  }

  /** Emits the events of one line. Throws SyntaxError on a line that is no JSON, MissingField after the rest. */
  read(raw: RawLine, reading: Reading): void {
    const { bytes, start, end } = raw
    const scans = reading === 'bulk' && this.#version !== ''
    const scanned = scans ? scanLine(bytes, start, end, this.#agent) : 'unsure'
    if (scanned === 'nothing') return
    if (scanned === 'unsure') {
      const line = parseLine(bytes.toString('utf8', start, end))
      if (line !== null) this.#line(line, raw)
      return
    }
    const actor = { session: scanned.session, agent: this.#agent }
    if (scanned.kind === 'answer') {
      this.#answer(actor, scanned.at, scanned.message, scanned.model, scanned.tokens)
      if (scanned.call !== null) this.#call(actor, scanned.at, scanned.message, scanned.call, raw)
    } else {
      this.#heard(scanned.at)
      const { id, decidedBy } = scanned
      this.#decided(actor, scanned.at, { id, ...SUCCEEDED, decidedBy })
    }
  }

  #line(line: Line, raw: RawLine): void {
    const missing = missingIn(line)
    if (line.sessionId !== '') this.#told(line, raw)
    if (missing !== null) throw new MissingField(`has no ${missing}`)
  }

  #told(line: Line, raw: RawLine): void {
    const actor = { session: line.sessionId, agent: this.#agent || line.agentId }
    // Lines without a time come after the last thing that happened.
    const at = Date.parse(line.timestamp) || this.#lastAt
    if (isConversation(line) && !Date.parse(line.timestamp)) this.#isTimed = false
    if (line.version !== '' && this.#version === '') this.#facts(line, actor, at)
    switch (line.type) {
      case 'assistant':
        this.#assistant(line, actor, at, raw)
        break
      case 'user':
        this.#user(line, actor, at)
        break
      case 'permission-mode':
        this.#emit({
          type: 'session',
          session: actor.session,
          at,
          permissionMode: line.permissionMode,
        })
        break
      case 'custom-title':
      case 'ai-title':
        this.#emit({
          type: 'session',
          session: actor.session,
          at,
          title: line.customTitle || line.aiTitle,
        })
        break
      case 'cost-state':
        this.#clientCost(line, actor.session, at)
        break
    }
  }

  #assistant(line: Line, actor: Actor, at: number, raw: RawLine): void {
    const { message } = line
    if (message === null) return
    // Without an id it cannot be told from the other lines of the same answer: it has no account.
    const id = message.id || `${raw.offset}`
    const usage = message.id === '' ? null : message.usage
    // The client's own words (an API error, say) are no answer of a model.
    if (message.model !== '<synthetic>')
      this.#answer(actor, at, id, message.model, usage === null ? noTokens() : tokensOf(usage))
    if (!Array.isArray(message.content)) return
    for (const block of message.content) {
      if (block.type !== 'tool_use' || block.id === '') continue
      const name = block.name || 'unknown'
      const call = { id: block.id, name, summary: summaryOf(name, block.input) }
      this.#call(actor, at, id, call, raw)
    }
  }

  #answer(actor: Actor, at: number, id: string, model: string, tokens: Tokens): void {
    this.#lastAt = at
    const turnMs =
      this.#isTimed && this.#askedAt > 0 && at >= this.#askedAt ? at - this.#askedAt : null
    // Every answer has tokens: without any, nobody told them.
    const costUsd = totalTokens(tokens) === 0 ? null : this.#price(model, tokens, at)
    this.#emit({ type: 'message', ...actor, at, id, model, tokens, costUsd, turnMs })
  }

  #call(
    actor: Actor,
    at: number,
    message: string,
    call: { id: string; name: string; summary: string },
    raw: RawLine,
  ): void {
    const line = { file: this.#file, offset: raw.offset, length: raw.end - raw.start }
    const { id, name: tool, summary } = call
    this.#emit({
      type: 'requested',
      ...actor,
      at,
      id,
      tool,
      summary,
      message,
      waits: waitOf(tool),
      line,
    })
  }

  #user(line: Line, actor: Actor, at: number): void {
    const content = line.message?.content ?? ''
    const results = Array.isArray(content) ? content.filter(b => b.type === 'tool_result') : []
    for (const block of results) {
      const decision = decisionOf({
        ...endOf(block, line.toolUseResult),
        version: line.version || this.#version,
        toolDenialKind: line.toolDenialKind,
        toolDenialBeforeRun: line.toolDenialBeforeRun,
        permissionDecision: line.permissionDecision,
      })
      this.#decided(actor, at, { id: block.tool_use_id, ...decision })
    }
    this.#heard(at)
    if (results.length > 0) return
    this.#facts(line, actor, at)
    if (!line.isMeta) this.#emit({ type: 'turn', ...actor, at })
  }

  #decided(actor: Actor, at: number, decision: Decision & { id: string }): void {
    this.#emit({ type: 'decided', ...actor, at: this.#isTimed ? at : 0, ...decision })
  }

  #heard(at: number): void {
    this.#askedAt = at
    this.#lastAt = at
  }

  #facts(line: Line, actor: Actor, at: number): void {
    this.#version = line.version || this.#version
    const { version, cwd, entrypoint, permissionMode } = line
    // A subagent's own folder and mode are not its session's.
    const own = actor.agent === '' ? { cwd, entrypoint, permissionMode } : {}
    this.#emit({ type: 'session', session: actor.session, at, client: CLIENT, version, ...own })
  }

  #clientCost(line: Line, session: string, at: number): void {
    if (line.totalCostUSD === null) return
    const { totalCostUSD: totalUsd, modelUsage: byModel } = line
    this.#emit({ type: 'client-cost', session, at, totalUsd, byModel })
  }
}

const SUCCEEDED = { state: 'approved', outcome: 'succeeded', reason: '' } as const

const isConversation = ({ type }: Line): boolean => type === 'user' || type === 'assistant'

/** What a line of the conversation lacks that every one has, or null. */
function missingIn(line: Line): string | null {
  const { type, sessionId, message } = line
  if (!isConversation(line)) return type === '' && message !== null ? 'type' : null
  if (message === null) return sessionId === '' ? null : 'message'
  if (sessionId === '') return 'sessionId'
  if (message.content === null) return 'content'
  for (const block of typeof message.content === 'string' ? [] : message.content) {
    if (block.type === '') return 'type of a block'
    if (block.type === 'tool_use' && block.id === '') return 'id of a call'
    if (block.type === 'tool_result' && block.tool_use_id === '') return 'id of a result'
  }
  return Number.isNaN(Date.parse(line.timestamp)) ? 'timestamp' : null
}

/** The client tells an error twice; where one of the two is gone, the other stands. */
const SHOWN_ERROR = 'Error: '

function endOf(block: Block, shown: string): { isError: boolean; text: string } {
  const text = textOf(block)
  const error = shown.startsWith(SHOWN_ERROR) ? shown.slice(SHOWN_ERROR.length) : ''
  const isError = block.is_error ?? (error !== '' && error.startsWith(text.slice(0, 200)))
  return { isError, text: text || error }
}

function textOf(block: Block): string {
  if (typeof block.content === 'string') return block.content
  if (!Array.isArray(block.content)) return ''
  const first: unknown = block.content[0]
  if (typeof first !== 'object' || first === null || !('text' in first)) return ''
  return typeof first.text === 'string' ? first.text : ''
}

/**
 * The fast way through a backlog: finds the few fields that matter in the bytes of a line, without
 * `JSON.parse`. Inside a JSON string a quote is always escaped, so `"usage":{` never occurs in text;
 * it can occur in another object of the line, and then (or in any other doubt) the answer is
 * `unsure` and the line is parsed. A property test holds both ways to the same events.
 */
import type { DecidedBy, Tokens } from '../../action/action.ts'
import { approverOf } from './decision.ts'
import { cut, TELLING_FIELD } from './tools.ts'

export interface ScannedAnswer {
  readonly kind: 'answer'
  readonly session: string
  readonly at: number
  readonly message: string
  readonly model: string
  readonly tokens: Tokens
  readonly call: { readonly id: string; readonly name: string; readonly summary: string } | null
}

export interface ScannedResult {
  readonly kind: 'result'
  readonly session: string
  readonly at: number
  readonly id: string
  readonly decidedBy: DecidedBy
}

export type Scanned = ScannedAnswer | ScannedResult | 'nothing' | 'unsure'

/** Line types that begin with their type and tell nothing that is shown. */
const SILENT = new Set([
  'api-request',
  'api-request-blob',
  'api-request-shape',
  'atis-latch',
  'file-history-delta',
  'file-history-snapshot',
  'last-prompt',
  'mode',
  'queue-operation',
  'summary',
  'tools-used',
])

const TYPE = '{"type":"'

/** Fields after the bulk of a line stand in about so many last characters. */
const TAIL_CHARS = 1500

/** @param line the bytes of one line as latin1 */
export function scanLine(line: string): Scanned {
  if (!line.endsWith('}')) return 'unsure'
  if (line.startsWith(TYPE)) {
    const type = line.slice(TYPE.length, line.indexOf('"', TYPE.length))
    return SILENT.has(type) ? 'nothing' : 'unsure'
  }
  const brace = line.indexOf('{', 1)
  if (brace < 0 || brace > 600) return 'unsure'
  const head = line.slice(0, brace)
  if (head.endsWith('"attachment":')) return 'nothing'
  if (!head.endsWith('"message":')) return 'unsure'
  return line.startsWith('{"role":"user"', brace)
    ? scanResult(line, brace)
    : scanAnswer(line, brace)
}

/** `"message":{…,"content":[{block}],…,"usage":{…}},…,"type":"assistant",…,"timestamp":"…",…` */
function scanAnswer(line: string, brace: number): Scanned {
  const content = line.indexOf('"content":[{', brace)
  const usage = line.lastIndexOf('"usage":{')
  if (content < 0 || content - brace > 400 || usage < content) return 'unsure'
  if (line.indexOf('"type":"assistant"', usage) < 0) return 'unsure'
  const opening = line.slice(brace, content)
  const message = stringAfter(opening, '"id":"', 0)
  const model = stringAfter(opening, '"model":"', 0)
  const frame = frameOf(line, only(line, '"timestamp":"', usage))
  if (!message || !model || model === '<synthetic>' || frame === null) return 'unsure'
  const tokens = tokensAt(line, usage)
  const call = callAt(line, content + '"content":['.length, usage)
  if (tokens === null || call === 'unsure') return 'unsure'
  return { kind: 'answer', ...frame, message, model, tokens, call }
}

const RESULT = '{"role":"user","content":[{"tool_use_id":"'

/**
 * `"message":{"role":"user","content":[{"tool_use_id":"…","type":"tool_result","content":"…"}]},…,
 * "timestamp":"…","toolUseResult":…,…`. With a string as content nothing before the time stamp is
 * another object, so the first one is the line's own.
 */
function scanResult(line: string, brace: number): Scanned {
  if (!line.startsWith(RESULT, brace)) return 'unsure'
  const id = stringAfter(line, '"tool_use_id":"', brace)
  const rest = brace + RESULT.length + id.length
  if (!id || !line.startsWith('","type":"tool_result","content":"', rest)) return 'unsure'
  const stamp = line.indexOf('"timestamp":"', rest)
  const second = line.indexOf('"tool_use_id":"', rest)
  if (stamp < 0 || (second >= 0 && second < stamp)) return 'unsure'
  const between = line.slice(Math.max(rest, stamp - 500), stamp)
  if (between.includes('"is_error":true') || between.includes('"toolDenialKind"')) return 'unsure'
  const frame = frameOf(line, stamp)
  const decidedBy = approverAt(line, stamp)
  if (frame === null || decidedBy === 'unsure') return 'unsure'
  return { kind: 'result', ...frame, id, decidedBy }
}

/** Where the only occurrence is, or -1 when there is none or more than one. */
function only(line: string, what: string, from: number): number {
  const first = line.indexOf(what, from)
  return first >= 0 && line.indexOf(what, first + what.length) < 0 ? first : -1
}

/** A string that needs no decoding, or `''`. */
function stringAfter(line: string, key: string, from: number): string {
  const start = line.indexOf(key, from)
  if (start < 0) return ''
  const value = line.slice(start + key.length, line.indexOf('"', start + key.length))
  return isPlain(value) ? value : ''
}

/** Printable ASCII without a backslash: the same bytes in JSON and decoded. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e || code === 0x5c) return false
  }
  return true
}

function frameOf(line: string, stamp: number): { session: string; at: number } | null {
  if (stamp < 0) return null
  const at = Date.parse(stringAfter(line, '"timestamp":"', stamp))
  const session = stringAfter(line, '"sessionId":"', line.lastIndexOf('"sessionId":"'))
  return session !== '' && at > 0 ? { session, at } : null
}

function tokensAt(line: string, usage: number): Tokens | null {
  // A second count belongs to another object (`iterations`): leave that to the parser.
  if (only(line, '"input_tokens":', usage) < 0) return null
  const number = (key: string): number => {
    const at = line.indexOf(key, usage)
    return at < 0 ? 0 : Number.parseInt(line.slice(at + key.length, at + key.length + 16), 10)
  }
  const written = number('"cache_creation_input_tokens":')
  const fiveMinutes = number('"ephemeral_5m_input_tokens":')
  const hour = number('"ephemeral_1h_input_tokens":')
  const tokens = {
    input: number('"input_tokens":'),
    output: number('"output_tokens":'),
    cacheRead: number('"cache_read_input_tokens":'),
    cacheWrite5m: fiveMinutes + Math.max(0, written - fiveMinutes - hour),
    cacheWrite1h: hour,
    thinking: number('"thinking_tokens":'),
  }
  return Object.values(tokens).every(n => n >= 0) ? tokens : null
}

function callAt(line: string, block: number, end: number): ScannedAnswer['call'] | 'unsure' {
  const opening = '{"type":"tool_use","id":"'
  const first = line.indexOf('"type":"tool_use"', block)
  if (first < 0 || first > end) return null
  if (!line.startsWith(opening, block) || only(line, '"type":"tool_use"', block) < 0)
    return 'unsure'
  const id = stringAfter(line, opening, block)
  const nameAt = line.indexOf('","name":"', block)
  const name = stringAfter(line, '","name":"', nameAt)
  const field = TELLING_FIELD[name]
  const input = `","name":"${name}","input":{`
  if (!id || field === undefined || !line.startsWith(input, nameAt)) return 'unsure'
  const key = `"${field}":"`
  const at = line.indexOf(key, nameAt)
  if (at < 0 || at > end) return 'unsure'
  return { id, name, summary: cut(decoded(line, at + key.length)) }
}

/** The JSON string that begins at `start` (after its quote). */
function decoded(line: string, start: number): string {
  let end = line.indexOf('"', start)
  while (isEscaped(line, end)) end = line.indexOf('"', end + 1)
  const raw = line.slice(start, end)
  if (isPlain(raw)) return raw
  const text: unknown = JSON.parse(`"${Buffer.from(raw, 'latin1').toString('utf8')}"`)
  return String(text)
}

function isEscaped(line: string, at: number): boolean {
  let slashes = 0
  while (line[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}

const approvers = new Map<string, DecidedBy>()

function approverAt(line: string, stamp: number): DecidedBy | 'unsure' {
  const key = '"permissionDecision":{'
  const tail = line.slice(Math.max(stamp, line.length - TAIL_CHARS))
  let start = tail.lastIndexOf(key)
  if (start < 0) return line.lastIndexOf(key) < stamp ? 'unknown' : 'unsure'
  start += key.length - 1
  const json = tail.slice(start, tail.indexOf('}', start) + 1)
  // After the tool's own result, which may hold anything, comes the client's word.
  if (json.includes('reject') || tail.indexOf('"sourceToolAssistantUUID":"') > start)
    return 'unsure'
  if (tail.includes('"toolDenialKind"')) return 'unsure'
  let approver = approvers.get(json)
  if (approver === undefined) {
    approver = approverOf(JSON.parse(json))
    if (approvers.size < 100) approvers.set(json, approver)
  }
  return approver
}

/**
 * The fast way through a backlog: finds the few fields that matter near the two ends of a line,
 * without decoding or parsing the bulk between them. Inside a JSON string a quote is always escaped,
 * so `"usage":{` never occurs in text; it can occur in another object of the line. In any doubt the
 * answer is `unsure` and the line is parsed. A property test holds both ways to the same events.
 */
import type { DecidedBy, Tokens } from '../../action/action.ts'
import { approverOf } from './decision.ts'
import { permissionDecisionOf } from './lines.ts'
import { cut, SUMMARY_CHARS, TELLING_FIELD } from './tools.ts'

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

/** So many bytes tell what a line is. */
const HEAD_BYTES = 360
/** The beginning of a tool call stands in so many. */
const CALL_BYTES = 900
/** What comes after the bulk stands in so many. */
const ANSWER_TAIL_BYTES = 1500
const RESULT_TAIL_BYTES = 800

// Only strings whose bytes are their characters are read here, and every other order or spelling is
// left to the parser. Both ends are anchored: no brace stands between what is read and the end of
// the line, so nothing inside an input or a result can pass for it.
const PLAIN_TEXT = String.raw`[ !#-\[\]-~]`
const SCALARS = String.raw`(?:"\w+":(?:"[^"\\]*"|null|true|false),)*`
const TYPE = /\{"type":"([\w-]+)"/y
const KIND = new RegExp(String.raw`\{${SCALARS}"(attachment|message)":\{`, 'y')
const ANSWER = new RegExp(
  String.raw`"id":"(${PLAIN_TEXT}+)","type":"message","role":"assistant","model":"(${PLAIN_TEXT}+)",${SCALARS}"content":\[\{"type":"(\w+)"`,
  'y',
)
const CALL = new RegExp(
  String.raw`,"id":"(${PLAIN_TEXT}+)","name":"(${PLAIN_TEXT}+)","input":\{`,
  'y',
)
const USAGE = String.raw`"usage":\{"input_tokens":(\d+),"cache_creation_input_tokens":(\d+),"cache_read_input_tokens":(\d+),"output_tokens":(\d+)(?:,"output_tokens_details":\{"thinking_tokens":(\d+)\})?,"server_tool_use":\{[^{}]*\},"service_tier":"[^"]*","cache_creation":\{"ephemeral_1h_input_tokens":(\d+),"ephemeral_5m_input_tokens":(\d+)\}[^{}]*(?:"iterations":\[(?:\{(?:[^{}]|\{[^{}]*\})*\},?)*\][^{}]*)?\}`
const ANSWER_TAIL = new RegExp(
  String.raw`${USAGE}[^{}]*\}([^{}]*?)"type":"assistant"[^{}]*?"timestamp":"(${PLAIN_TEXT}+)"[^{}]*?"sessionId":"(${PLAIN_TEXT}+)"[^{}]*\}$`,
)
const RESULT = new RegExp(
  String.raw`"role":"user","content":\[\{"tool_use_id":"(${PLAIN_TEXT}+)","type":"tool_result","content":(?:"|\[\{"type":"text","text":")`,
  'y',
)
const RESULT_TAIL = new RegExp(
  String.raw`"sourceToolAssistantUUID":"[^"\\]*"[^{}]*(?:"permissionDecision":(\{[^{}]*\})[^{}]*)?"sessionId":"(${PLAIN_TEXT}+)"[^{}]*\}$`,
)
/** Between the end of the message and the time stamp. */
const PLAIN_VALUES = new RegExp(`${SCALARS}$`, 'y')
const STAMP = Buffer.from('"timestamp":"')
const TOOL_USE = Buffer.from('"type":"tool_use"')
const CLOSING_BRACE = 0x7d
const AGENT_ID = '"agentId":'

interface Line {
  /** Hold the line from `start` to `end`. */
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  /** It stands in a session's own file. */
  readonly own: boolean
}

/**
 * @param bytes hold one line, without its newline, from `start` to `end`
 * @param agent the subagent whose file it is, `''` for a session's own
 */
export function scanLine(bytes: Buffer, start: number, end: number, agent: string): Scanned {
  if (bytes[end - 1] !== CLOSING_BRACE) return 'unsure'
  const head = bytes.latin1Slice(start, Math.min(end, start + HEAD_BYTES))
  const type = matchAt(TYPE, head, 0)
  if (type !== null) return SILENT.has(type[1] ?? '') ? 'nothing' : 'unsure'
  const kind = matchAt(KIND, head, 0)
  if (kind === null) return 'unsure'
  if (kind[1] === 'attachment') return 'nothing'
  // Older clients wrote their subagents' lines into the session's file.
  if (agent === '' && kind[0].includes(AGENT_ID)) return 'unsure'
  const line = { bytes, start, end, own: agent === '' }
  return head.startsWith('"role":"user"', KIND.lastIndex)
    ? scanResult(line, head, KIND.lastIndex)
    : scanAnswer(line, head, KIND.lastIndex)
}

function matchAt(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from
  return pattern.exec(text)
}

function endOf({ bytes, start, end }: Line, length: number): string {
  return bytes.latin1Slice(Math.max(start, end - length), end)
}

/** `"message":{…,"content":[{block}],…,"usage":{…}},…,"type":"assistant",…,"timestamp":"…",…` */
function scanAnswer(line: Line, head: string, from: number): Scanned {
  const opening = matchAt(ANSWER, head, from)
  const closing = ANSWER_TAIL.exec(endOf(line, ANSWER_TAIL_BYTES))
  if (opening === null || closing === null) return 'unsure'
  if (line.own && closing[0].includes(AGENT_ID)) return 'unsure'
  const [, message = '', model = '', block] = opening
  if (model === '<synthetic>') return 'unsure'
  const [, input, written, read, output, thinking = '0', hour, fiveMinutes, gap = ''] = closing
  const at = Date.parse(closing[9] ?? '')
  const call = callAt(
    line,
    block === 'tool_use',
    ANSWER.lastIndex,
    gap.includes('"apiBlockIndex":'),
  )
  if (!(at > 0) || call === 'unsure') return 'unsure'
  const split = Number(hour) + Number(fiveMinutes)
  const tokens = {
    input: Number(input),
    output: Number(output),
    cacheRead: Number(read),
    cacheWrite5m: Number(fiveMinutes) + Math.max(0, Number(written) - split),
    cacheWrite1h: Number(hour),
    thinking: Number(thinking),
  }
  return { kind: 'answer', session: closing[10] ?? '', at, message, model, tokens, call }
}

/** @param single the line says that it holds one block of the answer */
function callAt(
  line: Line,
  isCall: boolean,
  from: number,
  single: boolean,
): ScannedAnswer['call'] | 'unsure' {
  const { bytes, start, end } = line
  if (!single && bytes.subarray(start + from, end).indexOf(TOOL_USE) >= 0) return 'unsure'
  if (!isCall) return null
  const head = bytes.latin1Slice(start, Math.min(end, start + CALL_BYTES))
  const [, id = '', name = ''] = matchAt(CALL, head, from) ?? []
  const field = TELLING_FIELD[name]
  if (field === undefined) return 'unsure'
  const key = `"${field}":"`
  const at = head.indexOf(key, CALL.lastIndex)
  // Before it only plain values: in another object the key would be another's.
  if (at < 0 || /[{[]/.test(head.slice(CALL.lastIndex, at))) return 'unsure'
  return { id, name, summary: summaryAt(line, head, at + key.length) }
}

/**
 * `"message":{"role":"user","content":[{"tool_use_id":"…","type":"tool_result","content":"…"}]},…,
 * "timestamp":"…","toolUseResult":…,"sourceToolAssistantUUID":"…",…`. The content is text, so the
 * first time stamp is the line's own; and a line that names the one call it answers has one result.
 */
function scanResult(line: Line, head: string, from: number): Scanned {
  const opening = matchAt(RESULT, head, from)
  const tail = endOf(line, RESULT_TAIL_BYTES)
  const closing = RESULT_TAIL.exec(tail)
  if (opening === null || closing === null) return 'unsure'
  if (line.own && closing[0].includes(AGENT_ID)) return 'unsure'
  const [, id = ''] = opening
  const [, decision, session = ''] = closing
  const after = line.bytes.subarray(line.start + RESULT.lastIndex, line.end)
  const stamp = after.indexOf(STAMP)
  const value = stamp + STAMP.length
  const at = Date.parse(after.latin1Slice(value, value + 24))
  if (stamp < 0 || !(at > 0)) return 'unsure'
  const before = after.latin1Slice(Math.max(0, stamp - 300), stamp)
  const end = before.lastIndexOf('}]},')
  if (end < 0 || before.endsWith('"is_error":true', end)) return 'unsure'
  if (matchAt(PLAIN_VALUES, before, end + '}]},'.length) === null) return 'unsure'
  const isUser = '"type":"user"'
  if (
    !head.slice(0, from).includes(isUser) &&
    !before.includes(isUser, end) &&
    !closing[0].includes(isUser)
  )
    return 'unsure'
  const decidedBy = approverIn(decision, tail)
  return decidedBy === 'unsure' ? 'unsure' : { kind: 'result', session, at, id, decidedBy }
}

const approvers = new Map<string, DecidedBy>()

function approverIn(decision: string | undefined, tail: string): DecidedBy | 'unsure' {
  if (decision === undefined) return tail.includes('"permissionDecision"') ? 'unsure' : 'unknown'
  const known = approvers.get(decision)
  if (known !== undefined) return known
  if (decision.includes('reject')) return 'unsure'
  const approver = approverOf(permissionDecisionOf(JSON.parse(decision)))
  if (approvers.size < 100) approvers.set(decision, approver)
  return approver
}

/** A character takes at most six bytes (`\u00e9`), so this much holds a whole summary. */
/** A whole string whose bytes are its characters. */
const PLAIN = /([ !#-[\]-~]*)"/y
const SUMMARY_BYTES = SUMMARY_CHARS * 6 + 16

/** As much of the JSON string that begins at `at` as a summary shows. */
function summaryAt({ bytes, start, end }: Line, head: string, at: number): string {
  const plain = matchAt(PLAIN, head, at)?.[1]
  if (plain !== undefined) return cut(plain)
  const raw = bytes.latin1Slice(start + at, Math.min(end, start + at + SUMMARY_BYTES))
  let close = raw.indexOf('"')
  while (close > 0 && isEscaped(raw, close)) close = raw.indexOf('"', close + 1)
  const json = close >= 0 ? raw.slice(0, close) : withoutCutEscape(raw)
  const text: unknown = JSON.parse(`"${Buffer.from(json, 'latin1').toString('utf8')}"`)
  return cut(String(text))
}

/** The last bytes may be half an escape; they are beyond what is shown. */
function withoutCutEscape(raw: string): string {
  let end = 0
  for (;;) {
    const length = raw[end] !== '\\' ? 1 : raw[end + 1] === 'u' ? 6 : 2
    if (end + length > raw.length) return raw.slice(0, end)
    end += length
  }
}

function isEscaped(line: string, at: number): boolean {
  let slashes = 0
  while (line[at - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}

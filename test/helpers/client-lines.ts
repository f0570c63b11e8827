/** Generators of transcript lines in the client's shapes, with anything an agent can put in them. */
import fc from 'fast-check'
import { USAGE } from './lines.ts'

const STAMP = '2026-11-23T10:00:00.000Z'

/** Pieces that could fool a reader who does not parse. */
const FRAGMENTS = [
  '"usage":{"input_tokens":9,"cache_creation_input_tokens":9',
  '"type":"tool_use"',
  '"timestamp":"2020-01-01T00:00:00.000Z"',
  '"sessionId":"other"',
  '"is_error":true',
  '"sourceToolAssistantUUID":"x","permissionDecision":{"source":"hook"}',
  JSON.stringify({ type: 'user', sessionId: 'other', timestamp: STAMP, message: { usage: USAGE } }),
  '\\',
  '\\\\',
  '\\"',
  '"',
  '\n',
  '\t',
  '\u0000',
  '\u001b[2J',
  'é',
  '漢字',
  '👩‍🚀',
  '\u2028',
  '\u2029',
  '}',
  '{',
  'plain words ',
]

export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map(parts => parts.join('')),
  // Longer than what is read of it, in every width that a character can have.
  fc
    .tuple(fc.constantFrom('x', 'é', '漢', '😀', '\u0001', '"', '\\', '\n'), fc.nat(300))
    .map(([unit, times]) => unit.repeat(times)),
  fc
    .tuple(fc.nat(260), fc.constantFrom('\\', '\u0001', '"', '😀'), fc.constantFrom(5, 900, 2000))
    .map(([lead, unit, times]) => 'a'.repeat(lead) + unit.repeat(times)),
)

/** Objects that look like parts of a transcript line. */
const lookalike: fc.Arbitrary<unknown> = fc.constantFrom(
  { usage: { ...USAGE, input_tokens: 77, output_tokens: 88 } },
  { timestamp: '2020-01-01T00:00:00.000Z' },
  { type: 'tool_use', id: 'fake', name: 'Bash', input: { command: 'fake' } },
  { type: 'assistant', timestamp: '2020-01-01T00:00:00.000Z', sessionId: 'other' },
  { command: 'fake', file_path: 'fake', description: 'fake' },
  { is_error: true },
  {
    sourceToolAssistantUUID: 'x',
    permissionDecision: { decision: 'accept', source: 'hook', reasonType: 'hook' },
    sessionId: 'other',
  },
)

export const plainValue: fc.Arbitrary<unknown> = fc.oneof(
  anyText,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  plainValue,
  lookalike,
  fc.array(lookalike, { maxLength: 2 }),
  fc.jsonValue({ maxDepth: 2 }),
)

const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,30}$/)
const stamp = fc
  .date({ min: new Date('2025-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  .map(d => d.toISOString())

const TOOLS = {
  Bash: 'command',
  Read: 'file_path',
  Edit: 'file_path',
  Agent: 'description',
  WebFetch: 'url',
  SendMessage: 'message',
} as const

/** @param value of the fields that do not tell what the call does */
function callOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  const known = fc
    .constantFrom(...Object.entries(TOOLS))
    .chain(([name, field]) =>
      fc.tuple(
        fc.constant(name),
        fc.oneof({ weight: 5, arbitrary: anyText }, value).map(told => ({ [field]: told })),
        fc.dictionary(fc.constantFrom('a', 'b', 'env', 'timeout'), value, { maxKeys: 2 }),
        fc.boolean(),
      ),
    )
    .map(([name, told, rest, first]) => ({
      name,
      input: first ? { ...told, ...rest } : { ...rest, ...told },
    }))
  const other = fc.record({
    name: fc.constantFrom('mcp__github__create_issue', 'AskUserQuestion', 'ExitPlanMode', 'Bash'),
    input: fc.dictionary(fc.constantFrom('command', 'questions', 'x'), value, { maxKeys: 3 }),
  })
  return fc
    .tuple(id, fc.oneof({ weight: 3, arbitrary: known }, other))
    .map(([callId, call]) => ({ type: 'tool_use', id: callId, ...call }))
}

const usage = fc
  .tuple(fc.nat(300_000), fc.nat(300_000), fc.nat(300_000), fc.nat(60_000), fc.nat(9), fc.nat(9))
  .chain(([input, written, read, output, hour, five]) =>
    fc.record({
      value: fc.constant({
        ...USAGE,
        input_tokens: input,
        cache_creation_input_tokens: written,
        cache_read_input_tokens: read,
        output_tokens: output,
        output_tokens_details: { thinking_tokens: Math.floor(output / 3) },
        cache_creation: { ephemeral_1h_input_tokens: hour, ephemeral_5m_input_tokens: five },
      }),
      iterations: fc.array(fc.constant({ ...USAGE, type: 'message' }), { maxLength: 2 }),
      drop: fc.constantFrom('', '', 'output_tokens_details', 'cache_creation', 'server_tool_use'),
    }),
  )
  .map(({ value, iterations, drop }) => without({ ...value, iterations }, drop))

function without(object: object, name: string): object {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
}

const TAIL = {
  userType: 'external',
  entrypoint: 'cli',
  cwd: '/home/dev/app',
  sessionId: 'session-1',
  version: '2.1.330',
  gitBranch: 'main',
}

/** A line without what its message holds: `line` has a placeholder where the message stands. */
export interface Shape {
  readonly line: object
  readonly message: object
}

const MESSAGE = { message: 'here' }

export const shapeToJson = ({ line, message }: Shape): string =>
  JSON.stringify({ ...line, message })

export function answer(value: fc.Arbitrary<unknown>): fc.Arbitrary<Shape> {
  const block = fc.oneof(
    { weight: 4, arbitrary: callOf(value) },
    anyText.map(text => ({ type: 'text', text })),
    anyText.map(thinking => ({ type: 'thinking', thinking, signature: 'c2ln' })),
    callOf(value).map(call => ({ ...call, type: 'server_tool_use' })),
  )
  const model = fc.constantFrom('claude-opus-4-6', 'claude-sonnet-5[1m]', '<synthetic>')
  const contents = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(block) },
    fc.array(block, { maxLength: 3 }),
  )
  return fc.tuple(id, model, contents, usage, stamp).map(([message, name, content, used, at]) => ({
    message: {
      id: message,
      type: 'message',
      role: 'assistant',
      model: name,
      stop_sequence: null,
      content,
      stop_reason: 'tool_use',
      usage: used,
      stop_details: null,
    },
    line: {
      parentUuid: 'p',
      isSidechain: false,
      ...MESSAGE,
      ...(content.length === 1 ? { apiBlockIndex: 0 } : {}),
      requestId: 'req_1',
      type: 'assistant',
      uuid: 'a0',
      timestamp: at,
      ...TAIL,
    },
  }))
}

const decision = fc.option(
  fc.record({
    decision: fc.constantFrom('accept', 'reject'),
    source: fc.constantFrom('config', 'hook', 'user_temporary'),
    reasonType: fc.constantFrom('mode', 'classifier', 'rule', 'subcommandResults', 'hook'),
  }),
  { nil: undefined },
)

const resultContent = fc.oneof(
  anyText,
  fc.array(
    anyText.map(text => ({ type: 'text', text })),
    { maxLength: 2 },
  ),
)

export function result(value: fc.Arbitrary<unknown>): fc.Arbitrary<Shape> {
  const block = fc
    .tuple(id, resultContent, fc.constantFrom(undefined, false, true), fc.boolean())
    .map(([call, content, isError, clientOrder]) =>
      clientOrder
        ? { tool_use_id: call, type: 'tool_result', content, is_error: isError }
        : { type: 'tool_result', content, is_error: isError, tool_use_id: call },
    )
  return fc
    .tuple(block, value, decision, stamp, fc.constantFrom('automode-blocked', 'user-rejected'))
    .map(([call, toolUseResult, permissionDecision, at, toolDenialKind]) => ({
      message: { role: 'user', content: [call] },
      line: {
        parentUuid: 'a0',
        isSidechain: false,
        promptId: 'p',
        type: 'user',
        ...MESSAGE,
        uuid: 'r0',
        timestamp: at,
        toolUseResult,
        ...(call.is_error === true ? { toolDenialKind } : {}),
        sourceToolAssistantUUID: 'a0',
        permissionDecision,
        ...TAIL,
      },
    }))
}

/** Lines that are no message. */
export const other: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      'queue-operation',
      'file-history-snapshot',
      'mode',
      'permission-mode',
      'custom-title',
      'attachment',
      'cost-state',
      'of-next-year',
    ),
    fc.option(stamp),
    anyText,
    anyValue,
  )
  .map(([type, at, text, value]) => {
    const stamped = at === null ? {} : { timestamp: at }
    const rest = { sessionId: 'session-1', permissionMode: 'auto', customTitle: text, value }
    return JSON.stringify(
      type === 'attachment'
        ? { parentUuid: 'p', attachment: { type: 'x', value }, type, ...stamped, ...rest }
        : { type, totalCostUSD: 1, ...stamped, ...rest },
    )
  })

/** The same keys in another order. */
export function shuffled(shape: Shape): fc.Arbitrary<Shape> {
  const mix = (object: object): fc.Arbitrary<object> =>
    fc
      .shuffledSubarray(Object.entries(object), { minLength: Object.keys(object).length })
      .map(entries => Object.fromEntries(entries))
  return fc.tuple(mix(shape.line), mix(shape.message)).map(([line, message]) => ({ line, message }))
}

/** With some keys gone and some that nobody knows yet. */
export function altered(shape: Shape): fc.Arbitrary<Shape> {
  return fc
    .tuple(
      fc.constantFrom(...Object.keys(shape.line)),
      fc.constantFrom(...Object.keys(shape.message)),
      fc.constantFrom('line', 'message', 'neither'),
      fc.dictionary(fc.constantFrom('agentNote', 'extra', 'usage2'), anyValue, { maxKeys: 2 }),
      fc.boolean(),
    )
    .map(([key, messageKey, where, extra, first]) => {
      const line = where === 'line' && key !== 'message' ? without(shape.line, key) : shape.line
      const more = first ? { ...extra, ...line } : { ...line, ...extra }
      const { message } = shape
      return { line: more, message: where === 'message' ? without(message, messageKey) : message }
    })
}

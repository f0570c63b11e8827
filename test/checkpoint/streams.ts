/** Answers of the Messages API as it streams them, in all the forms that are known. */

export interface Recorded {
  readonly name: string
  readonly text: string
  /** Ids of the calls that a check must answer for. */
  readonly calls: readonly string[]
  /** A call is not whole, and always gets an answer: that there is no verdict. */
  readonly isBroken?: boolean
}

type Event = { readonly type: string } & Readonly<Record<string, unknown>>

const sse = (events: readonly Event[], eol = '\n'): string =>
  events.map(it => `event: ${it.type}${eol}data: ${JSON.stringify(it)}${eol}${eol}`).join('')

const start: Event = {
  type: 'message_start',
  message: {
    id: 'msg_01',
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-4-6',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: 12,
      cache_creation_input_tokens: 30,
      cache_read_input_tokens: 400,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      output_tokens: 1,
    },
  },
}
const stop: Event = { type: 'message_stop' }
const ping: Event = { type: 'ping' }

function block(index: number, content_block: object, deltas: readonly object[]): Event[] {
  return [
    { type: 'content_block_start', index, content_block },
    ...deltas.map(delta => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
}
const text = (index: number, ...parts: string[]): Event[] =>
  block(
    index,
    { type: 'text', text: '' },
    parts.map(it => ({ type: 'text_delta', text: it })),
  )
const call = (index: number, id: string, input: object, size = 7): Event[] =>
  block(
    index,
    { type: 'tool_use', id, name: 'Bash', input: {} },
    piecesOf(JSON.stringify(input), size).map(partial_json => ({
      type: 'input_json_delta',
      partial_json,
    })),
  )
const piecesOf = (all: string, size: number): string[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    all.slice(i * size, (i + 1) * size),
  )
const end = (stop_reason: string | null, more: object = {}): Event => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null, ...more },
  usage: { output_tokens: 88 },
})

/** An answer with one call of Bash. */
export const oneCall = (command: string): string =>
  sse([start, ...call(0, 'toolu_1', { command }), end('tool_use'), stop])

/** The same, with these as the deltas at its end. */
export const withDeltas = (deltas: readonly object[]): string =>
  sse([
    start,
    ...call(0, 'toolu_1', { command: 'ls' }),
    ...deltas.map(delta => ({ type: 'message_delta', delta })),
    stop,
  ])

const CALL = call(0, 'toolu_1', { command: 'ls -la' })
const answered = (outcome: string): object => ({
  safeguard_results: [
    {
      type: 'dangerous_tool_use',
      status: { type: 'available', tool_uses: { toolu_1: { type: 'evaluated', outcome } } },
    },
  ],
})

export const STREAMS: readonly Recorded[] = [
  {
    name: 'text with other scripts, and what looks like events',
    text: sse([
      start,
      ping,
      ...text(0, 'Grüße, 日本語, 👩‍💻', '\n\nevent: message_delta\ndata: {}\n\n', ''),
      end('end_turn'),
      stop,
    ]),
    calls: [],
  },
  { name: 'one call', text: sse([start, ...CALL, end('tool_use'), stop]), calls: ['toolu_1'] },
  {
    name: 'thinking, text and parallel calls',
    text: sse([
      start,
      ...block(0, { type: 'thinking', thinking: '', signature: '' }, [
        { type: 'thinking_delta', thinking: 'Let me "see" {"type":"message_delta"}' },
        { type: 'signature_delta', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h' },
      ]),
      ...block(1, { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix' }, []),
      ...text(2, 'Both at once.'),
      ...call(3, 'toolu_1', { command: 'cat "a b".txt | wc -l' }),
      ping,
      ...call(4, 'toolu_2', { file_path: '/x', content: 'ä\u2028€\\n' }, 3),
      end('tool_use'),
      stop,
    ]),
    calls: ['toolu_1', 'toolu_2'],
  },
  {
    name: 'server tools and citations',
    text: sse([
      start,
      ...block(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }, [
        { type: 'input_json_delta', partial_json: '{"query":"x"}' },
      ]),
      ...block(
        1,
        {
          type: 'web_search_tool_result',
          tool_use_id: 'srvtoolu_1',
          content: [{ type: 'web_search_result', url: 'https://x.example', title: 'X' }],
        },
        [],
      ),
      ...block(2, { type: 'text', text: '', citations: [] }, [
        { type: 'citations_delta', citation: { type: 'web_search_result_location', url: 'u' } },
        { type: 'text_delta', text: 'found' },
      ]),
      ...call(3, 'toolu_1', {}),
      end('tool_use'),
      stop,
    ]),
    calls: ['toolu_1'],
  },
  {
    name: 'a turn that pauses, and several ends',
    text: sse([start, ...CALL, end(null), ping, end('pause_turn'), ping, ping, stop]),
    calls: ['toolu_1'],
  },
  {
    name: 'a call that was cut short',
    text: sse([
      start,
      ...block(0, { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }, [
        { type: 'input_json_delta', partial_json: '{"command":"rm -' },
      ]),
      end('max_tokens'),
      stop,
    ]),
    calls: ['toolu_1'],
    isBroken: true,
  },
  {
    name: 'a call without an end',
    text: sse([start, ...CALL.slice(0, -1), end('max_tokens'), stop]),
    calls: ['toolu_1'],
    isBroken: true,
  },
  {
    name: 'an error in the middle',
    text: sse([
      start,
      ...text(0, 'I wi'),
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    ]),
    calls: [],
  },
  {
    name: 'events and fields that nobody knows, comments and empty lines',
    text: `: hello\n\n\n${sse([start, { type: 'brand_new', delta: { stop_reason: 'x' } }])}id: 7\nretry: 10\n\nevent:ping\ndata:{"type":"ping"}\n\n${sse([...CALL, end('tool_use', { container: { id: 'c', list: [{}] } }), { ...stop, 'amazon-bedrock-invocationMetrics': {} }])}`,
    calls: ['toolu_1'],
  },
  {
    name: 'carriage returns',
    text: sse([start, ...CALL, end('tool_use'), stop], '\r\n'),
    calls: ['toolu_1'],
  },
  {
    name: 'events without names',
    text: sse([start, ...CALL, end('tool_use'), stop]).replace(/^event: .*\n/gm, ''),
    calls: ['toolu_1'],
  },
  {
    name: 'white space inside',
    text: `${sse([start, ...CALL])}event: message_delta\ndata: { "type" : "message_delta" , "delta" : { "stop_reason" : "tool_use" } , "usage" : { } }\n\n${sse([stop])}`,
    calls: ['toolu_1'],
  },
  {
    name: 'an empty delta, and no line break at the end',
    text: `${sse([start, ...CALL])}event: message_delta\ndata: {"type":"message_delta","delta":{}}\n\nevent: message_stop\ndata: {"type":"message_stop"}`,
    calls: ['toolu_1'],
  },
  {
    name: 'what the API let through',
    text: sse([start, ...CALL, end('tool_use', answered('not_flagged')), stop]),
    calls: ['toolu_1'],
  },
  {
    name: 'what the API refused',
    text: sse([start, ...CALL, end('tool_use', answered('flagged')), stop]),
    calls: ['toolu_1'],
  },
  {
    name: 'an API that does not support the check, and has others',
    text: sse([
      start,
      ...CALL,
      end('tool_use', {
        safeguard_results: [
          { type: 'other', status: {} },
          { type: 'dangerous_tool_use', status: { type: 'unsupported' } },
        ],
      }),
      stop,
    ]),
    calls: ['toolu_1'],
  },
]

/** A call with an input of so many bytes, in one event or in many. */
export function largeCall(bytes: number, inOne: boolean): Recorded {
  const input = { file_path: '/x', content: 'é"\\\n'.repeat(bytes / 8) }
  const size = inOne ? Number.MAX_SAFE_INTEGER : 1000
  return {
    name: `an input of ${bytes} bytes in ${inOne ? 'one event' : 'many'}`,
    text: sse([start, ...call(0, 'toolu_1', input, size), end('tool_use'), stop]),
    calls: ['toolu_1'],
  }
}

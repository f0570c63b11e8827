/** Transcript lines as the client writes them (2.1.330), with what a test is about as arguments. */

export const SESSION = '11111111-2222-4333-8444-555555555555'
export const VERSION = '2.1.330'

export interface LineOptions {
  readonly session?: string
  readonly version?: string
  /** Milliseconds after the start of the session. */
  readonly at?: number
}

export const START = Date.parse('2026-11-23T10:00:00.000Z')

export const stampOf = (at: number): string => new Date(START + at).toISOString()

function tailOf({ session = SESSION, version = VERSION }: LineOptions): object {
  return {
    userType: 'external',
    entrypoint: 'cli',
    cwd: '/home/dev/app',
    sessionId: session,
    version,
    gitBranch: 'main',
  }
}

export function promptLine(text: string, options: LineOptions = {}): string {
  return JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    promptId: 'p',
    type: 'user',
    message: { role: 'user', content: text },
    uuid: 'u0',
    timestamp: stampOf(options.at ?? 0),
    permissionMode: 'auto',
    ...tailOf(options),
  })
}

export const USAGE = {
  input_tokens: 1200,
  cache_creation_input_tokens: 3000,
  cache_read_input_tokens: 15000,
  output_tokens: 220,
  output_tokens_details: { thinking_tokens: 0 },
  server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
  service_tier: 'standard',
  cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
  inference_geo: '',
  iterations: [],
  speed: 'standard',
}

export interface Call {
  readonly id: string
  readonly tool?: string
  readonly input?: unknown
}

export interface AnswerOptions extends LineOptions {
  readonly message?: string
  readonly model?: string
  readonly usage?: unknown
}

/** One block of a model's answer: a tool call. */
export function callLine(call: Call, options: AnswerOptions = {}): string {
  const { id, tool = 'Bash', input = { command: 'true', description: 'd' } } = call
  return answerLine([{ type: 'tool_use', id, name: tool, input }], options)
}

export function textLine(text: string, options: AnswerOptions = {}): string {
  return answerLine([{ type: 'text', text }], options)
}

export function answerLine(content: readonly unknown[], options: AnswerOptions = {}): string {
  const { message = 'msg_1', model = 'claude-opus-4-6', usage = USAGE } = options
  return JSON.stringify({
    parentUuid: 'u0',
    isSidechain: false,
    message: {
      id: message,
      type: 'message',
      role: 'assistant',
      model,
      stop_sequence: null,
      content,
      stop_reason: 'tool_use',
      usage,
      stop_details: null,
    },
    toolInputStreamMs: 2,
    ...(content.length === 1 ? { apiBlockIndex: 0 } : {}),
    requestId: 'req_1',
    type: 'assistant',
    uuid: 'a0',
    timestamp: stampOf(options.at ?? 1000),
    ...tailOf(options),
  })
}

export interface ResultOptions extends LineOptions {
  readonly error?: boolean
  readonly denial?: string
  readonly decision?: object
  readonly toolUseResult?: unknown
}

export function resultLine(id: string, text: string, options: ResultOptions = {}): string {
  const { error = false, denial, decision, toolUseResult = { stdout: text } } = options
  return JSON.stringify({
    parentUuid: 'a0',
    isSidechain: false,
    promptId: 'p',
    type: 'user',
    message: {
      role: 'user',
      content: error
        ? [{ type: 'tool_result', content: text, is_error: true, tool_use_id: id }]
        : [{ tool_use_id: id, type: 'tool_result', content: text, is_error: false }],
    },
    uuid: 'r0',
    timestamp: stampOf(options.at ?? 2000),
    toolUseResult,
    ...(denial === undefined ? {} : { toolDenialKind: denial }),
    sourceToolAssistantUUID: 'a0',
    ...(decision === undefined ? {} : { permissionDecision: decision }),
    ...tailOf(options),
  })
}

export const BY_MODE = { decision: 'accept', source: 'config', reasonType: 'mode' }

/** Whole lines, each ended. */
export const text = (...lines: string[]): string => lines.map(line => `${line}\n`).join('')

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ToolCall {
  name: string
  input: Record<string, unknown>
}

/** One reply of the model: a text that ends the turn, or tool calls. */
export type Step = string | ToolCall[]

/** A step, or what decides it: the request stays open until it is known. */
export type ScriptedStep = Step | Promise<Step> | ((request: ApiRequest) => Step | Promise<Step>)

/** What a safety check says about an action. */
export interface Verdict {
  block: boolean
  reason?: string
}

export interface ApiOptions {
  /** The replies to every subagent (a first message with the word SUBAGENT), each from the start. */
  subagent?: ScriptedStep[]
  /** Answers the classifier requests of 2.1.150; nothing is blocked without it. */
  classify?: (action: string) => Verdict
  /** Whether the server-side check of 2.1.330 is answered, or left out as plain gateways do. */
  safeguards?: 'answer' | 'none'
  /** The answer to the server-side check; nothing is flagged without it. */
  judge?: (name: string, input: Record<string, unknown>) => Verdict
  /** How long each scripted reply takes. */
  delayMs?: number
}

export type RequestKind = 'main' | 'subagent' | 'classifier' | 'side' | 'count' | 'other'

export interface ApiRequest {
  kind: RequestKind
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  body: RequestBody
}

/** The parts of a request that decide the answer. */
export interface RequestBody {
  model?: string
  stream?: boolean
  max_tokens?: number
  system?: unknown
  tools?: { name?: string }[]
  messages?: { role: string; content: string | { type: string; text?: string }[] }[]
  safeguards?: unknown[]
}

export interface Api {
  url: string
  /** Every request so far, oldest first. */
  requests: ApiRequest[]
  close(): Promise<void>
}

type Content =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; input: Record<string, unknown> }

interface Reply {
  id: string
  requestId: string
  model: string
  content: Content[]
  safeguards?: Record<string, unknown>
}

const INPUT_USAGE = {
  input_tokens: 1200,
  cache_creation_input_tokens: 3000,
  cache_read_input_tokens: 15000,
}
const OUTPUT_TOKENS = 220
const TITLE = JSON.stringify({ title: 'Scripted session', branch: 'scripted' })

/** Starts a Messages API on 127.0.0.1 that answers the client by a script; after it, "Done.". */
export async function startApi(script: ScriptedStep[], options: ApiOptions = {}): Promise<Api> {
  const requests: ApiRequest[] = []
  const nextStep = stepper(script, options.subagent ?? [])
  let replies = 0
  const answer = async (request: ApiRequest, response: ServerResponse): Promise<void> => {
    const { kind, path } = request
    if (kind === 'other') return sendJson(response, path === '/' ? 200 : 404, {})
    if (kind === 'count') return sendJson(response, 200, { input_tokens: 19_200 })
    replies += 1
    const number = replies
    const step = await stepFor(request, options, nextStep)
    // The user may have interrupted while the script was still waiting.
    if (!response.destroyed) sendReply(response, request, replyTo(request, step, number, options))
  }
  const server = createServer((message, response) => {
    readRequest(message)
      .then(request => {
        requests.push(request)
        return answer(request, response)
      })
      .catch(error => response.destroy(error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Hands out the script's steps: the main loop has one place in it, each subagent its own. */
function stepper(main: ScriptedStep[], subagent: ScriptedStep[]) {
  const places = new Map<string, number>()
  return (request: ApiRequest): ScriptedStep => {
    const isMain = request.kind === 'main'
    const loop = isMain ? '' : firstUserText(request.body)
    const place = places.get(loop) ?? 0
    places.set(loop, place + 1)
    return (isMain ? main : subagent)[place] ?? 'Done.'
  }
}

async function stepFor(
  request: ApiRequest,
  options: ApiOptions,
  nextStep: (request: ApiRequest) => ScriptedStep,
): Promise<Step> {
  if (request.kind === 'classifier') return verdictText(classifiedAction(request.body), options)
  if (request.kind === 'side') return TITLE
  const scripted = nextStep(request)
  if (options.delayMs) await sleep(options.delayMs)
  return typeof scripted === 'function' ? scripted(request) : scripted
}

function replyTo(request: ApiRequest, step: Step, number: number, options: ApiOptions): Reply {
  const content: Content[] =
    typeof step === 'string'
      ? [{ type: 'text', text: step }]
      : step.map((call, i) => ({ type: 'tool_use', id: `toolu_${number}_${i}`, ...call }))
  const reply: Reply = {
    id: `msg_${number}`,
    requestId: `req_${number}`,
    model: request.body.model ?? 'claude-opus-4-6',
    content,
  }
  const asked = request.body.safeguards !== undefined && options.safeguards === 'answer'
  return asked ? { ...reply, safeguards: judgeAll(content, options) } : reply
}

/** The server's side of the check, as 2.1.330 understands it: one entry for each tool call. */
function judgeAll(content: Content[], { judge }: ApiOptions): Record<string, unknown> {
  const toolUses: Record<string, unknown> = {}
  for (const part of content) {
    if (part.type !== 'tool_use') continue
    const { block, reason } = judge?.(part.name, part.input) ?? { block: false }
    const explanation = block && reason ? { explanation: reason } : {}
    const outcome = block ? 'flagged' : 'not_flagged'
    toolUses[part.id] = { type: 'evaluated', outcome, ...explanation }
  }
  const status = { type: 'available', tool_uses: toolUses }
  return { safeguard_results: [{ type: 'dangerous_tool_use', status }] }
}

function verdictText(action: string, { classify }: ApiOptions): string {
  const { block, reason } = classify?.(action) ?? { block: false }
  if (!block) return '<block>no</block>'
  return `<block>yes</block><reason>${reason ?? '[Scripted Rule] blocked'}</reason>`
}

/** The judged action is the text just before the end of the classifier's own transcript. */
function classifiedAction(body: RequestBody): string {
  const texts = contentTexts(body.messages?.at(-1)?.content)
  const end = texts.findIndex(part => part.startsWith('</transcript>'))
  return (texts[end - 1] ?? '').trim()
}

async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const { method = 'GET', url = '/', headers } = message
  const raw = await text(message)
  // The client's own request: if its shape ever changes, the tests are meant to fail.
  const body = (raw ? JSON.parse(raw) : {}) as RequestBody
  const path = url.split('?')[0] ?? url
  return { kind: kindOf(method, path, body), method, path, headers, body }
}

function kindOf(method: string, path: string, body: RequestBody): RequestKind {
  if (method === 'POST' && path === '/v1/messages/count_tokens') return 'count'
  if (method !== 'POST' || path !== '/v1/messages') return 'other'
  const last = contentTexts(body.messages?.at(-1)?.content)
  if (last.some(part => part.startsWith('</transcript>'))) return 'classifier'
  if (!body.tools?.length) return 'side'
  return firstUserText(body).includes('SUBAGENT') ? 'subagent' : 'main'
}

function firstUserText(body: RequestBody): string {
  const first = body.messages?.find(message => message.role === 'user')
  return contentTexts(first?.content).join('\n')
}

function contentTexts(content: string | { text?: string }[] | undefined): string[] {
  if (typeof content === 'string') return [content]
  return (content ?? []).map(part => part.text ?? '')
}

function sendReply(response: ServerResponse, request: ApiRequest, reply: Reply): void {
  response.setHeader('request-id', reply.requestId)
  const usage = { ...INPUT_USAGE, output_tokens: OUTPUT_TOKENS }
  if (request.body.stream) sendStream(response, reply)
  else sendJson(response, 200, { ...messageHead(reply), ...messageEnd(reply), usage })
}

function sendStream(response: ServerResponse, reply: Reply): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const send = (event: { type: string } & Record<string, unknown>): void => {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  const usage = { ...INPUT_USAGE, output_tokens: 1 }
  send({ type: 'message_start', message: { ...messageHead(reply), content: [], usage } })
  for (const [index, part] of reply.content.entries()) {
    const isText = part.type === 'text'
    const start = isText ? { ...part, text: '' } : { ...part, input: {} }
    const delta = isText
      ? { type: 'text_delta', text: part.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(part.input) }
    send({ type: 'content_block_start', index, content_block: start })
    send({ type: 'content_block_delta', index, delta })
    send({ type: 'content_block_stop', index })
  }
  const total = { ...INPUT_USAGE, output_tokens: OUTPUT_TOKENS }
  send({ type: 'message_delta', delta: messageEnd(reply), usage: total })
  send({ type: 'message_stop' })
  response.end()
}

function messageHead({ id, model, content }: Reply): Record<string, unknown> {
  return { id, type: 'message', role: 'assistant', model, content, stop_reason: null }
}

function messageEnd({ content, safeguards }: Reply): Record<string, unknown> {
  const calls = content.some(part => part.type === 'tool_use')
  return { stop_reason: calls ? 'tool_use' : 'end_turn', stop_sequence: null, ...safeguards }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

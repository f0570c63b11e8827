/** The pass-through: every request goes on to the API as it came, and every answer comes back so. */
import {
  createServer,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { PassThrough, pipeline, Readable, type Transform } from 'node:stream'
import { ABOUT_PATH } from '../action/check.ts'
import { isModelRequest } from '../clients/claude-code/model-request.ts'
import { decoderFor } from './decoded.ts'
import { EventStream } from './event-stream.ts'
import { type Desk, Exchange } from './exchange.ts'
import { gatherInto } from './gathered.ts'

/** Between two machines only (RFC 9110, 7.6.1); Node writes its own. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'transfer-encoding',
  'upgrade',
])
/** Unused connections: given up before the API does, and kept longer than clients think between turns. */
const IDLE_MS = 30_000
const KEEP_MS = 10 * 60_000
const CLIENT_LEFT = 'the client left'
/** Of an answer that is no success, so much is read to learn what went wrong. */
const MAX_ERROR = 1 << 16

/**
 * @param upstream base URL of the API; a path of it comes before the request's
 * @param env where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` stand
 */
export function createProxy(upstream: URL, desk: Desk, env: NodeJS.ProcessEnv): Server {
  const secure = upstream.protocol === 'https:'
  const options = { keepAlive: true, timeout: IDLE_MS, proxyEnv: env }
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options)
  const send = secure ? httpsRequest : httpRequest
  const base = upstream.pathname.replace(/\/+$/, '')
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', url = '/' } = request
    const exchange = isModelRequest(method, url) ? new Exchange(desk, headerOf(request)) : null
    const onward = send({
      agent,
      hostname: upstream.hostname.replace(/^\[|\]$/g, ''),
      port: upstream.port,
      method,
      path: base + url,
      headers: onwardHeaders(request, upstream.host),
    })
    forward(request, onward, exchange)
    onward.on('response', answer => {
      try {
        answerWith(answer, response, exchange)
      } catch (error) {
        onward.destroy(errorOf(error)) // a head that cannot be written again
      }
    })
    onward.on('error', error => {
      exchange?.over(0, '', response.destroyed ? CLIENT_LEFT : reasonOf(error))
      if (response.headersSent) response.destroy()
      else refuse(response, desk.upstream, error)
    })
    response.on('close', () => {
      if (!response.writableFinished) onward.destroy()
    })
  }
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === ABOUT_PATH) return tell(response, desk.about)
    try {
      pass(request, response)
    } catch (error) {
      refuse(response, desk.upstream, errorOf(error)) // a head that cannot be sent on
    }
  })
  server.on('close', () => agent.destroy())
  server.requestTimeout = 0
  server.keepAliveTimeout = KEEP_MS
  return server
}

function forward(
  request: IncomingMessage,
  onward: ReturnType<typeof httpRequest>,
  exchange: Exchange | null,
): void {
  if (exchange !== null) {
    request.on('data', chunk => exchange.sent(chunk))
    // After it went on, so that reading it costs no time on the way.
    request.on('end', () => exchange.sentAll())
  }
  request.on('end', () => {
    if (request.rawTrailers.length > 0) onward.addTrailers(pairsOf(request.rawTrailers))
  })
  request.on('error', () => onward.destroy())
  request.pipe(onward)
}

function answerWith(
  answer: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange | null,
): void {
  const { statusCode: status = 502, statusMessage = '' } = answer
  answer.once('end', () => {
    if (answer.rawTrailers.length > 0) response.addTrailers(pairsOf(answer.rawTrailers))
  })
  let left = false
  response.prependOnceListener('close', () => {
    left = !response.writableFinished && !answer.destroyed
  })
  const over = (error?: Error | null): void =>
    exchange?.over(status, idOf(answer), error ? (left ? CLIENT_LEFT : reasonOf(error)) : '')
  response.sendDate = false
  const head = (dropped: readonly string[]): void => {
    response.writeHead(status, statusMessage, keptHeaders(answer.rawHeaders, dropped))
    response.flushHeaders()
  }
  if (exchange === null) {
    head([])
    gatherInto(answer, response)
    return
  }
  answer.once('data', () => exchange.began())
  const type = answer.headers['content-type'] ?? ''
  const decoder = decoderFor(answer.headers['content-encoding'])
  if (status !== 200 || decoder === 'unknown') {
    head([])
    readError(answer, exchange)
    pipeline(answer, response, over)
  } else if (/^text\/event-stream\b/.test(type)) {
    const events = new EventStream(exchange)
    if (decoder === null) {
      head([])
      gatherInto(answer, events)
      pipeline(events, response, over)
    } else if (exchange.asks) {
      // What is put in cannot be put into packed bytes.
      head(['content-encoding', 'content-length'])
      gatherInto(answer, decoder)
      pipeline(decoder, events, response, over)
    } else {
      head([])
      const read = readBeside(answer, decoder, events)
      pipeline(answer, response, error => void read.then(() => over(error)))
    }
  } else if (exchange.asks) {
    void whole(answer, decoder, response, exchange, over)
  } else {
    head([])
    const read = readWhole(answer, decoder, exchange)
    pipeline(answer, response, error => void read.then(() => over(error)))
  }
}

/** A message that is not streamed, and to which nothing is added. */
async function readWhole(
  answer: IncomingMessage,
  decoder: Transform | null,
  exchange: Exchange,
): Promise<void> {
  const chunks: Buffer[] = []
  answer.on('data', chunk => chunks.push(chunk))
  await new Promise(resolve => answer.once('close', resolve))
  const raw = Buffer.concat(chunks)
  try {
    const bytes = decoder === null ? raw : await unpacked(raw, decoder)
    await exchange.whole(bytes.toString('utf8'))
  } catch {
    // No message: there is nothing to learn.
  }
}

/** A message that is not streamed: it comes whole, and goes on whole. */
async function whole(
  answer: IncomingMessage,
  decoder: Transform | null,
  response: ServerResponse,
  exchange: Exchange,
  over: (error?: Error | null) => void,
): Promise<void> {
  const { statusCode: status = 502, statusMessage = '', rawHeaders } = answer
  try {
    const raw = await bytesOf(answer)
    const text = (decoder === null ? raw : await unpacked(raw, decoder)).toString('utf8')
    const amended = await exchange.whole(text).catch(() => null)
    const packed = amended === null ? [] : ['content-encoding', 'content-length']
    const headers = keptHeaders(rawHeaders, packed)
    const body = amended === null ? raw : Buffer.from(amended)
    if (amended !== null) headers.push('content-length', String(body.length))
    response.writeHead(status, statusMessage, headers)
    response.end(body)
    over()
  } catch (error) {
    response.destroy()
    over(errorOf(error))
  }
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function unpacked(raw: Buffer, decoder: Transform): Promise<Buffer> {
  return bytesOf(pipeline(Readable.from([raw]), decoder, new PassThrough(), () => {}))
}

/** Reads along without being in the way; what cannot be read is not known. */
function readBeside(
  answer: IncomingMessage,
  decoder: Transform,
  events: EventStream,
): Promise<void> {
  answer.on('data', chunk => decoder.write(chunk))
  answer.on('close', () => decoder.end())
  events.resume()
  return new Promise(resolve => pipeline(decoder, events, () => resolve()))
}

function readError(answer: IncomingMessage, exchange: Exchange): void {
  const chunks: Buffer[] = []
  let length = 0
  answer.on('data', chunk => {
    length += chunk.length
    if (length <= MAX_ERROR) chunks.push(chunk)
  })
  answer.on('end', () => {
    try {
      exchange.event(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    } catch {
      // Not in a form that tells what it is.
    }
  })
}

function tell(response: ServerResponse, about: object): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(about))
}

/** As the API words its own errors, so that the client knows what to do: it tries again. */
function refuse(response: ServerResponse, upstream: string, error: Error): void {
  const message = `Signalbox's checkpoint cannot reach ${upstream}: ${reasonOf(error)}`
  response.writeHead(502, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ type: 'error', error: { type: 'api_error', message } }))
}

const errorOf = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error))

const reasonOf = (error: Error): string => ('code' in error ? String(error.code) : error.message)

function headerOf(request: IncomingMessage): (name: string) => string {
  return name => String(request.headers[name] ?? '')
}

function onwardHeaders(request: IncomingMessage, host: string): string[] {
  return ['Host', host, ...keptHeaders(request.rawHeaders, ['host'])]
}

/** As they were written, in their order. */
function keptHeaders(raw: readonly string[], dropped: readonly string[]): string[] {
  return pairsOf(raw)
    .filter(
      ([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !dropped.includes(name.toLowerCase()),
    )
    .flat()
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? ''])
  return pairs
}

const idOf = (answer: IncomingMessage): string =>
  String(answer.headers['request-id'] ?? '').slice(0, 100)

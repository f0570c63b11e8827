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
import { ABOUT_PATH } from '../action/check.ts'
import { isModelRequest } from '../clients/claude-code/model-request.ts'
import { answerWith } from './answering.ts'
import { type Desk, Exchange } from './exchange.ts'
import { onwardHead, pairsOf } from './heads.ts'

/** Unused connections: given up before the API does, and kept longer than clients think between turns. */
const IDLE_MS = 30_000
const KEEP_MS = 10 * 60_000
const MAX_HEAD = 64 << 10
const CLIENT_LEFT = 'the client left'

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
      headers: onwardHead(request, upstream.host),
      maxHeaderSize: MAX_HEAD,
    })
    const fail = (error: Error): void => {
      exchange?.over(0, '', response.destroyed ? CLIENT_LEFT : reasonOf(error))
      refuse(response, desk.upstream, error)
    }
    forward(request, onward, exchange)
    onward.on('response', answer => {
      // Told early, as an answer to what is too large: the rest of the request goes nowhere.
      if (!request.complete) {
        request.unpipe(onward)
        request.resume()
      }
      try {
        answerWith(answer, response, exchange)
      } catch (error) {
        fail(errorOf(error)) // a head that cannot be written again
        onward.destroy()
      }
    })
    onward.on('upgrade', (_, socket) => {
      socket.destroy()
      fail(new Error('it switches to another protocol'))
    })
    onward.on('error', fail)
    response.on('close', () => {
      if (!response.writableFinished) onward.destroy()
    })
  }
  const server = createServer({ maxHeaderSize: MAX_HEAD }, (request, response) => {
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
    const { rawTrailers, headers } = request
    if (rawTrailers.length > 0 && headers['transfer-encoding'] !== undefined)
      onward.addTrailers(pairsOf(rawTrailers))
  })
  request.on('error', () => onward.destroy())
  request.pipe(onward)
}

function tell(response: ServerResponse, about: object): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(about))
}

/** As the API words its own errors, so that the client knows what to do: it tries again. */
function refuse(response: ServerResponse, upstream: string, error: Error): void {
  const message = `Signalbox's checkpoint cannot reach ${upstream}: ${reasonOf(error)}`
  const body = JSON.stringify({ type: 'error', error: { type: 'api_error', message } })
  try {
    if (response.headersSent) throw error
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    response.writeHead(502, 'Bad Gateway', {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  } catch {
    response.destroy()
  }
}

function headerOf(request: IncomingMessage): (name: string) => string {
  return name => String(request.headers[name] ?? '')
}

const errorOf = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error))

const reasonOf = (error: Error): string => ('code' in error ? String(error.code) : error.message)

/** The pass-through: every request goes on to the API as it came, and every answer comes back so. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ABOUT_PATH } from '../action/check.ts'
import { isModelRequest } from '../clients/claude-code/model-request.ts'
import { answerWith } from './answering.ts'
import { apiAt, MAX_HEAD, type Onward } from './api.ts'
import { type Desk, Exchange } from './exchange.ts'
import { reasonOf } from './reason.ts'

/** Clients think between turns, longer than Node keeps an unused connection. */
const KEEP_MS = 10 * 60_000
const CLIENT_LEFT = 'the client left'

/**
 * @param upstream base URL of the API; a path of it comes before the request's
 * @param env where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` stand
 */
export function createProxy(upstream: URL, desk: Desk, env: NodeJS.ProcessEnv): Server {
  const api = apiAt(upstream, env)
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', url = '/' } = request
    const exchange = isModelRequest(method, url) ? new Exchange(desk, headerOf(request)) : null
    // What is sent and goes nowhere is taken nevertheless: a client may read nothing before it is through.
    const dropRest = (): void => {
      request.unpipe(onward.body)
      request.resume()
    }
    const failed = (error: Error): void => {
      setImmediate(dropRest)
      exchange?.over(0, '', response.destroyed ? CLIENT_LEFT : reasonOf(error))
      refuse(response, desk.upstream, error)
    }
    const onward = api.send(request, {
      answered: answer => {
        // Refused early, as what is too large; another answer may be one to what is still to come.
        if (!request.complete && (answer.statusCode ?? 0) >= 400) dropRest()
        answer.once('close', () => {
          if (request.complete) return
          dropRest()
          onward.leave()
        })
        try {
          answerWith(answer, response, exchange)
        } catch (error) {
          failed(errorOf(error)) // a head that cannot be written again
          onward.leave()
        }
      },
      failed,
    })
    forward(request, onward, exchange)
    response.on('close', () => {
      if (!response.writableFinished) onward.leave()
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
  server.on('close', () => api.close())
  server.requestTimeout = 0
  server.keepAliveTimeout = KEEP_MS
  return server
}

function forward(request: IncomingMessage, onward: Onward, exchange: Exchange | null): void {
  if (exchange !== null) {
    request.on('data', chunk => exchange.sent(chunk))
    request.on('end', () => exchange.sentAll())
  }
  request.on('error', () => onward.leave())
  request.pipe(onward.body)
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

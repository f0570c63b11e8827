/** The API as the checkpoint sends to it: over undici where that hands on every byte, else over Node. */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { PassThrough, type Writable } from 'node:stream'
import { Agent, type Dispatcher } from 'undici'
import { type ApiAnswer, GatheredAnswer } from './api-answer.ts'
import { onwardHead, pairsOf } from './heads.ts'

/** Unused connections are given up before the API does. */
const IDLE_MS = 30_000
export const MAX_HEAD = 64 << 10

/** What becomes of a request: one of the two is called. What breaks an answer is told by the answer. */
export interface Heard {
  readonly answered: (answer: ApiAnswer) => void
  readonly failed: (error: Error) => void
}

/** A request under way. */
export interface Onward {
  /** Takes the body. */
  readonly body: Writable
  /** Gives it up, and its answer. */
  readonly leave: () => void
}

export interface Api {
  /** @throws when its head cannot be sent on */
  send(request: IncomingMessage, heard: Heard): Onward
  close(): void
}

/**
 * @param upstream base URL; a path of it comes before the request's
 * @param env where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` stand
 */
export function apiAt(upstream: URL, env: NodeJS.ProcessEnv): Api {
  const direct = directly(upstream)
  const node = overNode(upstream, env)
  const name = upstream.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  // undici sends to a proxy no header twice.
  let isNodes = Boolean(env[name] || env[name.toUpperCase()])
  return {
    send: (request, heard) => {
      // … and no trailers.
      if (isNodes || request.headers['transfer-encoding'] !== undefined)
        return node.send(request, heard)
      const failed = (error: Error): void => {
        // It says so of a `100 Continue` that it did not ask for; the client's next try gets through.
        isNodes ||= error.message === 'bad response'
        heard.failed(error)
      }
      return direct.send(request, { ...heard, failed })
    },
    close: () => {
      direct.close()
      node.close()
    },
  }
}

/** Node's own client takes 2.5 µs for each piece of a body, and a model's events come one by one. */
function directly(upstream: URL): Api {
  const agent = new Agent({
    keepAliveTimeout: IDLE_MS,
    maxHeaderSize: MAX_HEAD,
    // HTTP/2 has other heads than the client would see without us.
    allowH2: false,
    // How long a model may think is for the client to say.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    send: (request, heard) => {
      const body = new PassThrough()
      body.on('error', () => {}) // what broke it is told to the handler
      const handler = new Handler(heard)
      agent.dispatch(
        {
          origin: upstream.origin,
          path: pathOf(upstream, request),
          method: request.method ?? 'GET',
          headers: onwardHead(request, upstream.host),
          body: Number(request.headers['content-length'] ?? 0) > 0 ? body : null,
        },
        handler,
      )
      return { body, leave: () => handler.leave() }
    },
    close: () => void agent.destroy(),
  }
}

class Handler implements Dispatcher.DispatchHandler {
  readonly #heard: Heard
  #controller: Dispatcher.DispatchController | null = null
  #answer: GatheredAnswer | null = null
  #isLeft = false

  constructor(heard: Heard) {
    this.#heard = heard
  }

  leave(): void {
    this.#isLeft = true
    this.#controller?.abort(new Error('the client left'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isLeft) this.leave()
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: object,
    text = '',
  ): void {
    if (status < 200) return
    this.#answer = new GatheredAnswer(controller, status, text)
    this.#answer.on('error', () => {}) // it can break before anybody reads it
    this.#heard.answered(this.#answer)
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#answer?.piece(piece)
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#answer?.end(controller)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#answer === null) this.#heard.failed(error)
    else this.#answer.destroy(error)
  }
}

function overNode(upstream: URL, env: NodeJS.ProcessEnv): Api {
  const secure = upstream.protocol === 'https:'
  const options = { keepAlive: true, timeout: IDLE_MS, proxyEnv: env }
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options)
  const send = secure ? httpsRequest : httpRequest
  const to: RequestOptions = {
    agent,
    hostname: upstream.hostname.replace(/^\[|\]$/g, ''),
    port: upstream.port,
    maxHeaderSize: MAX_HEAD,
  }
  return {
    send: (request, heard) => {
      const { method = 'GET', headers } = request
      const head = onwardHead(request, upstream.host)
      const onward = send({ ...to, method, path: pathOf(upstream, request), headers: head })
      request.on('end', () => {
        if (request.rawTrailers.length > 0 && headers['transfer-encoding'] !== undefined)
          onward.addTrailers(pairsOf(request.rawTrailers))
      })
      let isAnswered = false
      onward.on('response', answer => {
        isAnswered = true
        heard.answered(answer)
      })
      onward.on('upgrade', (_, socket) => {
        socket.destroy()
        heard.failed(new Error('it switches to another protocol'))
      })
      onward.on('error', error => {
        if (!isAnswered) heard.failed(error)
      })
      return { body: onward, leave: () => onward.destroy() }
    },
    close: () => agent.destroy(),
  }
}

const pathOf = (upstream: URL, { url = '/' }: IncomingMessage): string =>
  upstream.pathname.replace(/\/+$/, '') + url

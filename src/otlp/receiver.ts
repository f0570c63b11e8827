/**
 * An HTTP server for what OpenTelemetry exporters on this machine send (OTLP/HTTP with JSON): whole
 * bodies in, an answer out. It speaks to programs on this machine only, and to no page of a browser.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

export interface ReceiverOptions {
  /** Takes in the JSON of one request. A failure is answered so that the exporter tries again. */
  readonly take: (body: unknown) => void
  /** Says that something went wrong here, for people. */
  readonly complain: (text: string) => void
  readonly maxBytes?: number
}

const PATHS = ['/v1/logs', '/v1/metrics', '/v1/traces']

/** An exporter sends 512 events at a time, of some kilobytes at most. */
const MAX_BYTES = 16 << 20
/**
 * What is too long is read to its end, up to so many times as much: an exporter that is still sending
 * does not see an answer.
 */
const PATIENCE = 4
const REQUEST_MS = 30_000
const CONNECTIONS = 64

/** What is wrong with a request, and how it is answered. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** It does not listen yet. */
export function createReceiver(options: ReceiverOptions): Server {
  const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
    // Whoever sends may hang up at any time: the reading sees it, and nobody else need.
    request.on('error', () => {})
    response.on('error', () => {})
    void answer(request, response, options)
  })
  server.maxConnections = CONNECTIONS
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  return server
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ReceiverOptions,
): Promise<void> {
  const { socket } = request // afterwards a request may have none
  try {
    check(request)
    const body = await jsonOf(request, options.maxBytes ?? MAX_BYTES)
    options.take(body)
    send(response, 200, {})
  } catch (error) {
    if (error instanceof Refusal) send(response, error.status, { message: error.message })
    else {
      options.complain(error instanceof Error ? error.message : String(error))
      send(response, 503, { message: 'cannot be kept now' })
    }
    // What is left of a body that nobody wants is not waited for.
    if (!request.complete) response.on('finish', () => socket.destroySoon())
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed || response.headersSent) return
  const headers = { 'content-type': 'application/json', ...(status === 200 ? {} : CLOSING) }
  response.writeHead(status, headers).end(JSON.stringify(body))
}

const CLOSING = { connection: 'close' }

/** @throws Refusal */
function check({ method, url = '', headers }: IncomingMessage): void {
  if (!PATHS.includes(url.replace(/\?.*$/, '')))
    throw new Refusal(404, 'only /v1/logs, /v1/metrics and /v1/traces are here')
  if (method !== 'POST') throw new Refusal(405, 'only POST')
  // A page of a browser says where it is from, or reached this address under another name.
  if (headers.origin !== undefined || !isHere(headers.host ?? ''))
    throw new Refusal(403, 'only programs on this machine')
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? ''))
    throw new Refusal(415, 'only application/json: OTEL_EXPORTER_OTLP_PROTOCOL=http/json')
  if (!/^(identity|gzip|)$/i.test(headers['content-encoding'] ?? ''))
    throw new Refusal(415, 'only gzip, or nothing')
}

const isHere = (host: string): boolean => /^(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/i.test(host)

/** @throws Refusal on what is too long, or no JSON */
async function jsonOf(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const text = await textOf(request, maxBytes)
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, 'not JSON')
  }
}

async function textOf(request: IncomingMessage, maxBytes: number): Promise<string> {
  const zipped = /^gzip$/i.test(request.headers['content-encoding'] ?? '')
  // With the one ends the other, also when the sender hangs up.
  const stream = zipped ? pipeline(request, createGunzip(), () => {}) : request
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    // Both streams give buffers while no encoding is set.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes * PATIENCE) break
      if (bytes <= maxBytes) chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(400, 'the body is not whole')
  }
  if (bytes > maxBytes) throw new Refusal(413, `more than ${maxBytes} bytes`)
  return Buffer.concat(chunks).toString('utf8')
}

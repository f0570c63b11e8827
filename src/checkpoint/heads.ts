/** The heads of messages as they go on: what was written, in its order, but for what is between two machines only. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiAnswer } from './api-answer.ts'

/** RFC 9110, 7.6.1; Node writes its own, and has answered `Expect` before a handler sees it. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** @returns names and values in turn, as Node takes them */
export function onwardHead({ rawHeaders, headers }: IncomingMessage, host: string): string[] {
  const chunked = headers['transfer-encoding'] !== undefined
  // Node would leave the framing of a body out for methods that seldom have one.
  const framing = chunked ? ['Transfer-Encoding', 'chunked'] : []
  const dropped = chunked ? ['host'] : ['host', 'trailer']
  return ['Host', host, ...kept(rawHeaders, dropped), ...framing]
}

/**
 * Writes the head of an answer and sends it at once.
 * @param changed its body is not the one that came
 */
export function answerHead(answer: ApiAnswer, response: ServerResponse, changed: boolean): void {
  const { statusCode: status = 502, statusMessage = '', headers, rawHeaders } = answer
  const framed = headers['transfer-encoding'] !== undefined && !changed
  const dropped = [
    ...(changed ? ['content-encoding', 'content-length'] : []),
    // Trailers need pieces, which not every client of an answer takes.
    ...(framed && response.req.httpVersion === '1.1' ? [] : ['trailer']),
  ]
  const message = statusMessage.replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
  response.sendDate = false
  response.writeHead(status, message, kept(rawHeaders, dropped))
  response.write(NOTHING) // unlike flushHeaders it leaves bytes beyond ASCII as they are
}

const NOTHING = Buffer.alloc(0)

export function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? ''])
  return pairs
}

function kept(raw: readonly string[], dropped: readonly string[]): string[] {
  return pairsOf(raw)
    .filter(
      ([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !dropped.includes(name.toLowerCase()),
    )
    .flat()
}

/** An answer on its way back: passed on while it comes, read along, and amended where the client asked. */
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import type { ApiAnswer } from './api-answer.ts'
import { type Decoder, decoderFor } from './decoded.ts'
import { EventStream } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import { answerHead, pairsOf } from './heads.ts'
import { reasonOf } from './reason.ts'

/** Of an answer that is no success, so much is read to learn what went wrong. */
const MAX_ERROR = 1 << 16
/** A message that does not come as a stream is read, and amended, up to so many bytes. */
const MAX_MESSAGE = 32 << 20

/** @throws when its head cannot be written again */
export function answerWith(
  answer: ApiAnswer,
  response: ServerResponse,
  exchange: Exchange | null,
): void {
  const { statusCode: status = 502, headers } = answer
  passTrailers(answer, response)
  if (exchange === null) {
    answerHead(answer, response, false)
    pipeline(answer, response, () => {})
    return
  }
  const over = overWith(answer, response, exchange)
  answer.once('data', () => exchange.began())
  const asks = exchange.answering()
  const decoder = decoderFor(headers['content-encoding'])
  const isStream = /^text\/event-stream\b/i.test(headers['content-type'] ?? '')
  if (status !== 200 || decoder === 'unknown') {
    answerHead(answer, response, false)
    const read = readBeside(answer, MAX_ERROR)
    pipeline(answer, response, error => {
      read(bytes => exchange.event(jsonOf(bytes)))
      over(error)
    })
  } else if (isStream && (asks || decoder === null)) {
    const events = new EventStream(exchange)
    // What is put in cannot be put into packed bytes, and makes the body longer.
    answerHead(answer, response, asks)
    if (decoder === null) pipeline(answer, events, response, over)
    else pipeline(answer, decoder.stream(), events, response, over)
  } else if (isStream && decoder !== null) {
    answerHead(answer, response, false)
    const read = eventsBeside(answer, decoder, exchange)
    pipeline(answer, response, error => void read.then(() => over(error)))
  } else if (asks) {
    void whole(answer, decoder, response, exchange).then(over, error => {
      response.destroy() // a head that cannot be written again
      over(error)
    })
  } else {
    answerHead(answer, response, false)
    const read = readBeside(answer, MAX_MESSAGE)
    pipeline(answer, response, error =>
      read(async bytes => {
        await exchange.whole((await unpacked(bytes, decoder)).toString('utf8'))
      }).finally(() => over(error)),
    )
  }
}

function passTrailers(answer: ApiAnswer, response: ServerResponse): void {
  answer.once('end', () => {
    const { rawTrailers } = answer
    if (rawTrailers.length > 0 && response.req.httpVersion === '1.1')
      response.addTrailers(pairsOf(rawTrailers))
  })
}

function overWith(
  answer: ApiAnswer,
  response: ServerResponse,
  exchange: Exchange,
): (error?: Error | null) => void {
  let left = false
  response.prependOnceListener('close', () => {
    left = !response.writableFinished && !answer.destroyed
  })
  const id = String(answer.headers['request-id'] ?? '').slice(0, 100)
  return error =>
    exchange.over(
      answer.statusCode ?? 0,
      id,
      error ? (left ? 'the client left' : reasonOf(error)) : '',
    )
}

/** Keeps a copy of what passes, up to so many bytes; of more there is none. */
function readBeside(
  answer: ApiAnswer,
  limit: number,
): (use: (bytes: Buffer) => void | Promise<void>) => Promise<void> {
  let chunks: Buffer[] = []
  let length = 0
  answer.on('data', chunk => {
    length += chunk.length
    if (length <= limit) chunks.push(chunk)
    else chunks = []
  })
  return async use => {
    try {
      await use(Buffer.concat(chunks))
    } catch {
      // Not in a form that tells anything.
    }
  }
}

/** Reads packed events along without being in the way; what cannot be read is not known. */
function eventsBeside(answer: ApiAnswer, decoder: Decoder, exchange: Exchange): Promise<void> {
  const unpacking = decoder.stream()
  const events = new EventStream(exchange)
  events.resume()
  answer.on('data', chunk => {
    // A reader that falls behind gives up: it must not hold what is passed on already.
    if (unpacking.writableLength > MAX_MESSAGE) unpacking.destroy()
    if (!unpacking.destroyed) unpacking.write(chunk)
  })
  answer.on('close', () => unpacking.end())
  return new Promise(resolve => pipeline(unpacking, events, () => resolve()))
}

/**
 * A message that is not streamed comes whole, and goes on whole.
 * @returns what cut it short, if anything did
 */
async function whole(
  answer: ApiAnswer,
  decoder: Decoder | null,
  response: ServerResponse,
  exchange: Exchange,
): Promise<Error | null> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of answer) {
      chunks.push(chunk)
      length += chunk.length
      if (length > MAX_MESSAGE) return passRest(answer, chunks, response)
    }
  } catch (error) {
    answerHead(answer, response, false)
    for (const chunk of chunks) response.write(chunk)
    setImmediate(() => response.destroy()) // what came is on its way by then
    return error instanceof Error ? error : new Error(String(error))
  }
  const raw = Buffer.concat(chunks)
  const text = await unpacked(raw, decoder).catch(() => null)
  const amended =
    text === null ? null : await exchange.whole(text.toString('utf8')).catch(() => null)
  answerHead(answer, response, amended !== null)
  response.end(amended ?? raw)
  return null
}

/** Too long to be read: what came goes on, and then the rest. */
function passRest(
  answer: ApiAnswer,
  chunks: readonly Buffer[],
  response: ServerResponse,
): Promise<Error | null> {
  answerHead(answer, response, false)
  for (const chunk of chunks) response.write(chunk)
  return new Promise(resolve => pipeline(answer, response, error => resolve(error ?? null)))
}

const unpacked = async (raw: Buffer, decoder: Decoder | null): Promise<Buffer> =>
  decoder === null ? raw : decoder.whole(raw, MAX_MESSAGE)

function jsonOf(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'))
}

/** A connection to a server that listens nowhere: bytes in, and what it answered. */
import type { Server } from 'node:http'
import { Duplex } from 'node:stream'

/** What an answer takes at most, in turns of the event loop; then the client hangs up. */
const TURNS = 12

class Wire extends Duplex {
  readonly got: Buffer[] = []

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.got.push(chunk)
    done()
  }

  /** As a real connection has it. */
  destroySoon(): void {
    this.end()
    this.once('finish', () => this.destroy())
  }
}

/**
 * @param pieces come one after the other
 * @param waits whether the client still waits for the end of the answer: looked at each turn
 */
export async function exchange(
  server: Server,
  pieces: readonly Buffer[],
  waits: () => boolean,
): Promise<string> {
  const wire = new Wire()
  let isOver = false
  wire.once('finish', () => {
    isOver = true
  })
  wire.on('error', () => {})
  server.emit('connection', wire)
  for (const piece of pieces) {
    wire.push(piece)
    await turn()
  }
  for (let i = 0; !isOver && (i < TURNS || waits()); i++) await turn()
  wire.push(null)
  await turn()
  wire.destroy()
  for (let i = 0; !wire.closed && i < TURNS; i++) await turn()
  return Buffer.concat(wire.got).toString('utf8')
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

export interface Answer {
  readonly status: number
  readonly body: string
}

/** The answers in what a server wrote. @throws when it is no HTTP */
export function answersIn(text: string): Answer[] {
  const answers: Answer[] = []
  for (let rest = text; rest !== ''; ) {
    const [, status = '', head = ''] =
      /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n([\s\S]*?)\r\n\r\n/.exec(rest) ?? []
    if (status === '') throw new Error(`no answer: ${rest.slice(0, 200)}`)
    const body = rest.slice(rest.indexOf('\r\n\r\n') + 4)
    const length = /^content-length: *(\d+)/im.exec(head)?.[1]
    const whole = length === undefined ? dechunked(body) : cut(body, Number(length))
    answers.push({ status: Number(status), body: whole.body })
    rest = whole.rest
  }
  return answers
}

interface Cut {
  readonly body: string
  readonly rest: string
}

/** Lengths are in bytes. */
function cut(text: string, bytes: number): Cut {
  const all = Buffer.from(text)
  return { body: all.toString('utf8', 0, bytes), rest: all.toString('utf8', bytes) }
}

function dechunked(text: string): Cut {
  // Without a length it goes on to the end, or to where the server gave up on what came next.
  if (!/^[0-9a-f]+\r\n/i.test(text)) {
    const next = text.search(/HTTP\/1\.1 \d{3} /)
    return next < 0
      ? { body: text, rest: '' }
      : { body: text.slice(0, next), rest: text.slice(next) }
  }
  let body = ''
  for (let rest = text; ; ) {
    const size = /^([0-9a-f]+)\r\n/i.exec(rest)
    if (size === null) return { body, rest: '' }
    const length = Number.parseInt(size[1] ?? '', 16)
    const chunk = cut(rest.slice(size[0].length), length)
    body += chunk.body
    rest = chunk.rest.replace(/^\r\n/, '')
    if (length === 0) return { body, rest }
  }
}

export function requestOf(head: readonly string[], body: string | Buffer): Buffer {
  const bytes = Buffer.from(body)
  const length = `content-length: ${bytes.length}`
  return Buffer.concat([Buffer.from(`${[...head, length].join('\r\n')}\r\n\r\n`), bytes])
}

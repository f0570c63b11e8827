/** An answer of the API, its head read and its body still to come. */
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'

export type ApiAnswer = Readable &
  Pick<IncomingMessage, 'statusCode' | 'statusMessage' | 'headers' | 'rawHeaders' | 'rawTrailers'>

/** Small pieces that come at once go on as one: each piece costs as much as a large one. */
export class GatheredAnswer extends Readable implements ApiAnswer {
  readonly statusCode: number
  readonly statusMessage: string
  readonly rawHeaders: string[]
  readonly headers: Record<string, string> = {}
  rawTrailers: string[] = []
  readonly #controller: Dispatcher.DispatchController
  #pieces: Buffer[] = []

  constructor(controller: Dispatcher.DispatchController, status: number, text: string) {
    super()
    this.#controller = controller
    this.statusCode = status
    this.statusMessage = Buffer.from(text).toString('latin1') // undici took the bytes for UTF-8
    this.rawHeaders = textsOf(controller.rawHeaders)
    for (let i = 0; i + 1 < this.rawHeaders.length; i += 2) {
      const name = (this.rawHeaders[i] ?? '').toLowerCase()
      const value = this.rawHeaders[i + 1] ?? ''
      const before = this.headers[name]
      this.headers[name] = before === undefined ? value : `${before}, ${value}`
    }
  }

  piece(bytes: Buffer): void {
    if (this.#pieces.push(bytes) === 1) process.nextTick(() => this.#flush())
  }

  end(controller: Dispatcher.DispatchController): void {
    this.#flush()
    this.rawTrailers = textsOf(controller.rawTrailers)
    this.push(null)
  }

  override _read(): void {
    this.#controller.resume()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#controller.abort(error ?? new Error('the client left'))
    done(error)
  }

  #flush(): void {
    const [first] = this.#pieces
    if (first === undefined || this.destroyed) return
    const bytes = this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces)
    this.#pieces = []
    if (!this.push(bytes)) this.#controller.pause()
  }
}

/** undici gives a head as it came, in bytes, or as texts. */
function textsOf(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  return Array.isArray(raw)
    ? raw.map(it => (typeof it === 'string' ? it : it.toString('latin1')))
    : []
}

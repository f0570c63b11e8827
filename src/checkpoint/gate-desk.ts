/** Asks the gate for verdicts and tells it what passed, over its socket; starts it where it is not there. */
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import * as v from 'valibot'
import { CHECK_REPLY, type CheckReply, type CheckRequest, type Metered } from '../action/check.ts'
import { PROTOCOL, PROTOCOL_HEADER, VERSION_HEADER } from '../action/protocol.ts'
import type { Install } from '../config/install.ts'
import { version } from '../config/version.ts'
import { CHECK_PATH, HOOK_SOCKET, METERED_PATH } from '../gate/sockets.ts'
import { startGate } from '../gate/start.ts'

/** How often a gate that is starting is tried. */
const AGAIN_MS = 25
const TELL_MS = 2000
/** So many accounts of requests wait for a gate that does not answer; older ones are lost. */
const MAX_WAITING = 1000

export class GateDesk {
  readonly #install: Install
  readonly #agent = new Agent({ keepAlive: true })
  readonly #waiting: Metered[] = []
  #telling: Promise<void> | null = null

  constructor(install: Install) {
    this.#install = install
  }

  /** @throws when the gate does not answer, or not in a form that is known */
  async check(asked: CheckRequest, signal: AbortSignal): Promise<CheckReply> {
    return v.parse(CHECK_REPLY, await this.#post(CHECK_PATH, asked, signal))
  }

  /** Is written down as soon as the gate answers. */
  metered(metered: Metered): void {
    this.#waiting.push(metered)
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift()
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = null
    })
  }

  /** Resolves when all is told, or cannot be. */
  async close(): Promise<void> {
    await this.#telling
    this.#agent.destroy()
  }

  async #tell(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#post(METERED_PATH, next, AbortSignal.timeout(TELL_MS))
      } catch {
        this.#waiting.unshift(next) // the next one tries again
        return
      }
    }
  }

  async #post(path: string, body: object, signal: AbortSignal): Promise<unknown> {
    const text = JSON.stringify(body)
    for (let started = false; ; ) {
      try {
        return await this.#once(path, text, signal)
      } catch (error) {
        const gone = error instanceof Error && 'code' in error && isGone(error.code)
        if (!gone || signal.aborted) throw error
        if (!started) startGate(this.#install)
        started = true
        await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
      }
    }
  }

  #once(path: string, text: string, signal: AbortSignal): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const asked = request(
      {
        agent: this.#agent,
        socketPath: join(this.#install.sockets, HOOK_SOCKET),
        path,
        method: 'POST',
        headers: { [PROTOCOL_HEADER]: PROTOCOL, [VERSION_HEADER]: version() },
        signal,
      },
      async response => {
        try {
          let answer = ''
          for await (const chunk of response.setEncoding('utf8')) answer += chunk
          if (response.statusCode === 200) resolve(JSON.parse(answer))
          else reject(new Error(wordsIn(answer) || `the gate answered ${response.statusCode}`))
        } catch (error) {
          reject(error)
        }
      },
    )
    asked.on('error', reject)
    asked.end(text)
    return promise
  }
}

/** What the gate says of why it does not answer, or `''`. */
function wordsIn(answer: string): string {
  const words = v.safeParse(
    v.pipe(v.string(), v.parseJson(), v.object({ text: v.string() })),
    answer,
  )
  return words.success ? words.output.text : ''
}

/** No gate is there, or it went while it was asked: then another is started. */
const isGone = (code: unknown): boolean =>
  code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE'

/**
 * The gate's control socket. A gate that is not there is no error: it comes with the next action of
 * a session, and this finds it then.
 */
import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http'
import * as v from 'valibot'
import {
  COMMAND_REPLY,
  type CommandInput,
  type CommandReply,
  type CommandRequest,
  GATE_STATUS,
  type GateStatus,
  type ScreenName,
} from '../action/command.ts'
import {
  differenceOf,
  PROTOCOL,
  PROTOCOL_HEADER,
  protocolIn,
  VERSION_HEADER,
} from '../action/protocol.ts'
import { version } from '../config/version.ts'
import type { Watched } from '../monitor/link.ts'

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 2000
/** A gate that does not answer a command for so long hangs. */
const ANSWER_MS = 10_000

const headers = { [PROTOCOL_HEADER]: PROTOCOL, [VERSION_HEADER]: version() }

/** What a gate of another version tells; one from before there was a number tells no version either. */
function differenceIn(told: IncomingHttpHeaders): string {
  const gate = {
    version: String(told[VERSION_HEADER] ?? 'an older one'),
    protocol: protocolIn(told[PROTOCOL_HEADER]),
  }
  return differenceOf(gate, { version: version(), protocol: PROTOCOL })
}

export class GateClient {
  readonly #socket: string
  readonly #screen: ScreenName
  readonly #listeners = new Set<() => void>()
  #connected = false
  /** Whether the gate knows of this screen now. */
  readonly connected: Watched<boolean> = {
    get: () => this.#connected,
    subscribe: listener => {
      this.#listeners.add(listener)
      return () => void this.#listeners.delete(listener)
    },
  }

  #differs = ''
  /** What is to be said of a gate of another version; `''`: nothing. Changes with `connected`. */
  readonly differs: Watched<string> = {
    get: () => this.#differs,
    subscribe: listener => this.connected.subscribe(listener),
  }

  /** @param socket absolute path of `control.sock` */
  constructor(socket: string, screen: ScreenName) {
    this.#socket = socket
    this.#screen = screen
  }

  /** Throws, with a line for the user, when the gate does not answer. */
  readonly send = async (command: CommandInput): Promise<CommandReply> => {
    const body = { screen: this.#screen, command } satisfies {
      screen: CommandRequest['screen']
      command: CommandInput
    }
    return v.parse(COMMAND_REPLY, await this.#ask('POST', '/command', JSON.stringify(body)))
  }

  /** Null when no gate runs. */
  async status(): Promise<GateStatus | null> {
    try {
      return v.parse(GATE_STATUS, await this.#ask('GET', '/status'))
    } catch {
      return null
    }
  }

  /** Lets the gate know that somebody is at this screen, again whenever it comes back. */
  attach(signal: AbortSignal): void {
    let pause = FIRST_PAUSE_MS
    let timer: NodeJS.Timeout | undefined
    let open: ClientRequest | undefined
    const again = (): void => {
      this.#become(false)
      if (signal.aborted) return
      timer = setTimeout(connect, pause)
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2)
    }
    const connect = (): void => {
      const { name, pid, tty } = this.#screen
      const query = new URLSearchParams({ name, pid: String(pid), tty })
      open = request({ socketPath: this.#socket, path: `/attach?${query}`, agent: false, headers })
      open.on('response', response => {
        if (response.statusCode !== 200) return void response.destroy()
        pause = FIRST_PAUSE_MS
        this.#differs = differenceIn(response.headers)
        this.#become(true)
        response.on('error', () => {}).resume()
      })
      open.on('error', () => {})
      open.on('close', again)
      open.end()
    }
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      open?.destroy()
    })
    connect()
  }

  #become(connected: boolean): void {
    if (this.#connected === connected) return
    this.#connected = connected
    for (const listener of this.#listeners) listener()
  }

  #ask(method: string, path: string, body?: string): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const sent = request(
      {
        socketPath: this.#socket,
        method,
        path,
        agent: false,
        timeout: ANSWER_MS,
        headers: { 'content-type': 'application/json', ...headers },
      },
      response => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('error', reject)
        response.on('end', () => {
          try {
            resolve(JSON.parse(Buffer.concat(pieces).toString('utf8')))
          } catch {
            reject(new Error(`answer ${response.statusCode} is not JSON`))
          }
        })
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('no answer in 10 s')))
    sent.on('error', reject)
    sent.end(body)
    return promise
  }
}

/** The gate's two sockets: one for the client's hooks, one for screens. */
import { once } from 'node:events'
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { CHECK_REQUEST, METERED } from '../action/check.ts'
import { COMMAND_REQUEST } from '../action/command.ts'
import {
  differenceOf,
  fits,
  PROTOCOL,
  PROTOCOL_HEADER,
  protocolIn,
  VERSION_HEADER,
} from '../action/protocol.ts'
import {
  environmentOf,
  parsePayload,
  preToolUseAnswer,
} from '../clients/claude-code/hook-payload.ts'
import type { Gate } from './gate.ts'
import { CHECK_PATH, CONTROL_SOCKET, HOOK_SOCKET, METERED_PATH } from './sockets.ts'

/** Larger payloads are read to their end, so that the client gets its answer, but not looked at. */
const MAX_PAYLOAD_BYTES = 16 << 20
const MAX_COMMAND_BYTES = 1 << 16
/** While a person is asked, blanks keep the line alive: a gate that hangs is told from one that waits. */
const FIRST_BLANK_MS = 1000
const BLANK_MS = 2000
const BLANKS = ' '.repeat(64)
/** So many calls may come at once before one is turned away, and asks. */
const BACKLOG = 4096
/** How soon a socket that was swapped is noticed. */
const WATCH_MS = 1000

export interface Servers {
  close(): void
}

/**
 * @param sockets a folder that only the user can enter
 * @param stop ends the gate, for whoever asks on the control socket
 */
export async function serve(gate: Gate, sockets: string, stop: () => void): Promise<Servers> {
  const hooks = hookServer(gate)
  const control = controlServer(gate, stop)
  const watches: NodeJS.Timeout[] = []
  const close = (): void => {
    for (const watch of watches) clearInterval(watch)
    for (const server of [hooks, control]) {
      server.close()
      server.closeAllConnections()
    }
  }
  try {
    watches.push(await listen(gate, hooks, join(sockets, HOOK_SOCKET)))
    watches.push(await listen(gate, control, join(sockets, CONTROL_SOCKET)))
  } catch (error) {
    close() // half a gate would keep the lock, and answer nobody
    throw error
  }
  return { close }
}

/** For the client's hooks, and for checkpoints. It does not listen yet. */
export const hookServer = (gate: Gate): Server =>
  createServer((request, response) => answered(gate, response, onHook(gate, request, response)))

/** For screens. It does not listen yet. */
export const controlServer = (gate: Gate, stop: () => void): Server =>
  createServer((request, response) => {
    response.setHeader(VERSION_HEADER, gate.parts.version)
    response.setHeader(PROTOCOL_HEADER, PROTOCOL)
    answered(gate, response, onControl(gate, stop, request, response))
  })

/** One request that fails in a way that nobody foresaw must not end the gate for all. */
function answered(gate: Gate, response: ServerResponse, work: Promise<void>): void {
  work.catch(error => {
    alert(gate, `a request could not be answered: ${messageOf(error)}`)
    response.destroy()
  })
}

/** @returns the watch over the socket: somebody may put another in its place */
async function listen(gate: Gate, server: Server, path: string): Promise<NodeJS.Timeout> {
  server.requestTimeout = 0
  server.headersTimeout = 10_000
  await bind(server, path)
  let own = inodeOf(path)
  let said = ''
  const say = (text: string): void => {
    if (text !== said) alert(gate, text)
    said = text
  }
  return setInterval(async () => {
    if (own !== null && inodeOf(path) === own) return
    own = null
    say(`${path} was replaced or taken away; the gate takes its place again`)
    server.close()
    try {
      await bind(server, path)
      own = inodeOf(path)
      said = ''
    } catch (error) {
      say(`${path}: ${String(error)}`) // and tried again at the next look
    }
  }, WATCH_MS).unref()
}

async function bind(server: Server, path: string): Promise<void> {
  // The folder too may be gone: systems clean those of who logged out.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  rmSync(path, { force: true }) // the lock says that no living gate has it
  const listening = once(server, 'listening')
  server.listen({ path, backlog: BACKLOG })
  await listening
  chmodSync(path, 0o600)
}

function inodeOf(path: string): number | null {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats?.isSocket() ? stats.ino : null
}

async function onHook(
  gate: Gate,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const body = await bodyOf(request, MAX_PAYLOAD_BYTES).catch(() => null)
  if (response.destroyed) return
  const differs = differenceIn(gate, request)
  if (request.url === CHECK_PATH)
    return differs === ''
      ? onCheck(gate, body, response, gone.signal)
      : json(response, 409, { text: differs })
  if (request.url === METERED_PATH) return onMetered(gate, body, response)
  const answer =
    body === null
      ? Promise.resolve(cannot('it is too large'))
      : answerOf(gate, body, request, gone.signal)
  const blanks = keepAlive(response)
  const text = await answer
  blanks.stop()
  if (!response.headersSent) response.setHeader('content-type', 'application/json')
  response.end(text)
}

/** Whatever goes wrong here, the checkpoint says that there is no verdict. */
async function onCheck(
  gate: Gate,
  body: string | null,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  try {
    return json(response, 200, await gate.check(v.parse(CHECK, body), gone))
  } catch (error) {
    const text = messageOf(error)
    alert(gate, `a checkpoint could not be answered: ${text}`)
    return json(response, 500, { text: text.slice(0, 200) })
  }
}

function onMetered(gate: Gate, body: string | null, response: ServerResponse): void {
  const parsed = v.safeParse(REQUEST_OVER, body)
  if (parsed.success) gate.metered(parsed.output)
  json(response, parsed.success ? 200 : 400, {})
}

const CHECK = v.pipe(v.string(), v.parseJson(), CHECK_REQUEST)
const REQUEST_OVER = v.pipe(v.string(), v.parseJson(), METERED)

/** Fails closed to a person: whatever goes wrong here, the action is asked. */
async function answerOf(
  gate: Gate,
  body: string,
  request: IncomingMessage,
  gone: AbortSignal,
): Promise<string> {
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return Array.isArray(value) ? value[0] : value
  }
  try {
    return await gate.hook(parsePayload(body), environmentOf(header), gone)
  } catch (error) {
    const text = messageOf(error)
    alert(gate, `a hook could not be answered: ${text}`)
    return cannot(text.slice(0, 200))
  }
}

/** What went wrong may be the journal itself. */
function alert(gate: Gate, text: string): void {
  try {
    gate.write({ type: 'alert', session: '', action: '', what: 'integrity', text })
  } catch {
    // Said to the client, at least.
  }
}

const cannot = (why: string): string =>
  preToolUseAnswer('ask', `Signalbox could not judge this action: ${why}`)

function keepAlive(response: ServerResponse): { stop(): void } {
  let timer = setTimeout(function blank() {
    response.write(BLANKS)
    timer = setTimeout(blank, BLANK_MS)
  }, FIRST_BLANK_MS)
  const stop = (): void => clearTimeout(timer)
  response.once('close', stop)
  return { stop }
}

async function onControl(
  gate: Gate,
  stop: () => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://gate')
  if (url === null) return json(response, 404, { done: false, text: 'this is no path' })
  const route = `${request.method} ${url.pathname}`
  if (route === 'GET /status') return json(response, 200, gate.status())
  if (route === 'GET /attach') return attach(gate, url.searchParams, response)
  if (route === 'POST /stop') {
    json(response, 200, { done: true, text: 'the gate stops' })
    return stop()
  }
  if (route !== 'POST /command')
    return json(response, 404, { done: false, text: `no ${route} here` })
  const differs = differenceIn(gate, request)
  if (differs !== '') return json(response, 409, { done: false, text: differs })
  const body = await bodyOf(request, MAX_COMMAND_BYTES).catch(() => null)
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), COMMAND_REQUEST), body)
  if (!parsed.success) return json(response, 400, { done: false, text: noCommand(gate, body) })
  try {
    return json(response, 200, await gate.command(parsed.output))
  } catch (error) {
    return json(response, 500, { done: false, text: `the gate failed: ${messageOf(error)}` })
  }
}

/** Why what the other side says is not understood; `''` when it is. */
function differenceIn(gate: Gate, { headers }: IncomingMessage): string {
  const protocol = protocolIn(headers[PROTOCOL_HEADER])
  if (fits(protocol, PROTOCOL)) return ''
  const version = String(headers[VERSION_HEADER] ?? 'of another version').slice(0, 40)
  return differenceOf({ version: gate.parts.version, protocol: PROTOCOL }, { version, protocol })
}

const NAMED = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ command: v.object({ type: v.pipe(v.string(), v.regex(/^[a-z-]{1,40}$/)) }) }),
)

function noCommand({ parts }: Gate, body: string | null): string {
  const named = v.safeParse(NAMED, body)
  return named.success
    ? `the gate is ${parts.version} and does not know '${named.output.command.type}' in this form: signalbox gate restart`
    : 'this is no command'
}

/** The connection stays open for as long as the screen is there. */
function attach(gate: Gate, about: URLSearchParams, response: ServerResponse): void {
  const of = (name: string): string => (about.get(name) ?? '').slice(0, 100)
  const detach = gate.attach({ name: of('name'), pid: Number(of('pid')) || 0, tty: of('tty') })
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.write('\n')
  response.on('close', detach)
}

/** @throws when it is longer; it is read to its end all the same */
async function bodyOf(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length <= limit) chunks.push(chunk)
    else chunks.length = 0
  }
  if (length > limit) throw new RangeError(`more than ${limit} bytes`)
  return Buffer.concat(chunks).toString('utf8')
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

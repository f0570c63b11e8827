/** A checkpoint in front of an API that a test plays, and a client that sees every byte. */
import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { CheckReply, CheckRequest, Metered } from '../../src/action/check.ts'
import type { Desk } from '../../src/checkpoint/exchange.ts'
import { createProxy } from '../../src/checkpoint/proxy.ts'

export interface Through {
  readonly url: string
  readonly asked: CheckRequest[]
  readonly metered: Metered[]
}

export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
}

/** @param check what the gate says; each call is let through where nothing is given */
export async function through(
  api: RequestListener,
  check: Desk['check'] = async ({ calls }) =>
    Object.fromEntries(calls.map(it => [it.action, { outcome: 'not_flagged' }])) as CheckReply,
  options: Partial<Desk> & { path?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Through> {
  const upstream = (await listening(createServer(api))) + (options.path ?? '')
  const asked: CheckRequest[] = []
  const metered: Metered[] = []
  const desk: Desk = {
    listen: 'http://here',
    upstream,
    byHand: false,
    elsewhere: false,
    about: { signalbox: 'test' },
    nameOf: session => session,
    check: (wanted, signal) => {
      asked.push(wanted)
      return check(wanted, signal)
    },
    metered: it => void metered.push(it),
    deadlineMs: () => 2000,
    ...options,
  }
  const url = await listening(createProxy(new URL(upstream), desk, options.env ?? {}))
  return { url, asked, metered }
}

export interface Got {
  readonly status: number
  readonly headers: readonly string[]
  readonly trailers: readonly string[]
  readonly body: Buffer
  readonly whole: boolean
}

export interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: readonly string[]
  readonly body?: string | Buffer
}

export async function ask(url: string, sent: Sent = {}): Promise<Got> {
  const { method = 'POST', path = '/v1/messages?beta=true', headers = [], body = '' } = sent
  const { hostname, port, host } = new URL(url)
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const length = ['Content-Length', String(Buffer.byteLength(body))]
  const flat = ['Host', host, ...(body === '' ? [] : length), ...headers]
  const asking = request({ hostname, port, method, path, headers: flat, agent: false }, resolve)
  asking.on('error', reject)
  asking.end(body)
  return gotten(await promise)
}

export async function gotten(answer: IncomingMessage): Promise<Got> {
  const chunks: Buffer[] = []
  let whole = true
  try {
    for await (const chunk of answer) chunks.push(chunk)
  } catch {
    whole = false
  }
  const { statusCode: status = 0, rawHeaders: headers, rawTrailers: trailers } = answer
  return { status, headers, trailers, body: Buffer.concat(chunks), whole }
}

/** A request of the client's, as 2.1.330 sends it, cut down to what is looked at. */
export function modelRequest(more: object = {}): string {
  return JSON.stringify({
    model: 'claude-opus-4-6',
    stream: true,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'list it' }] }],
    safeguards: [
      {
        type: 'dangerous_tool_use',
        classifier_context: {
          v: 1,
          permission_mode: 'auto',
          live_cwd: '/home/dev/app',
          home_dir: '/home/dev',
          trusted_directories: {
            additional: [
              { source: 'cliArg', resolved: ['/srv/data'] },
              { source: 'projectSettings', resolved: ['/srv/planted'] },
            ],
          },
          git_state: {
            root: '/home/dev/app',
            branch: 'feature',
            default_branch: null,
            visibility: { remotes: [{ name: 'origin', host: 'github.com', remote: 'acme/app' }] },
          },
        },
      },
    ],
    ...more,
  })
}

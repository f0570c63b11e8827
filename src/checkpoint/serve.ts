/** A checkpoint as a server: listens, asks the gate, and says what it is when it is asked. */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Address, addressOf } from '../config/address.ts'
import type { Install } from '../config/install.ts'
import { UsageError } from '../config/usage-error.ts'
import { version } from '../config/version.ts'
import { GateDesk } from './gate-desk.ts'
import { createProxy } from './proxy.ts'

export interface CheckpointOptions {
  readonly install: Install
  readonly upstream: URL
  /** `HOST:PORT`, or the absolute path of a Unix socket. */
  readonly listen: string
  readonly byHand: boolean
  /** The clients are on other machines. */
  readonly elsewhere: boolean
  /** As it is now: the policy may change. */
  readonly deadlineMs: () => number
  readonly env: NodeJS.ProcessEnv
}

export interface Checkpoint {
  /** What a client takes for the API's base URL. */
  readonly url: string
  /** Answers that are under way come to their end, for so long at most. */
  close(graceMs: number): Promise<void>
}

/** @throws UsageError when it cannot listen there */
export async function serveCheckpoint(options: CheckpointOptions): Promise<Checkpoint> {
  const { install, upstream, byHand, elsewhere, deadlineMs, env } = options
  const gate = new GateDesk(install)
  const at = addressOf(options.listen)
  const base = upstream.href.replace(/\/+$/, '')
  let url = ''
  const server = createProxy(
    upstream,
    {
      get listen() {
        return url
      },
      upstream: base,
      byHand,
      elsewhere,
      deadlineMs,
      about: { signalbox: version(), pid: process.pid, upstream: base },
      check: (request, signal) => gate.check(request, signal),
      metered: metered => gate.metered(metered),
      nameOf: (session, credential) => nameOf(session, credential, elsewhere),
    },
    env,
  )
  await listen(server, at, options.listen)
  url = urlOf(server, at)
  return {
    url,
    close: async graceMs => {
      await closed(server, graceMs)
      if ('path' in at) rmSync(at.path, { force: true })
      await gate.close()
    },
  }
}

/** A client on another machine is known by its key, of which only a hash is kept. */
function nameOf(session: string, credential: string, elsewhere: boolean): string {
  if (session !== '' && !elsewhere) return session
  const hash = createHash('sha256').update(credential).digest('hex').slice(0, 12)
  return `${hash}/${session || 'api'}`
}

async function listen(server: Server, at: Address, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      const code = 'code' in error ? String(error.code) : error.message
      reject(new UsageError(`--listen ${text}: cannot listen there (${code})`))
    })
    server.listen(at, resolve)
  })
  server.on('error', () => {}) // a connection that could not be taken up: the others go on
}

function urlOf(server: Server, at: Address): string {
  if ('path' in at) return `unix:${at.path}`
  // A server that listens on a port says which.
  const { port } = server.address() as AddressInfo
  return `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}`
}

async function closed(server: Server, graceMs: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  await new Promise(resolve => {
    server.close(resolve)
    server.closeIdleConnections()
  })
  clearTimeout(timer)
}

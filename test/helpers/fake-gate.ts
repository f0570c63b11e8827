/** A gate that only keeps what it is asked, on a real Unix socket. */
import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CommandReply, CommandRequest } from '../../src/action/command.ts'
import { PROTOCOL, PROTOCOL_HEADER, VERSION_HEADER } from '../../src/action/protocol.ts'
import type { Install } from '../../src/config/install.ts'
import { version } from '../../src/config/version.ts'
import { put, tempFolder } from './folder.ts'

export interface FakeGate {
  readonly socket: string
  readonly requests: CommandRequest[]
  /** The screens that are attached now, as they named themselves. */
  readonly attached: Map<ServerResponse, URLSearchParams>
  readonly close: () => Promise<void>
}

export async function fakeGate(
  sockets: string,
  reply: CommandReply = { done: true, text: 'done by the fake gate' },
): Promise<FakeGate> {
  const socket = join(sockets, 'control.sock')
  const requests: CommandRequest[] = []
  const attached = new Map<ServerResponse, URLSearchParams>()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://gate')
    response.setHeader(VERSION_HEADER, version())
    response.setHeader(PROTOCOL_HEADER, PROTOCOL)
    if (url.pathname === '/attach') {
      attached.set(response, url.searchParams)
      response.on('close', () => attached.delete(response))
      response.writeHead(200).flushHeaders()
      return
    }
    let body = ''
    request.setEncoding('utf8').on('data', text => {
      body += text
    })
    request.on('end', () => {
      if (url.pathname === '/command') requests.push(JSON.parse(body))
      response.end(JSON.stringify(url.pathname === '/command' ? reply : { pid: 1 }))
    })
  })
  await new Promise<void>(resolve => server.listen(socket, resolve))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  onTestFinished(close)
  return { socket, requests, attached, close }
}

/** A state folder with an install record; nothing of the tester's own is in it. */
export function installed(): { install: Install; file: string; journal: string } {
  const state = tempFolder()
  const install: Install = {
    node: process.execPath,
    program: 'signalbox.js',
    config: state,
    state,
    sockets: tempFolder(),
    managed: '/nonexistent',
    client: '/nonexistent',
    home: '/nonexistent',
    checkpoint: null,
  }
  const file = put(join(state, 'install.json'), JSON.stringify(install))
  return { install, file, journal: join(state, 'journal') }
}

export async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (holds()) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error('it did not happen within 5 s')
}

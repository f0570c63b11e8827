/** A gate that knows of its screens, and says of whatever it is told that it did it. */
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { NOW } from './story.ts'

export interface ListeningGate {
  /** Fulfilled when the next screen has told the gate that it is there. */
  readonly nextScreen: () => Promise<void>
  readonly stop: () => void
}

const DONE = { done: true, text: 'done by the gate' }

/** All that a screen asks of a gate to take it for one. */
export async function listeningGate(sockets: string): Promise<ListeningGate> {
  mkdirSync(sockets, { recursive: true, mode: 0o700 })
  const status = {
    pid: process.pid,
    version: '0.1.0',
    startedAt: NOW - 3_600_000,
    screens: [],
    sessions: 2,
    pending: 1,
    policyError: '',
    journal: { file: '2026-11-24.jsonl', seq: 1, head: '' },
  }
  let waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    const reply = request.url === '/command' ? DONE : status
    if (!request.url?.startsWith('/attach')) return void response.end(JSON.stringify(reply))
    response.writeHead(200, { 'x-signalbox-version': status.version }).flushHeaders()
    for (const attached of waiting.splice(0)) attached()
  })
  await new Promise<void>(resolve => server.listen(join(sockets, 'control.sock'), resolve))
  return {
    nextScreen: () => new Promise(resolve => waiting.push(resolve)),
    stop: () => {
      waiting = []
      server.closeAllConnections()
      server.close()
    },
  }
}

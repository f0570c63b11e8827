/** A gate that answers as a test wants, on a real socket, and a hook run by a real shell. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Install } from '../../src/config/install.ts'
import { put } from './folder.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** An install in a folder; `program` stands for the gate: a shell script that is run as `node`. */
export function installIn(folder: string, program = 'exit 1'): Install {
  const node = put(join(folder, 'node'), `#!/bin/sh\n${program}\n`)
  chmodSync(node, 0o755)
  const sockets = join(folder, 'run')
  mkdirSync(sockets, { recursive: true })
  const state = join(folder, "state of 'dev'")
  return {
    node,
    program: join(folder, 'signalbox.js'),
    config: join(folder, 'config'),
    state,
    sockets,
    managed: join(folder, 'policy.yaml'),
    client: join(folder, 'client'),
    home: folder,
    checkpoint: null,
  }
}

export interface Asked {
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Listens on a socket and notes what it is asked. */
export async function gateAt(socket: string, answer: RequestListener): Promise<Asked[]> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    asked.push({ url: request.url ?? '', headers: request.headers, body })
    answer(request, response)
  })
  servers.push(server)
  server.listen(socket)
  await once(server, 'listening')
  return asked
}

export const ALLOW = JSON.stringify({
  hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'allow' },
})

/** Answers every request with an approval: what must never be taken for one is told apart. */
export const allowing: RequestListener = (_, response) => {
  response.end(ALLOW)
}

export interface Ran {
  readonly code: number | null
  readonly stdout: string
}

/** Runs a hook as the client does. Only what a test puts there is in its environment. */
export async function runHook(
  { file, name }: { file: string; name: string },
  command: string,
  { payload = '{}', env = {} }: { payload?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  // Bash as `bash`, started over a socket as the outermost shell, takes itself for a remote login and
  // reads ~/.bashrc: SHLVL says that it is not.
  const child = spawn(file, ['-c', command], { argv0: name, env: { SHLVL: '1', ...env } })
  child.stdin.on('error', () => {}) // a shell that dies early is what some tests are about
  child.stdin.end(payload)
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  const [code] = await once(child, 'close')
  return { code: typeof code === 'number' ? code : null, stdout }
}

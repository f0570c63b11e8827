/** A real `nats-server` with JetStream, of the test's own, that can be killed and come back. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { tempFolder } from '../helpers/folder.ts'

export const isInstalled = spawnSync('nats-server', ['--version']).status === 0
if (!isInstalled)
  console.error(
    '\n*** nats-server is not installed: the fleet is NOT tested (apt install nats-server) ***\n',
  )

export interface NatsServer {
  readonly url: string
  start(): Promise<void>
  kill(): Promise<void>
}

/** @param config more lines of its configuration file */
export async function natsServer(...args: string[]): Promise<NatsServer> {
  const port = await freePort()
  const store = join(tempFolder(), 'js')
  let child: ChildProcess | null = null
  const it: NatsServer = {
    url: `nats://127.0.0.1:${port}`,
    start: async () => {
      const own = ['-js', '-sd', store, '-a', '127.0.0.1', '-p', String(port), ...args]
      child = spawn('nats-server', own, { stdio: 'ignore' })
      while (!(await answers(port))) await rest(20)
    },
    kill: async () => {
      if (child === null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      child = null
    },
  }
  await it.start()
  return it
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server on a port has an address of that form.
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

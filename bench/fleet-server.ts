// A `nats-server` with JetStream of the benchmark's own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { withTemp } from './common.ts'

export function withServer<T>(use: (url: string, pid: number) => Promise<T>): Promise<T> {
  return withTemp('nats', async dir => {
    const args = ['-js', '-sd', join(dir, 'js'), '-a', '127.0.0.1', '-p', '-1']
    const child = spawn('nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    await once(child, 'spawn')
    const ended = once(child, 'exit')
    try {
      return await use(await urlOf(child.stderr), child.pid ?? 0)
    } finally {
      child.kill()
      await ended
    }
  })
}

/** The port is the server's choice: it says which one in its log. */
async function urlOf(log: NodeJS.ReadableStream): Promise<string> {
  let url = ''
  for await (const line of createInterface(log)) {
    url = /client connections on (\S+)/.exec(line)?.[1] ?? url
    if (url !== '' && line.includes('Server is ready')) break
  }
  if (url === '') throw new Error('nats-server did not start')
  log.resume()
  return `nats://${url}`
}

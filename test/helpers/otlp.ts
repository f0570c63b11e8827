/** What real clients exported, and programs that receive it. */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { linesOf, nextLine, startCli } from './cli.ts'
import { FIXTURES } from './folder.ts'

export const EXPORTED_SESSION = 'e0414866-b0ae-4b27-89e8-5121a1eb7383'

export interface Exported {
  readonly url: string
  readonly body: unknown
}

/** Every request of one session, in its order; that of 2.1.330 is with traces. */
export function exported(version: '2.1.150' | '2.1.330' = '2.1.150'): Exported[] {
  const path = join(FIXTURES, `otlp-${version}`, 'requests.jsonl')
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

/** The published program, receiving on a free port. */
export async function receiving(env: Record<string, string>) {
  const child = startCli(['otlp', '--listen', '127.0.0.1:0'], env)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const lines = linesOf(child)
  const first = await nextLine(lines).catch(() => {
    throw new Error(stderr)
  })
  const url = /http:\/\/\S+?(?=,)/.exec(first)?.[0] ?? ''
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: object = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal)
    const [code] = await ended
    return typeof code === 'number' ? code : null
  }
  return { url, first, post, stop, stderr: () => stderr }
}

/** All that a folder of day files holds. */
export function keptIn(folder: string): string {
  const days = readdirSync(folder).sort()
  return days.map(name => readFileSync(join(folder, name), 'utf8')).join('')
}

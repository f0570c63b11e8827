import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SessionJson, Snapshot } from '../../src/monitor/snapshot.ts'

export const PROGRAM = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the published program; nothing of the tester's own settings reaches it. */
export function startCli(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: {
      PATH: process.env.PATH ?? '',
      TZ: 'UTC',
      HOME: '/nonexistent',
      XDG_CONFIG_HOME: '/nonexistent',
      ...env,
    },
  })
}

export async function runCli(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): Promise<Finished> {
  const child = startCli(args, env, cwd)
  child.stdin.end()
  return finished(child)
}

/** All that a program says until it ends. */
export async function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  return { code: typeof code === 'number' ? code : null, stdout, stderr }
}

/** What `watch --once --json` says of a folder. */
export async function snapshotBy(root: string, ...flags: string[]): Promise<Snapshot> {
  const { stdout, stderr } = await runCli(['watch', '--once', '--json', '--root', root, ...flags])
  if (stderr !== '') throw new Error(stderr)
  const snapshot: Snapshot = JSON.parse(stdout)
  return snapshot
}

export function onlySession({ sessions }: Snapshot): SessionJson {
  const [session, ...more] = sessions
  if (session === undefined || more.length > 0)
    throw new Error(`expected one session, there are ${sessions.length}`)
  return session
}

/** The lines that a program prints, one by one. */
export function linesOf(child: ChildProcessWithoutNullStreams): AsyncIterator<string> {
  return createInterface(child.stdout)[Symbol.asyncIterator]()
}

export async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next()
  if (done) throw new Error('the program printed no more lines')
  return value
}

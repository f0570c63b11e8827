/** The checkpoint that `init` set the client up for: it is there for as long as the gate is. */
import { type ChildProcess, spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { ABOUT_PATH } from '../action/check.ts'
import type { Install } from '../config/install.ts'
import { installFile } from '../config/install-file.ts'

/** One that ends at once is tried again later: its port may be free by then. */
const AGAIN_MS = 5000
const SOON_MS = 100
const LIVED_MS = 2000

/**
 * @param alert told, once, why it cannot be there
 * @returns ends it
 */
export function keepCheckpoint(install: Install, alert: (why: string) => void): () => void {
  const { checkpoint } = install
  if (checkpoint === null) return () => {}
  let child: ChildProcess | null = null
  let timer: NodeJS.Timeout | null = null
  let over = false
  let said = ''
  const start = (): void => {
    const began = Date.now()
    const args = [install.program, 'checkpoint', '--install', installFile(install.state)]
    const env = { ...checkpoint.env, PATH: '/usr/bin:/bin', HOME: install.home }
    const started = spawn(install.node, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
      env,
    })
    child = started
    const words = text(started.stderr).catch(() => '')
    started.on('error', () => {}) // Node moved: doctor says so
    started.on('close', async () => {
      const why = (await words).trim()
      if (over) return
      const lived = Date.now() - began > LIVED_MS
      // One of an earlier gate may still be there, and do as well.
      if (!lived && why !== said && !(await isOurs(checkpoint))) {
        said = why
        alert(`the checkpoint cannot be started: ${why}`)
      }
      timer = setTimeout(start, lived ? SOON_MS : AGAIN_MS).unref()
    })
    started.unref()
  }
  start()
  return () => {
    over = true
    if (timer !== null) clearTimeout(timer)
    child?.kill()
  }
}

async function isOurs({ listen, upstream }: NonNullable<Install['checkpoint']>): Promise<boolean> {
  try {
    const answer = await fetch(`http://${listen}${ABOUT_PATH}`, {
      signal: AbortSignal.timeout(AGAIN_MS),
    })
    const about: unknown = await answer.json()
    return (
      typeof about === 'object' && about !== null && Reflect.get(about, 'upstream') === upstream
    )
  } catch {
    return false
  }
}

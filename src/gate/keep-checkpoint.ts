/** The checkpoint that `init` set the client up for: it is there for as long as the gate is. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Install } from '../config/install.ts'
import { installFile } from '../config/install-file.ts'

/** One that ends at once has its port taken, perhaps by one that an earlier gate started. */
const AGAIN_MS = 5000
const SOON_MS = 100
const LIVED_MS = 2000

/** @returns ends it */
export function keepCheckpoint(install: Install): () => void {
  const { checkpoint } = install
  if (checkpoint === null) return () => {}
  let child: ChildProcess | null = null
  let timer: NodeJS.Timeout | null = null
  let over = false
  const start = (): void => {
    const began = Date.now()
    const args = [install.program, 'checkpoint', '--install', installFile(install.state)]
    const env = { ...checkpoint.env, PATH: '/usr/bin:/bin', HOME: install.home }
    child = spawn(install.node, args, { stdio: 'ignore', cwd: '/', env })
    child.on('error', () => {}) // Node moved: doctor says so
    child.on('close', () => {
      if (over) return
      timer = setTimeout(start, Date.now() - began > LIVED_MS ? SOON_MS : AGAIN_MS).unref()
    })
    child.unref()
  }
  start()
  return () => {
    over = true
    if (timer !== null) clearTimeout(timer)
    child?.kill()
  }
}

import { readFileSync } from 'node:fs'
import { shipped } from './paths.ts'

let known: string | null = null

/**
 * Of this program, from its package.json. It is read once: after an update another one stands there, while
 * this process goes on as it was.
 */
export function version(): string {
  known ??= read()
  return known
}

function read(): string {
  const manifest: { version?: string } = JSON.parse(readFileSync(shipped('package.json'), 'utf8'))
  return manifest.version ?? 'unknown'
}

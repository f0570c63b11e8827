import { readFileSync } from 'node:fs'
import { shipped } from './paths.ts'

/** Of this program, from its package.json. */
export function version(): string {
  const manifest: { version?: string } = JSON.parse(readFileSync(shipped('package.json'), 'utf8'))
  return manifest.version ?? 'unknown'
}

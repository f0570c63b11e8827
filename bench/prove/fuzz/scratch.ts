/** A folder for files that are written a million times: in memory, where there is such a place. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const made = new Set<string>()

export function scratch(name: string): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), `signalbox-${name}-`))
  made.add(path)
  const remove = (): void => {
    made.delete(path)
    rmSync(path, { recursive: true, force: true })
  }
  return { path, remove }
}

process.on('exit', () => {
  for (const path of made) rmSync(path, { recursive: true, force: true })
})

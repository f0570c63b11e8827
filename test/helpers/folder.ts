import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach } from 'vitest'

const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A fresh folder, gone after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'))
  made.push(folder)
  return folder
}

/** A fresh folder for all tests of a file, gone after the last. */
export function folderOfFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes a file and the folders above it. */
export function put(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

export const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))

export const FIXTURE_NAMES = [
  'auto-classifier-2.1.150',
  'auto-gateway-2.1.330',
  'auto-server-2.1.330',
  'hook-decisions-2.1.330',
  'manual-2.1.330',
] as const

/** A copy of all fixtures that a test may change. */
export function copyOfFixtures(): string {
  const folder = tempFolder()
  cpSync(FIXTURES, folder, { recursive: true })
  return folder
}

/** Files that are changed as a whole or not at all, one writer after the other. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from './error-code.ts'
import { UsageError } from './usage-error.ts'
import { writeWhole } from './whole-file.ts'

const PRIVATE = 0o600
const PRIVATE_FOLDER = 0o700

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER })
  } catch (error) {
    throw new UsageError(`${path}: cannot be made (${codeOf(error)}); nothing was changed`)
  }
}

/** Writes a file as a whole. @throws UsageError when that fails: then nothing was changed */
export function writeAtomically(path: string, text: string, mode = PRIVATE): void {
  try {
    writeWhole(path, text, mode)
  } catch (error) {
    throw new UsageError(`${path}: cannot be written (${codeOf(error)}); nothing was changed`)
  }
}

/** @returns the file that a path stands for: dotfiles are often links, which must stay links */
export function realFile(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return path
    throw new UsageError(`${path}: cannot be read (${codeOf(error)})`)
  }
}

/** @returns the text, or null when there is no file. Bytes that are no text are refused. */
export function readText(path: string): string | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new UsageError(`${path}: cannot be read (${codeOf(error)})`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UsageError(`${path}: is not UTF-8; save it as UTF-8`)
  }
}

const LOCK_WAIT_MS = 3000
const LOCK_STEP_MS = 15
/** Nobody holds a lock for longer than a write takes. */
const LOCK_STALE_MS = 10_000

/** Does something to a file while no other Signalbox process does. */
export function withLock<T>(path: string, work: () => T): T {
  const lock = `${path}.lock`
  makeFolder(dirname(path))
  const until = performance.now() + LOCK_WAIT_MS
  while (!taken(lock)) {
    if (performance.now() > until)
      throw new UsageError(
        `${path}: is being changed by another process; try again, or remove ${lock}`,
      )
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_STEP_MS)
  }
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function taken(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', PRIVATE))
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST')
      throw new UsageError(`${lock}: cannot be written (${codeOf(error)}); nothing was changed`)
  }
  try {
    // One from the future is as old: the clock was set back.
    if (Math.abs(Date.now() - statSync(lock).mtimeMs) > LOCK_STALE_MS) unlinkSync(lock)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  return false
}

/** Files that only this program writes: a link in their place, or another user's file, is none of them. */
import { closeSync, constants, fchmodSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { codeOf } from './error-code.ts'

const PRIVATE = 0o600
const OTHERS = 0o077
const OTHERS_WRITE = 0o022

/**
 * Opens a file to be written, and makes it where there is none; its owner's only, whatever it was.
 * @throws when it is a link (ELOOP), or another user's
 */
export function openOwn(path: string, how: 'append' | 'in place'): number {
  const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW } = constants
  const flags = O_RDWR | O_CREAT | O_NOFOLLOW | (how === 'append' ? O_APPEND : 0)
  const fd = openSync(path, flags, PRIVATE)
  try {
    const { uid, mode } = fstatSync(fd)
    mustBeOurs(path, uid)
    if ((mode & OTHERS) !== 0) fchmodSync(fd, PRIVATE)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** @returns null when there is none. @throws when another user made it, or may have written to it */
export function readOwn(path: string): string | null {
  return readOwnBytes(path)?.toString('utf8') ?? null
}

export function readOwnBytes(path: string): Buffer | null {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    const { uid, mode } = fstatSync(fd)
    mustBeOurs(path, uid)
    if ((mode & OTHERS_WRITE) !== 0) throw new Error('others may write to it')
    return readFileSync(fd)
  } finally {
    closeSync(fd)
  }
}

function mustBeOurs(path: string, uid: number): void {
  if (uid !== (process.getuid?.() ?? uid)) throw new Error(`${path} belongs to user ${uid}`)
}

/** Reads a policy file without trusting what stands in its place. */
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from './error-code.ts'
import { UsageError } from './usage-error.ts'

const MOST_BYTES = 1 << 20
/** An agent can write it again at every call, and the gate reads it before it answers. */
const MOST_IN_REPOSITORY = 1 << 16
const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants

/** @returns the text of a file of the user's own, or null when there is none */
export function readUserFile(path: string): string | null {
  return read(path, O_RDONLY | O_NONBLOCK, () => {})
}

/** A link could lead anywhere, so a repository's file must be a file. */
export function readRepositoryFile(path: string): string | null {
  return read(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, descriptor => {
    if (fstatSync(descriptor).size > MOST_IN_REPOSITORY)
      throw new UsageError(`${path}: is larger than 64 kB; shorten it`)
  })
}

/**
 * The managed file counts only when nobody but its owner can change or replace it.
 * @param owner user id that must own the file: 0 in production
 */
export function readManagedFile(path: string, owner: number): string | null {
  return read(path, O_RDONLY | O_NONBLOCK, descriptor => {
    checkOwner(path, fstatSync(descriptor), owner, 'file')
    checkOwner(dirname(path), statSync(dirname(path)), owner, 'folder')
  })
}

function checkOwner(
  path: string,
  { uid, mode }: { uid: number; mode: number },
  owner: number,
  what: 'file' | 'folder',
): void {
  const name = owner === 0 ? 'root' : `user ${owner}`
  if (uid !== owner)
    throw new UsageError(
      `${path}: the managed policy's ${what} belongs to user ${uid}, not to ${name}, so it is not read; chown it`,
    )
  if ((mode & 0o022) !== 0)
    throw new UsageError(
      `${path}: the managed policy's ${what} can be written by others, so it is not read; chmod go-w it`,
    )
}

function read(path: string, flags: number, check: (descriptor: number) => void): string | null {
  let descriptor: number
  try {
    descriptor = openSync(path, flags)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    if (code === 'ELOOP') throw new UsageError(`${path}: is a link; put the file itself there`)
    throw new UsageError(`${path}: cannot be read (${code})`)
  }
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) throw new UsageError(`${path}: is not a file; take it away`)
    if (stat.size > MOST_BYTES) throw new UsageError(`${path}: is larger than 1 MB; shorten it`)
    check(descriptor)
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}

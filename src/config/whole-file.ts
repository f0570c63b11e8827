/** Files that are written as a whole or not at all. */
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

const PRIVATE = 0o600

/**
 * Writes beside the file and renames over it, so that nobody ever reads half of it. The owner stays,
 * and the mode where none is given; a new file is its owner's only. It is on the disk when this
 * returns; `spare` files are not waited for: whoever reads them notices that one is broken.
 */
export function writeWhole(
  path: string,
  bytes: string | Uint8Array | readonly Uint8Array[],
  mode?: number,
  worth: 'lasting' | 'spare' = 'lasting',
): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const old = statSync(path, { throwIfNoEntry: false })
  takeAwayLeft(path)
  const beside = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const file = openSync(beside, 'wx', PRIVATE)
    try {
      for (const piece of piecesOf(bytes)) writeAll(file, piece)
      // The umask may have taken bits away that the file had before.
      fchmodSync(file, mode ?? (old === undefined ? PRIVATE : old.mode & 0o7777))
      if (worth === 'lasting') fsyncSync(file)
    } finally {
      closeSync(file)
    }
    // Only root can have met a file of somebody else's here.
    if (old !== undefined && process.getuid?.() === 0) chownSync(beside, old.uid, old.gid)
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
  if (worth === 'lasting') syncFolder(dirname(path))
}

/** Nobody writes for so long. */
const LEFT_MS = 60_000

/** What a process that was killed had begun to write beside the file. */
function takeAwayLeft(path: string): void {
  const [folder, name] = [dirname(path), basename(path)]
  try {
    for (const other of readdirSync(folder)) {
      if (!other.startsWith(`${name}.`) || !LEFT.test(other.slice(name.length))) continue
      const left = join(folder, other)
      if (Math.abs(Date.now() - statSync(left).mtimeMs) > LEFT_MS) rmSync(left, { force: true })
    }
  } catch {
    // Gone meanwhile, or not ours to see: the writing itself says what is wrong.
  }
}

const LEFT = /^\.[0-9a-f]{8}\.tmp$/

/** The same for what holds secrets: its owner's only, whatever it was before. */
export function writePrivate(path: string, bytes: string | Uint8Array): void {
  writeWhole(path, bytes, PRIVATE)
}

function piecesOf(bytes: string | Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  if (typeof bytes === 'string') return [Buffer.from(bytes)]
  return bytes instanceof Uint8Array ? [bytes] : bytes
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

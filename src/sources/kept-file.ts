/** What a program keeps for itself and can make again: a file that is not as it was written counts as none. */
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import { privateFolder } from '../config/install-file.ts'
import { readOwnBytes } from '../config/own-file.ts'
import { writeWhole } from '../config/whole-file.ts'

const SUM_BYTES = 4

/** @returns null when it is not there, or not whole: half of a number would be a wrong one */
export function readKeptBytes(file: string): Buffer | null {
  try {
    const bytes = readOwnBytes(file)
    if (bytes === null) return null
    const end = bytes.length - SUM_BYTES
    const body = bytes.subarray(0, end)
    return bytes.readUInt32LE(end) === crc32(body) ? body : null
  } catch {
    return null
  }
}

/** @param pieces what is kept, one after the other */
export function keepBytes(file: string, pieces: readonly Uint8Array[]): void {
  const sum = Buffer.alloc(SUM_BYTES)
  sum.writeUInt32LE(pieces.reduce((before, piece) => crc32(piece, before), 0))
  try {
    privateFolder(dirname(file))
    writeWhole(file, [...pieces, sum], 0o600, 'spare')
  } catch {
    // No room, or not ours to write: the next report reads it all again.
  }
}

/** As above, of one value. */
export function readKeptFile(file: string): unknown {
  const bytes = readKeptBytes(file)
  try {
    return bytes === null ? null : deserialize(bytes)
  } catch {
    return null
  }
}

export const keepFile = (file: string, value: unknown): void => keepBytes(file, [serialize(value)])

/** Whole lines of a file from an offset on. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const CHUNK_BYTES = 1 << 20

/** @returns at most `most` lines, and where the next begins; a file that was cut is read from its start */
export function linesFrom(
  path: string,
  from: number,
  most: number,
): { lines: readonly string[]; end: number } {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const start = from > size ? 0 : from
    const lines: string[] = []
    let bytes = Buffer.alloc(0)
    let read = start
    while (read < size) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - read))
      const got = readSync(fd, chunk, 0, chunk.length, read)
      if (got === 0) break
      read += got
      bytes = Buffer.concat([bytes, chunk.subarray(0, got)])
      // A line may be longer than what is read at once.
      if (bytes.includes(0x0a)) break
    }
    let at = 0
    while (lines.length < most) {
      const end = bytes.indexOf(0x0a, at)
      if (end < 0) break
      lines.push(bytes.toString('utf8', at, end))
      at = end + 1
    }
    return { lines, end: start + at }
  } finally {
    closeSync(fd)
  }
}

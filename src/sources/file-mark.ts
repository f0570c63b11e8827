/** Whether a file still begins with what was read of it, without reading it again. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export interface FileMark {
  readonly inode: number
  /** Of the last bytes that were read. */
  readonly mark: string
}

const MARK_BYTES = 512

/**
 * @param to bytes that were read
 * @returns null when the file is not there, or shorter
 */
export function markOf(path: string, to: number): FileMark | null {
  try {
    const fd = openSync(path, 'r')
    try {
      const { size, ino: inode } = fstatSync(fd)
      if (size < to) return null
      const bytes = Buffer.alloc(Math.min(MARK_BYTES, to))
      readSync(fd, bytes, 0, bytes.length, to - bytes.length)
      return { inode, mark: createHash('sha256').update(bytes).digest('hex').slice(0, 16) }
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
}

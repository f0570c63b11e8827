/** A file of lines that others append to: what is there, then what comes; replaced or cut, it is read anew. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { LineRef } from '../action/event.ts'
import { LineSplitter } from './line-splitter.ts'

const CHUNK_BYTES = 1 << 18
const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)

/** The bytes hold only during the call; `number` counts from 1. */
export type OnAppended = (line: Buffer, ref: LineRef, number: number) => void

export class AppendedFile {
  #path: string
  readonly #onLine: OnAppended
  #lines = new LineSplitter()
  #lineNumber = 0
  #inode = 0

  constructor(path: string, onLine: OnAppended) {
    this.#path = path
    this.#onLine = onLine
  }

  get path(): string {
    return this.#path
  }

  /** @returns whether it has this name now: then it is read on there */
  moved(to: string): boolean {
    const is = statSync(to, { throwIfNoEntry: false })?.ino === this.#inode
    if (is) this.#path = to
    return is
  }

  /**
   * Reads on, at most `budget` bytes. A last line that is not whole waits for its rest.
   * @returns whether more is waiting
   */
  read(budget: number): boolean {
    let fd: number
    try {
      fd = openSync(this.path, 'r')
    } catch {
      return false // gone, or not ours to read: what was told stays
    }
    try {
      const { size, ino } = fstatSync(fd)
      if (ino !== this.#inode || size < this.#lines.offset) this.#restart(ino)
      const stop = Math.min(size, this.#lines.offset + budget)
      while (this.#lines.offset < stop) {
        const wanted = Math.min(CHUNK_BYTES, stop - this.#lines.offset)
        const got = readSync(fd, chunk, 0, wanted, this.#lines.offset)
        if (got === 0) break
        this.#lines.push(chunk.subarray(0, got), (bytes, start, end, offset) => {
          this.#lineNumber++
          const ref = { file: this.path, offset, length: end - start }
          this.#onLine(bytes.subarray(start, end), ref, this.#lineNumber)
        })
      }
      return stop < size
    } catch {
      this.#inode = 0 // read anew at the next look
      return false
    } finally {
      closeSync(fd)
    }
  }

  #restart(inode: number): void {
    this.#inode = inode
    this.#lines = new LineSplitter()
    this.#lineNumber = 0
  }
}

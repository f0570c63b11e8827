/** Bytes in any pieces → whole lines with their offsets. */

/** A longer line is passed over: nothing a client writes comes near, and it must not eat the memory. */
export const MAX_LINE_BYTES = 256 << 20

/** The line, which may be empty, stands in `bytes` from `start` to `end`, only during the call. */
export type OnLine = (bytes: Buffer, start: number, end: number, offset: number) => void

export class LineSplitter {
  #rest: Buffer[] = []
  #restBytes = 0
  #overlong = false
  /** Where the next byte stands in the file. */
  offset: number

  constructor(offset = 0) {
    this.offset = offset
  }

  /** Where the line that is not yet whole begins. */
  get lineStart(): number {
    return this.offset - this.#restBytes
  }

  /** Calls `onLine` for every line that became whole. */
  push(chunk: Buffer, onLine: OnLine, onOverlong: () => void = () => {}): void {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(0x0a, start)
      if (end < 0) break
      const offset = this.offset + start - this.#restBytes
      if (this.#overlong) onOverlong()
      else if (this.#restBytes > 0) {
        const line = Buffer.concat([...this.#rest, chunk.subarray(start, end)])
        onLine(line, 0, line.length, offset)
      } else onLine(chunk, start, end, offset)
      this.#clear()
      start = end + 1
    }
    this.#keep(chunk.subarray(start))
    this.offset += chunk.length
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#restBytes += bytes.length
    if (this.#restBytes > MAX_LINE_BYTES) {
      this.#overlong = true
      this.#rest = []
    } else if (!this.#overlong) {
      this.#rest.push(Buffer.from(bytes)) // the chunk's memory is used again
    }
  }

  #clear(): void {
    this.#rest = []
    this.#restBytes = 0
    this.#overlong = false
  }
}

/**
 * Short texts (ids, summaries, reasons) as UTF-8 in large blocks: outside the JavaScript heap, and
 * handed from a worker without a copy.
 */

const BLOCK_BYTES = 1 << 18
const NO_BLOCK = Buffer.alloc(0)
/** No single text is longer; whole inputs stay on disk. */
export const MAX_TEXT_BYTES = 4096

export interface TextRef {
  block: number
  at: number
  length: number
}

export class TextStore {
  #blocks: Buffer[] = []
  #current = -1
  #used = BLOCK_BYTES
  /** Numbers of blocks that nothing is in any more. */
  #free: number[] = []

  add(text: string): TextRef {
    if (this.#used + MAX_TEXT_BYTES > BLOCK_BYTES) {
      this.#current = this.#free.pop() ?? this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES)) - 1
      this.#used = 0
    }
    const block = this.#current
    const at = this.#used
    const length = this.#blocks[block]?.write(text, at, MAX_TEXT_BYTES, 'utf8') ?? 0
    this.#used += length
    return { block, at, length }
  }

  read(ref: TextRef): string {
    return this.#blocks[ref.block]?.toString('utf8', ref.at, ref.at + ref.length) ?? ''
  }

  /** Takes over another store's blocks; its references stay right when `block` grows by the answer. */
  adopt(blocks: readonly Uint8Array[]): number {
    const base = this.#blocks.length
    this.#blocks.push(...blocks.map(b => Buffer.from(b.buffer, b.byteOffset, b.byteLength)))
    return base
  }

  /** Only the blocks with these numbers; the room of the others is used again, or given back. */
  keep(used: ReadonlySet<number>): void {
    this.#free = []
    this.#blocks.forEach((block, i) => {
      if (used.has(i) || i === this.#current || block.length === 0) return
      if (block.length === BLOCK_BYTES && this.#free.length < used.size) this.#free.push(i)
      else this.#blocks[i] = NO_BLOCK
    })
  }

  /** The blocks, each in a buffer of its own that can be transferred. */
  toRaw(): Uint8Array[] {
    return this.view().map(block => Uint8Array.from(block))
  }

  /** The blocks without a copy: good until the next change. */
  view(): Uint8Array[] {
    return this.#blocks.map((block, i) =>
      i === this.#current ? block.subarray(0, this.#used) : block,
    )
  }
}

/**
 * Ids that were met and are not kept, by their hashes, in a room that does not grow (a Bloom filter): one
 * that was added is always found; of others, after twelve million, one in a hundred.
 */

/** In 16 MB, which are only touched as ids come. */
const BITS = 1 << 27
/** So many bits stand for an id. */
const TURNS = 4

export class SeenIds {
  #words: Uint32Array | null = null

  /** @param key a hashId */
  add(key: number): void {
    this.#words ??= new Uint32Array(BITS / 32)
    const step = stepOf(key)
    let bit = key >>> 0
    for (let turn = 0; turn < TURNS; turn++, bit += step) {
      const word = (bit & (BITS - 1)) >>> 5
      this.#words[word] = (this.#words[word] ?? 0) | (1 << (bit & 31))
    }
  }

  has(key: number): boolean {
    const words = this.#words
    if (words === null) return false
    const step = stepOf(key)
    let bit = key >>> 0
    for (let turn = 0; turn < TURNS; turn++, bit += step)
      if (((words[(bit & (BITS - 1)) >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false
    return true
  }
}

/** From the bits of a key that say not where it begins. */
const stepOf = (key: number): number => (Math.imul(key / 0x100000000, 0x9e3779b1) >>> 0) | 1

/** Ids as 53-bit numbers, and a map from them to rows that costs 12 bytes an entry. */

/**
 * A 53-bit hash of an id (two 32-bit multiplicative hashes joined). Among a million ids the chance
 * that any two meet is about 5e-5.
 */
export function hashId(id: string): number {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
    b = (b << 13) | (b >>> 19)
  }
  a ^= a >>> 15
  b = Math.imul(b ^ (b >>> 16), 0xc2b2ae35)
  return (b & 0x1fffff) * 0x100000000 + (a >>> 0) + 1
}

export interface HashRows {
  readonly keys: Float64Array
  readonly rows: Uint32Array
  readonly size: number
}

/** Open addressing over typed arrays; a key is a positive integer below 2^53 (0 means empty). */
export class HashIndex {
  #keys: Float64Array = new Float64Array(256)
  #rows: Uint32Array = new Uint32Array(256)
  #size = 0

  get(key: number): number | undefined {
    if (key === 0) return undefined
    const slot = this.#slot(key)
    return this.#keys[slot] === key ? this.#rows[slot] : undefined
  }

  set(key: number, row: number): void {
    if (this.#size * 2 >= this.#keys.length) this.#resize(this.#keys.length * 2)
    const slot = this.#slot(key)
    if (this.#keys[slot] !== key) this.#size++
    this.#keys[slot] = key
    this.#rows[slot] = row
  }

  /** Makes room for so many keys in all at once, instead of by doubling. */
  reserve(size: number): void {
    let length = this.#keys.length
    while (size * 2 > length) length *= 2
    if (length > this.#keys.length) this.#resize(length)
  }

  /**
   * Takes out what is of rows that are, and numbers the others anew.
   * @param to by row: the new one plus one, or 0
   */
  keep(to: Uint32Array): void {
    const { length } = this.#keys
    const [keys, rows] = [new Float64Array(length), new Uint32Array(length)]
    let size = 0
    for (let old = 0; old < length; old++) {
      const key = this.#keys[old] ?? 0
      if (key === 0) continue
      const row = to[this.#rows[old] ?? 0] ?? 0
      if (row === 0) continue
      let slot = slotOf(key, length)
      while (keys[slot] !== 0) slot = (slot + 1) & (length - 1)
      keys[slot] = key
      rows[slot] = row - 1
      size++
    }
    this.adopt({ keys, rows, size })
  }

  toRaw(): HashRows {
    return { keys: this.#keys, rows: this.#rows, size: this.#size }
  }

  /** Takes another's entries instead of its own, without a copy. */
  adopt({ keys, rows, size }: HashRows): void {
    this.#keys = keys
    this.#rows = rows
    this.#size = size
  }

  #slot(key: number): number {
    const mask = this.#keys.length - 1
    let slot = slotOf(key, this.#keys.length)
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  #resize(length: number): void {
    const keys = this.#keys
    const rows = this.#rows
    this.#keys = new Float64Array(length)
    this.#rows = new Uint32Array(length)
    this.#size = 0
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot] ?? 0
      if (key !== 0) this.set(key, rows[slot] ?? 0)
    }
  }
}

/** Where a key is looked for first. */
const slotOf = (key: number, length: number): number => (key ^ (key / 0x100000000)) & (length - 1)

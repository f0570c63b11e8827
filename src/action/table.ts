/** A growable struct of arrays: a million rows cost tens of bytes each, and move between threads. */

interface Kinds {
  u8: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  f64: Float64Array
}

const ARRAYS: { [K in keyof Kinds]: new (length: number) => Kinds[K] } = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  f64: Float64Array,
}

export type Spec = Readonly<Record<string, keyof Kinds>>
export type Columns<S extends Spec> = { -readonly [K in keyof S]: Kinds[S[K]] }
export interface RawTable<S extends Spec> {
  readonly length: number
  readonly columns: Columns<S>
}

export class Table<S extends Spec> {
  readonly #spec: S
  readonly #names: (keyof S)[]
  #capacity: number
  /** Read and write cells as `columns.name[row]`. Growing replaces the arrays: do not keep them. */
  columns: Columns<S>
  #length = 0

  /** @param capacity rows to begin with; a part of the backlog has some hundreds */
  constructor(spec: S, capacity = 512) {
    this.#spec = spec
    this.#names = Object.keys(spec)
    this.#capacity = capacity
    this.columns = this.#allocate(capacity)
  }

  get length(): number {
    return this.#length
  }

  /** A new row of zeros. */
  add(): number {
    if (this.length === this.#capacity) this.#grow(this.length + 1)
    return this.#length++
  }

  /** Makes room for so many rows in all at once, instead of step by step. */
  reserve(rows: number): void {
    if (rows > this.#capacity) this.#grow(rows)
  }

  /** All rows of another table, after those of this one. @returns where they begin */
  append(other: RawTable<S>): number {
    const base = this.length
    if (base + other.length > this.#capacity) this.#grow(base + other.length)
    for (const name of this.#names) this.columns[name].set(other.columns[name], base)
    this.#length += other.length
    return base
  }

  /** Takes another's rows instead of its own, without a copy. */
  adopt(other: RawTable<S>): void {
    this.columns = { ...other.columns }
    this.#length = other.length
    this.#capacity = other.length
  }

  /** Takes the last rows off again. */
  truncate(length: number): void {
    for (const name of this.#names) this.columns[name].fill(0, length, this.length)
    this.#length = length
  }

  /**
   * Takes rows out: the others move up, in their order.
   * @param to by row: where it goes plus one, or 0 when it is taken out
   */
  keep(to: Uint32Array): void {
    const runs = runsOf(to)
    let kept = 0
    for (const { from, end } of runs) {
      for (const name of this.#names) this.columns[name].copyWithin(kept, from, end)
      kept += end - from
    }
    this.truncate(kept)
    if (this.#capacity <= kept * SPARE) return
    this.#capacity = Math.ceil(kept * 1.5) + 1
    this.columns = this.#allocate(this.#capacity)
  }

  /** Writes one row over another. */
  move(from: number, to: number): void {
    for (const name of this.#names) this.columns[name][to] = this.columns[name][from] ?? 0
  }

  /** The columns cut to length, each in a buffer of its own that can be transferred. */
  toRaw(): RawTable<S> {
    return { length: this.length, columns: this.#allocate(this.length) }
  }

  /** The columns cut to length, without a copy: good until the next change. */
  view(): RawTable<S> {
    const columns = { ...this.columns }
    for (const name of this.#names)
      columns[name] = columns[name].subarray(0, this.length) as Columns<S>[typeof name] // of its kind
    return { length: this.length, columns }
  }

  /** Fresh arrays that hold what there is, as far as it fits. */
  #allocate(capacity: number): Columns<S> {
    const columns = {} as Columns<S> // filled by the loop below, one entry per name of the spec
    for (const name of this.#names) {
      const kind = this.#spec[name]
      if (kind === undefined) continue
      const array = new ARRAYS[kind](capacity)
      const old = this.columns?.[name]
      if (old !== undefined) array.set(old.subarray(0, this.length))
      columns[name] = array as Columns<S>[typeof name] // the spec says which kind the name has
    }
    return columns
  }

  #grow(wanted: number): void {
    this.#capacity = Math.max(wanted, Math.ceil(this.#capacity * 1.5))
    this.columns = this.#allocate(this.#capacity)
  }
}

/** More room than so many times what is used is given back. */
const SPARE = 3

/** The stretches of rows that stay. */
function runsOf(to: Uint32Array): { from: number; end: number }[] {
  const runs: { from: number; end: number }[] = []
  for (let row = 0; row < to.length; row++) {
    if (to[row] === 0) continue
    const from = row
    while (row < to.length && to[row] !== 0) row++
    runs.push({ from, end: row })
  }
  return runs
}

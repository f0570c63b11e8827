import type { Renumbering } from '../action/renumber.ts'
import type { World } from '../action/world.ts'

/** The rows of all actions, oldest first; rows of the same millisecond in the order they were read. */
export function rowsByTime(world: World): Uint32Array {
  return new TimeOrder().update(world)
}

/**
 * Keeps rows in the order of time. Live actions come at the end, which costs nothing; history comes
 * in parts that are merged in, each time in one pass.
 */
export class TimeOrder {
  #rows = new Uint32Array(1024)
  #length = 0

  /** @param moved rows whose time changed since the last update */
  update(world: World, moved: readonly number[] = []): Uint32Array {
    const { length } = world.actions
    const { requestedAt } = world.actions.columns
    const at = (row: number | undefined): number => requestedAt[row ?? 0] ?? 0
    for (const row of moved) this.#move(row, at)
    if (length > this.#rows.length) this.#grow(length)
    let last = at(this.#rows[this.#length - 1])
    while (this.#length < length && (this.#length === 0 || at(this.#length) >= last)) {
      last = at(this.#length)
      this.#rows[this.#length] = this.#length++
    }
    if (this.#length < length) this.#mergeIn(length, at)
    return this.#rows.subarray(0, this.#length)
  }

  renumber(to: Renumbering): void {
    const rows = this.#rows
    let kept = 0
    for (let i = 0; i < this.#length; i++) {
      const now = to[rows[i] ?? 0] ?? 0
      if (now !== 0) rows[kept++] = now - 1
    }
    this.#length = kept
    // What was given out before still has the old numbers.
    this.#rows = rows.slice()
  }

  /** Only live rows move, and not far: the journal and the transcript tell them at about one time. */
  #move(row: number, at: (row: number | undefined) => number): void {
    const rows = this.#rows
    let i = rows.lastIndexOf(row, this.#length - 1)
    if (i < 0 || i >= this.#length) return
    const after = (one: number | undefined): boolean =>
      at(one) > at(row) || (at(one) === at(row) && (one ?? 0) > row)
    for (; i > 0 && after(rows[i - 1]); i--) rows[i] = rows[i - 1] ?? 0
    for (; i < this.#length - 1 && !after(rows[i + 1]); i++) rows[i] = rows[i + 1] ?? 0
    rows[i] = row
  }

  /** Only what is newer than the oldest that came is moved: live files are read one after the other. */
  #mergeIn(length: number, at: (row: number | undefined) => number): void {
    const added = Uint32Array.from({ length: length - this.#length }, (_, i) => this.#length + i)
    added.sort((a, b) => at(a) - at(b) || a - b)
    const from = this.#notAfter(at(added[0]), at)
    const old = this.#rows.slice(from, this.#length)
    let o = 0
    let a = 0
    for (let i = from; i < length; i++) {
      const fromOld = a >= added.length || (o < old.length && at(old[o]) <= at(added[a]))
      this.#rows[i] = (fromOld ? old[o++] : added[a++]) ?? 0
    }
    this.#length = length
  }

  /** How many rows are not newer. */
  #notAfter(time: number, at: (row: number | undefined) => number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >> 1
      if (at(this.#rows[middle]) <= time) low = middle + 1
      else high = middle
    }
    return low
  }

  #grow(atLeast: number): void {
    const rows = new Uint32Array(Math.max(atLeast, this.#rows.length * 2))
    rows.set(this.#rows.subarray(0, this.#length))
    this.#rows = rows
  }
}

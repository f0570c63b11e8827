import type { Renumbered } from '../action/renumber.ts'
import type { World } from '../action/world.ts'
import { compileFilter } from './filter.ts'
import { Groups } from './groups.ts'
import { TimeOrder } from './order.ts'

const ASKS_NAMES = /(session|agent|project|model):/i

/** The rows that the filter lets through, oldest first, kept up as the world changes. */
export class ActionList {
  readonly groups = new Groups()
  readonly #order = new TimeOrder()
  #filter = ''
  #matches = new Uint8Array(0)
  #judged = 0

  update(world: World, filter: string): Uint32Array {
    const ordered = this.ordered(world)
    const touched = world.touched.splice(0)
    this.groups.touch(touched)
    if (filter.trim() === '') {
      this.#filter = ''
      return ordered
    }
    const predicate = compileFilter(world, filter)
    if (predicate === null) return ordered
    // What a session or an agent is called may be learned after its actions.
    if (filter !== this.#filter || ASKS_NAMES.test(filter)) this.#judged = 0
    this.#filter = filter
    this.#grow(world.actions.length)
    for (const row of touched) if (row < this.#judged) this.#judge(row, predicate)
    while (this.#judged < world.actions.length) this.#judge(this.#judged++, predicate)
    return this.#passing(ordered)
  }

  /** All rows, oldest first. */
  ordered(world: World): Uint32Array {
    return this.#order.update(world, world.moved.splice(0))
  }

  /** Rows were forgotten, and the others numbered anew. */
  renumber({ actions, messages }: Renumbered): void {
    this.#order.renumber(actions)
    this.groups.renumber(actions, messages)
    let judged = 0
    for (let row = 0; row < this.#judged; row++) {
      if (actions[row] === 0) continue
      this.#matches[judged++] = this.#matches[row] ?? 0
    }
    this.#judged = judged
  }

  /** A plain loop: `filter` of a typed array takes ten times as long. */
  #passing(ordered: Uint32Array): Uint32Array {
    const rows = new Uint32Array(ordered.length)
    let length = 0
    for (let i = 0; i < ordered.length; i++) {
      const row = ordered[i] ?? 0
      if (this.#matches[row] === 1) rows[length++] = row
    }
    return rows.subarray(0, length)
  }

  #judge(row: number, predicate: (row: number) => boolean): void {
    this.#matches[row] = predicate(row) ? 1 : 0
  }

  #grow(length: number): void {
    if (length <= this.#matches.length) return
    const larger = new Uint8Array(Math.ceil(length * 1.5))
    larger.set(this.#matches)
    this.#matches = larger
  }
}

/** Where a row stands in the list, or where it would. O(log n). */
export function positionOf(world: World, rows: Uint32Array, row: number): number {
  const { requestedAt } = world.actions.columns
  const at = requestedAt[row] ?? 0
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = rows[middle] ?? 0
    const otherAt = requestedAt[other] ?? 0
    if (otherAt < at || (otherAt === at && other < row)) low = middle + 1
    else high = middle
  }
  return low
}

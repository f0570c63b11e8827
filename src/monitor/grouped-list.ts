/** The list in groups: a heading for each, and its actions below it where it is unfolded. */
import type { World } from '../action/world.ts'
import type { Group } from './groups.ts'
import { positionOf } from './list.ts'

export type ListLine =
  | { readonly kind: 'action'; readonly row: number }
  | { readonly kind: 'heading'; readonly group: Group }

export class GroupedList {
  readonly groups: readonly Group[]
  readonly keyOf: (row: number) => string
  readonly length: number
  readonly #unfolded: ReadonlySet<Group>
  /** On which line the heading of each stands. */
  readonly #headings: readonly number[]

  /** @param keyOf the group that an action is in */
  constructor(
    groups: readonly Group[],
    isUnfolded: (group: Group) => boolean,
    keyOf: (row: number) => string,
  ) {
    let length = 0
    const headings: number[] = []
    const unfolded = new Set(groups.filter(isUnfolded))
    for (const group of groups) {
      headings.push(length)
      length += 1 + (unfolded.has(group) ? group.rows.length : 0)
    }
    this.groups = groups
    this.keyOf = keyOf
    this.length = length
    this.#unfolded = unfolded
    this.#headings = headings
  }

  lineAt(index: number): ListLine | null {
    const place = this.#placeOf(index)
    const group = this.groups[place]
    if (group === undefined || index >= this.length) return null
    const row = group.rows[index - (this.#headings[place] ?? 0) - 1]
    return row === undefined ? { kind: 'heading', group } : { kind: 'action', row }
  }

  /** The group whose heading or action stands on a line. */
  groupAt(index: number): Group | null {
    return this.groups[this.#placeOf(index)] ?? null
  }

  isUnfolded(group: Group): boolean {
    return this.#unfolded.has(group)
  }

  /** The line of a group's heading, or -1. */
  headingOf(key: string): number {
    return this.#headings[this.groups.findIndex(group => group.key === key)] ?? -1
  }

  /** Where an action stands in its group, or would; at the heading of one that is folded. */
  lineOf(world: World, row: number): number {
    const key = this.keyOf(row)
    const place = this.groups.findIndex(group => group.key === key)
    const group = this.groups[place]
    const heading = this.#headings[place] ?? -1
    if (group === undefined || !this.#unfolded.has(group)) return heading
    return heading + 1 + Math.min(positionOf(world, group.rows, row), group.rows.length - 1)
  }

  /** Every action, in the order of the list, with those that are folded. */
  allRows(): Uint32Array {
    const rows = new Uint32Array(this.groups.reduce((sum, group) => sum + group.rows.length, 0))
    let end = 0
    for (const group of this.groups) {
      rows.set(group.rows, end)
      end += group.rows.length
    }
    return rows
  }

  /** The last group that begins at or above a line. O(log n). */
  #placeOf(index: number): number {
    let low = 0
    let high = this.#headings.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#headings[middle] ?? 0) <= index) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

/** Rows that go are taken out, and those that stay get smaller numbers, in the same order. */

/** By old number: the new one plus one, or 0 for what is gone. */
export type Renumbering = Uint32Array

export interface Renumbered {
  readonly actions: Renumbering
  readonly messages: Renumbering
}

/** The new number of a row; null when it is gone. */
export function rowIn(to: Renumbering, row: number): number | null {
  const now = to[row] ?? 0
  return now === 0 ? null : now - 1
}

export const rowsIn = (to: Renumbering, rows: Iterable<number>): number[] =>
  Array.from(rows).flatMap(row => rowIn(to, row) ?? [])

export function renumberList(to: Renumbering, rows: number[]): void {
  const kept = rowsIn(to, rows)
  rows.length = 0
  for (const row of kept) rows.push(row)
}

export function renumberSet(to: Renumbering, rows: Set<number>): void {
  const kept = rowsIn(to, rows)
  rows.clear()
  for (const row of kept) rows.add(row)
}

export function renumberMap<V>(to: Renumbering, byRow: Map<number, V>): void {
  const before = [...byRow]
  byRow.clear()
  for (const [row, value] of before) {
    const now = rowIn(to, row)
    if (now !== null) byRow.set(now, value)
  }
}

/** A list under its heads, on a part of the screen. */
import { wrapWords } from '../monitor/safe-text.ts'
import { windowOf } from '../monitor/view.ts'
import { type Cell, line } from './cells.ts'
import type { Theme } from './theme.ts'

export interface Place {
  readonly theme: Theme
  readonly columns: number
  readonly height: number
  readonly now: number
}

/** What stands in place of rows: in words, the first line before all. */
export type Said = readonly string[]

export function saidLines(said: Said, { role }: Theme, columns: number): string[] {
  return said.flatMap((text, i) => wrapWords(text, columns).map(i === 0 ? role.text : role.dim))
}

/** Rows under their heads, the selected one in sight. */
export function listOf(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  selected: number,
  none: Said,
  { theme, columns, height }: Place,
): string[] {
  if (rows.length === 0) return saidLines(none, theme, columns)
  const room = Math.max(1, height - 1)
  const { top, end } = windowOf(rows.length, selected, room - 1, room)
  const head = line(
    heads.map(text => ({ text, style: theme.role.dim })),
    columns,
    1,
  )
  const shown = rows.slice(top, end).map((cells, i) => {
    const text = line(cells, columns, 1)
    return top + i === selected ? theme.selection(text) : text
  })
  return [head, ...shown]
}

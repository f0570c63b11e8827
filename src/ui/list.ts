/** A list under its heads, on a part of the screen. */
import { windowOf } from '../monitor/view.ts'
import { type Cell, line } from './cells.ts'
import { type Said, saidLines } from './states.ts'
import type { Theme } from './theme.ts'

export interface Place {
  readonly theme: Theme
  readonly columns: number
  readonly height: number
  readonly now: number
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

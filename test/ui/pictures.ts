/** The sizes that every screen is looked at in, and the screen as a text. */
import type { Size } from '../../src/ui/screen.ts'
import type { Shown } from './harness.ts'

export const SIZES: readonly Size[] = [
  { columns: 40, rows: 10 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
]

/** The screen with the selected line pointed out, as plain text has no bar. */
export function pictured(app: Shown): string {
  const selected = app.selectedLine()
  const lines = app.lines().map((line, i) => (i === selected ? `${line}  <= selected` : line))
  return `${lines.join('\n')}\n`
}

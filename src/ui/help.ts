import { FILTER_KEYS } from '../monitor/filter.ts'
import { clip } from '../monitor/safe-text.ts'
import { type Cell, line } from './cells.ts'
import { BINDINGS, signOf } from './keymap.ts'
import type { Theme } from './theme.ts'

/** Written from the keymap, so that it cannot say what is not so. */
export function helpLines(theme: Theme, columns: number): string[] {
  const { role } = theme
  const keys = BINDINGS.map(({ keys: k, help }) =>
    line(
      [
        { text: k.map(signOf).join(' ').padEnd(14), style: role.accent },
        { text: help, style: role.text },
      ],
      columns,
    ),
  )
  const words = [
    '',
    `filter: ${FILTER_KEYS.map(key => `${key}:`).join(' ')} or any text; ! inverts; a,b is a or b`,
    'signs: + approved  ~ failed  x blocked  ? pending  . undecided (runs or waits)  ! outage  - interrupted',
    'decided by: mode (read-only or in-project), classifier (the client’s), user, rule, foreign-hook,',
    '  unattended (nobody was there to ask), outage (no verdict to be had), unknown (no trace left)',
  ]
  return [...keys, ...words.map(text => role.dim(clip(text, columns)))]
}

/** The keys at the foot of the screen. */
export function footLine(theme: Theme, columns: number): string {
  const cells: Cell[] = BINDINGS.filter(b => b.foot !== undefined).map(b => ({
    text: `${signOf(b.keys[0] ?? '')} ${b.foot}`,
    style: theme.role.dim,
  }))
  return line(cells, columns)
}

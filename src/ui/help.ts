import { FILTER_KEYS } from '../monitor/filter.ts'
import { clip, pad } from '../monitor/safe-text.ts'
import type { Screen } from '../monitor/view.ts'
import type { Act } from '../monitor/why-not.ts'
import type { Binding } from './bindings.ts'
import { line } from './cells.ts'
import { isAct, type Keymap, signOf } from './keymap.ts'
import type { Theme } from './theme.ts'

/** Written from the keymap, so that it cannot say what is not so. */
export function helpLines(keymap: Keymap, screen: Screen, theme: Theme, columns: number): string[] {
  const { role } = theme
  const width = columns >= 76 ? Math.floor(columns / 2) - 1 : columns
  const keys = Array.from(keysByHelp(keymap.on(screen)), ([help, signs]) => [
    { text: pad(signs.join(' '), 12), style: role.accent },
    { text: pad(clip(help, width - 14), width - 14), style: role.text },
  ])
  const rows = columns >= 76 ? Math.ceil(keys.length / 2) : keys.length
  const lines = keys
    .slice(0, rows)
    .map((cells, i) =>
      line([...cells, ...(rows < keys.length ? (keys[rows + i] ?? []) : [])], columns),
    )
  const words = [
    '',
    `filter: ${FILTER_KEYS.map(key => `${key}:`).join(' ')} or any text; ! inverts; a,b is a or b`,
    'gate: # UNGATED ran past the gate; keys that cannot act say why at the foot',
    'signs: + approved  ~ failed  x blocked  ? pending  . undecided (runs or waits)  ! outage  - interrupted',
    "decided by: mode (read-only or in-project), classifier (the client's), user, rule, foreign-hook, judge, reviewer,",
    '  unattended (nobody was there to ask), outage (no verdict to be had), unknown (no trace left)',
  ]
  return [...lines, ...words.map(text => role.dim(clip(text, columns)))]
}

/** Keys that are explained together stand together. */
function keysByHelp(bindings: readonly Binding[]): Map<string, string[]> {
  const byHelp = new Map<string, string[]>()
  for (const { keys, help } of bindings)
    byHelp.set(help, [...(byHelp.get(help) ?? []), ...keys.map(signOf)])
  return byHelp
}

/**
 * The keys of a screen, at its foot.
 * @param here what keys there are
 * @param acts the keys that act on what is selected: they come before the rest
 */
export function footLine(
  here: readonly Binding[],
  theme: Theme,
  columns: number,
  acts: readonly Act[],
): string {
  const acting = here.filter(b => acts.some(act => act === b.command) && b.foot !== undefined)
  const looking = here.filter(b => !isAct(b.command) && b.foot !== undefined)
  // How to get help and out is there however narrow the screen.
  const first = looking.filter(b => b.command === 'help' || b.command === 'quit')
  const rest = looking.filter(b => !first.includes(b))
  const cells = [...first, ...acting, ...rest].map(b => ({
    text: `${signOf(b.keys[0] ?? '')} ${b.foot}`,
    style: acting.includes(b) ? theme.role.accent : theme.role.dim,
  }))
  return line(cells, columns)
}

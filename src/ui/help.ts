import { FILTER_KEYS } from '../monitor/filter.ts'
import { clip, pad, width, wrapWords } from '../monitor/safe-text.ts'
import type { Screen } from '../monitor/view.ts'
import type { Act } from '../monitor/why-not.ts'
import type { Binding, Command } from './bindings.ts'
import { line } from './cells.ts'
import { isAct, type Keymap, signOf } from './keymap.ts'
import type { Theme } from './theme.ts'

/** Written from the keymap, so that it cannot say what is not so. */
export function helpLines(keymap: Keymap, screen: Screen, theme: Theme, columns: number): string[] {
  const { role } = theme
  const room = columns >= 76 ? Math.floor(columns / 2) - 1 : columns
  const keys = Array.from(keysByHelp(keymap.on(screen)), ([help, signs]) => [
    { text: pad(signs.join(' '), 12), style: role.accent },
    { text: pad(clip(help, room - 14), room - 14), style: role.text },
  ])
  const rows = columns >= 76 ? Math.ceil(keys.length / 2) : keys.length
  const lines = keys
    .slice(0, rows)
    .map((cells, i) =>
      line([...cells, ...(rows < keys.length ? (keys[rows + i] ?? []) : [])], columns),
    )
  const words = [
    '',
    ...(screen === 'live' ? [FILTERS] : []),
    'gate: # UNGATED ran past the gate; keys that cannot act say why at the foot',
    'signs: + approved  ~ failed  x blocked  ? pending  . undecided (runs or waits)  ! outage  - interrupted',
    "decided by: mode (read-only or in-project), classifier (the client's), user, rule, foreign-hook, judge, reviewer, unattended (nobody was there to ask), outage (no verdict to be had), unknown (no trace left)",
  ]
  return [...lines, ...words.flatMap(text => wrapWords(text, columns).map(role.dim))]
}

const FILTERS = `filter: ${FILTER_KEYS.map(key => `${key}:`).join(' ')} or any text; ! inverts; a,b is a or b`

/** Keys that are explained together stand together. */
function keysByHelp(bindings: readonly Binding[]): Map<string, string[]> {
  const byHelp = new Map<string, string[]>()
  for (const { keys, help } of bindings)
    byHelp.set(help, [...(byHelp.get(help) ?? []), ...keys.map(signOf)])
  return byHelp
}

/**
 * The keys of a screen, at its foot, whole ones only.
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
  const placed = (b: Binding): number => {
    const at = FIRST.indexOf(b.command)
    return at < 0 ? FIRST.length : at
  }
  const inPlace = looking.toSorted((a, b) => placed(a) - placed(b))
  const keys = [...inPlace.slice(0, ALWAYS), ...acting, ...inPlace.slice(ALWAYS)]
  const cells = keys.map(b => ({
    text: `${signOf(b.keys[0] ?? '')} ${b.foot}`,
    style: acting.includes(b) ? theme.role.accent : theme.role.dim,
  }))
  let used = 0
  const end = cells.findIndex(({ text }) => {
    used += width(text) + 2
    return used - 2 > columns
  })
  return line(end < 0 ? cells : cells.slice(0, Math.max(1, end)), columns)
}

/** How to get help and out is there however narrow the screen; then what people look for most. */
const FIRST: readonly Command[] = [
  'help',
  'quit',
  'mend',
  'details',
  'waiting',
  'palette',
  'filter',
]
const ALWAYS = 2

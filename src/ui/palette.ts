/** The palette: every command, screen, theme, session and kept filter, found by a part of its name. */
import { go } from 'fuzzysort'
import { filterValue } from '../monitor/filter.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { type Palette, typedOn } from '../monitor/prompt.ts'
import { pad, safe, width } from '../monitor/safe-text.ts'
import { sessionsByTime } from '../monitor/sessions.ts'
import type { Screen } from '../monitor/view.ts'
import type { Command } from './bindings.ts'
import type { Cell } from './cells.ts'
import { type Keymap, signOf } from './keymap.ts'
import { listOf, type Place } from './list.ts'

export interface Item {
  readonly label: string
  /** What it is called in the settings. */
  readonly command: string
  /** Other words for it. */
  readonly also: string
  /** The key that does the same, `''` where there is none. */
  readonly sign: string
  readonly does: Does
}

export type Does =
  | { readonly kind: 'command'; readonly command: Command; readonly screen: Screen | null }
  | { readonly kind: 'theme'; readonly theme: number }
  | { readonly kind: 'filter'; readonly filter: string }

/** Moving about is no command that one looks for. */
const MOVES: ReadonlySet<Command> = new Set<Command>([
  'up',
  'down',
  'page-up',
  'page-down',
  'details-up',
  'details-down',
  'palette',
])
/** More nobody reads; typing finds them all. */
const SESSIONS = 200

/** @param themes their names */
export function itemsOf(
  { world, view, filters }: Pick<MonitorState, 'world' | 'view' | 'filters'>,
  keymap: Keymap,
  themes: readonly string[],
): Item[] {
  const here = new Set(keymap.on(view.screen))
  const commands = keymap.bindings
    .filter(({ command }) => !MOVES.has(command))
    .map((binding): Item => {
      const { command, help, name = help, keys, on = [], foot = '', also = '' } = binding
      const screen = here.has(binding) ? null : (on[0] ?? null)
      const where = screen === null ? '' : `, on ${SCREEN_NAMES[screen]}`
      const does: Does = { kind: 'command', command, screen }
      const sign = keys.map(signOf).join(' ')
      return { label: `${name}${where}`, command, also: `${foot} ${also}`.trim(), sign, does }
    })
  const filter = (label: string, text: string): Item => ({
    label,
    command: '',
    also: '',
    sign: '',
    does: { kind: 'filter', filter: text },
  })
  return [
    ...commands,
    ...Object.entries(filters).map(([name, text]) => filter(`filter: ${name} (${text})`, text)),
    ...sessionsByTime(world)
      .slice(0, SESSIONS)
      .map(({ id, title, cwd }) => filter(`session: ${title || cwd || id}`, `session:${id}`)),
    ...[...world.machines.keys()]
      .sort()
      .map(name => filter(`machine: ${name}`, `machine:${filterValue(name)}`)),
    ...themes.map(
      (name, theme): Item => ({
        label: `theme: ${name}`,
        command: '',
        also: '',
        sign: '',
        does: { kind: 'theme', theme },
      }),
    ),
  ]
}

export const SCREEN_NAMES: Readonly<Record<Screen, string>> = {
  live: 'the list of actions',
  pending: 'what waits',
  trust: 'the trust list',
  sessions: 'sessions',
  machines: 'machines',
  notices: 'notices',
  insights: 'insights',
  audit: 'audit',
}

/** The best first; all, in their own order, while nothing is typed. */
export function matching(items: readonly Item[], typed: string): readonly Item[] {
  if (typed.trim() === '') return items
  const keys = [(it: Item) => it.label, (it: Item) => it.command, (it: Item) => it.also]
  return go(typed.trim(), items, { keys, limit: 0, threshold: 0.2 }).map(({ obj }) => obj)
}

/** @returns what to do once one was chosen, and what is shown after the key: null, it is over */
export function paletteKey(
  palette: Palette,
  key: string,
  text: string,
  found: readonly Item[],
): { readonly palette: Palette | null; readonly chosen: Does | null } {
  const last = Math.max(0, found.length - 1)
  const at = (index: number) => ({
    palette: { ...palette, index: Math.max(0, Math.min(last, index)) },
    chosen: null,
  })
  switch (key) {
    case 'escape':
      return { palette: null, chosen: null }
    case 'enter': {
      const chosen = found[palette.index]?.does ?? null
      return { palette: chosen === null ? palette : null, chosen }
    }
    case 'up':
    case 'ctrl+p':
      return at(palette.index - 1)
    case 'down':
    case 'ctrl+n':
      return at(palette.index + 1)
    case 'pageup':
      return at(palette.index - 10)
    case 'pagedown':
      return at(palette.index + 10)
    default: {
      const typed = typedOn(palette.typed, key, text)
      return { palette: typed === palette.typed ? palette : { typed, index: 0 }, chosen: null }
    }
  }
}

export function paletteLines(
  { typed, index }: Palette,
  items: readonly Item[],
  place: Place,
): string[] {
  const { role } = place.theme
  const found = matching(items, typed)
  const signs = Math.min(14, Math.max(3, ...items.map(it => width(it.sign))))
  const rows = found.map(({ label, sign }): Cell[] => [
    { text: pad(sign, signs), style: role.accent },
    { text: safe(label), style: role.text },
  ])
  return listOf([pad('key', signs), 'command'], rows, index, ['nothing is called so'], place)
}

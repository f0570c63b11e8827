/** The last line of the screen: what is typed, a word to the user, or the keys. */
import { candidatesFor } from '../monitor/filter-line.ts'
import { glyphs } from '../monitor/glyphs.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { newestWaiting } from '../monitor/news.ts'
import { actionName } from '../monitor/pending.ts'
import { clip, verbatim, width } from '../monitor/safe-text.ts'
import { targetOf } from '../monitor/target.ts'
import { ACTS, type Act, whyNot } from '../monitor/why-not.ts'
import { footLine } from './help.ts'
import type { Keymap } from './keymap.ts'
import { promptFoot, typing } from './prompt.ts'
import type { Theme } from './theme.ts'

export function footOf(state: MonitorState, keymap: Keymap, theme: Theme, columns: number): string {
  const word = footWord(state, keymap, theme, columns)
  if (word !== null) return word
  const [here, acts] = [keysNamed(state, keymap), actsOf(state)]
  const news = clip(keymap.words(newsOf(state)), Math.floor(columns / 2))
  if (news === '') return footLine(here, theme, columns, acts)
  const keys = footLine(here, theme, columns - width(news) - 2, acts)
  return `${theme.role.pending(news)}  ${keys}`
}

/** Who has one machine need not read of many. */
const keysNamed = ({ view, isFleet }: MonitorState, keymap: Keymap) =>
  keymap.on(view.screen).filter(({ command }) => isFleet || command !== 'machines')

/** What is typed, asked or said; null while there is nothing of the kind. */
export function footWord(
  { view: { editing, message, prompt, palette }, world, filters }: MonitorState,
  keymap: Keymap,
  theme: Theme,
  columns: number,
): string | null {
  const { up, down } = glyphs()
  if (prompt !== null) return promptFoot(prompt, theme, columns)
  if (palette !== null)
    return typing(
      ':',
      palette.typed,
      `Enter does it, Esc leaves, ${up} ${down} choose`,
      theme,
      columns,
    )
  if (editing !== null) {
    const { base } = editing.completing ?? { base: editing.typed }
    const words = candidatesFor(world, filters, base)
    const tab = words.length === 0 ? '' : `Tab ${words.join(' ')}`
    const keys = `Enter keeps it, Esc clears it, ${up} ${down} earlier ones, Ctrl-s saves it`
    const hint = (editing.typed === '' ? [keys, tab] : [tab, keys]).join('  ').trim()
    return typing('/', editing.typed, hint, theme, columns)
  }
  return message === '' ? null : theme.role.mark(clip(keymap.words(message), columns))
}

/** The keys that act on what is chosen. */
export const actsOf = (state: MonitorState): Act[] => ACTS.filter(act => isOffered(act, state))

const NEWS_MS = 10_000

/** What began to wait just now, and the key that goes there. */
function newsOf({ world, view, now }: MonitorState): string {
  if (view.screen === 'pending') return ''
  const newest = newestWaiting(world)
  if (newest === null || now - newest.since > NEWS_MS || newest.row === view.selected) return ''
  return `{newest-waiting} waits: ${verbatim(actionName(world, newest.row))}`
}

/** Whether the foot names a key: it acts on what is chosen. Undo and pausing all always could. */
function isOffered(act: Act, state: MonitorState): boolean {
  if (act === 'undo' || act === 'pause-all' || act === 'pause-hard') return false
  return whyNot(act, state, targetOf(state, act)) === null
}

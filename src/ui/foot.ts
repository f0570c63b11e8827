/** The last line of the screen: what is typed, a word to the user, or the keys. */
import { candidatesFor, completingOf } from '../monitor/filter-line.ts'
import { glyphs } from '../monitor/glyphs.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { newestWaiting } from '../monitor/news.ts'
import { actionName } from '../monitor/pending.ts'
import { clip, verbatim, width, wrapWords } from '../monitor/safe-text.ts'
import { targetOf } from '../monitor/target.ts'
import { ACTS, type Act, whyNot } from '../monitor/why-not.ts'
import { footLine } from './help.ts'
import type { Keymap } from './keymap.ts'
import { promptFoot, promptFootHeight, typing } from './prompt.ts'
import type { Theme } from './theme.ts'

/** One line of keys; what is said or asked goes on as long as it must. */
export function footOf(
  state: MonitorState,
  keymap: Keymap,
  theme: Theme,
  columns: number,
): readonly string[] {
  const words = footWords(state, keymap, theme, columns)
  if (words !== null) return words
  if (state.view.help) return [theme.role.dim(helpKeys(keymap, columns))]
  const [here, acts] = [keysNamed(state, keymap), actsOf(state)]
  const news = clip(keymap.words(newsOf(state)), Math.floor(columns / 2))
  if (news === '') return [footLine(here, theme, columns, acts)]
  const keys = footLine(here, theme, columns - width(news) - 2, acts)
  return [`${theme.role.pending(news)}  ${keys}`]
}

function helpKeys(keymap: Keymap, columns: number): string {
  const keys = keymap.words('{up} {down} scroll  {clear} leaves')
  const more = `${keys}  any other key leaves and does what it does`
  return width(more) <= columns ? more : clip(keys, columns)
}

/** Of the lines at the foot. */
export function footHeight({ view }: MonitorState, keymap: Keymap, columns: number): number {
  if (view.prompt !== null) return promptFootHeight(view.prompt, columns)
  if (view.palette !== null || view.editing !== null || view.message === '') return 1
  return messageLines(view.message, keymap, columns).length
}

const MOST_LINES = 3

const messageLines = (message: string, keymap: Keymap, columns: number): string[] =>
  wrapWords(keymap.words(message), columns).slice(0, MOST_LINES)

/** Who has one machine need not read of many. */
const keysNamed = ({ view, isFleet }: MonitorState, keymap: Keymap) =>
  keymap.on(view.screen).filter(({ command }) => isFleet || command !== 'machines')

/** What is typed, asked or said; null while there is nothing of the kind. */
export function footWords(
  { view: { editing, message, prompt, palette }, world, filters }: MonitorState,
  keymap: Keymap,
  theme: Theme,
  columns: number,
): readonly string[] | null {
  const { up, down } = glyphs()
  if (prompt !== null) return promptFoot(prompt, theme, columns)
  if (palette !== null) {
    const keys = `Enter does it, Esc leaves, ${up} ${down} choose`
    return [typing(':', palette.typed, keys, theme, columns)]
  }
  if (editing !== null) {
    const candidates = (typed: string) => candidatesFor(world, filters, typed)
    const words = candidates(completingOf(editing, candidates).base)
    const keys = `Enter keeps it, Esc clears it, ${up} ${down} earlier ones, Ctrl-s saves it`
    const tab = words.length === 0 ? '' : `Tab ${words.join(' ')}`
    const hint = editing.typed === '' ? `Tab completes, ${keys}` : `${tab}  ${keys}`.trim()
    return [typing('/', editing.typed, hint, theme, columns)]
  }
  return message === '' ? null : messageLines(message, keymap, columns).map(theme.role.mark)
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

/** The last line of the screen: what is typed, a word to the user, or the keys. */

import { glyphs } from '../monitor/glyphs.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { newestWaiting } from '../monitor/news.ts'
import { actionName } from '../monitor/pending.ts'
import { clip, safe, width } from '../monitor/safe-text.ts'
import { targetOf } from '../monitor/target.ts'
import { ACTS, type Act, whyNot } from '../monitor/why-not.ts'
import { footLine } from './help.ts'
import { promptFoot } from './prompt.ts'
import type { Theme } from './theme.ts'

export function footOf(state: MonitorState, theme: Theme, columns: number): string {
  const word = footWord(state, theme, columns)
  if (word !== null) return word
  const acts = actsOf(state)
  const news = clip(newsOf(state), Math.floor(columns / 2))
  if (news === '') return footLine(theme, columns, acts)
  const keys = footLine(theme, columns - width(news) - 2, acts)
  return `${theme.role.pending(news)}  ${keys}`
}

/** What is typed, asked or said; null while there is nothing of the kind. */
export function footWord(
  { view: { editing, message, prompt } }: MonitorState,
  theme: Theme,
  columns: number,
): string | null {
  if (editing !== null) {
    const typed = `/${safe(editing)}${glyphs().caret}`
    const hint = '  Enter keeps it, Esc clears it'
    return (
      theme.role.accent(clip(typed, columns)) + theme.role.dim(clip(hint, columns - width(typed)))
    )
  }
  if (prompt !== null) return promptFoot(prompt, theme, columns)
  return message === '' ? null : theme.role.mark(clip(message, columns))
}

/** The keys that act on what is chosen. */
export const actsOf = (state: MonitorState): Act[] => ACTS.filter(act => isOffered(act, state))

const NEWS_MS = 10_000

/** What began to wait just now, and the key that goes there. */
function newsOf({ world, view, now }: MonitorState): string {
  if (view.screen === 'pending') return ''
  const newest = newestWaiting(world)
  if (newest === null || now - newest.since > NEWS_MS || newest.row === view.selected) return ''
  return `' waits: ${actionName(world, newest.row)}`
}

/** Whether the foot names a key: it acts on what is chosen. Undo and pausing all always could. */
function isOffered(act: Act, state: MonitorState): boolean {
  if (act === 'undo' || act === 'pause-all' || act === 'pause-hard') return false
  return whyNot(act, state, targetOf(state, act)) === null
}

/** The last line of the screen: what is typed, a word to the user, or the keys. */
import type { MonitorState } from '../monitor/monitor.ts'
import { clip, safe, width } from '../monitor/safe-text.ts'
import { targetOf } from '../monitor/target.ts'
import { ACTS, type Act, whyNot } from '../monitor/why-not.ts'
import { footLine } from './help.ts'
import { promptFoot } from './prompt.ts'
import type { Theme } from './theme.ts'

export function footOf(state: MonitorState, theme: Theme, columns: number): string {
  const { editing, message, prompt } = state.view
  if (editing !== null) {
    const typed = `/${safe(editing)}▏`
    const hint = '  Enter keeps it, Esc clears it'
    return (
      theme.role.accent(clip(typed, columns)) + theme.role.dim(clip(hint, columns - width(typed)))
    )
  }
  if (prompt !== null) return promptFoot(prompt, theme, columns)
  if (message !== '') return theme.role.mark(clip(message, columns))
  const acts = ACTS.filter(act => isOffered(act, state))
  return footLine(state.view.screen, theme, columns, acts)
}

/** Whether the foot names a key: it acts on what is chosen. Undo and pausing all always could. */
function isOffered(act: Act, state: MonitorState): boolean {
  if (act === 'undo' || act === 'pause-all' || act === 'pause-hard') return false
  return whyNot(act, state, targetOf(state, act)) === null
}

/** The last line of the screen: what is typed, a word to the user, or the keys. */
import { candidatesFor } from '../monitor/filter-line.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { clip } from '../monitor/safe-text.ts'
import { targetOf } from '../monitor/target.ts'
import { ACTS, type Act, whyNot } from '../monitor/why-not.ts'
import { footLine } from './help.ts'
import type { Keymap } from './keymap.ts'
import { promptFoot, typing } from './prompt.ts'
import type { Theme } from './theme.ts'

const EDITING = 'Enter keeps it, Esc clears it, ↑ ↓ earlier ones, Ctrl-s saves it'

export function footOf(state: MonitorState, keymap: Keymap, theme: Theme, columns: number): string {
  const { editing, message, prompt, palette } = state.view
  if (palette !== null)
    return typing(':', palette.typed, 'Enter does it, Esc leaves, ↑ ↓ choose', theme, columns)
  if (editing !== null) {
    const { base } = editing.completing ?? { base: editing.typed }
    const words = candidatesFor(state.world, state.filters, base)
    const tab = words.length === 0 ? '' : `Tab ${words.join(' ')}`
    const hint = (editing.typed === '' ? [EDITING, tab] : [tab, EDITING]).join('  ').trim()
    return typing('/', editing.typed, hint, theme, columns)
  }
  if (prompt !== null) return promptFoot(prompt, theme, columns)
  if (message !== '') return theme.role.mark(clip(keymap.words(message), columns))
  const acts = ACTS.filter(act => isOffered(act, state))
  return footLine(keymap.on(state.view.screen), theme, columns, acts)
}

/** Whether the foot names a key: it acts on what is chosen. Undo and pausing all always could. */
function isOffered(act: Act, state: MonitorState): boolean {
  if (act === 'undo' || act === 'pause-all' || act === 'pause-hard') return false
  return whyNot(act, state, targetOf(state, act)) === null
}

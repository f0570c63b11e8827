/** Keys while something is typed, or a question is open. */
import { candidatesFor, filterKey, lineOf, withUsed } from '../monitor/filter-line.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { type Prompt, promptKey } from '../monitor/prompt.ts'
import type { View } from '../monitor/view.ts'
import { type Controlled, control, type Surroundings, sent } from './control.ts'
import { type Item, matching, paletteKey } from './palette.ts'

/** A key while a question is open. */
export function answer(state: MonitorState, key: string, text: string): Controlled {
  const { view } = state
  if (view.prompt === null) return { view, effect: null }
  const { prompt, send, mend, keep, copy } = promptKey(view.prompt, key, text, state.now)
  if (copy !== undefined)
    return { view: { ...view, prompt: null }, effect: { kind: 'copy', what: copy } }
  if (keep !== undefined)
    return { view: { ...view, prompt: null }, effect: { kind: 'keep', kept: keep } }
  if (mend !== undefined)
    return { view: { ...view, prompt: null, message: 'mending' }, effect: { kind: 'mend', mend } }
  return send === null
    ? { view: { ...view, prompt, message: '' }, effect: null }
    : sent(state, view, send)
}

/** Typing in the filter line: every key changes the filter at once; ctrl+s keeps it under a name. */
export function edit(state: MonitorState, key: string, text: string): View {
  const { view, world, filters } = state
  const line = view.editing ?? lineOf(view.filter)
  const used = { ...view, editing: null, history: withUsed(view.history, line.typed) }
  if (key === 'enter') return used
  if (key === 'escape') return { ...view, editing: null, filter: '' }
  if (key === 'ctrl+s') return { ...used, prompt: keeping(line.typed) }
  const candidates = (typed: string) => candidatesFor(world, filters, typed)
  const next = filterKey(line, key, text, { history: view.history, candidates })
  return next === line ? view : { ...view, editing: next, filter: next.typed }
}

const keeping = (filter: string): Prompt => ({ kind: 'keep', filter, typed: '' })

/** A key in the palette; what is chosen there is done as if its own key were pressed. */
export function choose(
  state: MonitorState,
  key: string,
  text: string,
  items: readonly Item[],
  around: Surroundings,
): Controlled {
  const { view } = state
  if (view.palette === null) return { view, effect: null }
  const found = matching(items, view.palette.typed)
  const { palette, chosen } = paletteKey(view.palette, key, text, found)
  const next = { ...view, palette }
  if (chosen === null) return { view: next, effect: null }
  switch (chosen.kind) {
    case 'theme':
      return { view: { ...next, theme: chosen.theme }, effect: null }
    case 'filter':
      return { view: { ...next, screen: 'live', filter: chosen.filter }, effect: null }
    case 'command': {
      const screen = chosen.screen ?? view.screen
      const there = screen === view.screen ? next : { ...next, screen, cursor: 0 }
      return control({ ...state, view: there }, chosen.command, around)
    }
  }
}

/**
 * Pasted text is typed where text is typed, on one line; elsewhere it would be keys that nobody
 * pressed, and is none.
 */
export function pasted(
  state: MonitorState,
  text: string,
  items: readonly Item[],
  around: Surroundings,
): Controlled {
  const { view } = state
  const line = text.replace(/[\r\n\t]+/g, ' ')
  if (view.prompt !== null) {
    const typed = takesText(view.prompt) ? answer(state, '', line) : null
    return typed ?? { view, effect: null }
  }
  if (view.editing !== null) return { view: edit(state, '', line), effect: null }
  if (view.palette !== null) return choose(state, '', line, items, around)
  return { view: { ...view, message: 'pasted text is no keys; {filter} takes it' }, effect: null }
}

const takesText = (prompt: Prompt): boolean =>
  prompt.kind === 'words' || prompt.kind === 'keep' || (prompt.kind === 'trust' && prompt.typing)

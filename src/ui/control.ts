/** Commands → the next view. What reaches outside (copy, quit) is named, not done. */
import type { MonitorState } from '../monitor/monitor.ts'
import { moveTo, type View } from '../monitor/view.ts'
import type { Command } from './keymap.ts'
import { layoutOf, listPosition, type Size } from './screen.ts'
import { sessionsByTime } from './sessions.ts'

/** Lines that one key scrolls. */
const DETAILS_STEP = 3

export type Effect = 'copy' | 'quit' | null

/** @param overflow how far the details can be scrolled */
export function control(
  state: MonitorState,
  command: Command,
  size: Size,
  themes: number,
  overflow: () => number,
): { view: View; effect: Effect } {
  const view = { ...state.view, message: '' }
  if (command === 'quit') return { view, effect: 'quit' }
  if (command === 'copy') return { view, effect: 'copy' }
  if (view.help) return { view: { ...view, help: false }, effect: null }
  if (view.screen === 'sessions')
    return { view: onSessions(state, view, command, themes), effect: null }
  if (command === 'details-down' && view.details) {
    const detailsTop = Math.min(view.detailsTop + DETAILS_STEP, overflow())
    return { view: { ...view, detailsTop }, effect: null }
  }
  return { view: onLive(state, view, command, size, themes), effect: null }
}

function onLive(
  state: MonitorState,
  view: View,
  command: Command,
  size: Size,
  themes: number,
): View {
  const layout = layoutOf(size, view.details)
  const list = listPosition(state, layout.list)
  const following = { ...view, line: layout.list - 1 }
  const from = view.selected === null ? following : view
  switch (command) {
    case 'up':
      return moveTo(from, list, list.index - 1)
    case 'down':
      return moveTo(from, list, list.index + 1)
    case 'page-up':
      return moveTo(from, list, list.index - layout.list)
    case 'page-down':
      return moveTo(from, list, list.index + layout.list)
    case 'first':
      return moveTo(from, list, 0)
    case 'last':
      return { ...view, selected: null, detailsTop: 0 }
    case 'details':
      return { ...view, details: !view.details, detailsTop: 0 }
    case 'details-up':
      return { ...view, detailsTop: Math.max(0, view.detailsTop - DETAILS_STEP) }
    case 'follow':
      if (view.selected !== null) return { ...view, selected: null }
      return list.length === 0 ? view : moveTo(from, list, list.index)
    case 'filter':
      return { ...view, editing: view.filter }
    case 'clear':
      if (view.details) return { ...view, details: false }
      return { ...view, filter: '' }
    case 'approved':
    case 'blocked':
    case 'pending':
      return quickFilter(view, `state:${command}`)
    default:
      return common(view, command, themes)
  }
}

const quickFilter = (view: View, filter: string): View => ({
  ...view,
  filter: view.filter === filter ? '' : filter,
})

function onSessions(state: MonitorState, view: View, command: Command, themes: number): View {
  const sessions = sessionsByTime(state.world)
  const to = (session: number): View => ({
    ...view,
    session: Math.max(0, Math.min(sessions.length - 1, session)),
  })
  switch (command) {
    case 'up':
      return to(view.session - 1)
    case 'down':
      return to(view.session + 1)
    case 'page-up':
      return to(view.session - 10)
    case 'page-down':
      return to(view.session + 10)
    case 'first':
      return to(0)
    case 'last':
      return to(sessions.length - 1)
    case 'details': {
      const id = sessions[view.session]?.id
      return { ...view, screen: 'live', filter: id === undefined ? view.filter : `session:${id}` }
    }
    case 'clear':
      return { ...view, screen: 'live' }
    default:
      return common(view, command, themes)
  }
}

function common(view: View, command: Command, themes: number): View {
  switch (command) {
    case 'sessions':
      return { ...view, screen: view.screen === 'sessions' ? 'live' : 'sessions' }
    case 'theme':
      return { ...view, theme: (view.theme + 1) % themes }
    case 'help':
      return { ...view, help: true }
    default:
      return view
  }
}

/** Typing in the filter line: every key changes the filter at once. */
export function edit(view: View, key: string, text: string): View {
  const typed = view.editing ?? ''
  const set = (value: string): View => ({ ...view, editing: value, filter: value })
  if (key === 'enter') return { ...view, editing: null }
  if (key === 'escape') return { ...view, editing: null, filter: '' }
  if (key === 'backspace') return set(Array.from(typed).slice(0, -1).join(''))
  if (key === 'ctrl+u') return set('')
  if (key === 'ctrl+w') return set(typed.replace(/\S+\s*$/, ''))
  return text === '' ? view : set(typed + text)
}

/** Keys on the screens that are lists, and those that are the same on every screen. */

import { filterValue } from '../monitor/filter.ts'
import { RANGES } from '../monitor/insights.ts'
import { machineAt, machinesOf } from '../monitor/machines.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { newestWaiting } from '../monitor/news.ts'
import { pendingItems } from '../monitor/pending.ts'
import { safe } from '../monitor/safe-text.ts'
import { FOLLOWING, type View } from '../monitor/view.ts'
import type { Command } from './bindings.ts'

export function onPending(
  state: MonitorState,
  view: View,
  command: Command,
  themes: readonly string[],
): View {
  const items = pendingItems(state.world, view.pending)
  const at = Math.max(
    0,
    items.findIndex(item => item.row === view.pending),
  )
  const to = stepOf(command, at, items.length)
  if (to !== null) return { ...view, pending: items[to]?.row ?? null, detailsTop: 0 }
  return onList(view, command, themes)
}

/** A list whose lines are told by their number. */
export function onLines(
  view: View,
  command: Command,
  length: number,
  themes: readonly string[],
): View {
  const cursor = stepOf(command, view.cursor, length)
  return cursor === null ? onList(view, command, themes) : { ...view, cursor, detailsTop: 0 }
}

export function onInsights(
  state: MonitorState,
  view: View,
  command: Command,
  themes: readonly string[],
): View {
  const to = (range: number): View => ({
    ...view,
    cursor: 0,
    range: Math.max(0, Math.min(RANGES.length - 1, range)),
  })
  if (command === 'shorter') return to(view.range - 1)
  if (command === 'longer') return to(view.range + 1)
  return onLines(view, command, state.insights?.resources.length ?? 0, themes)
}

/** A machine keeps its place by its name: others come between. */
export function onMachines(
  { world }: MonitorState,
  view: View,
  command: Command,
  themes: readonly string[],
): View {
  const machines = machinesOf(world)
  const at = machineAt(machines, view.machine)
  const name = machines[at]?.name
  if (command === 'details' && name !== undefined)
    return { ...view, ...FOLLOWING, screen: 'live', filter: `machine:${filterValue(name)}` }
  const to = stepOf(command, at, machines.length)
  return to === null
    ? onList(view, command, themes)
    : { ...view, machine: machines[to]?.name ?? null }
}

export const onAudit = (
  state: MonitorState,
  view: View,
  command: Command,
  themes: readonly string[],
): View => onLines(view, command, state.audit.findings.length, themes)

/** Where a key that moves goes in so many lines; null for any other. */
export function stepOf(command: Command, at: number, length: number): number | null {
  const last = Math.max(0, length - 1)
  const steps: Partial<Record<Command, number>> = {
    up: at - 1,
    down: at + 1,
    'page-up': at - 10,
    'page-down': at + 10,
    first: 0,
    last,
  }
  const to = steps[command]
  return to === undefined ? null : Math.max(0, Math.min(last, to))
}

function onList(view: View, command: Command, themes: readonly string[]): View {
  switch (command) {
    case 'details':
      return { ...view, details: !view.details, detailsTop: 0 }
    case 'clear':
      return view.details ? { ...view, details: false } : { ...view, screen: 'live' }
    default:
      return common(view, command, themes)
  }
}

/** Goes to a screen, or back from it. */
function toScreen(view: View, screen: View['screen']): View {
  const to = view.screen === screen ? 'live' : screen
  return { ...view, screen: to, cursor: 0, pending: null, detailsTop: 0 }
}

/** From wherever: to what a notification was about, in the list of what waits. */
export function toNewestWaiting({ world }: MonitorState, view: View): View {
  const newest = newestWaiting(world)
  if (newest === null) return { ...view, message: 'nothing waits for you' }
  return { ...view, screen: 'pending', pending: newest.row, detailsTop: 0 }
}

export function common(view: View, command: Command, themes: readonly string[]): View {
  switch (command) {
    case 'sessions':
      return toScreen(view, 'sessions')
    case 'machines':
      return toScreen(view, 'machines')
    case 'waiting':
      return toScreen(view, 'pending')
    case 'trusted':
      return toScreen(view, 'trust')
    case 'notices':
      return toScreen(view, 'notices')
    case 'insights':
      return toScreen(view, 'insights')
    case 'audit':
      return toScreen(view, 'audit')
    case 'theme':
      return nextTheme(view, themes)
    case 'help':
      return { ...view, help: true, detailsTop: 0 }
    default:
      return view
  }
}

function nextTheme(view: View, themes: readonly string[]): View {
  const theme = (view.theme + 1) % themes.length
  return { ...view, theme, message: `theme ${safe(themes[theme] ?? '')}` }
}

/** Commands → the next view. What reaches outside (copy, quit) is named, not done. */

import type { CommandInput } from '../action/command.ts'
import { act } from '../monitor/act.ts'
import { listPosition } from '../monitor/cursor.ts'
import { lineOf } from '../monitor/filter-line.ts'
import type { TrustTools } from '../monitor/link.ts'
import { machinesOf } from '../monitor/machines.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { pendingItems } from '../monitor/pending.ts'
import type { Copied, KeptFilter, Mend } from '../monitor/prompt.ts'
import { sessionsByTime } from '../monitor/sessions.ts'
import { FOLLOWING, isFollowing, moveTo, type View } from '../monitor/view.ts'
import type { Act } from '../monitor/why-not.ts'
import type { Command } from './bindings.ts'
import { mended } from './control-audit.ts'
import {
  allFolded,
  earlier,
  folded,
  later,
  onTree,
  regrouped,
  sliced,
  toStopped,
  ungrouped,
} from './control-find.ts'
import {
  common,
  onAudit,
  onInsights,
  onLines,
  onMachines,
  onPending,
  stepOf,
  toNewestWaiting,
} from './control-lists.ts'
import { isAct, type Keymap } from './keymap.ts'
import { layoutFor, type Size } from './layout.ts'
import { chosenRow } from './screen.ts'

/** Lines that one key scrolls. */
const DETAILS_STEP = 3

export type Effect =
  | { readonly kind: 'quit' }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'copy'; readonly what: Copied }
  /** Words for somebody else, to the clipboard. */
  | { readonly kind: 'tell'; readonly text: string }
  /** A command of this program, in the terminal. */
  | { readonly kind: 'run'; readonly args: readonly string[] }
  | { readonly kind: 'mend'; readonly mend: Pick<Mend, 'fix' | 'what'> }
  | { readonly kind: 'keep'; readonly kept: KeptFilter }
  | { readonly kind: 'send'; readonly command: CommandInput }

export interface Surroundings {
  readonly keymap: Keymap
  readonly size: Size
  /** What they are called. */
  readonly themes: readonly string[]
  /** How far the details, or the help, can be scrolled. */
  readonly overflow: () => number
  readonly trust: TrustTools | undefined
  /** The user's own; undefined where none can be edited. */
  readonly policyFile: string | undefined
}

export interface Controlled {
  readonly view: View
  readonly effect: Effect | null
}

export function control(state: MonitorState, command: Command, around: Surroundings): Controlled {
  const view = { ...state.view, message: '' }
  const see = (next: View): Controlled => ({
    view: concealed(state.view, withChosen(state, next)),
    effect: null,
  })
  if (command === 'quit') return { view, effect: { kind: 'quit' } }
  if (command === 'suspend') return { view, effect: { kind: 'suspend' } }
  if (command === 'details-down' && (view.details || view.help))
    return see({ ...view, detailsTop: Math.min(view.detailsTop + DETAILS_STEP, around.overflow()) })
  if (command === 'details-up')
    return see({ ...view, detailsTop: Math.max(0, view.detailsTop - DETAILS_STEP) })
  if (view.help) return onHelp(state, command, around)
  if (command === 'palette') return see({ ...view, palette: { typed: '', index: 0 } })
  if (command === 'reveal') return { view: revealed(state, view), effect: null }
  if (command === 'copy') return { view, effect: { kind: 'copy', what: 'command' } }
  if (command === 'copy-as') return { view: { ...view, prompt: { kind: 'copy' } }, effect: null }
  if (command === 'edit-policy') return edited(state, view, around.policyFile)
  if (isAct(command)) return acted(state, view, command, around.trust)
  if (command === 'newest-waiting') return see(toNewestWaiting(state, view))
  switch (view.screen) {
    case 'live':
      return see(onLive(state, view, command, around))
    case 'sessions':
      return see(onSessions(state, view, command, around.themes))
    case 'machines':
      return see(onMachines(state, view, command, around.themes))
    case 'pending':
      return see(onPending(state, view, command, around.themes))
    case 'trust':
      return see(onLines(view, command, state.policy.trust.length, around.themes))
    case 'notices':
      return see(onLines(view, command, state.world.gate.notices.length, around.themes))
    case 'insights':
      return see(onInsights(state, view, command, around.themes))
    case 'audit':
      return command === 'mend'
        ? mended(state, view)
        : see(onAudit(state, view, command, around.themes))
  }
}

/** What is about something that is hidden behind it. */
const ON_SELECTED: ReadonlySet<Command> = new Set<Command>(['details', 'copy', 'copy-as', 'reveal'])

/** What moves scrolls it; what acts on something that is hidden behind it only leaves. */
function onHelp(state: MonitorState, command: Command, around: Surroundings): Controlled {
  const view = { ...state.view, message: '' }
  const to = stepOf(command, view.detailsTop, around.overflow() + 1)
  if (to !== null) return { view: { ...view, detailsTop: to }, effect: null }
  const left = { ...view, help: false, detailsTop: 0 }
  if (command === 'help' || command === 'clear') return { view: left, effect: null }
  if (isAct(command) || ON_SELECTED.has(command))
    return { view: { ...left, message: 'help was open: press it again' }, effect: null }
  return control({ ...state, view: left }, command, around)
}

/** Shows the secrets in the details that are open, or hides them again. */
function revealed(state: MonitorState, view: View): View {
  const row = chosenRow(state)
  if (row === null || (view.screen === 'live' && !view.details))
    return { ...view, message: '{details} opens the details, in which {reveal} shows secrets' }
  return { ...view, revealed: view.revealed === row ? null : row }
}

/** Once something else is looked at, secrets are hidden again. */
function concealed(before: View, next: View): View {
  const same = (['screen', 'selected', 'heading', 'pending', 'cursor', 'details'] as const).every(
    part => before[part] === next[part],
  )
  return same || next.revealed === null ? next : { ...next, revealed: null }
}

/** What is chosen at first stays chosen when others come: what waits longest, the newest session. */
function withChosen({ world }: MonitorState, view: View): View {
  if (view.screen === 'sessions' && view.session === null)
    return { ...view, session: sessionsByTime(world)[0]?.id ?? null }
  if (view.screen === 'machines' && view.machine === null)
    return { ...view, machine: machinesOf(world)[0]?.name ?? null }
  if (view.screen !== 'pending' || view.pending !== null) return view
  return { ...view, pending: pendingItems(world)[0]?.row ?? null }
}

function acted(
  state: MonitorState,
  view: View,
  name: Act,
  trust: TrustTools | undefined,
): Controlled {
  const result = act(name, state, trust)
  switch (result.kind) {
    case 'refused':
      return { view: { ...view, message: result.why }, effect: null }
    case 'prompt':
      return { view: { ...view, prompt: result.prompt }, effect: null }
    case 'send':
      return sent(state, view, result.command)
  }
}

/** On the list of trust, at the entry that is selected. */
function edited(state: MonitorState, view: View, file: string | undefined): Controlled {
  if (state.reach === 'closed')
    return { view: { ...view, message: 'this screen only watches' }, effect: null }
  if (file === undefined)
    return { view: { ...view, message: 'there is no policy to edit here' }, effect: null }
  const entry = view.screen === 'trust' ? state.policy.trust[view.cursor] : undefined
  const line = entry?.origin.file === file ? entry.origin.line : 1
  return { view, effect: { kind: 'run', args: ['config', 'edit', '--at', `${file}:${line}`] } }
}

/** Until the gate answers, the foot says what it was asked. */
export function sent(state: MonitorState, view: View, command: CommandInput): Controlled {
  const answered = command.type === 'approve' || command.type === 'deny'
  const pending = answered && view.screen === 'pending' ? nextPending(state) : view.pending
  return {
    view: { ...view, prompt: null, pending, message: `${command.type}: sent to the gate` },
    effect: { kind: 'send', command },
  }
}

/** After an answer by hand the next one is under the cursor, or none. */
function nextPending({ world, view }: MonitorState): number | null {
  const items = pendingItems(world, view.pending)
  const at = items.findIndex(item => item.row === view.pending)
  return (items[at + 1] ?? items[at - 1])?.row ?? null
}

function onLive(
  state: MonitorState,
  view: View,
  command: Command,
  { size, themes, keymap }: Surroundings,
): View {
  const layout = layoutFor({ ...state, view }, size, keymap)
  const list = listPosition(state, layout.list)
  const following = { ...view, line: layout.list - 1 }
  const from = isFollowing(view) ? following : view
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
      return { ...view, ...FOLLOWING, detailsTop: 0 }
    case 'details':
      if (list.lineAt(list.index)?.kind === 'heading') return folded(state, from, list, null)
      return { ...view, details: !view.details, detailsTop: 0 }
    case 'follow':
      if (!isFollowing(view)) return { ...view, ...FOLLOWING }
      return list.length === 0 ? view : moveTo(from, list, list.index)
    case 'next-stopped':
      return toStopped(state, from, list, 1)
    case 'previous-stopped':
      return toStopped(state, from, list, -1)
    case 'group':
      return regrouped(state, from, list)
    case 'fold':
    case 'unfold':
      return folded(state, from, list, command === 'unfold')
    case 'fold-all':
      return allFolded(state, from, list)
    case 'earlier':
      return earlier(state, from, list, size.columns)
    case 'later':
      return later(state, from, list, size.columns)
    case 'shorter':
    case 'longer':
      return sliced(state, view, command === 'shorter' ? -1 : 1, size.columns)
    case 'filter':
      return { ...view, editing: lineOf(view.filter) }
    case 'clear':
      if (view.details) return { ...view, details: false }
      return view.filter === '' ? ungrouped(state, from, list) : { ...view, filter: '' }
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

function onSessions(
  state: MonitorState,
  view: View,
  command: Command,
  themes: readonly string[],
): View {
  const moved = onTree(state, view, command)
  if (moved !== null) return moved
  return command === 'clear' ? { ...view, screen: 'live' } : common(view, command, themes)
}

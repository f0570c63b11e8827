/** Keys that find: groups of the list, slices of time, the tree of sessions. */
import type { State } from '../action/action.ts'
import { verdictOf } from '../action/rows.ts'
import type { World } from '../action/world.ts'
import { goTo } from '../monitor/cursor.ts'
import { FOLDED, UNFOLDED, withFold } from '../monitor/folds.ts'
import { GROUPINGS, type Grouping, groupKey } from '../monitor/groups.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { nodeAt, sessionTree, type TreeNode } from '../monitor/sessions.ts'
import { rowEarlier, rowLater, SLICES, sliceFor } from '../monitor/timeline.ts'
import { FOLLOWING, isFollowing, type ListPosition, moveTo, type View } from '../monitor/view.ts'
import type { Command } from './bindings.ts'
import { olderText } from './older.ts'
import { barsIn } from './timeline.ts'

/** The next way to group. */
export function regrouped(state: MonitorState, from: View, list: ListPosition): View {
  const by = GROUPINGS[(GROUPINGS.indexOf(from.group) + 1) % GROUPINGS.length] ?? 'none'
  return inGroups(state, from, list, by)
}

export const ungrouped = (state: MonitorState, from: View, list: ListPosition): View =>
  inGroups(state, from, list, 'none')

/** The selected action stays selected, in its unfolded group, and what is above it is seen. */
function inGroups(
  { world }: MonitorState,
  from: View,
  { height }: ListPosition,
  group: Grouping,
): View {
  const { selected } = from
  const folds =
    selected === null ? FOLDED : withFold(FOLDED, groupKey(world, group, selected), true)
  const line = Math.max(from.line, height >> 1)
  return { ...from, group, folds, line, heading: null, detailsTop: 0 }
}

/** Folds, unfolds, or with `null` the other of the two, the group under the cursor. */
export function folded(
  { groups }: MonitorState,
  from: View,
  list: ListPosition,
  unfold: boolean | null,
): View {
  const group = groups?.groupAt(list.index) ?? null
  if (groups === null || group === null) return { ...from, message: UNGROUPED }
  const isOpen = groups.isUnfolded(group)
  const to = unfold ?? !isOpen
  if (to && isOpen) return from
  const atHeading = moveTo(from, list, groups.headingOf(group.key))
  return { ...atHeading, folds: withFold(from.folds, group.key, to) }
}

const UNGROUPED = '{group} puts the list in groups'

/** All groups at once: folded when any is not. */
export function allFolded({ groups }: MonitorState, from: View, list: ListPosition): View {
  if (groups === null) return { ...from, message: UNGROUPED }
  if (!groups.groups.some(group => groups.isUnfolded(group))) return { ...from, folds: UNFOLDED }
  const key = groups.groupAt(list.index)?.key
  if (key === undefined || isFollowing(from)) return { ...from, folds: FOLDED }
  return { ...moveTo(from, list, groups.headingOf(key)), folds: FOLDED }
}

/**
 * The nearest action that was blocked, or waits, beyond the selected one. From the newest on it is
 * the last block first: what waits is about as new, and has keys of its own.
 */
export function toStopped(state: MonitorState, from: View, list: ListPosition, step: 1 | -1): View {
  const { world, groups, view } = state
  const rows = groups?.allRows() ?? state.rows
  const start = startOf(state, list, rows, step)
  const nearest = (...states: readonly State[]): number | undefined => {
    let at = start + step
    while (at >= 0 && at < rows.length && !isIn(states, world, rows[at] ?? 0)) at += step
    return rows[at]
  }
  const fromNewest = isFollowing(view) && step < 0
  const row = (fromNewest ? nearest('blocked') : undefined) ?? nearest('blocked', 'pending')
  if (row !== undefined) return goTo(state, from, list, row)
  const none = `no blocked or pending action ${step > 0 ? 'after' : 'before'} this one`
  return { ...view, message: step > 0 ? none : withOlder(none, world) }
}

/** From where on it is looked: beside what is selected, or outside the end. */
function startOf(
  { groups, view }: MonitorState,
  list: ListPosition,
  rows: Uint32Array,
  step: 1 | -1,
): number {
  if (isFollowing(view)) return step < 0 ? rows.length : rows.length - 1
  if (groups === null) return list.index
  const line = list.lineAt(list.index)
  if (line?.kind === 'action') return rows.indexOf(line.row)
  // The first action of a group comes after its heading.
  const first = rows.indexOf(line?.group.rows[0] ?? 0)
  return step > 0 ? first - 1 : first
}

const isIn = (states: readonly State[], world: World, row: number): boolean =>
  states.includes(verdictOf(world, row).state)

export function earlier(
  state: MonitorState,
  from: View,
  list: ListPosition,
  columns: number,
): View {
  const row = rowEarlier(state, sliceMs(state, columns))
  return row === null
    ? { ...state.view, message: withOlder('nothing earlier here', state.world) }
    : goTo(state, from, list, row)
}

function withOlder(text: string, world: World): string {
  const older = olderText(world)
  return older === '' ? text : `${text}; ${older}`
}

/** After the last slice comes now. */
export function later(state: MonitorState, from: View, list: ListPosition, columns: number): View {
  if (isFollowing(state.view)) return { ...state.view, message: 'this is now' }
  const row = rowLater(state, sliceMs(state, columns))
  return row === null ? { ...from, ...FOLLOWING, detailsTop: 0 } : goTo(state, from, list, row)
}

const sliceMs = (state: MonitorState, columns: number): number =>
  SLICES[sliceFor(state, barsIn(columns))]?.ms ?? SLICES[0].ms

export function sliced(state: MonitorState, view: View, step: 1 | -1, columns: number): View {
  const to = sliceFor(state, barsIn(columns)) + step
  return { ...view, slice: Math.max(0, Math.min(SLICES.length - 1, to)) }
}

/** A key on the sessions screen; null when it is not about the tree. */
export function onTree({ world }: MonitorState, view: View, command: Command): View | null {
  const nodes = sessionTree(world, view.tree)
  const at = nodeAt(nodes, view.session)
  const node = nodes[at]
  const to = (index: number): View => {
    const next = nodes[Math.max(0, Math.min(nodes.length - 1, index))]
    return { ...view, session: next?.key ?? null }
  }
  switch (command) {
    case 'up':
      return to(at - 1)
    case 'down':
      return to(at + 1)
    case 'page-up':
      return to(at - 10)
    case 'page-down':
      return to(at + 10)
    case 'first':
      return to(0)
    case 'last':
      return to(nodes.length - 1)
    case 'details':
      return node === undefined ? { ...view, screen: 'live' } : shown(world, view, node)
    case 'fold':
    case 'unfold': {
      if (node === undefined) return view
      const { id } = node.session
      return { ...view, session: id, tree: withFold(view.tree, id, command === 'unfold') }
    }
    case 'fold-all':
      return { ...view, tree: nodes.some(isOpen) ? FOLDED : UNFOLDED }
    default:
      return null
  }
}

const isOpen = (node: TreeNode): boolean =>
  node.kind === 'session' && node.agents > 0 && node.unfolded

/** As the screens show it, where that is of no other session. */
function shortId({ sessions }: World, id: string): string {
  const short = id.slice(0, 8)
  return sessions.filter(it => it.id.includes(short)).length === 1 ? short : id
}

/** The live list with only the actions of a session, or of one of its subagents. */
function shown(world: World, view: View, node: TreeNode): View {
  const session = `session:${shortId(world, node.session.id)}`
  const agent = node.kind === 'agent' ? ` agent:${world.agents[node.sums.agent]?.id}` : ''
  return { ...view, ...FOLLOWING, screen: 'live', filter: session + agent }
}

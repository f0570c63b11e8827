/** Where the selection stands in the list of actions, grouped or not. */

import { withFold } from './folds.ts'
import type { ListLine } from './grouped-list.ts'
import { positionOf } from './list.ts'
import type { MonitorState } from './monitor.ts'
import { isFollowing, type ListPosition, moveTo, type View } from './view.ts'

export function listPosition(state: MonitorState, height: number): ListPosition {
  const { rows, groups } = state
  const length = groups?.length ?? rows.length
  const last = Math.max(0, length - 1)
  const place = placeOf(state)
  const index = place === null || place < 0 ? last : Math.min(last, place)
  return { length, index, lineAt: i => lineAt(state, i), height }
}

/** Null while the newest is followed. */
function placeOf({ view, world, rows, groups }: MonitorState): number | null {
  if (view.heading !== null) return groups?.headingOf(view.heading) ?? null
  if (view.selected === null) return null
  if (groups === null) return positionOf(world, rows, view.selected)
  return groups.lineOf(world, view.selected)
}

function lineAt({ rows, groups }: MonitorState, index: number): ListLine | null {
  if (groups !== null) return groups.lineAt(index)
  const row = rows[index]
  return row === undefined ? null : { kind: 'action', row }
}

/** The line that is selected, or the newest. */
export function chosenLine(state: MonitorState): ListLine | null {
  return lineAt(state, listPosition(state, 1).index)
}

/** Goes to an action, and unfolds its group. */
export function goTo(state: MonitorState, from: View, list: ListPosition, row: number): View {
  const { world, rows, groups } = state
  if (groups === null) return moveTo(from, list, positionOf(world, rows, row))
  const index = groups.lineOf(world, row)
  const line = groups.lineAt(index)
  if (line?.kind === 'action') return moveTo(from, list, index)
  const folds = withFold(from.folds, groups.keyOf(row), true)
  return { ...from, folds, selected: row, heading: null, detailsTop: 0 }
}

/** The actions among which time goes by for the selection: its group's, or all. */
export function rowsAround(state: MonitorState): Uint32Array {
  const { groups, rows, view } = state
  if (groups === null || isFollowing(view)) return rows
  return groups.groupAt(listPosition(state, 1).index)?.rows ?? rows
}

/** The actions of the list over time, in slices, and the way from one slice to another. */
import { STATES } from '../action/action.ts'
import type { World } from '../action/world.ts'
import { chosenLine, rowsAround } from './cursor.ts'
import { positionOf } from './list.ts'
import type { MonitorState } from './monitor.ts'
import { isFollowing } from './view.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export const SLICES = [
  { label: 'minute', ms: MINUTE },
  { label: '5 min', ms: 5 * MINUTE },
  { label: '15 min', ms: 15 * MINUTE },
  { label: 'hour', ms: HOUR },
  { label: '6 hours', ms: 6 * HOUR },
  { label: 'day', ms: 24 * HOUR },
] as const

/** A longer one is only taken when it is asked for: what is near matters most. */
const LONGEST_FIT = 2

export interface Timeline {
  readonly slice: (typeof SLICES)[number]
  /** Unix ms */
  readonly since: number
  readonly until: number
  /** Actions in each slice, oldest first. */
  readonly counts: Uint32Array
  readonly blocked: Uint32Array
  readonly pending: Uint32Array
  /** The slice in which the selection stands; null while the newest is followed. */
  readonly cursor: number | null
}

const PENDING = STATES.indexOf('pending')

/** Into SLICES: the one that was chosen, or the shortest with which so many show all there is. */
export function sliceFor({ world, rows, view, now }: MonitorState, slices: number): number {
  if (view.slice !== null) return view.slice
  const span = now - timeAt(world, rows, 0)
  const fit = SLICES.findIndex(({ ms }) => ms * (slices - 1) >= span)
  return fit < 0 ? LONGEST_FIT : Math.min(fit, LONGEST_FIT)
}

/** The slices up to now; of what is longer ago, those around the selection, or up to the newest. */
export function timelineOf(state: MonitorState, slices: number): Timeline {
  const { world, rows, view, now } = state
  const slice = SLICES[sliceFor(state, slices)] ?? SLICES[LONGEST_FIT]
  const { ms } = slice
  const following = isFollowing(view)
  const at = following ? timeAt(world, rows, rows.length - 1) : timeOfChosen(state)
  const latest = sliceEnd(now, ms, now)
  const around = sliceEnd(now, ms, at) + (following ? 0 : Math.floor(slices / 2) * ms)
  const until = at < latest - slices * ms ? Math.min(latest, around) : latest
  const since = until - slices * ms
  const cursor = following ? null : Math.floor((at - since) / ms)
  const timeline = {
    slice,
    since,
    until,
    counts: new Uint32Array(slices),
    blocked: new Uint32Array(slices),
    pending: new Uint32Array(slices),
    cursor,
  }
  countInto(timeline, state, ms)
  return timeline
}

/** Costs the slices, what was refused and what is open, not all the actions in them. */
function countInto(timeline: Timeline, state: MonitorState, ms: number): void {
  const { since, counts, blocked, pending } = timeline
  const { world, rows } = state
  const { requestedAt, state: states } = world.actions.columns
  let first = firstFrom(world, rows, since)
  for (let slice = 0; slice < counts.length; slice++) {
    const next = firstFrom(world, rows, since + (slice + 1) * ms)
    counts[slice] = next - first
    first = next
  }
  const isShown = shownBy(state)
  const mark = (row: number, slices: Uint32Array): void => {
    const slice = Math.floor(((requestedAt[row] ?? 0) - since) / ms)
    if (slice >= 0 && slice < slices.length && isShown(row))
      slices[slice] = (slices[slice] ?? 0) + 1
  }
  for (const row of world.blocked) mark(row, blocked)
  for (const open of world.open.values())
    for (const row of open) if (states[row] === PENDING) mark(row, pending)
}

/** Whether the list has a row. */
function shownBy({ world, rows, view }: MonitorState): (row: number) => boolean {
  // Unfiltered it has all of those that were there when it was made.
  if (view.filter.trim() === '') return row => row < rows.length
  return row => rows[positionOf(world, rows, row)] === row
}

/** When the selected action was asked, or the newest of the selected group; Unix ms. */
export function timeOfChosen(state: MonitorState): number {
  const line = chosenLine(state)
  if (line === null) return state.now
  if (line.kind === 'heading') return line.group.lastAt
  return state.world.actions.columns.requestedAt[line.row] ?? 0
}

/** The newest action of the slice before, or of the nearest one that has any; null when none has. */
export function rowEarlier(state: MonitorState, ms: number): number | null {
  const rows = rowsAround(state)
  const from = isFollowing(state.view) ? state.now : timeOfChosen(state)
  const start = sliceEnd(state.now, ms, from) - ms
  return rows[firstFrom(state.world, rows, start) - 1] ?? null
}

/** The newest action of the next slice that has any; null when none has. */
export function rowLater(state: MonitorState, ms: number): number | null {
  const { world, now } = state
  const rows = rowsAround(state)
  const next = firstFrom(world, rows, sliceEnd(now, ms, timeOfChosen(state)))
  if (next >= rows.length) return null
  return rows[firstFrom(world, rows, sliceEnd(now, ms, timeAt(world, rows, next))) - 1] ?? null
}

/** Slices end at whole quarters, hours or days of the user's clock, so that they do not crawl. */
function sliceEnd(now: number, ms: number, at: number): number {
  const zone = new Date(now).getTimezoneOffset() * MINUTE
  return (Math.floor((at - zone) / ms) + 1) * ms + zone
}

const timeAt = (world: World, rows: Uint32Array, index: number): number =>
  world.actions.columns.requestedAt[rows[index] ?? 0] ?? 0

/** The place of the first action that was asked at a time or after. O(log n). */
function firstFrom(world: World, rows: Uint32Array, at: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeAt(world, rows, middle) < at) low = middle + 1
    else high = middle
  }
  return low
}

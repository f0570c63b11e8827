/** What the user looks at: a pure state machine over keys. The rows come from outside. */

import { type Folds, UNFOLDED } from './folds.ts'
import type { Prompt } from './prompt.ts'

export type Screen = 'live' | 'pending' | 'trust' | 'sessions' | 'notices' | 'insights' | 'audit'

export interface View {
  readonly screen: Screen
  readonly filter: string
  /** The text being typed after `/`, or null. */
  readonly editing: string | null
  /** The selected action; null while the newest is followed. */
  readonly selected: number | null
  /** On which line of the list the selection stands, counted from its top. */
  readonly line: number
  readonly details: boolean
  readonly detailsTop: number
  readonly help: boolean
  /** The selected node of the sessions screen, by its key; null is the first. */
  readonly session: string | null
  /** Of the sessions, by their id. */
  readonly tree: Folds
  /** The selected action of the pending screen: it stays when others come and go. */
  readonly pending: number | null
  /** The selected line of the trust screen, of the notices, of what was blocked most, and of the audit. */
  readonly cursor: number
  /** Over which range the insights look; into RANGES. */
  readonly range: number
  /** A question to the user that takes all keys; null when there is none. */
  readonly prompt: Prompt | null
  readonly theme: number
  /** A word to the user, until the next key. */
  readonly message: string
}

export const FIRST_VIEW: View = {
  screen: 'live',
  filter: '',
  editing: null,
  selected: null,
  line: 0,
  details: false,
  detailsTop: 0,
  help: false,
  session: null,
  tree: UNFOLDED,
  pending: null,
  cursor: 0,
  range: 1,
  prompt: null,
  theme: 0,
  message: '',
}

/** What a move needs to know of the list. */
export interface ListPosition {
  readonly length: number
  /** Where the selection stands, or the last line when following. */
  readonly index: number
  readonly rowAt: (index: number) => number
  /** Visible lines. */
  readonly height: number
}

/** Moves the selection; reaching the last line follows the newest again only by `follow`. */
export function moveTo(view: View, list: ListPosition, index: number): View {
  if (list.length === 0) return { ...view, selected: null }
  const to = Math.max(0, Math.min(list.length - 1, index))
  const { top, end } = windowOf(list.length, list.index, view.line, list.height)
  const line = to < top ? 0 : to >= end ? list.height - 1 : to - top
  return { ...view, selected: list.rowAt(to), line, detailsTop: 0 }
}

/** The visible part of a list in which item `index` stands on line `line`, or above it near the top. */
export function windowOf(
  length: number,
  index: number,
  line: number,
  height: number,
): { top: number; end: number } {
  const top = Math.max(0, index - Math.min(line, height - 1))
  return { top, end: Math.min(length, top + height) }
}

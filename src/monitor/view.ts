/** What the user looks at: a pure state machine over keys. The rows come from outside. */

import type { FilterLine } from './filter-line.ts'
import type { Palette, Prompt } from './prompt.ts'

export const SCREENS = [
  'live',
  'pending',
  'trust',
  'sessions',
  'notices',
  'insights',
  'audit',
] as const
export type Screen = (typeof SCREENS)[number]

export interface View {
  readonly screen: Screen
  readonly filter: string
  /** The filter that is being typed, or null. */
  readonly editing: FilterLine | null
  /** Filters that were used, the newest last. */
  readonly history: readonly string[]
  readonly palette: Palette | null
  /** The selected action; null while the newest is followed. */
  readonly selected: number | null
  /** On which line of the list the selection stands, counted from its top. */
  readonly line: number
  readonly details: boolean
  readonly detailsTop: number
  readonly help: boolean
  /** The selected line of the sessions screen. */
  readonly session: number
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
  history: [],
  palette: null,
  selected: null,
  line: 0,
  details: false,
  detailsTop: 0,
  help: false,
  session: 0,
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

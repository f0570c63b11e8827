/** What the user looks at: a pure state machine over keys. The rows come from outside. */

export type Screen = 'live' | 'sessions'

export interface View {
  readonly screen: Screen
  readonly filter: string
  /** The text being typed after `/`, or null. */
  readonly editing: string | null
  /** The selected action; null while the newest is followed. */
  readonly selected: number | null
  /** How many lines above the bottom of the list the selection stands. */
  readonly anchor: number
  readonly details: boolean
  readonly detailsTop: number
  readonly help: boolean
  /** The selected line of the sessions screen. */
  readonly session: number
  readonly theme: number
  /** A word to the user, until the next key. */
  readonly message: string
}

export const FIRST_VIEW: View = {
  screen: 'live',
  filter: '',
  editing: null,
  selected: null,
  anchor: 0,
  details: false,
  detailsTop: 0,
  help: false,
  session: 0,
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
  const { top } = windowOf(list.length, list.index, view.anchor, list.height)
  const bottom = Math.min(list.length, top + list.height) - 1
  const anchor = to < top ? list.height - 1 : to > bottom ? 0 : bottom - to
  return { ...view, selected: list.rowAt(to), anchor, detailsTop: 0 }
}

/** The visible part of a list in which line `index` stands `anchor` lines above the bottom. */
export function windowOf(
  length: number,
  index: number,
  anchor: number,
  height: number,
): { top: number; end: number } {
  const highest = Math.max(0, length - height)
  const top = Math.max(0, Math.min(highest, index + anchor + 1 - height))
  const shown = Math.max(Math.min(top, index), index - height + 1)
  return { top: shown, end: Math.min(length, shown + height) }
}

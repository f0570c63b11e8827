/** What the user looks at: a pure state machine over keys. The rows come from outside. */

import { type Renumbering, rowIn, rowsIn } from '../action/renumber.ts'
import type { FilterLine } from './filter-line.ts'
import { FOLDED, type Folds, UNFOLDED } from './folds.ts'
import type { ListLine } from './grouped-list.ts'
import type { Grouping } from './groups.ts'
import type { Palette, Prompt, TrustForm } from './prompt.ts'

export const SCREENS = [
  'live',
  'pending',
  'trust',
  'sessions',
  'machines',
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
  /** The selected action. */
  readonly selected: number | null
  /** The key of the group whose heading is selected; with no action either, the newest is followed. */
  readonly heading: string | null
  readonly group: Grouping
  /** Of the groups, by their key. */
  readonly folds: Folds
  /** On which line of the list the selection stands, counted from its top. */
  readonly line: number
  readonly details: boolean
  readonly detailsTop: number
  /** The action whose secrets are shown in its details, until something else is looked at. */
  readonly revealed: number | null
  readonly help: boolean
  /** The selected node of the sessions screen, by its key; null is the first. */
  readonly session: string | null
  /** The selected one of the machines screen, by its name; null is the first. */
  readonly machine: string | null
  /** Of the sessions, by their id. */
  readonly tree: Folds
  /** How long a slice of the timeline is, into SLICES; null where it follows from what there is. */
  readonly slice: number | null
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
  heading: null,
  group: 'none',
  folds: FOLDED,
  line: 0,
  details: false,
  detailsTop: 0,
  revealed: null,
  help: false,
  session: null,
  machine: null,
  tree: UNFOLDED,
  slice: null,
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
  readonly lineAt: (index: number) => ListLine | null
  /** Visible lines. */
  readonly height: number
}

/** Moves the selection; reaching the last line follows the newest again only by `follow`. */
export function moveTo(view: View, list: ListPosition, index: number): View {
  if (list.length === 0) return { ...view, ...FOLLOWING }
  const to = Math.max(0, Math.min(list.length - 1, index))
  const { top, end } = windowOf(list.length, list.index, view.line, list.height)
  const line = to < top ? 0 : to >= end ? list.height - 1 : to - top
  return { ...view, ...selectedAt(list.lineAt(to)), line, detailsTop: 0 }
}

/** What it is to follow the newest. */
export const FOLLOWING = { selected: null, heading: null } as const

export const isFollowing = ({ selected, heading }: View): boolean =>
  selected === null && heading === null

function selectedAt(line: ListLine | null): Pick<View, 'selected' | 'heading'> {
  if (line === null) return FOLLOWING
  if (line.kind === 'action') return { selected: line.row, heading: null }
  return { selected: null, heading: line.group.key }
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

/** The same view when rows were numbered anew; what is forgotten is selected no more. */
export function renumbered(view: View, to: Renumbering): View {
  const now = (row: number | null): number | null => (row === null ? null : rowIn(to, row))
  return {
    ...view,
    selected: now(view.selected),
    revealed: now(view.revealed),
    pending: now(view.pending),
    prompt: view.prompt?.kind === 'trust' ? renumberedForm(view.prompt, to) : view.prompt,
  }
}

const renumberedForm = (form: TrustForm, to: Renumbering): TrustForm => ({
  ...form,
  choices: form.choices.map(it => ({ ...it, unblocks: rowsIn(to, it.unblocks) })),
})

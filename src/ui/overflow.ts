/** How far what is open can be scrolled: the help, or the details. */
import type { View } from '../monitor/view.ts'
import { footHeight } from './foot.ts'
import { detailsOverflow, type Frame } from './screen.ts'
import { wordHeight } from './states.ts'

/**
 * Many keys may come between two frames, and most of them scroll: what that cannot change is looked at once
 * for all of them. All lines of the help, or of a long input, are laid out to count them.
 */
export class Overflow {
  readonly #measure: (frame: Frame) => number
  #last: Frame | null = null
  #lines = 0

  /** @param measure looks at all lines */
  constructor(measure: (frame: Frame) => number = detailsOverflow) {
    this.#measure = measure
  }

  of(frame: Frame): number {
    if (this.#last === null || !areAlike(this.#last, frame)) this.#lines = this.#measure(frame)
    this.#last = frame
    return this.#lines
  }
}

/** Whether the same is open in the same room, however far it is scrolled. */
const areAlike = (a: Frame, b: Frame): boolean =>
  a.size.columns === b.size.columns &&
  a.size.rows === b.size.rows &&
  bottomOf(a) === bottomOf(b) &&
  TOLD.every(part => a.state[part] === b.state[part]) &&
  partsOf(a.state.view).every(part => a.state.view[part] === b.state.view[part])

/** Lines that a word or a question takes from it. */
const bottomOf = ({ state, keymap, size: { columns } }: Frame): number =>
  footHeight(state, keymap, columns) + wordHeight(state, columns)

/** Of what is published, that from which the rest follows. The age of something takes no lines. */
const TOLD = ['world', 'tick', 'reach', 'policy', 'audit'] as const

/** What a key changes that only scrolls. */
const SCROLLED: readonly string[] = ['detailsTop', 'message'] satisfies (keyof View)[]

const partsOf = (view: View): (keyof View)[] =>
  // A view has its own parts, and no others.
  (Object.keys(view) as (keyof View)[]).filter(part => !SCROLLED.includes(part))

/** How many actions the screen keeps, so that its memory stays flat however long it runs. */
import { forget } from '../action/forget.ts'
import type { Renumbered } from '../action/renumber.ts'
import type { World } from '../action/world.ts'
import type { ActionList } from './list.ts'

/**
 * Of actions, and of answers. An action with its answer takes about 0.35 KB, so that they are 90 MB; and
 * taking a quarter out of so many takes 40 to 60 ms, which nobody sees (of 400,000 it took about 110).
 */
export const MOST_KEPT = 250_000
/** So much of it is left each time. */
const LEFT = 3 / 4

export class Room {
  readonly #most: number
  /** How many may be there before it is looked again: what is open stays, however much it is. */
  #actions: number
  #messages: number

  constructor(most = MOST_KEPT) {
    this.#most = most
    this.#actions = most
    this.#messages = most
  }

  /**
   * Forgets the oldest when there are too many. Not before all history was read, the gate's too: its parts
   * come in any order, and what one tells of an action can come long after the other.
   * @returns null when nothing was forgotten
   */
  make(world: World, list: ActionList): Renumbered | null {
    const { actions, messages, gate } = world
    if (actions.length <= this.#actions && messages.length <= this.#messages) return null
    if (!gate.historyRead || (gate.sessions.size > 0 && gate.readAt === 0)) return null
    const left = Math.floor(this.#most * LEFT)
    const ordered = list.ordered(world)
    const newest = ordered[actions.length - left - 1]
    const asked = newest === undefined ? 0 : (actions.columns.requestedAt[newest] ?? 0)
    const answered =
      messages.length > this.#messages ? answeredAt(world, messages.length - left - 1) : 0
    const upTo = Math.max(asked, answered)
    const renumbered = forget(world, upTo)
    const spare = this.#most - left
    this.#actions = Math.max(this.#most, actions.length + spare)
    this.#messages = Math.max(this.#most, messages.length + spare)
    return renumbered
  }
}

/** When about so many answers were given, Unix ms. */
function answeredAt({ messages }: World, count: number): number {
  const { at } = messages.columns
  const some = new Float64Array(Math.ceil(messages.length / SAMPLE))
  for (let i = 0; i < some.length; i++) some[i] = at[i * SAMPLE] ?? 0
  return some.sort()[Math.floor(count / SAMPLE)] ?? 0
}

/** Of so many answers one is looked at: about a quarter is right enough. */
const SAMPLE = 64

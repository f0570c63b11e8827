/** The actions of the list in groups: by session, by what they touch, or by the rule. */
import { DECIDERS, STATES } from '../action/action.ts'
import { messageOf } from '../action/identity.ts'
import type { Renumbering } from '../action/renumber.ts'
import type { World } from '../action/world.ts'
import { opinionOf } from './gate-view.ts'
import { sessionIdOf } from './pending.ts'
import { strangers } from './trust.ts'

export const GROUPINGS = ['none', 'session', 'resource', 'rule'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface Group {
  /** A session's id, `kind id` of a resource, a rule; `''` for actions that have none. */
  readonly key: string
  /** Its actions, oldest first. */
  readonly rows: Uint32Array
  readonly approved: number
  readonly blocked: number
  readonly pending: number
  /** Null when no action's cost is known. */
  readonly costUsd: number | null
  /** Some are not known. */
  readonly partial: boolean
  /** Unix ms of its newest action. */
  readonly lastAt: number
}

/** The one group that an action is in. May hold text of the agent. */
export function groupKey(world: World, by: Grouping, row: number): string {
  switch (by) {
    case 'none':
      return ''
    case 'session':
      return sessionIdOf(world, row)
    case 'resource': {
      const judgement = opinionOf(world.gate.byRow.get(row))?.judgement
      // Of several the one that nobody trusts is what the verdict was about.
      const resource = strangers(judgement)[0] ?? judgement?.resources[0]
      return resource === undefined ? '' : `${resource.kind} ${resource.id}`
    }
    case 'rule': {
      const opinion = opinionOf(world.gate.byRow.get(row))
      if (opinion === null) return ''
      const { rule } = opinion.judgement
      return opinion.opinionOnly ? `${rule}${OPINION}` : rule
    }
  }
}

/** Behind a rule that would have decided, had the client's own check not. */
export const OPINION = ', opinion only'

/**
 * While the user moves about, groups stay in their order, and new ones come last. Else the one that
 * acted last comes last; those that acted at about the same time do not change places.
 */
const CALM_MS = 5 * 60_000

const BLOCKED = STATES.indexOf('blocked')
const APPROVED = STATES.indexOf('approved')
const PENDING = STATES.indexOf('pending')
const OUTAGE = DECIDERS.indexOf('outage')

/**
 * Keeps actions in their groups. What an action belongs to and what answer it came with is looked up
 * when it changes; a new frame then costs one pass over two small columns.
 */
export class Groups {
  #by: Grouping = 'none'
  readonly #numbers = new Map<string, number>()
  #keys: string[] = []
  #order: number[] = []
  /** By row: the number of its group and the row of its answer, both from 1 on; 0 when not known. */
  #groupOf = new Uint32Array(0)
  #answerOf = new Uint32Array(0)
  #last: { rows: Uint32Array; groups: Group[] } | null = null

  /** Rows that may belong elsewhere now. */
  touch(rows: readonly number[]): void {
    if (rows.length > 0) this.#last = null
    for (const row of rows) {
      if (row >= this.#groupOf.length) continue
      this.#groupOf[row] = 0
      this.#answerOf[row] = 0
    }
  }

  /** Groups of which nothing is left go, and the others stay in their order. */
  renumber(actions: Renumbering, messages: Renumbering): void {
    const isUsed = new Uint8Array(this.#keys.length + 1)
    let length = 0
    for (let row = 0; row < actions.length && row < this.#groupOf.length; row++) {
      if (actions[row] === 0) continue
      const group = this.#groupOf[row] ?? 0
      isUsed[group] = 1
      this.#groupOf[length] = group
      this.#answerOf[length++] = messages[(this.#answerOf[row] ?? 0) - 1] ?? 0
    }
    this.#groupOf.fill(0, length)
    this.#answerOf.fill(0, length)
    this.#last = null
    this.#keep(isUsed, length)
  }

  #keep(isUsed: Uint8Array, length: number): void {
    const before = this.#keys
    this.#keys = []
    this.#numbers.clear()
    const numbers = [
      0,
      ...before.map((key, i) => {
        if (isUsed[i + 1] === 0) return 0
        const number = this.#keys.push(key)
        this.#numbers.set(key, number)
        return number
      }),
    ]
    this.#order = this.#order.map(number => numbers[number] ?? 0).filter(number => number > 0)
    for (let row = 0; row < length; row++)
      this.#groupOf[row] = numbers[this.#groupOf[row] ?? 0] ?? 0
  }

  /**
   * @param rows what passes the filter, oldest first
   * @param still whether the groups stay in the order they have
   */
  update(world: World, rows: Uint32Array, by: Grouping, still: boolean): readonly Group[] {
    if (by !== this.#by) this.#begin(by)
    if (this.#last?.rows !== rows) this.#last = { rows, groups: this.#count(world, rows) }
    const { groups } = this.#last
    for (let n = this.#order.length + 1; n <= this.#keys.length; n++) this.#order.push(n)
    if (!still) this.#sort(groups)
    return this.#order.flatMap(number => groups[number] ?? []).filter(it => it.rows.length > 0)
  }

  /** The group in which an action was counted last. */
  keyOf(world: World, row: number): string {
    return this.#keys[(this.#groupOf[row] ?? 0) - 1] ?? groupKey(world, this.#by, row)
  }

  #begin(by: Grouping): void {
    this.#by = by
    this.#numbers.clear()
    this.#keys = []
    this.#order = []
    this.#groupOf.fill(0)
    this.#last = null
  }

  #sort(groups: readonly Group[]): void {
    const newest = groups.reduce((most, group) => Math.max(most, group.lastAt), 0)
    const at = (number: number): number => Math.min(groups[number]?.lastAt ?? 0, newest - CALM_MS)
    this.#order.sort((a, b) => at(a) - at(b) || a - b)
  }

  /** By their number; the first one is nobody's. */
  #count(world: World, rows: Uint32Array): Group[] {
    this.#grow(world.actions.length)
    const { message } = world.actions.columns
    const groupOf = this.#groupOf
    const answerOf = this.#answerOf
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0
      if (groupOf[row] === 0) groupOf[row] = this.#numberOf(world, row)
      // The answer that an action came with may be read after it.
      if (answerOf[row] === 0 && message[row] !== 0)
        answerOf[row] = (messageOf(world, row) ?? -1) + 1
    }
    const sums = sumsOf(world, rows, this.#keys.length + 1, groupOf, answerOf)
    return ['', ...this.#keys].map((key, number) => groupIn(sums, key, number))
  }

  #numberOf(world: World, row: number): number {
    const key = groupKey(world, this.#by, row)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#keys.push(key)
    this.#numbers.set(key, number)
    return number
  }

  #grow(length: number): void {
    if (length <= this.#groupOf.length) return
    const larger = (old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
      const array = new Uint32Array(Math.ceil(length * 1.5))
      array.set(old)
      return array
    }
    this.#groupOf = larger(this.#groupOf)
    this.#answerOf = larger(this.#answerOf)
  }
}

/** What the groups come to, a column each, by their number. */
interface Sums {
  /** The actions of all groups, one group after the other. */
  readonly rows: Uint32Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /** A number for each state and group. */
  readonly states: Uint32Array
  readonly costUsd: Float64Array
  /** Actions whose cost is known. */
  readonly priced: Uint32Array
  readonly lastAt: Float64Array
}

/** One pass over the columns: the only part whose cost grows with the actions, so it is plain. */
function sumsOf(
  world: World,
  rows: Uint32Array,
  size: number,
  groupOf: Uint32Array,
  answerOf: Uint32Array,
): Sums {
  const { state, decidedBy, requestedAt } = world.actions.columns
  const { costUsd: costs, calls } = world.messages.columns
  const starts = startsOf(rows, size, groupOf)
  const ends = starts.slice()
  const sorted = new Uint32Array(rows.length)
  const states = new Uint32Array(size * STATES.length)
  const costUsd = new Float64Array(size)
  const priced = new Uint32Array(size)
  const lastAt = new Float64Array(size)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    const group = groupOf[row] ?? 0
    const end = ends[group] ?? 0
    sorted[end] = row
    ends[group] = end + 1
    lastAt[group] = requestedAt[row] ?? 0
    const which = group * STATES.length + (state[row] ?? 0)
    if (decidedBy[row] !== OUTAGE) states[which] = (states[which] ?? 0) + 1
    const answer = answerOf[row] ?? 0
    if (answer === 0) continue
    const cost = costs[answer - 1] ?? Number.NaN
    if (Number.isNaN(cost)) continue
    // The calls of one answer share its cost.
    costUsd[group] = (costUsd[group] ?? 0) + cost / (calls[answer - 1] || 1)
    priced[group] = (priced[group] ?? 0) + 1
  }
  return { rows: sorted, starts, ends, states, costUsd, priced, lastAt }
}

function startsOf(rows: Uint32Array, size: number, groupOf: Uint32Array): Uint32Array {
  const starts = new Uint32Array(size)
  for (let i = 0; i < rows.length; i++) {
    const group = groupOf[rows[i] ?? 0] ?? 0
    starts[group] = (starts[group] ?? 0) + 1
  }
  let start = 0
  for (let group = 0; group < size; group++) {
    const count = starts[group] ?? 0
    starts[group] = start
    start += count
  }
  return starts
}

const groupIn = (sums: Sums, key: string, number: number): Group => {
  const of = (state: number): number => sums.states[number * STATES.length + state] ?? 0
  const rows = sums.rows.subarray(sums.starts[number], sums.ends[number])
  const priced = sums.priced[number] ?? 0
  return {
    key,
    rows,
    approved: of(APPROVED),
    blocked: of(BLOCKED),
    pending: of(PENDING),
    costUsd: priced === 0 ? null : (sums.costUsd[number] ?? 0),
    partial: priced > 0 && priced < rows.length,
    lastAt: sums.lastAt[number] ?? 0,
  }
}

/** What a person who looks elsewhere is told: that actions wait, each once, and not too often. */
import type { World } from '../action/world.ts'
import { actionName, type PendingItem, pendingItems } from './pending.ts'
import { clip } from './safe-text.ts'

export interface News {
  /** How many wait. */
  readonly waiting: number
  /** What is to be said now, safe and short, or `''`. */
  readonly say: string
}

/** Between two notifications; what comes meanwhile is summed up in the next. */
const APART_MS = 5000
const LONGEST = 120

export class Newsroom {
  #since: number
  /** By `waitKey`: rows are numbered anew. */
  #told = new Set<string>()
  #toldAt = Number.NEGATIVE_INFINITY
  #world: World | null = null

  /** @param since what waited before is no news, Unix ms */
  constructor(since: number) {
    this.#since = since
  }

  /** To be asked again while something waits: what came too soon is said later. */
  update(world: World, now: number): News {
    if (world !== this.#world) this.#told.clear()
    // A clock that was set back: what comes now is not from before the screen.
    this.#since = Math.min(this.#since, now)
    this.#toldAt = Math.min(this.#toldAt, now)
    this.#world = world
    // A recording, or a sample, asks nobody.
    const items = world.mark === '' ? pendingItems(world) : []
    const key = ({ row }: PendingItem): string => waitKey(world, row)
    const fresh = items.filter(it => it.since >= this.#since && !this.#told.has(key(it)))
    const waiting = items.length
    if (fresh.length === 0 || now - this.#toldAt < APART_MS) return { waiting, say: '' }
    this.#told = new Set(items.map(key).filter(it => this.#told.has(it)))
    for (const it of fresh) this.#told.add(key(it))
    this.#toldAt = now
    return { waiting, say: wordsOf(world, fresh) }
  }
}

function waitKey(world: World, row: number): string {
  const { key, agent } = world.actions.columns
  return `${agent[row]} ${key[row]}`
}

function wordsOf(world: World, [first, ...more]: readonly PendingItem[]): string {
  if (first === undefined) return ''
  if (more.length > 0) return `${more.length + 1} actions wait for you`
  return clip(`waits for you: ${actionName(world, first.row)}`, LONGEST)
}

/** What began to wait last. */
export const newestWaiting = (world: World): PendingItem | null =>
  pendingItems(world).at(-1) ?? null

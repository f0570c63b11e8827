/** What the rows that were forgotten came to: the sums that are read from rows stay whole. */

import { SeenIds } from './seen-ids.ts'

/** Of the answers of one model, or of the calls of one tool. */
export interface GoneShare {
  count: number
  costUsd: number
  /** Some have no known cost. */
  partial: boolean
}

/** Of one agent. */
export interface GoneOfAgent {
  total: number
  blocked: number
  tokens: number
  costUsd: number
  /** Answers whose price is not known. */
  unpriced: number
  /** Of its newest answer: when, Unix ms, and which model, into `world.models`. */
  answeredAt: number
  model: number
  /** Unix ms; 0 when nothing was forgotten of it. */
  firstAt: number
  lastAt: number
  readonly models: Map<string, GoneShare>
  readonly tools: Map<string, GoneShare>
  /** Answers that called no tool. */
  readonly noTool: GoneShare
}

export class Forgotten {
  /** How often rows were forgotten, and so numbered anew. */
  times = 0
  actions = 0
  /** Unix ms: of what was asked up to then only what is open is there; 0 while all is. */
  upTo = 0
  /** Of actions, answers and requests to the model. */
  readonly ids = new SeenIds()
  /** When the gate was last asked about one of them. */
  judgedAt = 0
  ungated = 0
  untold = 0
  judged = 0
  /** By the agent's index. */
  readonly agents = new Map<number, GoneOfAgent>()

  ofAgent(agent: number): GoneOfAgent {
    const known = this.agents.get(agent)
    if (known !== undefined) return known
    const gone = nothing()
    this.agents.set(agent, gone)
    return gone
  }
}

export function addShare(shares: Map<string, GoneShare>, name: string, costUsd: number): void {
  const known = shares.get(name)
  if (known !== undefined) {
    addCost(known, costUsd)
    return
  }
  const share = noShare()
  shares.set(name, share)
  addCost(share, costUsd)
}

/** @param costUsd not-a-number when not known */
export function addCost(share: GoneShare, costUsd: number): void {
  share.count++
  if (Number.isNaN(costUsd)) share.partial = true
  else share.costUsd += costUsd
}

export function seenOf(gone: GoneOfAgent, at: number): void {
  if (!(at > 0)) return
  if (gone.firstAt === 0 || at < gone.firstAt) gone.firstAt = at
  if (at > gone.lastAt) gone.lastAt = at
}

const noShare = (): GoneShare => ({ count: 0, costUsd: 0, partial: false })

const nothing = (): GoneOfAgent => ({
  total: 0,
  blocked: 0,
  tokens: 0,
  costUsd: 0,
  unpriced: 0,
  answeredAt: 0,
  model: 0,
  firstAt: 0,
  lastAt: 0,
  models: new Map(),
  tools: new Map(),
  noTool: noShare(),
})

/** What each agent did and used, subagents apart from their sessions. */
import { type Counts, DECIDERS, STATES } from '../action/action.ts'
import type { World } from '../action/world.ts'

export interface AgentSums {
  /** Into `world.agents`. */
  readonly agent: number
  readonly counts: Pick<Counts, 'total' | 'blocked' | 'pending'>
  readonly tokens: number
  readonly costUsd: number
  /** Some of its tokens have no known price. */
  readonly partial: boolean
  /** Of its newest answer. */
  readonly model: string
  /** Unix ms; 0 when nothing is known of it. */
  readonly firstAt: number
  readonly lastAt: number
}

/** By the agent's index. Costs a look at every action and answer: only where it is shown. */
export function sumsByAgent(world: World): AgentSums[] {
  const sums = new AgentColumns(world.agents.length)
  sums.addForgotten(world)
  sums.addAnswers(world)
  sums.addActions(world)
  return world.agents.map((_, agent) => sums.of(world, agent))
}

const BLOCKED = STATES.indexOf('blocked')
const PENDING = STATES.indexOf('pending')
const OUTAGE = DECIDERS.indexOf('outage')

/** A column each, by agent: this is done for every frame of the screen. */
class AgentColumns {
  readonly #total: Uint32Array
  readonly #blocked: Uint32Array
  readonly #pending: Uint32Array
  readonly #unpriced: Uint32Array
  readonly #model: Uint32Array
  readonly #tokens: Float64Array
  readonly #costUsd: Float64Array
  readonly #answeredAt: Float64Array
  readonly #firstAt: Float64Array
  readonly #lastAt: Float64Array

  constructor(agents: number) {
    this.#total = new Uint32Array(agents)
    this.#blocked = new Uint32Array(agents)
    this.#pending = new Uint32Array(agents)
    this.#unpriced = new Uint32Array(agents)
    this.#model = new Uint32Array(agents)
    this.#tokens = new Float64Array(agents)
    this.#costUsd = new Float64Array(agents)
    this.#answeredAt = new Float64Array(agents)
    this.#firstAt = new Float64Array(agents)
    this.#lastAt = new Float64Array(agents)
  }

  addForgotten({ forgotten }: World): void {
    for (const [who, gone] of forgotten.agents) {
      bump(this.#total, who, gone.total)
      bump(this.#blocked, who, gone.blocked)
      bump(this.#unpriced, who, gone.unpriced)
      bump(this.#tokens, who, gone.tokens)
      bump(this.#costUsd, who, gone.costUsd)
      this.#answeredAt[who] = gone.answeredAt
      this.#model[who] = gone.model
      this.#seen(who, gone.firstAt)
      this.#seen(who, gone.lastAt)
    }
  }

  addAnswers({ messages }: World): void {
    const { agent, at, model, costUsd, ...c } = messages.columns
    for (let row = 0; row < messages.length; row++) {
      const who = agent[row] ?? 0
      const when = at[row] ?? 0
      const cached = (c.cacheRead[row] ?? 0) + (c.cacheWrite5m[row] ?? 0)
      const tokens = (c.input[row] ?? 0) + (c.output[row] ?? 0) + (c.cacheWrite1h[row] ?? 0)
      bump(this.#tokens, who, tokens + cached)
      const cost = costUsd[row] ?? 0
      if (Number.isNaN(cost)) bump(this.#unpriced, who, 1)
      else bump(this.#costUsd, who, cost)
      if (when >= (this.#answeredAt[who] ?? 0)) {
        this.#answeredAt[who] = when
        this.#model[who] = model[row] ?? 0
      }
      this.#seen(who, when)
    }
  }

  addActions({ actions }: World): void {
    const { agent, state, decidedBy, requestedAt, finishedAt } = actions.columns
    for (let row = 0; row < actions.length; row++) {
      const who = agent[row] ?? 0
      bump(this.#total, who, 1)
      if (state[row] === PENDING) bump(this.#pending, who, 1)
      if (state[row] === BLOCKED && decidedBy[row] !== OUTAGE) bump(this.#blocked, who, 1)
      this.#seen(who, requestedAt[row] ?? 0)
      this.#seen(who, finishedAt[row] ?? 0)
    }
  }

  #seen(who: number, at: number): void {
    if (!(at > 0)) return
    const first = this.#firstAt[who] ?? 0
    if (first === 0 || at < first) this.#firstAt[who] = at
    if (at > (this.#lastAt[who] ?? 0)) this.#lastAt[who] = at
  }

  of(world: World, agent: number): AgentSums {
    const at = (column: Uint32Array | Float64Array): number => column[agent] ?? 0
    return {
      agent,
      counts: {
        total: at(this.#total),
        blocked: at(this.#blocked),
        pending: at(this.#pending),
      },
      tokens: at(this.#tokens),
      costUsd: at(this.#costUsd),
      partial: at(this.#unpriced) > 0,
      model: at(this.#answeredAt) > 0 ? world.models.at(at(this.#model)) : '',
      firstAt: at(this.#firstAt),
      lastAt: at(this.#lastAt),
    }
  }
}

function bump(column: Uint32Array | Float64Array, index: number, by: number): void {
  column[index] = (column[index] ?? 0) + by
}

/** Where the money went: cost by model, agent and tool. One pass over the tables, on demand. */
import { messageOf } from '../action/identity.ts'
import type { World } from '../action/world.ts'

export interface Share {
  readonly name: string
  readonly costUsd: number
  /** Tokens without a known price are in here somewhere. */
  readonly partial: boolean
  /** Model answers, or for a tool its calls. */
  readonly count: number
}

export interface Breakdown {
  readonly byModel: readonly Share[]
  readonly byAgent: readonly Share[]
  readonly byTool: readonly Share[]
}

/** The part of an answer that called no tool. */
export const NO_TOOL = '(no tool)'

/** @param session only this one (its index), or all */
export function breakdownOf(world: World, session?: number): Breakdown {
  const byModel = new Shares()
  const byAgent = new Shares()
  const byTool = new Shares()
  const wanted = world.agents.map(agent => session === undefined || agent.session === session)
  const messages = world.messages.columns
  for (let row = 0; row < world.messages.length; row++) {
    const agent = messages.agent[row] ?? 0
    if (!wanted[agent]) continue
    const cost = messages.costUsd[row] ?? Number.NaN
    byModel.add(world.models.at(messages.model[row] ?? 0), cost)
    byAgent.add(agentLabel(world, agent), cost)
    if (messages.calls[row] === 0) byTool.add(NO_TOOL, cost)
  }
  const actions = world.actions.columns
  for (let row = 0; row < world.actions.length; row++) {
    if (!wanted[actions.agent[row] ?? 0]) continue
    const message = messageOf(world, row)
    const cost =
      message === undefined ? 0 : (messages.costUsd[message] ?? 0) / (messages.calls[message] || 1)
    byTool.add(world.tools.at(actions.tool[row] ?? 0), cost)
  }
  return { byModel: byModel.sorted(), byAgent: byAgent.sorted(), byTool: byTool.sorted() }
}

/** `main`, or what the subagent is called. */
export function agentLabel(world: World, index: number): string {
  const agent = world.agents[index]
  if (agent === undefined || agent.id === '') return 'main'
  return agent.name || agent.id
}

class Shares {
  readonly #shares = new Map<string, { costUsd: number; partial: boolean; count: number }>()

  add(name: string, costUsd: number): void {
    let share = this.#shares.get(name)
    if (share === undefined) {
      share = { costUsd: 0, partial: false, count: 0 }
      this.#shares.set(name, share)
    }
    share.count++
    if (Number.isNaN(costUsd)) share.partial = true
    else share.costUsd += costUsd
  }

  sorted(): Share[] {
    const shares = Array.from(this.#shares, ([name, share]) => ({ name, ...share }))
    return shares.sort((a, b) => b.costUsd - a.costUsd || b.count - a.count)
  }
}

/** Where the money went: cost by model, agent and tool. One pass over the tables, on demand. */
import { addShare, type GoneShare } from '../action/forgotten.ts'
import { messageOf } from '../action/identity.ts'
import type { World } from '../action/world.ts'
import { clean } from './cost.ts'

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

/**
 * @param session only this one (its index), or all of them as one
 * @param agent only this one (its index) of them
 */
export function breakdownOf(world: World, session?: number, agent?: number): Breakdown {
  const shares = new BreakdownShares()
  const counts = (owner: number, of: number): boolean =>
    (session === undefined || owner === session) && (agent === undefined || of === agent)
  sumCosts(world, (owner, of) => (counts(owner, of) ? shares : null))
  return shares.breakdown()
}

/** Of every session, by its index, in one pass. */
export function breakdowns(world: World): Breakdown[] {
  const all = world.sessions.map(() => new BreakdownShares())
  sumCosts(world, owner => all[owner] ?? null)
  return all.map(shares => shares.breakdown())
}

function sumCosts(
  world: World,
  of: (session: number, agent: number) => BreakdownShares | null,
): void {
  const byAgent = world.agents.map(({ session }, agent) => of(session, agent))
  for (const [agent, gone] of world.forgotten.agents) {
    const shares = byAgent[agent]
    if (!shares) continue
    for (const [name, share] of gone.models) {
      shares.byModel.take(name, share)
      shares.byAgent.take(agentLabel(world, agent), share)
    }
    if (gone.noTool.count > 0) shares.byTool.take(NO_TOOL, gone.noTool)
    for (const [name, share] of gone.tools) shares.byTool.take(name, share)
  }
  const messages = world.messages.columns
  for (let row = 0; row < world.messages.length; row++) {
    const agent = messages.agent[row] ?? 0
    const shares = byAgent[agent]
    if (!shares) continue
    const cost = messages.costUsd[row] ?? Number.NaN
    shares.byModel.add(world.models.at(messages.model[row] ?? 0), cost)
    shares.byAgent.add(agentLabel(world, agent), cost)
    if (messages.calls[row] === 0) shares.byTool.add(NO_TOOL, cost)
  }
  const actions = world.actions.columns
  for (let row = 0; row < world.actions.length; row++) {
    const shares = byAgent[actions.agent[row] ?? 0]
    if (!shares) continue
    const message = messageOf(world, row)
    const cost =
      message === undefined ? 0 : (messages.costUsd[message] ?? 0) / (messages.calls[message] || 1)
    shares.byTool.add(world.tools.at(actions.tool[row] ?? 0), cost)
  }
}

/** `main`, or what the subagent is called. */
export function agentLabel(world: World, index: number): string {
  const agent = world.agents[index]
  if (agent === undefined || agent.id === '') return 'main'
  return agent.name || agent.id
}

class Shares {
  readonly #shares = new Map<string, GoneShare>()

  add(name: string, costUsd: number): void {
    addShare(this.#shares, name, costUsd)
  }

  /** Adds what several came to. */
  take(name: string, { count, costUsd, partial }: GoneShare): void {
    const known = this.#shares.get(name)
    this.#shares.set(name, {
      count: (known?.count ?? 0) + count,
      costUsd: (known?.costUsd ?? 0) + costUsd,
      partial: partial || known?.partial === true,
    })
  }

  sorted(): Share[] {
    // Parts are added up in any order: their last digits differ, and must not show.
    const shares = Array.from(this.#shares, ([name, { costUsd, partial, count }]) => ({
      name,
      costUsd: clean(costUsd),
      partial,
      count,
    }))
    return shares.sort(
      (a, b) => b.costUsd - a.costUsd || b.count - a.count || (a.name < b.name ? -1 : 1),
    )
  }
}

class BreakdownShares {
  readonly byModel = new Shares()
  readonly byAgent = new Shares()
  readonly byTool = new Shares()

  breakdown(): Breakdown {
    return {
      byModel: this.byModel.sorted(),
      byAgent: this.byAgent.sorted(),
      byTool: this.byTool.sorted(),
    }
  }
}

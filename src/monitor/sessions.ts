/** The sessions as a tree: each with its subagents below it. */
import type { Session, World } from '../action/world.ts'
import { type AgentSums, sumsByAgent } from './agent-sums.ts'
import { type Folds, isUnfolded } from './folds.ts'

/** Newest first, those that are said to live before the rest. */
export function sessionsByTime(world: World): Session[] {
  const lives = ({ presence }: Session): boolean => presence !== null && presence.status !== 'ended'
  const order = (s: Session): number => (lives(s) ? 1e15 : 0) + s.lastAt
  return world.sessions.filter(s => s.firstAt > 0).sort((a, b) => order(b) - order(a))
}

export type TreeNode =
  | {
      readonly kind: 'session'
      readonly key: string
      readonly session: Session
      /** How many subagents it has. */
      readonly agents: number
      readonly unfolded: boolean
    }
  | {
      readonly kind: 'agent'
      readonly key: string
      readonly session: Session
      readonly sums: AgentSums
      /** Nothing of its session comes after it. */
      readonly isLast: boolean
    }

/** Costs a look at every action and answer: only where it is shown. */
export function sessionTree(world: World, folds: Folds): TreeNode[] {
  const subagents = subagentsOf(world)
  return sessionsByTime(world).flatMap((session): TreeNode[] => {
    const below = subagents.get(session) ?? []
    const unfolded = isUnfolded(folds, session.id)
    const { id } = session
    return [
      { kind: 'session', key: id, session, agents: below.length, unfolded },
      ...(unfolded ? below : []).map((sums, i) => ({
        kind: 'agent' as const,
        key: `${id}\n${world.agents[sums.agent]?.id}`,
        session,
        sums,
        isLast: i === below.length - 1,
      })),
    ]
  })
}

/** The place of a node by its key; that of its session when it is folded away, else the first. */
export function nodeAt(nodes: readonly TreeNode[], key: string | null): number {
  const at = nodes.findIndex(node => node.key === key)
  if (at >= 0 || key === null) return Math.max(0, at)
  return Math.max(
    0,
    nodes.findIndex(node => key.startsWith(`${node.key}\n`)),
  )
}

/** The session that a node is, or is of; `''` when there is none. */
export function sessionOfKey(world: World, key: string | null): string {
  if (key === null) return sessionsByTime(world)[0]?.id ?? ''
  const own = world.findSession(key) ?? world.sessions.find(({ id }) => key.startsWith(`${id}\n`))
  return own?.id ?? ''
}

/** By session, in the order in which they began. */
function subagentsOf(world: World): Map<Session, AgentSums[]> {
  const bySession = new Map<Session, AgentSums[]>()
  for (const sums of sumsByAgent(world)) {
    const agent = world.agents[sums.agent]
    const session = world.sessions[agent?.session ?? -1]
    if (session === undefined || agent?.id === '' || sums.firstAt === 0) continue
    const known = bySession.get(session)
    if (known === undefined) bySession.set(session, [sums])
    else known.push(sums)
  }
  for (const all of bySession.values()) all.sort((a, b) => a.firstAt - b.firstAt)
  return bySession
}

/** What is said of a session and its agents: a later word replaces an earlier one. */
import type { Actor, SessionFacts } from './event.ts'
import { tellMode } from './modes.ts'
import { seen } from './rows.ts'
import type { Session, World } from './world.ts'

export const FACTS = [
  'client',
  'version',
  'cwd',
  'title',
  'entrypoint',
  'permissionMode',
] as const satisfies readonly (keyof SessionFacts & keyof Session)[]

export type Fact = (typeof FACTS)[number] | 'model'

export function applyFacts(session: Session, facts: SessionFacts): void {
  seen(session, facts.at)
  for (const name of FACTS) applyFact(session, name, facts[name], facts.at)
  if (facts.permissionMode) tellMode(session.modes, facts.at, facts.permissionMode)
}

export function applyFact(
  session: Session,
  name: Fact,
  value: string | undefined,
  at: number,
): void {
  if (!value || (session.saidAt[name] ?? -1) > at) return
  session[name] = value
  session.saidAt[name] = at
}

export function nameAgent(world: World, actor: Actor, name: string): void {
  const agent = world.agents[world.agentIndex(actor)]
  if (agent !== undefined && name !== '') agent.name = name
}

/**
 * Which row an id means. A client's ids are unique, and a resumed or forked session repeats lines
 * of another under its own name: those count once. Some gateways and test servers begin their ids
 * anew in each session: those are different. Copied lines keep their time, which tells the two
 * apart, once for each pair of sessions.
 */
import { type HashIndex, hashId } from './hash-index.ts'
import type { World } from './world.ts'

export interface Place {
  /** The row that has the id, if any. */
  readonly row: number | undefined
  /** Under which key the index has it, or should. */
  readonly slot: number
}

/**
 * @param key the hash of the id
 * @param session the index of the session that uses it
 * @param at when the line was written, Unix ms; null when only the id is known
 */
export function actionPlace(world: World, key: number, session: number, at: number | null): Place {
  const row = world.actionRows.get(key)
  if (row === undefined) return { row, slot: key }
  const { agent, requestedAt } = world.actions.columns
  // The journal's time is not that of the transcript's line.
  const told = world.gate.early.has(row) ? null : at
  const same = isSame(world, agent[row], session, requestedAt[row], told)
  return same ? { row, slot: key } : ownPlace(world, world.actionRows, key, session)
}

/** As actionPlace, for a model answer. */
export function messagePlace(world: World, key: number, session: number, at: number | null): Place {
  const row = world.messageRows.get(key)
  if (row === undefined) return { row, slot: key }
  const { agent, at: times } = world.messages.columns
  const same = isSame(world, agent[row], session, times[row], at)
  return same ? { row, slot: key } : ownPlace(world, world.messageRows, key, session)
}

/** For an id that another session used first for something else. */
function ownPlace(world: World, index: HashIndex, key: number, session: number): Place {
  const slot = hashId(`${key} ${world.sessions[session]?.id}`)
  return { row: index.get(slot), slot }
}

/** The model answer that an action came with. */
export function messageOf(world: World, row: number): number | undefined {
  const { message, agent } = world.actions.columns
  const session = world.agents[agent[row] ?? 0]?.session ?? 0
  return messagePlace(world, message[row] ?? 0, session, null).row
}

/** Whether a known row of some agent is what `session` means; decided when two sessions first meet. */
function isSame(
  world: World,
  agent: number | undefined,
  session: number,
  knownAt: number | undefined,
  at: number | null,
): boolean {
  const owner = world.agents[agent ?? 0]?.session ?? session
  if (owner === session) return true
  const pair = Math.min(owner, session) * 0x4000000 + Math.max(owner, session)
  const decided = world.kin.get(pair)
  if (decided !== undefined || at === null) return decided ?? false
  world.kin.set(pair, at === knownAt)
  return at === knownAt
}

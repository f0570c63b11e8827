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
 * @param at when the line was written, Unix ms; null when only the id is known
 */
export function placeOf(
  world: World,
  index: HashIndex,
  { agent, times }: { agent: Uint32Array; times: Float64Array },
  key: number,
  session: number,
  at: number | null,
): Place {
  const row = index.get(key)
  if (row === undefined) return { row, slot: key }
  const owner = world.agents[agent[row] ?? 0]?.session ?? session
  if (owner === session || areKin(world, owner, session, at, times[row] ?? 0))
    return { row, slot: key }
  const slot = hashId(`${key} ${world.sessions[session]?.id}`)
  return { row: index.get(slot), slot }
}

export function actionPlace(world: World, key: number, session: number, at: number | null): Place {
  const { agent, requestedAt } = world.actions.columns
  return placeOf(world, world.actionRows, { agent, times: requestedAt }, key, session, at)
}

export function messagePlace(world: World, key: number, session: number, at: number | null): Place {
  const { agent, at: times } = world.messages.columns
  return placeOf(world, world.messageRows, { agent, times }, key, session, at)
}

/** The model answer that an action came with. */
export function messageOf(world: World, row: number): number | undefined {
  const { message, agent } = world.actions.columns
  const session = world.agents[agent[row] ?? 0]?.session ?? 0
  return messagePlace(world, message[row] ?? 0, session, null).row
}

/** Whether one session repeats the other's lines; decided when their ids first meet. */
function areKin(world: World, a: number, b: number, at: number | null, known: number): boolean {
  const pair = Math.min(a, b) * 0x4000000 + Math.max(a, b)
  const decided = world.kin.get(pair)
  if (decided !== undefined || at === null) return decided ?? false
  world.kin.set(pair, at === known)
  return at === known
}

/** What `helpers/events.ts` has not: a part of the past, and a snapshot in a settled order. */
import { STATES, WAITS } from '../../src/action/action.ts'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { type Snapshot, snapshotOf } from '../../src/monitor/snapshot.ts'

/** The events folded elsewhere and handed over, as a worker does. */
export function backlogOf(...events: Event[]): Event {
  let world = new World('', 'part')
  for (const event of events) world = fold(world, event)
  return { type: 'backlog', part: structuredClone(world.toRaw()) }
}

/** What the action in a row waits for; no snapshot tells it. */
export function waitIn(world: World, row: number): string {
  const { waits, state } = world.actions.columns
  return `${STATES[state[row] ?? 0]}/${WAITS[waits[row] ?? 0]}`
}

const byKey = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** All of a snapshot, in an order that does not tell in which order it was read. */
export function settled(world: World): Snapshot {
  const { sessions, actions, ...rest } = snapshotOf(world)
  return {
    sessions: sessions
      .map(s => ({ ...s, unpricedModels: [...s.unpricedModels].sort() }))
      .sort((a, b) => byKey(a.id, b.id)),
    actions: actions.toSorted((a, b) => byKey(`${a.session} ${a.id}`, `${b.session} ${b.id}`)),
    ...rest,
  }
}

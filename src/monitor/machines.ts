/** The machines of a fleet: what they do, and how late it is heard. */
import { addCounts, type Counts, noCounts } from '../action/action.ts'
import type { World } from '../action/world.ts'

export interface MachineRow {
  readonly name: string
  readonly sessions: number
  readonly counts: Counts
  /** When it was last heard of, Unix ms. */
  readonly heardAt: number
  /** How long its newest entry took to the broker, milliseconds; clocks that differ are in it. */
  readonly lagMs: number
}

/** By name; none without a fleet. */
export function machinesOf(world: World): MachineRow[] {
  return [...world.machines]
    .map(([name, { at, arrivedAt, sessions }]) => {
      const counts = noCounts()
      for (const id of sessions) {
        const session = world.findSession(id)
        if (session !== undefined) addCounts(counts, session.counts)
      }
      const lagMs = Math.max(0, arrivedAt - at)
      return { name, sessions: sessions.size, counts, heardAt: arrivedAt, lagMs }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The machines of a fleet: what they do, and how late it is heard. */
import { addCounts, type Counts, noCounts } from '../action/action.ts'
import type { Session, World } from '../action/world.ts'
import { clean } from './cost.ts'

export interface MachineRow {
  readonly name: string
  readonly sessions: number
  readonly counts: Counts
  /** At list prices, of what is known. */
  readonly costUsd: number
  /** When it last told something, Unix ms; 0: not yet. */
  readonly heardAt: number
  /** How long its newest entry took to the broker, milliseconds; clocks that differ are in it. Null: it told none. */
  readonly lagMs: number | null
  /** Of its newest entries (`KEPT_LAGS`). */
  readonly lagP95Ms: number | null
}

/** By name; none without a fleet. */
export function machinesOf(world: World): MachineRow[] {
  return [...world.machines]
    .map(([name, { arrivedAt, sessions, lags }]) => {
      const counts = noCounts()
      let costUsd = 0
      for (const session of sessionsIn(world, sessions)) {
        addCounts(counts, session.counts)
        costUsd += session.costUsd
      }
      return {
        ...{ name, sessions: sessions.size, counts, costUsd: clean(costUsd), heardAt: arrivedAt },
        lagMs: lags.at(-1) ?? null,
        lagP95Ms: quantileOf(lags, 0.95),
      }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

const sessionsIn = (world: World, ids: Iterable<string>): Session[] =>
  [...ids].flatMap(id => world.findSession(id) ?? [])

/** Those of one machine, the newest first. */
export const sessionsOfMachine = (world: World, name: string): Session[] =>
  sessionsIn(world, world.machines.get(name)?.sessions ?? []).sort((a, b) => b.lastAt - a.lastAt)

function quantileOf(values: readonly number[], part: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? null
}

/** In a column where there is no room for more: the machine in a fleet, else what the session's id begins with. */
export const whoseText = ({ machineBySession }: World, session: string): string =>
  machineBySession.get(session) ?? session.slice(0, 8)

/**
 * `here`: the broker has all that its journal says. `behind`: something waits there. `silent`: no sign of
 * it came for a while. `stopped`: it said so. `unheard`: none came since this screen began.
 */
export type RelayState = 'here' | 'behind' | 'silent' | 'stopped' | 'unheard'

/** Three signs may be lost. */
const SILENT_MS = 10_000
/** What was written just now is on its way. */
const BEHIND_MS = 2000

/** @param now Unix ms @returns for `behind` and `silent` since when, milliseconds */
export function relayOf(
  world: World,
  name: string,
  now: number,
): { readonly state: RelayState; readonly forMs: number } {
  const sign = world.machines.get(name)?.relay ?? null
  if (sign === null) return { state: 'unheard', forMs: 0 }
  const silentMs = now - sign.at
  if (sign.ends) return { state: 'stopped', forMs: silentMs }
  if (silentMs > SILENT_MS) return { state: 'silent', forMs: silentMs }
  if (sign.waitingMs > BEHIND_MS) return { state: 'behind', forMs: sign.waitingMs }
  return { state: 'here', forMs: 0 }
}

/** Where the selected one stands; the first while none is. */
export const machineAt = (machines: readonly MachineRow[], name: string | null): number =>
  Math.max(
    0,
    machines.findIndex(it => it.name === name),
  )

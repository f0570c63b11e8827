// kill -9 of the gate while clients ask it and screens command it: at its start, while it answers, around
// each line that it appends, and while the days of its clock fly.
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import type { Random } from '../../random.ts'
import { faultsOf } from './against-journal.ts'
import { Clients } from './clients.ts'
import { type FaultsHome, forget, killed } from './home.ts'

export interface Kills {
  readonly trials: number
  readonly answers: number
  readonly overrides: { used: number; lost: number }
  readonly faults: readonly string[]
}

/** So many trials share a journal: a gate reads it at its start, and that must stay short. */
export const BATCH = 50

/** About how long a gate takes to answer. */
const START_MS = 220
const BUSY_MS = 80
/** So many lines at most before a gate that counts them dies. */
const LINES = 90
/** A gate that does not die by itself. */
const LONGEST_MS = 4000
const DAY_MS = 150

/** One journal, so many gates one after the other. */
export async function gateKills(
  home: FaultsHome,
  random: Random,
  trials: number,
  batch: string,
): Promise<Kills> {
  forget(home)
  const days = random.chance(0.2)
  const clock = days ? [ownUrl('fast-clock.js', { from: Date.now(), day: DAY_MS })] : []
  const clients = new Clients(home, batch)
  const at = [clients.calls(), clients.calls()]
  // What has an end (grants, restored pauses) has passed it in a few moments of such a clock.
  if (!days) at.push(clients.overrides(), clients.pauses(), clients.approvals())
  for (let trial = 0; trial < trials; trial++) await oneTrial(home, random, clients, clock)
  // The last gate lives for a moment, so that it heals what the one before it left.
  const last = home.startGate(clock)
  await answered(clients)
  clients.stop()
  await Promise.all(at)
  await killed(last)
  const { received, overrides } = clients.story
  const faults = faultsOf(join(home.state, 'journal'), clients.story)
  return { trials, answers: received.length, overrides, faults }
}

async function oneTrial(
  home: FaultsHome,
  random: Random,
  clients: Clients,
  clock: readonly string[],
): Promise<void> {
  const kind = random.pick(['start', 'busy', 'busy', 'append', 'append'] as const)
  if (kind === 'append') {
    const how = random.pick(['before', 'half', 'after'])
    const dies = ownUrl('die-in-append.js', { at: random.int(1, LINES), how })
    const gate = home.startGate([...clock, dies])
    await Promise.race([once(gate, 'exit'), rest(LONGEST_MS, undefined, { ref: false })])
    return killed(gate)
  }
  const gate = home.startGate(clock)
  if (kind === 'busy') await answered(clients)
  await rest(random.next() * (kind === 'busy' ? BUSY_MS : START_MS))
  return killed(gate)
}

const LOOK_MS = 3

/** Until one more client has an answer. */
async function answered({ story }: Clients): Promise<void> {
  const before = story.received.length
  const until = performance.now() + LONGEST_MS
  while (story.received.length === before && performance.now() < until) await rest(LOOK_MS)
}

function ownUrl(name: string, about: Readonly<Record<string, string | number>>): string {
  const url = new URL(name, import.meta.url)
  for (const [key, value] of Object.entries(about)) url.searchParams.set(key, String(value))
  return url.href
}

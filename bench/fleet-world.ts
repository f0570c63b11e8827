// To the world that a screen draws: what the source of `signalbox watch --nats` says, folded.
import { setTimeout as rest } from 'node:timers/promises'
import type { Event } from '../src/action/event.ts'
import { fold } from '../src/action/fold.ts'
import { World } from '../src/action/world.ts'
import { fleet as fleetSource } from '../src/sources/fleet.ts'
import {
  type Bench,
  brokerOf,
  ENTRIES,
  emptied,
  entryAt,
  type Pace,
  rateMeter,
  type Used,
  withRelay,
} from './fleet-bench.ts'
import { paced } from './fleet-pace.ts'

/** @returns entries a second, and what the relay took for them */
export async function worldRate(
  bench: Bench,
  organisation: string,
): Promise<{ perSecond: number; used: Used }> {
  const meter = rateMeter()
  const { used } = await withRelay(bench, organisation, () =>
    watched(bench, organisation, ENTRIES, meter.told),
  )
  return { perSecond: meter.perSecond(), used }
}

/**
 * Of each entry, from the journal on.
 * @param organisation has a relay @returns milliseconds
 */
export async function worldLatencies(
  bench: Bench,
  organisation: string,
  { entries, perSecond }: Pace,
): Promise<number[]> {
  await emptied(bench, organisation)
  const given: number[] = []
  const times: number[] = []
  const seen = watched(bench, organisation, entries, () => {
    times.push(performance.now() - (given[times.length] ?? Number.NaN))
  })
  const written = async (): Promise<void> => {
    await rest(500)
    await paced(entries, perSecond, () => {
      const entry = entryAt(bench, given.length)
      given.push(performance.now())
      bench.journal.append(entry)
    })
  }
  await Promise.all([seen, written()])
  return times
}

/** Ends after so many. */
async function watched(
  { url }: Bench,
  organisation: string,
  most: number,
  told: (event: Event) => void,
): Promise<void> {
  const broker = await brokerOf(url, organisation)
  const stop = new AbortController()
  const { signal } = stop
  const loadPrice = async () => () => null
  let world = new World()
  let done = 0
  for await (const batch of fleetSource({ broker, loadPrice, follow: true, signal }).events)
    for (const event of batch) {
      world = fold(world, event)
      if (event.type !== 'judged' && event.type !== 'ran') continue
      told(event)
      if (++done === most) stop.abort()
    }
  if (world.actions.length !== most / 2) throw new Error(`${world.actions.length} actions`)
  await broker.connection.close()
}

/**
 * A whole world to be taken up again just as it was, with its totals and indices: no row is looked at,
 * where a merge enters every one.
 */
import type { HashRows } from './hash-index.ts'
import { isRefusal, settle, verdictOf } from './rows.ts'
import { LATENCIES, type Latency, type Minute, type RawWorld, World } from './world.ts'

export interface KeptWorld extends RawWorld {
  readonly actionRows: HashRows
  readonly messageRows: HashRows
  /** Four numbers for each: the minute, actions, blocked, US dollars. */
  readonly minutes: Float64Array
  /** Counts by bucket. */
  readonly latency: Readonly<Record<Latency, Float64Array>>
  readonly open: ReadonlyMap<number, number[]>
  readonly callsAhead: ReadonlyMap<string, number>
  readonly kin: ReadonlyMap<number, boolean>
}

/** @param world one that knows transcripts alone: neither the gate's journal nor telemetry is kept */
export function keptOf(world: World): KeptWorld {
  const { turn, firstByte, decision, run } = world.latency
  return {
    ...world.view(),
    actionRows: world.actionRows.toRaw(),
    messageRows: world.messageRows.toRaw(),
    minutes: numbersOf(world.minutes),
    latency: {
      turn: turn.counts,
      firstByte: firstByte.counts,
      decision: decision.counts,
      run: run.counts,
    },
    open: world.open,
    callsAhead: world.callsAhead,
    kin: world.kin,
  }
}

export function worldFrom(kept: KeptWorld): World {
  const world = new World()
  world.actions.adopt(kept.actions)
  world.messages.adopt(kept.messages)
  world.texts.adopt(kept.texts)
  for (const session of kept.sessions) Object.assign(world.sessionOf(session.id), session)
  for (const agent of kept.agents) {
    const session = kept.sessions[agent.session]?.id ?? ''
    Object.assign(world.agents[world.agentIndex({ session, agent: agent.id })] ?? {}, agent)
  }
  for (const names of ['tools', 'models', 'reasons', 'files'] as const)
    for (const name of kept[names]) world[names].of(name)
  world.actionRows.adopt(kept.actionRows)
  world.messageRows.adopt(kept.messageRows)
  for (const name of LATENCIES) world.latency[name].take(kept.latency[name])
  minutesFrom(world.minutes, kept.minutes)
  fill(world.open, kept.open)
  fill(world.callsAhead, kept.callsAhead)
  fill(world.kin, kept.kin)
  for (const end of kept.orphans) settle(world, end, true)
  world.skippedCount = kept.skippedCount
  world.skipped.push(...kept.skipped)
  for (let row = 0; row < world.actions.length; row++) {
    world.touched.push(row)
    if (isRefusal(verdictOf(world, row))) world.blocked.add(row)
  }
  return world
}

function numbersOf(minutes: ReadonlyMap<number, Minute>): Float64Array {
  const numbers = new Float64Array(minutes.size * 4)
  let at = 0
  for (const [minute, { actions, blocked, costUsd }] of minutes) {
    numbers.set([minute, actions, blocked, costUsd], at)
    at += 4
  }
  return numbers
}

function minutesFrom(minutes: Map<number, Minute>, numbers: Float64Array): void {
  for (let at = 0; at < numbers.length; at += 4) {
    const number = (i: number): number => numbers[at + i] ?? 0
    minutes.set(number(0), { actions: number(1), blocked: number(2), costUsd: number(3) })
  }
}

function fill<K, V>(map: Map<K, V>, from: ReadonlyMap<K, V>): void {
  for (const [key, value] of from) map.set(key, value)
}

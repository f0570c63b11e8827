import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import type { Snapshot } from '../../src/monitor/snapshot.ts'
import { worldOf } from '../helpers/events.ts'
import { backlogOf, settled } from './events.ts'
import { type File, files } from './sessions.ts'

/** The ends of all files folded first, then their beginnings as parts, in any order. */
function inParts(all: readonly File[], cuts: readonly number[], order: readonly number[]): World {
  const cutOf = (i: number): number => Math.floor((cuts[i] ?? 0) * ((all[i]?.length ?? 0) + 1))
  let world = new World()
  for (const [i, file] of all.entries())
    for (const event of file.slice(cutOf(i))) world = fold(world, event)
  const parts = all.map((file, i) => ({ part: backlogOf(...file.slice(0, cutOf(i))), i }))
  parts.sort((a, b) => (order[a.i] ?? 0) - (order[b.i] ?? 0))
  for (const { part } of parts) world = fold(world, part)
  return world
}

const inOrder = (all: readonly File[]): World => worldOf(...all.flat().sort(byTime))
const atOf = (event: Event): number => ('at' in event ? event.at : 0)
const byTime = (a: Event, b: Event): number => atOf(a) - atOf(b)

/**
 * The row of refusals is the client's, over all agents by time; parts of two agents that overlap in
 * time cannot be put in a row again, so with several files a session it may differ.
 */
const withoutRows = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  sessions: snapshot.sessions.map(s => ({ ...s, blocksInRow: 0 })),
})

const cuts = fc.array(
  fc.integer({ min: 0, max: 999 }).map(n => n / 1000),
  {
    minLength: 9,
    maxLength: 9,
  },
)
const order = fc.array(fc.nat(), { minLength: 9, maxLength: 9 })

it('gives the same world in parts as in order', () => {
  fc.assert(
    fc.property(files({ agents: 3 }), cuts, order, (all, at, by) => {
      const parts = settled(inParts(all, at, by))
      expect(withoutRows(parts)).toEqual(withoutRows(settled(inOrder(all))))
    }),
    { numRuns: 300 },
  )
})

it('gives the same row of refusals too when a session has one agent', () => {
  fc.assert(
    fc.property(files({ agents: 1 }), cuts, order, (all, at, by) => {
      expect(settled(inParts(all, at, by))).toEqual(settled(inOrder(all)))
    }),
    { numRuns: 300 },
  )
})

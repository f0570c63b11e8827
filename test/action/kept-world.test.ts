/** A world that is kept in the middle and taken up again goes on as if nothing had been. */
import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { keptOf, worldFrom } from '../../src/action/kept-world.ts'
import type { World } from '../../src/action/world.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import { worldOf } from '../helpers/events.ts'
import { backlogOf } from './events.ts'
import { files } from './sessions.ts'

const cutAnywhere = fc
  .tuple(files({ agents: 2 }), fc.nat(), fc.boolean())
  .map(([all, cut, inParts]) => {
    const events = all.flat()
    const at = cut % (events.length + 1)
    return { before: events.slice(0, at), after: events.slice(at), inParts }
  })

/** Written to a file and read from it, as the index is. */
const takenUp = (world: World): World => worldFrom(deserialize(serialize(keptOf(world))))

const foldAll = (world: World, events: readonly Event[]): World => events.reduce(fold, world)

it('taken up, it is the same, and so is all that follows', () => {
  fc.assert(
    fc.property(cutAnywhere, ({ before, after, inParts }) => {
      const whole = worldOf(...before)
      const again = takenUp(worldOf(...before))
      expect(snapshotOf(again)).toEqual(snapshotOf(whole))
      expect(again.blocked).toEqual(whole.blocked)
      const rest = inParts ? [backlogOf(...after)] : after
      expect(snapshotOf(foldAll(again, rest))).toEqual(snapshotOf(foldAll(whole, rest)))
    }),
    { numRuns: 300 },
  )
})

it('counts its latencies on', () => {
  fc.assert(
    fc.property(cutAnywhere, ({ before, after }) => {
      const again = foldAll(takenUp(worldOf(...before)), after)
      const whole = worldOf(...before, ...after)
      for (const name of ['turn', 'decision', 'run'] as const) {
        expect(again.latency[name].counts).toEqual(whole.latency[name].counts)
        expect(again.latency[name].count).toBe(whole.latency[name].count)
      }
    }),
    { numRuns: 100 },
  )
})

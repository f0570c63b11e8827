/** The list is kept up as events arrive; it must always be what sorting it all would give. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { ActionList, positionOf } from '../../src/monitor/list.ts'
import { actionJson } from '../../src/monitor/snapshot.ts'
import { asked, blocked, worldOf } from '../helpers/events.ts'

/** Batches of requests at any times, some live, some as the history that a thread hands over. */
const batches = fc.array(
  fc.record({ times: fc.array(fc.nat(20), { maxLength: 12 }), history: fc.boolean() }),
  { maxLength: 6 },
)

interface Batch {
  readonly times: readonly number[]
  readonly history: boolean
}

let next = 0

function eventsOf({ times, history }: Batch): Event[] {
  const events = times.map(at => asked(`id${next++}`, at))
  return history ? [{ type: 'backlog', part: structuredClone(worldOf(...events).toRaw()) }] : events
}

function plainSort(world: World): number[] {
  const { requestedAt } = world.actions.columns
  const rows = Array.from({ length: world.actions.length }, (_, row) => row)
  return rows.sort((a, b) => (requestedAt[a] ?? 0) - (requestedAt[b] ?? 0) || a - b)
}

describe('the order of the list', () => {
  test('is that of a plain sort, after every batch', () => {
    fc.assert(
      fc.property(batches, all => {
        const list = new ActionList()
        let world = new World()
        for (const batch of all) {
          for (const event of eventsOf(batch)) world = fold(world, event)
          expect([...list.update(world, '')]).toEqual(plainSort(world))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('and every row is found at its place', () => {
    fc.assert(
      fc.property(batches, all => {
        let world = new World()
        for (const event of all.flatMap(eventsOf)) world = fold(world, event)
        const rows = new ActionList().update(world, '')
        rows.forEach((row, i) => {
          expect(positionOf(world, rows, row)).toBe(i)
        })
      }),
    )
  })
})

describe('a filtered list', () => {
  const idsOf = (world: World, rows: Uint32Array): string[] =>
    Array.from(rows, row => actionJson(world, row).id)

  test('follows what becomes of an action', () => {
    const list = new ActionList()
    let world = worldOf(asked('a', 0), asked('b', 1))
    expect(idsOf(world, list.update(world, 'state:blocked'))).toEqual([])
    world = fold(world, blocked('b', 5))
    expect(idsOf(world, list.update(world, 'state:blocked'))).toEqual(['b'])
    expect(idsOf(world, list.update(world, '!state:blocked'))).toEqual(['a'])
    expect(idsOf(world, list.update(world, ''))).toEqual(['a', 'b'])
  })

  test('knows a change that came while it was not filtered', () => {
    const list = new ActionList()
    let world = worldOf(asked('a', 0))
    list.update(world, 'state:blocked')
    list.update(world, '')
    world = fold(world, blocked('a', 5))
    list.update(world, '')
    expect(idsOf(world, list.update(world, 'state:blocked'))).toEqual(['a'])
  })

  test('finds an agent by a name that is told after its actions', () => {
    const list = new ActionList()
    let world = worldOf(asked('a', 0, { agent: 'x1' }))
    expect(idsOf(world, list.update(world, 'agent:explore'))).toEqual([])
    world = fold(world, { type: 'agent', session: 's1', agent: 'x1', name: 'Explore' })
    expect(idsOf(world, list.update(world, 'agent:explore'))).toEqual(['a'])
  })

  test('finds a session by a title that is told after its actions', () => {
    const list = new ActionList()
    let world = worldOf(asked('a', 0))
    expect(idsOf(world, list.update(world, 'session:cart'))).toEqual([])
    world = fold(world, { type: 'session', session: 's1', at: 1, title: 'the cart' })
    expect(idsOf(world, list.update(world, 'session:cart'))).toEqual(['a'])
  })

  test('tells where an action would stand that does not pass', () => {
    const world = worldOf(asked('a', 0), asked('b', 10), asked('c', 20), blocked('b', 30))
    const rows = new ActionList().update(world, '!state:blocked')
    expect([...rows]).toEqual([0, 2])
    expect(positionOf(world, rows, 1)).toBe(1)
  })
})

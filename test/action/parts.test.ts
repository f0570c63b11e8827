/** Harder than what is done today: any number of pieces of a file, merged in any order. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { HashIndex } from '../../src/action/hash-index.ts'
import { Table } from '../../src/action/table.ts'
import type { World } from '../../src/action/world.ts'
import { costOfRow } from '../../src/monitor/cost.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import { actionIn, answered, asked, blocked, sessionIn, worldOf } from '../helpers/events.ts'
import { backlogOf, settled } from './events.ts'
import { files } from './sessions.ts'

/** Each file cut in three; the pieces shuffled and dealt to parts, some read live before. */
const readings = fc
  .tuple(files({ agents: 2 }), fc.array(fc.nat(), { minLength: 12, maxLength: 12 }))
  .chain(([all, cuts]) => {
    const pieces = all.flatMap((file, f) => {
      const [a = 0, b = 0] = cuts.slice(f * 2, f * 2 + 2).map(n => n % (file.length + 1))
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      return [file.slice(0, low), file.slice(low, high), file.slice(high)]
    })
    return fc.record({
      all: fc.constant(all),
      pieces: fc.constant(pieces),
      order: fc.shuffledSubarray([...pieces.keys()], { minLength: pieces.length }),
      live: fc.nat(3),
      perPart: fc.integer({ min: 1, max: 4 }),
    })
  })

interface Reading {
  readonly pieces: readonly (readonly Event[])[]
  readonly order: readonly number[]
  readonly live: number
  readonly perPart: number
}

function inParts({ pieces, order, live, perPart }: Reading): World {
  // Within one part the pieces of a file stand in the order of the file.
  const some = (from: number, to: number): Event[] =>
    order
      .slice(from, to)
      .toSorted((a, b) => a - b)
      .flatMap(i => pieces[i] ?? [])
  let world = worldOf(...some(0, live))
  for (let i = live; i < order.length; i += perPart)
    world = fold(world, backlogOf(...some(i, i + perPart)))
  return world
}

/** Pieces that are not neighbours in time cannot be put in a row; see merge.test.ts. */
function comparable(world: World) {
  const { sessions, ...rest } = settled(world)
  return { ...rest, sessions: sessions.map(s => ({ ...s, blocksInRow: 0 })) }
}

function costs(world: World): [number, number | null][] {
  const rows = Array.from({ length: world.actions.length }, (_, row) => row)
  return rows
    .map((row): [number, number | null] => [
      world.actions.columns.key[row] ?? 0,
      costOfRow(world, row),
    ])
    .sort(([a], [b]) => a - b)
}

describe('any pieces of any files, merged in any order', () => {
  it('make the same world', () => {
    fc.assert(
      fc.property(readings, it => {
        const whole = worldOf(...it.all.flat())
        const parts = inParts(it)
        expect(comparable(parts)).toEqual(comparable(whole))
        expect(costs(parts)).toEqual(costs(whole))
      }),
      { numRuns: 400 },
    )
  })

  it('make the same latencies', () => {
    fc.assert(
      fc.property(readings, it => {
        const whole = worldOf(...it.all.flat())
        const parts = inParts(it)
        for (const name of ['turn', 'decision', 'run'] as const)
          expect(parts.latency[name].counts).toEqual(whole.latency[name].counts)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a call in one part and its refusal in another', () => {
  const call = [answered('m', 0), asked('a', 0, { message: 'm' })]
  const refusal = [blocked('a', 40)]
  const whole = snapshotOf(worldOf(...call, ...refusal))
  const ORDERS: readonly (readonly [string, readonly Event[]])[] = [
    ['the call first', [backlogOf(...call), backlogOf(...refusal)]],
    ['the refusal first', [backlogOf(...refusal), backlogOf(...call)]],
    ['the refusal live', [...refusal, backlogOf(...call)]],
    ['the call live', [...call, backlogOf(...refusal)]],
  ]

  it.each(ORDERS)('count once: %s', (_, events) => {
    expect(snapshotOf(worldOf(...events))).toEqual(whole)
    expect(sessionIn(whole)).toMatchObject({ blocksInRow: 1, blocksTotal: 1 })
  })
})

it('leaves nothing of an action that both had in the next one', () => {
  const old = [asked('a', 0), blocked('a', 40)]
  const snapshot = snapshotOf(worldOf(...old, backlogOf(...old), asked('b', 500)))
  const nothing = { decidedAt: null, finishedAt: null, decisionMs: null }
  expect(actionIn(snapshot, 'b')).toMatchObject(nothing)
})

it('does not charge an action without an answer for the first answer there is', () => {
  const world = worldOf(answered('m', 0), asked('a', 0, { message: 'm' }), asked('b', 5))
  expect([0, 1].map(row => costOfRow(world, row))).toEqual([0.25, null])
})

describe('the stores below', () => {
  it('have nothing under the key 0, which means none', () => {
    const index = new HashIndex()
    expect(index.get(0)).toBeUndefined()
    index.set(5, 7)
    expect(index.get(0)).toBeUndefined()
  })

  it('begin a row with zeros, also where another was taken back', () => {
    const table = new Table({ a: 'f64', b: 'u8' })
    const row = table.add()
    table.columns.a[row] = 1.5
    table.truncate(0)
    expect(table.columns.a[table.add()]).toBe(0)
  })
})

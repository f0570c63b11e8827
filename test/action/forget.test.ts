/** A screen that forgets, held against one that does not: all that is counted is the same. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { isOpen, verdictOf } from '../../src/action/rows.ts'
import { textsOf, type World } from '../../src/action/world.ts'
import { sumsByAgent } from '../../src/monitor/agent-sums.ts'
import { breakdowns } from '../../src/monitor/breakdown.ts'
import { clean } from '../../src/monitor/cost.ts'
import { countersOf } from '../../src/monitor/counters.ts'
import { Monitor } from '../../src/monitor/monitor.ts'
import { answered, asked, blocked, decided, present, T0 } from '../helpers/events.ts'
import { lives } from './lives.ts'

const READ: Event = { type: 'progress', doneBytes: 0, totalBytes: 0 }
const NOW = T0 + 60_000

function screenOf(most: number, events: readonly Event[], batch = 1000): Monitor {
  const monitor = new Monitor({ place: '', readInput: () => null, clock: () => NOW, most })
  monitor.take([READ])
  for (let i = 0; i < events.length; i += batch) monitor.take(events.slice(i, i + batch))
  monitor.publish()
  monitor.stop()
  return monitor
}

const worldOf = (most: number, events: readonly Event[]): World =>
  screenOf(most, events).store.getState().world

const idsIn = (world: World): string[] =>
  Array.from({ length: world.actions.length }, (_, row) => textsOf(world, row).id)

/** Everything that is counted, and not read from the rows that are there. */
function countedIn(world: World) {
  const { costUsd, costToday, usdPerHour, latency, ...counters } = countersOf(world, NOW)
  const counts = (of: 'turn' | 'decision' | 'run'): number[] => [...world.latency[of].counts]
  return {
    counters,
    costs: [costUsd, costToday, usdPerHour].map(clean),
    latency: { turn: counts('turn'), decision: counts('decision'), run: counts('run') },
    minutes: [...world.minutes]
      .map(([minute, it]) => ({ minute, ...it, costUsd: clean(it.costUsd) }))
      .filter(it => it.actions > 0 || it.costUsd > 0),
    sessions: world.sessions.map(({ costUsd, costByModel, modes, ...it }) => ({
      ...it,
      costUsd: clean(costUsd),
    })),
    agents: sumsByAgent(world).map(({ costUsd, ...it }) => ({ ...it, costUsd: clean(costUsd) })),
    breakdowns: breakdowns(world),
  }
}

describe('a screen that keeps few actions', () => {
  test('counts as one that keeps all, whatever is read again, late, or under another name', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 4, max: 40 }), (events, most) => {
        expect(countedIn(worldOf(most, events))).toEqual(countedIn(worldOf(1e9, events)))
      }),
      { numRuns: 300 },
    )
  })

  test('has all that is open', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 4, max: 40 }), (events, most) => {
        const [few, all] = [worldOf(most, events), worldOf(1e9, events)]
        const openIn = (world: World): string[] =>
          idsIn(world)
            .filter((_, row) => isOpen(verdictOf(world, row)))
            .sort()
        expect(openIn(few)).toEqual(openIn(all))
        expect(few.actions.length + few.forgotten.actions).toBe(all.actions.length)
      }),
    )
  })

  test('has the same whether events come one by one or all at once', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 1, max: 9 }), (events, batch) => {
        const [one, other] = [screenOf(6, events, batch), screenOf(6, events)]
        const [a, b] = [one.store.getState().world, other.store.getState().world]
        expect(idsIn(a)).toEqual(idsIn(b))
      }),
    )
  })
})

/** So many actions that are over, ten milliseconds apart, each with its answer. */
const calls = (count: number, from = 0, session = 's1'): Event[] =>
  Array.from({ length: count }, (_, i) => {
    const [n, at] = [from + i, (from + i) * 10]
    return [
      answered(`m${n}`, at, { session }),
      asked(`a${n}`, at, { session, message: `m${n}` }),
      decided(`a${n}`, at + 5, { session }),
    ]
  }).flat()

const countsIn = (world: World, session = 's1') => world.sessionOf(session).counts

describe('of many actions', () => {
  test('the newest are kept, and the others only counted', () => {
    const world = worldOf(20, calls(100))
    expect(world.actions.length).toBeLessThanOrEqual(20)
    expect(idsIn(world).at(-1)).toBe('a99')
    expect(countsIn(world)).toMatchObject({ total: 100, approved: 100 })
  })

  test('all are kept until the whole history was read, whose parts come in any order', () => {
    const monitor = new Monitor({ place: '', readInput: () => null, most: 20 })
    monitor.take(calls(100))
    expect(monitor.store.getState().world.actions.length).toBe(100)
    monitor.take([READ])
    expect(monitor.store.getState().world.actions.length).toBeLessThanOrEqual(20)
    monitor.stop()
  })

  test('one that waits is kept, and takes its answer', () => {
    const before = [
      asked('waits', 0, { waits: 'answer', summary: 'which one?' }),
      ...calls(100, 1, 's2'),
    ]
    const waiting = worldOf(20, before)
    expect(idsIn(waiting)[0]).toBe('waits')
    expect(textsOf(waiting, 0).summary).toBe('which one?')
    expect(countersOf(waiting, NOW).oldestPendingAt).toBe(T0)
    const done = worldOf(20, [...before, decided('waits', 2000)])
    expect(countsIn(done)).toMatchObject({ total: 1, approved: 1, pending: 0 })
  })

  test('many that wait are all kept', () => {
    const waiting = Array.from({ length: 90 }, (_, i) =>
      asked(`w${i}`, i, { session: `s${i}`, waits: 'answer' }),
    )
    const world = worldOf(20, [...waiting, ...calls(300, 10, 'other')])
    expect(idsIn(world).filter(id => id.startsWith('w'))).toHaveLength(90)
    expect(world.actions.length).toBeLessThan(90 + 20 + 5)
  })

  test('a session that is resumed under another name does not count them again', () => {
    const copies = calls(100, 0, 'resumed')
    const world = worldOf(20, [...calls(100), ...copies, ...calls(5, 100, 'resumed')])
    expect(countsIn(world)).toMatchObject({ total: 100, approved: 100 })
    expect(countsIn(world, 'resumed')).toMatchObject({ total: 5, approved: 5 })
    expect(world.sessionOf('resumed').tokens.output).toBe(5 * 20)
  })

  test('a refusal that is told again is no second one in the row', () => {
    const refusals = [asked('no', 0, { message: 'm' }), blocked('no', 5)]
    const goesOn = asked('next', 7, { message: 'm2', waits: 'answer' })
    const world = worldOf(20, [...refusals, goesOn, ...calls(100, 1, 's2'), ...refusals])
    expect(world.sessionOf('s1').streak).toMatchObject({ inRow: 1, total: 1 })
    expect(world.orphans.size).toBe(0)
  })

  test('a result after the session ended is too late for a forgotten one, and makes no new one', () => {
    const cut = [asked('cut', 0), present(10, { status: 'ended' })]
    const world = worldOf(20, [...cut, ...calls(100, 2, 's2'), decided('cut', 2000)])
    expect(countsIn(world)).toMatchObject({ total: 1, undecided: 1 })
    expect(idsIn(world)).not.toContain('cut')
  })

  test('a new session is as new as ever', () => {
    const world = worldOf(20, [...calls(100), ...calls(3, 100, 'new')])
    expect(countsIn(world, 'new').total).toBe(3)
  })

  test('one with a clock that is late counts, too: it repeats nothing', () => {
    const late = calls(3, 1, 'late').map(event =>
      'id' in event ? { ...event, id: `late ${event.id}` } : event,
    )
    const world = worldOf(20, [...calls(100), ...late])
    expect(countsIn(world, 'late')).toMatchObject({ total: 3, approved: 3 })
  })
})

describe('what grows with actions', () => {
  const failing = (count: number): Event[] =>
    Array.from({ length: count }, (_, i) => [
      asked(`a${i}`, i * 10, { message: `never told ${i}` }),
      decided(`a${i}`, i * 10 + 5, { outcome: 'failed', reason: `error ${i}` }),
    ]).flat()

  test('is kept no longer than they: reasons, calls of answers to come, minutes', () => {
    const world = worldOf(20, failing(30_000))
    expect(world.reasons.list.length).toBeLessThan(11_000)
    expect(world.callsAhead.size).toBeLessThanOrEqual(20)
    const reasons = idsIn(world).map((_, row) =>
      world.reasons.at(world.actions.columns.reason[row] ?? 0),
    )
    expect(reasons).toEqual(idsIn(world).map(id => id.replace('a', 'error ')))
  })

  test('an answer that comes after some of its calls were forgotten has the others', () => {
    const ahead = [asked('x', 0, { message: 'm', waits: 'answer' }), ...calls(100, 1, 's2')]
    const world = worldOf(20, [...ahead, answered('m', 2000)])
    const row = world.messageRows.get(world.actions.columns.message[0] ?? 0) ?? -1
    expect(world.messages.columns.calls[row]).toBe(1)
  })

  test('answers without any call are forgotten, too', () => {
    const talk = Array.from({ length: 300 }, (_, i) => answered(`m${i}`, i * 10))
    const world = worldOf(20, talk)
    expect(world.messages.length).toBeLessThan(20 + 64)
    expect(world.sessionOf('s1').tokens.output).toBe(300 * 20)
  })
})

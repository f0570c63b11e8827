/** All that has numbers of rows is as if it had been made anew when rows were forgotten and numbered anew. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { textsOf } from '../../src/action/world.ts'
import { gateSummary } from '../../src/monitor/gate-view.ts'
import type { Grouping } from '../../src/monitor/groups.ts'
import { ActionList } from '../../src/monitor/list.ts'
import { Monitor, type MonitorState } from '../../src/monitor/monitor.ts'
import { Newsroom } from '../../src/monitor/news.ts'
import { pendingItems } from '../../src/monitor/pending.ts'
import { targetOf } from '../../src/monitor/target.ts'
import { timelineOf } from '../../src/monitor/timeline.ts'
import { TrustUse } from '../../src/monitor/trust.ts'
import { lives } from '../action/lives.ts'
import { answered, asked, blocked, decided, T0 } from '../helpers/events.ts'
import {
  allowed,
  asks,
  gated,
  historyRead,
  journalRead,
  judged,
  judgement,
  ran,
} from '../helpers/gate-events.ts'

function open(most: number, clock = (): number => T0 + 60_000): Monitor {
  const monitor = new Monitor({ place: '', readInput: () => null, clock, most })
  monitor.take([historyRead])
  return monitor
}

const idOf = ({ world }: MonitorState, row: number | null | undefined): string | null =>
  row === null || row === undefined ? null : textsOf(world, row).id

const idsOf = (state: MonitorState, rows: Iterable<number> = state.rows): (string | null)[] =>
  Array.from(rows, row => idOf(state, row))

/** So many actions that are over, each with its answer. */
const calls = (count: number, from = 0, session = 's1'): Event[] =>
  Array.from({ length: count }, (_, i) => {
    const [n, at] = [from + i, (from + i) * 10]
    const message = `m${n}`
    return [
      answered(message, at, { session }),
      asked(`a${n}`, at, { session, message }),
      decided(`a${n}`, at + 5, { session }),
    ]
  }).flat()

const filters = fc.constantFrom('', 'state:blocked', '!state:approved', 'session:s1', 'error')
const groupings = fc.constantFrom<Grouping>('none', 'session', 'rule')

describe('when the oldest are forgotten', () => {
  test('list, groups and line of time are those of what is left', () => {
    fc.assert(
      fc.property(
        lives,
        filters,
        groupings,
        fc.integer({ min: 4, max: 30 }),
        (events, filter, group, most) => {
          const monitor = open(most)
          monitor.setView(view => ({ ...view, filter, group }))
          for (let i = 0; i < events.length; i += 5) {
            monitor.take(events.slice(i, i + 5))
            monitor.publish()
            const state = monitor.store.getState()
            const anew = new ActionList()
            const rows = anew.update(state.world, filter)
            expect([...state.rows]).toEqual([...rows])
            if (group !== 'none') {
              const groups = anew.groups.update(state.world, rows, group, false)
              const byKey = (all: typeof groups) => new Map(all.map(it => [it.key, it]))
              expect(byKey(state.groups?.groups ?? [])).toEqual(byKey(groups))
            }
            const { counts } = timelineOf(state, 20)
            expect(counts.reduce((a, b) => a + b, 0)).toBe(rows.length)
          }
          monitor.stop()
        },
      ),
      { numRuns: 150 },
    )
  })

  test('the same action stays selected, or else the oldest that is left', () => {
    fc.assert(
      fc.property(
        lives,
        filters,
        fc.nat(),
        fc.integer({ min: 4, max: 30 }),
        (events, filter, nth, most) => {
          const monitor = open(most)
          monitor.setView(view => ({ ...view, filter }))
          let selected: string | null = null
          for (let i = 0; i < events.length; i += 5) {
            monitor.take(events.slice(i, i + 5))
            const state = monitor.store.getState()
            if (selected !== null) {
              const now = idOf(state, state.view.selected)
              const all = idsOf(state, Array(state.world.actions.length).keys())
              if (all.includes(selected)) expect(now).toBe(selected)
              else expect([...all, null]).toContain(now)
            }
            monitor.publish()
            const { rows } = monitor.store.getState()
            const row = rows[nth % Math.max(1, rows.length)] ?? null
            monitor.setView(view => ({ ...view, selected: row }))
            selected = idOf(monitor.store.getState(), row)
          }
          monitor.stop()
        },
      ),
    )
  })

  test('a selection that is forgotten goes to the oldest that is left', () => {
    const monitor = open(20)
    monitor.take(calls(20))
    monitor.publish()
    monitor.setView(view => ({ ...view, selected: 2 }))
    monitor.take(calls(1, 20))
    const state = monitor.current()
    expect(idOf(state, state.view.selected)).toBe('a5')
    expect(state.rows[0]).toBe(state.view.selected)
    monitor.stop()
  })

  test('a key acts on the action that is seen', () => {
    const monitor = open(20)
    monitor.take(calls(15))
    monitor.publish()
    monitor.setView(view => ({ ...view, selected: 12 }))
    monitor.take(calls(10, 15))
    const state = monitor.current()
    expect(state.view.selected).not.toBe(12)
    expect(idOf(state, targetOf(state, 'override').row)).toBe('a12')
    monitor.stop()
  })

  test('what waits is the same, on its screen and in the news', () => {
    const monitor = open(20)
    const waits = asked('plan', 0, { session: 's2', waits: 'plan' })
    monitor.take([...calls(15), waits])
    monitor.publish()
    const newsroom = new Newsroom(T0 - 1)
    expect(newsroom.update(monitor.current().world, T0).say).toContain('plan')
    const [item] = pendingItems(monitor.current().world)
    monitor.setView(view => ({ ...view, screen: 'pending', pending: item?.row ?? null }))
    monitor.take(calls(30, 15))
    const state = monitor.current()
    expect(state.view.pending).not.toBe(item?.row)
    expect(idOf(state, state.view.pending)).toBe('plan')
    expect(newsroom.update(state.world, T0 + 60_000).say).toBe('')
    monitor.stop()
  })
})

describe('what the gate told of forgotten actions', () => {
  const judgedCalls = (count: number, from = 0): Event[] =>
    Array.from({ length: count }, (_, i) => {
      const [id, at] = [`a${from + i}`, (from + i) * 10]
      return [
        allowed(id, at),
        asked(id, at, { message: `m${from + i}` }),
        ran(id, at + 4),
        decided(id, at + 5),
      ]
    }).flat()

  test('goes with them', () => {
    const monitor = open(20)
    monitor.take([gated(0), journalRead(1), ...judgedCalls(100)])
    const { gate, actions } = monitor.current().world
    for (const kept of [gate.byRow, gate.actions, gate.judged]) {
      const size = 'size' in kept ? kept.size : kept.length
      expect(size).toBe(actions.length)
    }
    monitor.stop()
  })

  test('does not make them anew when the journal is read again', () => {
    const monitor = open(20)
    const events = judgedCalls(100)
    monitor.take([gated(0), journalRead(1), ...events])
    monitor.take(events.filter(it => it.type === 'judged' || it.type === 'ran'))
    const { world } = monitor.current()
    expect(world.sessionOf('s1').counts).toMatchObject({ total: 100, approved: 100 })
    expect(world.gate.judged.length).toBe(world.actions.length)
    monitor.stop()
  })

  test('waits until the journal was read', () => {
    const monitor = open(20)
    monitor.take([gated(0), ...judgedCalls(100)])
    expect(monitor.current().world.actions.length).toBe(100)
    monitor.take([journalRead(2000)])
    expect(monitor.current().world.actions.length).toBeLessThanOrEqual(20)
    monitor.stop()
  })

  test('stays in what is counted: past the gate, and when an entry of trust was last of use', () => {
    const monitor = open(20)
    const past = [asked('past', 2, { message: 'm' }), decided('past', 5)]
    const once = { kind: 'git', id: 'github.com/once', trust: 'external' } as const
    const pushes = judged('push', 3, { judgement: judgement({ resources: [once] }) })
    const use = new TrustUse(({ entry }, { id }) => entry === id)
    const entries = [{ slot: 'source_control', entry: 'github.com/once' }] as const
    monitor.take([
      gated(0),
      ...past,
      pushes,
      asked('push', 3),
      blocked('push', 6),
      journalRead(9000),
    ])
    expect(use.update(monitor.current().world, entries).size).toBe(1)
    monitor.take(judgedCalls(100, 2))
    const { world } = monitor.current()
    expect(world.gate.ungated.size).toBe(0)
    expect(gateSummary(world, T0, () => true).ungated).toBe(1)
    expect([...use.update(world, entries).values()]).toEqual([T0 + 3])
    monitor.stop()
  })

  test('a question that waits stays, and its row', () => {
    const monitor = open(20)
    const question = [
      gated(0, { session: 's2' }),
      judged('q', 1, { session: 's2', answer: 'ask' }),
      asked('q', 1, { session: 's2' }),
      asks('q', 2, { session: 's2' }),
    ]
    monitor.take([gated(0), journalRead(1), ...question, ...judgedCalls(100, 2)])
    const { world } = monitor.current()
    const [item] = pendingItems(world)
    expect(idOf(monitor.current(), item?.row)).toBe('q')
    expect(world.gate.byRow.get(item?.row ?? -1)?.id).toBe('q')
    monitor.stop()
  })
})

/** Slices of time, held against a plain count of the actions. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { STATES } from '../../src/action/action.ts'
import { Monitor, type MonitorState } from '../../src/monitor/monitor.ts'
import { rowEarlier, rowLater, SLICES, timelineOf } from '../../src/monitor/timeline.ts'
import { asked, blocked, T0 } from '../helpers/events.ts'

const MINUTE = 60_000
const NOW = T0 + 40 * 60 * MINUTE

/** Actions at these minutes, every third one blocked; the one at `selected`, or none, is selected. */
function stateOf(
  minutes: readonly number[],
  slice: number,
  selected: number | null,
  filter = '',
): MonitorState {
  const monitor = new Monitor({ place: '', readInput: () => null, clock: () => NOW })
  monitor.take(
    minutes.flatMap((minute, i) => {
      const [id, at] = [`a${i}`, minute * MINUTE]
      return i % 3 === 0 ? [asked(id, at), blocked(id, at + 5)] : [asked(id, at)]
    }),
  )
  monitor.publish()
  monitor.setView(view => ({ ...view, slice, selected, filter }))
  const state = monitor.store.getState()
  monitor.stop()
  return state
}

const timesOf = ({ world, rows }: MonitorState): number[] =>
  Array.from(rows, row => world.actions.columns.requestedAt[row] ?? 0)

const refusedOf = ({ world, rows }: MonitorState): number[] => {
  const { state, requestedAt } = world.actions.columns
  const refused = [...rows].filter(row => STATES[state[row] ?? 0] === 'blocked')
  return refused.map(row => requestedAt[row] ?? 0)
}

const states = fc
  .record({
    minutes: fc.array(fc.nat(40 * 60 - 1), { minLength: 1, maxLength: 40 }),
    slice: fc.nat(SLICES.length - 1),
    selected: fc.option(fc.nat(39), { nil: null }),
  })
  .map(({ minutes, slice, selected }) =>
    stateOf(minutes, slice, selected === null ? null : selected % minutes.length),
  )

/** Nothing is selected, and the list may show a part. */
const filtered = fc
  .tuple(states, fc.constantFrom('', 'state:blocked', '!state:blocked'))
  .map(([{ world, rows, view }, filter]) =>
    stateOf(
      Array.from(rows, row => ((world.actions.columns.requestedAt[row] ?? 0) - T0) / MINUTE),
      view.slice ?? 0,
      null,
      filter,
    ),
  )

describe('the timeline', () => {
  test('counts each action of its time once, in its slice', () => {
    fc.assert(
      fc.property(filtered, fc.integer({ min: 10, max: 200 }), (state, slices) => {
        const { since, until, slice, counts, blocked: no } = timelineOf(state, slices)
        const plainly = (times: readonly number[]): number[] => {
          const plain = Array<number>(slices).fill(0)
          for (const at of times.filter(it => it >= since && it < until)) {
            const i = Math.floor((at - since) / slice.ms)
            plain[i] = (plain[i] ?? 0) + 1
          }
          return plain
        }
        expect([...counts]).toEqual(plainly(timesOf(state)))
        expect([...no]).toEqual(plainly(refusedOf(state)))
      }),
    )
  })

  test('shows the slice of what is selected, and now where it reaches so far', () => {
    fc.assert(
      fc.property(states, fc.integer({ min: 10, max: 200 }), (state, slices) => {
        const { since, until, slice, cursor } = timelineOf(state, slices)
        expect(until - since).toBe(slices * slice.ms)
        const { selected } = state.view
        if (selected === null) {
          expect(cursor).toBeNull()
          return
        }
        const at = state.world.actions.columns.requestedAt[selected] ?? 0
        expect(cursor).toBe(Math.floor((at - since) / slice.ms))
        expect(cursor).toBeGreaterThanOrEqual(0)
        expect(cursor).toBeLessThan(slices)
      }),
    )
  })

  test('ends with the newest action where that is long ago', () => {
    const { until, counts } = timelineOf(stateOf([0, 3], 0, null), 20)
    expect(until).toBe(T0 + 4 * MINUTE)
    expect([...counts].slice(-4)).toEqual([1, 0, 0, 1])
  })

  test('back and on go to the newest action of the nearest slice that has any', () => {
    fc.assert(
      fc.property(states, state => {
        const ms = SLICES[state.view.slice ?? 0]?.ms ?? 0
        const zone = new Date(NOW).getTimezoneOffset() * MINUTE
        const sliceAt = (at: number): number => Math.floor((at - zone) / ms)
        const { selected } = state.view
        const { requestedAt } = state.world.actions.columns
        const here = sliceAt(selected === null ? NOW : (requestedAt[selected] ?? 0))
        const times = timesOf(state)
        const timeOf = (row: number | null): number | undefined =>
          row === null ? undefined : requestedAt[row]
        expect(timeOf(rowEarlier(state, ms))).toBe(times.filter(at => sliceAt(at) < here).at(-1))
        if (selected === null) return
        const next = times.find(at => sliceAt(at) > here)
        const last = times.filter(at => next !== undefined && sliceAt(at) === sliceAt(next)).at(-1)
        expect(timeOf(rowLater(state, ms))).toBe(last)
      }),
    )
  })
})

/** Which permission mode a session was in at a time, whoever told it and in whichever order. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { modeAt, type ToldMode, tellMode } from '../../src/action/modes.ts'
import { reportOf } from '../../src/monitor/report.ts'
import { asked, T0, worldOf } from '../helpers/events.ts'

test('the last word up to then counts; before the first one, that one', () => {
  const modes: ToldMode[] = []
  tellMode(modes, 30, 'auto')
  tellMode(modes, 10, 'default')
  expect([0, 10, 29, 30, 99].map(at => modeAt(modes, at))).toEqual([
    'default',
    'default',
    'default',
    'auto',
    'auto',
  ])
  expect(modeAt([], 5)).toBe('')
})

test('in any order', () => {
  const told = fc.uniqueArray(fc.tuple(fc.nat(50), fc.constantFrom('auto', 'default', 'plan')), {
    selector: ([at]) => at,
  })
  fc.assert(
    fc.property(told, words => {
      const modes: ToldMode[] = []
      for (const [at, mode] of words) tellMode(modes, at, mode)
      for (const [at, mode] of words) expect(modeAt(modes, at)).toBe(mode)
      expect(modes).toEqual(modes.toSorted((a, b) => a.at - b.at))
    }),
  )
})

test('a report by mode puts each action where it was asked for', () => {
  const world = worldOf(
    { type: 'session', session: 's1', at: T0, permissionMode: 'default' },
    asked('a', 1),
    { type: 'session', session: 's1', at: T0 + 10, permissionMode: 'auto' },
    asked('b', 11),
    asked('c', 12),
  )
  const all = { since: 0, until: Number.POSITIVE_INFINITY, project: '' }
  const { lines } = reportOf(world, { by: 'mode', ...all })
  expect(lines.map(it => [it.name, it.actions.total])).toEqual([
    ['auto', 2],
    ['default', 1],
  ])
})

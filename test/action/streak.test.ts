import { expect, it } from 'vitest'
import type { DecidedBy } from '../../src/action/action.ts'
import type { Event } from '../../src/action/event.ts'
import { asked, blocked, decided, seenAs, sessionIn } from '../helpers/events.ts'

/** One call after the other, each refused (`-`) or approved (`+`) by someone. */
function streakOf(...verdicts: (readonly ['+' | '-', DecidedBy])[]): [number, number] {
  const events = verdicts.flatMap(([sign, decidedBy], i): Event[] => {
    const end = sign === '+' ? decided : blocked
    return [asked(`c${i}`, i * 10), end(`c${i}`, i * 10 + 5, { decidedBy })]
  })
  const { blocksInRow, blocksTotal } = sessionIn(seenAs(...events))
  return [blocksInRow, blocksTotal]
}

it('counts refusals by the classifier and for want of a person', () => {
  expect(streakOf(['-', 'classifier'], ['-', 'unattended'], ['-', 'classifier'])).toEqual([3, 3])
})

it.each(['mode', 'rule', 'classifier'] as const)('begins anew with an approval by %s', by => {
  const before = ['-', 'classifier'] as const
  expect(streakOf(before, before, ['+', by])).toEqual([0, 2])
  expect(streakOf(before, ['+', by], before)).toEqual([1, 2])
})

it('goes on over an approval by the user', () => {
  expect(streakOf(['-', 'classifier'], ['+', 'user'], ['-', 'classifier'])).toEqual([2, 2])
})

it.each(['outage', 'rule', 'user'] as const)('does not count a refusal by %s', by => {
  expect(streakOf(['-', 'classifier'], ['-', by])).toEqual([1, 1])
})

it('counts a refusal that was read before its call once', () => {
  const seen = seenAs(blocked('a', 5), blocked('a', 5), asked('a', 0), blocked('a', 5))
  expect(sessionIn(seen)).toMatchObject({ blocksInRow: 1, blocksTotal: 1 })
})

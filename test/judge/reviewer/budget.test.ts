/** What reviews may cost, by session and by day. */
import { describe, expect, test } from 'vitest'
import { noTokens } from '../../../src/action/action.ts'
import { Spending } from '../../../src/judge/reviewer/budget.ts'

const BUDGET = { sessionUsd: 1, dayUsd: 2, sessionTokens: 100, dayTokens: 200 }
const NOON = new Date(2026, 10, 30, 12).getTime()
const DAY = 86_400_000

const spent = (session: string, at: number, costUsd: number | null, input = 0) => ({
  session,
  at,
  costUsd,
  tokens: { ...noTokens(), input },
})

describe('a budget', () => {
  test('of a session is its own; that of a day is everybody’s', () => {
    const it = new Spending()
    it.add(spent('a', NOON, 1))
    expect(it.over(BUDGET, 'a', NOON)).toContain("this session's budget of $1")
    expect(it.over(BUDGET, 'b', NOON)).toBe('')
    it.add(spent('b', NOON, 0.5))
    it.add(spent('c', NOON, 0.5))
    expect(it.over(BUDGET, 'd', NOON)).toContain("today's budget of $2")
  })

  test('counts tokens where no price is known', () => {
    const it = new Spending()
    it.add(spent('a', NOON, null, 100))
    expect(it.over(BUDGET, 'a', NOON)).toContain('100 tokens')
    it.add(spent('b', NOON, null, 99))
    it.add(spent('c', NOON, null, 1))
    expect(it.over(BUDGET, 'd', NOON)).toContain("today's budget of 200 tokens")
  })

  test('of a day begins anew with the next; that of a session does not', () => {
    const it = new Spending()
    it.add(spent('a', NOON, 2))
    expect(it.over(BUDGET, 'b', NOON)).not.toBe('')
    expect(it.over(BUDGET, 'b', NOON + DAY)).toBe('')
    expect(it.over(BUDGET, 'a', NOON + DAY)).not.toBe('')
  })

  test('is not given back by a clock that was set back', () => {
    const it = new Spending()
    it.add(spent('a', NOON, 2))
    expect(it.over(BUDGET, 'b', NOON - 10 * DAY)).toContain("today's budget")
  })

  test('of nothing is spent from the start', () => {
    expect(new Spending().over({ ...BUDGET, dayUsd: 0 }, 'a', NOON)).toContain('$0')
  })
})

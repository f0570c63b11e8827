import { describe, expect, test } from 'vitest'
import { costGap, costOfRow, knownCost } from '../../src/monitor/cost.ts'
import { type Answered, answered, asked, worldOf } from '../helpers/events.ts'

const client = (totalUsd: number, byModel: Record<string, number>) =>
  ({ type: 'client-cost', session: 's1', at: 1, totalUsd, byModel }) as const

function gap(ours: readonly Answered[], totalUsd: number, byModel: Record<string, number>) {
  const answers = ours.map((more, i) => answered(`m${i}`, i, more))
  return costGap(worldOf(...answers, client(totalUsd, byModel)).sessionOf('s1'))
}

const OPUS = { model: 'opus', costUsd: 0.5 }

describe('our cost and the client’s', () => {
  test('agree to within a tenth of a percent', () => {
    expect(gap([OPUS], 0.5, { opus: 0.5 })).toBeNull()
    expect(gap([OPUS], 0.5009, { opus: 0.5009 })).toBeNull()
  })

  test('the client counts more: of which model, how much, and why', () => {
    expect(gap([OPUS], 0.75, { opus: 0.5, sonnet: 0.25 })).toBe(
      'client +$0.25000 (sonnet +$0.25000): the client also counts requests that leave no line ' +
        'in the transcript',
    )
  })

  test('we count more', () => {
    expect(gap([OPUS, OPUS], 0.5, { opus: 0.5 })).toBe(
      'client -$0.50000 (opus -$0.50000): the transcript goes on after the last total that the ' +
        'client wrote, or its prices differ',
    )
  })

  test('nothing is said where one of them is not known', () => {
    expect(costGap(worldOf(answered('m', 0, OPUS)).sessionOf('s1'))).toBeNull()
    expect(gap([{ model: 'x', costUsd: null }], 3, { x: 3 })).toBeNull()
  })
})

test('sums have no noise of floating point', () => {
  const world = worldOf(...[0.1, 0.2].map((costUsd, i) => answered(`m${i}`, i, { costUsd })))
  expect(knownCost(world.sessionOf('s1'))).toBe(0.3)
})

test('the calls of one answer share its cost', () => {
  const world = worldOf(
    answered('m', 0, { costUsd: 0.5 }),
    asked('a', 0, { message: 'm' }),
    asked('b', 1, { message: 'm' }),
    asked('c', 2),
  )
  expect([0, 1, 2].map(row => costOfRow(world, row))).toEqual([0.25, 0.25, null])
})

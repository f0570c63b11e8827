/** What the Insights screen plots, counted from what sources told. */
import { describe, expect, test } from 'vitest'
import { insightsOf, LastInsights, RANGES } from '../../src/monitor/insights.ts'
import { answered, asked, blocked, decided, T0, worldOf } from '../helpers/events.ts'
import { asks, gated, historyRead, judged, judgement } from '../helpers/gate-events.ts'

const HOUR = 3_600_000
const DAY = RANGES.findIndex(it => it.label === 'a day')
/** Seen half an hour after the first event. */
const NOW = T0 + HOUR / 2

const last = (series: readonly number[], steps = 2): readonly number[] => series.slice(-steps)

describe('over a day, by the hour', () => {
  const world = worldOf(
    gated(-90 * 60_000),
    answered('old', -30 * HOUR, { costUsd: 9 }),
    answered('m1', -HOUR, { costUsd: 0.5, turnMs: 900, tokens: { cacheRead: 70 } }),
    asked('a', -HOUR, { message: 'm1' }),
    decided('a', -HOUR + 150),
    answered('m2', 10, { costUsd: null }),
    asked('b', 20, { message: 'm2' }),
    blocked('b', 30),
    asked('c', 40),
    blocked('c', 50, { decidedBy: 'outage' }),
    asked('d', 60),
    judged('d', 61, { answer: 'ask' }),
    asks('d', 62),
    historyRead,
  )
  const insights = insightsOf(world, DAY, NOW)

  test('what is older is left out, and what has no price costs nothing', () => {
    expect(last(insights.costUsd)).toEqual([0.5, 0])
    expect(insights.costUsd).toHaveLength(24)
    expect(insights.costUsd.reduce((sum, it) => sum + it)).toBe(0.5)
    expect(last(insights.tokensIn)).toEqual([80, 10])
    expect(last(insights.tokensOut)).toEqual([20, 20])
  })

  test('an outage is no block, and who was asked is counted', () => {
    expect(last(insights.approved)).toEqual([1, 0])
    expect(last(insights.blocked)).toEqual([0, 1])
    expect(last(insights.asked)).toEqual([0, 1])
  })

  test('durations stand in the step that holds them', () => {
    expect(insights.latency.model[8]).toBe(1) // up to a second
    expect(insights.latency.tool[6]).toBe(1) // up to 200 ms
  })

  test('steps end at whole hours', () => {
    expect(new Date(insights.until).getMinutes()).toBe(0)
    expect(insights.until - NOW).toBeLessThanOrEqual(HOUR)
  })
})

test('what was blocked most comes first, with the newest action that was', () => {
  const git = (id: string) =>
    judgement({ resources: [{ kind: 'git', id, trust: 'external' as const }] })
  const refused = (id: string, at: number, of: string) => [
    asked(id, at),
    judged(id, at + 1, { judgement: git(of) }),
    blocked(id, at + 2, { decidedBy: 'judge' }),
  ]
  const world = worldOf(
    gated(0),
    ...refused('a', 10, 'github.com/one/x'),
    ...refused('b', 20, 'github.com/two/y'),
    ...refused('c', 30, 'github.com/two/y'),
    asked('d', 40),
    judged('d', 41, {
      judgement: judgement({
        resources: [{ kind: 'git', id: 'github.com/own/z', trust: 'trusted' }],
      }),
    }),
    blocked('d', 42, { decidedBy: 'judge' }),
    historyRead,
  )
  const { resources } = insightsOf(world, DAY, NOW)
  expect(resources.map(it => [it.resource.id, it.blocks, it.row])).toEqual([
    ['github.com/two/y', 2, 2],
    ['github.com/one/x', 1, 0],
  ])
})

test('a flood does not count everything again for each event, a second later it does', () => {
  const kept = new LastInsights()
  const world = worldOf(asked('a', 0), decided('a', 1))
  const first = kept.get(world, DAY, NOW)
  world.version++
  expect(kept.get(world, DAY, NOW + 500)).toBe(first)
  expect(kept.get(world, DAY, NOW + 1000)).not.toBe(first)
  expect(kept.get(world, 0, NOW + 1000).range).toBe(0)
})

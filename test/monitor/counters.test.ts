/** The numbers above the list, and where the money went. */
import { describe, expect, test } from 'vitest'
import { breakdownOf, NO_TOOL } from '../../src/monitor/breakdown.ts'
import { countersOf } from '../../src/monitor/counters.ts'
import { answered, asked, blocked, decided, present, T0, worldOf } from '../helpers/events.ts'
import { judged, reviewed, unreviewed, unsure } from '../helpers/gate-events.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('counters', () => {
  test('add up all sessions', () => {
    const world = worldOf(
      answered('m', 0, { tokens: { input: 1, output: 2 } }),
      asked('a', 0),
      decided('a', 9),
      answered('n', 0, { session: 's2', tokens: { input: 10, output: 20 }, costUsd: null }),
      asked('b', 0, { session: 's2' }),
      blocked('b', 9, { session: 's2' }),
    )
    const counters = countersOf(world, T0)
    expect(counters.counts).toMatchObject({ total: 2, approved: 1, blocked: 1 })
    expect(counters.tokens).toMatchObject({ input: 11, output: 22 })
    expect(counters).toMatchObject({ sessions: 2, costUsd: 0.25, costIsPartial: true })
  })

  test('a session counts when something happened in it, and lives while its process does', () => {
    const world = worldOf(
      asked('a', 0),
      asked('b', 0, { session: 's2' }),
      present(5, { status: 'busy' }, 's2'),
      asked('c', 0, { session: 's3' }),
      present(5, { status: 'ended' }, 's3'),
      present(5, { status: 'idle' }, 'never-acted'),
    )
    expect(countersOf(world, T0)).toMatchObject({ sessions: 3, activeSessions: 2 })
  })

  test('what it costs an hour, and today, by the user’s clock', () => {
    const costs = [-11 * HOUR, -9 * HOUR, -2 * HOUR, -59 * MINUTE, -1 * MINUTE, 0]
    const world = worldOf(...costs.map((at, i) => answered(`m${i}`, at, { costUsd: 2 ** i })))
    const counters = countersOf(world, T0)
    expect(counters.usdPerHour).toBe(8 + 16 + 32)
    expect(counters.costToday).toBe(2 + 4 + 8 + 16 + 32)
    expect(counters.costUsd).toBe(63)
  })

  test('how many actions in each of the last thirty minutes, the newest last', () => {
    const world = worldOf(
      ...[0, 1, 2].map(i => asked(`now${i}`, i)),
      ...[0, 1].map(i => asked(`before${i}`, -4 * MINUTE + i)),
      asked('oldest', -29 * MINUTE),
      asked('too old', -30 * MINUTE),
    )
    const { recent, actionsPerMinute } = countersOf(world, T0)
    expect(recent).toHaveLength(30)
    expect([recent[0], recent[25], recent[29]]).toEqual([1, 2, 3])
    expect(actionsPerMinute).toBe(1)
  })

  test('the live session nearest to the client’s pause', () => {
    const refused = (session: string, n: number) =>
      Array.from({ length: n }, (_, i) => [
        asked(`${session}${i}`, i, { session }),
        blocked(`${session}${i}`, i, { session }),
      ]).flat()
    const live = (session: string) => present(99, { status: 'busy' }, session)
    const world = worldOf(
      ...refused('s1', 1),
      ...refused('s2', 2),
      ...refused('gone', 3),
      live('s1'),
      live('s2'),
    )
    expect(countersOf(world, T0).nearestPause).toMatchObject({ inRow: 2, total: 2 })
    expect(countersOf(worldOf(asked('a', 0), live('s1')), T0).nearestPause).toBeNull()
  })

  test('how long the model, the decision and the tool took', () => {
    const world = worldOf(
      answered('m', 0, { turnMs: 2000 }),
      asked('a', 0),
      decided('a', 300),
      asked('b', 0),
      blocked('b', 40),
    )
    const { turn, run, decision } = countersOf(world, T0).latency
    expect(turn.p50).toBeCloseTo(2000, -2)
    expect(run.p95).toBeCloseTo(300, -2)
    expect(decision.p99).toBeCloseTo(40, -1)
  })
})

describe('what reviews came to', () => {
  const judgedBy = (
    id: string,
    at: number,
    by: 'reviewer' | 'judge' | 'unattended',
    answer: 'allow' | 'ask' | 'deny',
  ) => judged(id, at, { by, answer, judgement: unsure })

  test('how they ended is what was answered, not what the model said', () => {
    const { reviews } = countersOf(
      worldOf(
        reviewed('a', 1),
        judgedBy('a', 2, 'reviewer', 'allow'),
        reviewed('b', 3, { verdict: 'deny', risk: 'critical', costUsd: 0.01, ms: 3000 }),
        judgedBy('b', 4, 'reviewer', 'deny'),
        // Of a denial of the judge an approval makes a question.
        reviewed('c', 5, { cached: true, requests: 0, costUsd: 0 }),
        judgedBy('c', 6, 'judge', 'ask'),
        unreviewed('d', 7, 'budget'),
        judgedBy('d', 8, 'unattended', 'deny'),
        reviewed('e', 9, { verdict: 'deny', risk: 'high', costUsd: null }),
        judgedBy('e', 10, 'judge', 'deny'),
      ),
      T0,
    )
    expect(reviews).toMatchObject({
      asked: 5,
      allowed: 1,
      denied: 1,
      left: 2,
      upheld: 1,
      problems: 1,
      cached: 1,
      requests: 3,
      costUsd: 0.0121,
      unpriced: 1,
    })
    // One that nobody was asked for took no time.
    expect(reviews?.latency.p50).toBeCloseTo(1200, -2)
  })

  test('a cost that is not known at all is no zero', () => {
    const { reviews } = countersOf(worldOf(reviewed('a', 1, { costUsd: null })), T0)
    expect(reviews).toMatchObject({ costUsd: null, unpriced: 1 })
  })

  test('none is no counter, and their cost is in no other', () => {
    expect(countersOf(worldOf(asked('a', 0)), T0).reviews).toBeNull()
    expect(countersOf(worldOf(reviewed('a', 1)), T0).costUsd).toBe(0)
  })
})

describe('where the money went', () => {
  const world = worldOf(
    { type: 'agent', session: 's1', agent: 'x', name: 'Explore' },
    answered('m', 0, { costUsd: 1 }),
    asked('a', 0, { message: 'm', tool: 'Bash' }),
    asked('b', 1, { message: 'm', tool: 'Read' }),
    answered('n', 5, { costUsd: 0.5, agent: 'x', model: 'haiku' }),
    asked('c', 5, { message: 'n', tool: 'Bash', agent: 'x' }),
    answered('o', 9, { costUsd: 0.25 }),
    answered('p', 9, { costUsd: null, model: 'new', session: 's2' }),
  )
  const short = (shares: readonly { name: string; costUsd: number; count: number }[]) =>
    shares.map(s => `${s.name} ${s.costUsd} ${s.count}`)

  test('by model, by agent, and by tool, dearest first; calls of one answer share it', () => {
    const { byModel, byAgent, byTool } = breakdownOf(world, 0)
    expect(short(byModel)).toEqual(['claude-opus-4-6 1.25 2', 'haiku 0.5 1'])
    expect(short(byAgent)).toEqual(['main 1.25 2', 'Explore 0.5 1'])
    expect(short(byTool)).toEqual(['Bash 1 2', 'Read 0.5 1', `${NO_TOOL} 0.25 1`])
  })

  test('of all sessions, and what has no price says so', () => {
    const { byModel } = breakdownOf(world)
    expect(byModel.map(s => [s.name, s.partial])).toEqual([
      ['claude-opus-4-6', false],
      ['haiku', false],
      ['new', true],
    ])
  })
})

/** Requests as a checkpoint saw them, beside what the transcripts tell of the same answers. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noTokens } from '../../src/action/action.ts'
import type { Event } from '../../src/action/event.ts'
import { countersOf } from '../../src/monitor/counters.ts'
import { answered, asked, blocked, T0, worldOf } from '../helpers/events.ts'
import { allowed, answers, asks, historyRead, judged, requested } from '../helpers/gate-events.ts'

const tokens = { ...noTokens(), input: 10, output: 100 }
const told = (id: string, at: number): Event => answered(id, at, { tokens, costUsd: 0.5 })
const counted = (...events: readonly Event[]) => countersOf(worldOf(...events), T0 + 10_000)

describe('an answer', () => {
  test('counts once, whoever tells of it first', () => {
    for (const events of [
      [requested('m1', 5), told('m1', 6)],
      [told('m1', 6), requested('m1', 5)],
    ]) {
      const { costUsd, tokens: sum, requests } = counted(...events)
      expect([costUsd, sum.output]).toEqual([0.5, 100])
      expect(requests).toEqual({ total: 1, failed: 0, retried: 0, untold: 0 })
    }
  })

  test('that no transcript tells counts, too, and it is said how many those are', () => {
    const { costUsd, requests } = counted(told('m1', 5), requested('m1', 5), requested('m2', 9))
    expect(costUsd).toBe(1)
    expect(requests).toMatchObject({ total: 2, untold: 1 })
  })

  test('gives its calls their share, also those that only the journal knows', () => {
    const world = worldOf(
      allowed('t1', 4),
      allowed('t2', 4),
      requested('m1', 5, { actions: ['t1', 't2'] }),
      historyRead,
      asked('t1', 6, { message: 'm1' }),
    )
    const { calls } = world.messages.columns
    expect([world.actions.length, calls[0]]).toEqual([2, 2])
  })

  test('is not the session’s model: a title is written by another', () => {
    const world = worldOf(told('m1', 5), requested('m2', 9, { model: 'claude-haiku-5-5' }))
    expect(world.sessions[0]?.model).toBe('claude-opus-4-6')
  })
})

test('in any order it comes to the same', () => {
  const events = [
    allowed('t1', 4),
    requested('m1', 5, { actions: ['t1'] }),
    requested('m2', 7, { retry: 1 }),
    requested('', 8, { status: 529, error: 'overloaded_error', firstMs: null }),
    told('m1', 5),
    asked('t1', 6, { message: 'm1' }),
    historyRead,
  ]
  const whole = counted(...events)
  expect(whole.requests).toEqual({ total: 3, failed: 1, retried: 1, untold: 1 })
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), shuffled => {
      const { costUsd, requests, tokens: sum, counts } = counted(...shuffled, historyRead)
      expect({ costUsd, requests, sum, counts }).toEqual({
        costUsd: whole.costUsd,
        requests: whole.requests,
        sum: whole.tokens,
        counts: whole.counts,
      })
    }),
  )
})

describe('a call that a checkpoint refused for want of a person', () => {
  const refused = [
    judged('t1', 4, { answer: 'ask' }),
    asks('t1', 5, { held: 'Checkpoint', why: 'needs a person: x' }),
    asked('t1', 6),
    blocked('t1', 7, { reason: 'needs a person: x' }),
    historyRead,
  ]
  const shown = (...more: readonly Event[]) => counted(...refused, ...more).counts

  test('is pending, although the client has refused it', () => {
    expect(shown()).toMatchObject({ pending: 1, blocked: 0 })
    expect(counted(...refused).oldestPendingAt).toBe(T0 + 6)
  })

  test.each(['allow', 'deny', 'timeout', 'elsewhere'] as const)('%s: it stays refused', answer => {
    expect(shown(answers('t1', 9, { answer }))).toMatchObject({ pending: 0, blocked: 1 })
  })

  test('also where no transcript tells of it', () => {
    const remote = [refused[0], refused[1], historyRead].filter(it => it !== undefined)
    expect(counted(...remote).counts).toMatchObject({ pending: 1 })
    const after = counted(...remote, answers('t1', 9, { answer: 'allow' })).counts
    expect(after).toMatchObject({ pending: 0, blocked: 1, approved: 0 })
  })
})

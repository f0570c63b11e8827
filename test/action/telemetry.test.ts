/** Requests that the client's own telemetry tells of, beside what a checkpoint saw. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noTokens } from '../../src/action/action.ts'
import type { Event } from '../../src/action/event.ts'
import type { GateEventOf } from '../../src/action/gate-event.ts'
import { countersOf } from '../../src/monitor/counters.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import { answered, asked, T0, worldOf } from '../helpers/events.ts'
import { historyRead, requested } from '../helpers/gate-events.ts'

const tokens = { ...noTokens(), input: 10, output: 100, cacheWrite5m: 7 }

/** What the client tells of a request, by the API's id of it. */
const exported = (request: string, at: number, more: Partial<GateEventOf<'request'>> = {}): Event =>
  requested('', at, {
    origin: 'telemetry',
    querySource: 'sdk',
    request,
    tokens,
    costUsd: 0.25,
    firstMs: null,
    checked: 'not asked',
    ...more,
  })

const seenBy = (message: string, at: number, more: Partial<GateEventOf<'request'>> = {}): Event =>
  requested(message, at, { request: `r-${message}`, ...more })

const counted = (...events: readonly Event[]) => countersOf(worldOf(...events), T0 + 10_000)
const sessionOf = (...events: readonly Event[]) => snapshotOf(worldOf(...events)).sessions[0]

describe('a request', () => {
  test('that a checkpoint and the client tell of counts once', () => {
    const both = [seenBy('m1', 5), exported('r-m1', 6)]
    for (const events of [both, both.toReversed()]) {
      const { requests, costUsd } = counted(...events)
      expect(requests).toEqual({ total: 1, failed: 0, retried: 0, untold: 1 })
      expect(costUsd).toBe(0.5) // the answer's, as the checkpoint saw it; the client's own is apart
    }
  })

  test('of which the client tells twice counts once', () => {
    const session = sessionOf(
      exported('r1', 5),
      exported('r1', 5),
      exported('', 6),
      exported('', 6),
    )
    expect(session?.requests?.total).toBe(2)
    expect(session?.telemetry?.[0]?.requests).toBe(2)
  })

  test('adds nothing to what transcripts tell of the same answer', () => {
    const own = answered('m1', 5, { tokens, costUsd: 0.25 })
    const session = sessionOf(own, exported('r1', 5))
    expect([session?.costUsd, session?.tokens.output]).toEqual([0.25, 100])
  })

  test('is summed up by what it was for', () => {
    const session = sessionOf(
      exported('r1', 5),
      exported('r2', 6, { costUsd: null, status: 529, error: 'overloaded_error' }),
      exported('r3', 7, { querySource: 'compact' }),
    )
    expect(session?.telemetry).toEqual([
      {
        querySource: 'sdk',
        requests: 2,
        failed: 1,
        tokens: { input: 20, output: 200, cacheRead: 0, cacheWrite: 14 },
        costUsd: 0.25,
        ms: 4000,
      },
      expect.objectContaining({ querySource: 'compact', requests: 1, costUsd: 0.25 }),
    ])
  })

  test('tells of an action what it was for, where a checkpoint saw it', () => {
    const world = worldOf(
      asked('t1', 4, { message: 'm1' }),
      seenBy('m1', 5, { actions: ['t1'] }),
      exported('r-m1', 6),
      historyRead,
    )
    const [action] = snapshotOf(world).actions
    expect(action?.request).toMatchObject({ id: 'r-m1', querySource: 'sdk' })
  })
})

test('in any order it comes to the same', () => {
  const events = [
    seenBy('m1', 5),
    exported('r-m1', 6),
    seenBy('m2', 7, { retry: 1 }),
    exported('r-m2', 8, { retry: 1 }),
    exported('r3', 9, { status: 500, error: 'api_error' }),
    requested('', 10, { request: '', status: 0, error: 'hung up' }),
    exported('', 10, { status: 0, error: 'error' }),
    exported('', 11, { status: 0, error: 'error' }),
  ]
  const whole = counted(...events).requests
  expect(whole).toEqual({ total: 5, failed: 3, retried: 1, untold: 2 })
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), shuffled => {
      expect(counted(...shuffled).requests).toEqual(whole)
    }),
  )
})

describe('an action', () => {
  const decided: Event = {
    type: 'client-told',
    at: T0 + 6,
    session: 's1',
    action: 't1',
    decision: 'accept',
    source: 'config',
    classifier: 'allow',
    runMs: null,
  }
  const ran: Event = { ...decided, decision: null, source: '', classifier: '', runMs: 96 }
  const own = { decision: 'accept', source: 'config', classifier: 'allow', runMs: 96 }

  test('has what the client told of it, whenever it was told', () => {
    const events = [asked('t1', 5), decided, ran]
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: 3 }), shuffled => {
        expect(snapshotOf(worldOf(...shuffled)).actions).toMatchObject([
          { id: 't1', telemetry: own },
        ])
      }),
    )
  })

  test('of another session with the same id has not', () => {
    const world = worldOf(asked('t1', 5), { ...ran, session: 's2' })
    expect(snapshotOf(world).actions).toMatchObject([{ id: 't1', telemetry: null }])
  })
})

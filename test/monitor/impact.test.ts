/** What auto mode changes, counted from what sources told. */
import { describe, expect, test } from 'vitest'
import { noTokens } from '../../src/action/action.ts'
import type { Event } from '../../src/action/event.ts'
import { impactOf } from '../../src/monitor/impact.ts'
import { foundIn, unknownIn } from '../../src/monitor/impact-words.ts'
import { answered, asked, blocked, decided, T0, worldOf } from '../helpers/events.ts'
import {
  alerts,
  allowed,
  answers,
  asks,
  gated,
  granted,
  historyRead,
  judged,
  judgement,
  ran,
  reviewed,
  unreviewed,
  unsure,
} from '../helpers/gate-events.ts'

const ALL = { since: 0, until: Number.POSITIVE_INFINITY, project: '' }
const impact = (...events: Event[]) => impactOf(worldOf(...events, historyRead), ALL)

const mode = (at: number, permissionMode: string): Event => ({
  type: 'session',
  session: 's1',
  at: T0 + at,
  permissionMode,
})
const words = (at: number, text: string): Event => ({
  type: 'words',
  session: 's1',
  at: T0 + at,
  index: 0,
  text,
})
const abstained = (id: string, at: number): Event =>
  judged(id, at, { answer: 'abstain', judgement: judgement({ verdict: 'allow' }) })

describe('interruptions', () => {
  test('are told by mode, with how far a count of so few can be off', () => {
    const { modes } = impact(
      mode(0, 'default'),
      asked('a', 1),
      decided('a', 2, { decidedBy: 'user' }),
      mode(10, 'auto'),
      asked('b', 11),
      decided('b', 12, { decidedBy: 'classifier' }),
      asked('c', 13),
      blocked('c', 14),
    )
    expect(modes.map(it => [it.mode, it.actions, it.unasked, it.blocked])).toEqual([
      ['auto', 2, 1, 1],
      ['default', 1, 0, 0],
    ])
    const [auto, byHand] = modes
    expect(auto?.interruptions).toMatchObject({ n: 0, of: 2, low: 0 })
    expect(auto?.interruptions.high).toBeCloseTo(0.658, 3)
    expect(byHand?.interruptions).toMatchObject({ n: 1, of: 1, high: 1 })
  })

  test('do not count what the agent itself asks', () => {
    const question = asked('q', 1, { tool: 'AskUserQuestion', waits: 'answer' })
    expect(impact(question, decided('q', 9, { decidedBy: 'user' })).total.interruptions.n).toBe(0)
  })

  test('take as long as the gate saw a person take', () => {
    const { total } = impact(
      gated(0),
      abstained('a', 1),
      asks('a', 100),
      answers('a', 4100),
      abstained('b', 5000),
      asks('b', 5100),
      answers('b', 65_000, { answer: 'timeout' }),
    )
    expect(total.interruptions.n).toBe(2)
    expect(total.waited).toMatchObject({ n: 1, totalMs: 4000 })
  })

  test('of a checkpoint hold nobody up', () => {
    const { total } = impact(
      gated(0),
      judged('a', 1, { answer: 'ask' }),
      asks('a', 2, { held: 'Checkpoint' }),
      answers('a', 90_000),
    )
    expect([total.interruptions.n, total.waited.n]).toEqual([1, 0])
  })
})

test("deciding: the gate's own time, the client's between its word and the tool, tools and model", () => {
  const { latency } = impact(
    gated(0),
    answered('m', 0, { turnMs: 900 }),
    asked('a', 10, { message: 'm' }),
    abstained('a', 20),
    ran('a', 400, { runMs: 80 }),
    decided('a', 401, { decidedBy: 'classifier' }),
  )
  expect(latency.gate).toMatchObject({ n: 1, totalMs: 3 })
  expect(latency.classifier).toMatchObject({ n: 1, totalMs: 300 })
  expect(latency.model).toMatchObject({ n: 1, totalMs: 900 })
  expect(latency.tool.n).toBe(1)
})

describe('a reviewer', () => {
  const story: readonly Event[] = [
    gated(0),
    asked('a', 1),
    reviewed('a', 1201),
    judged('a', 1202, { answer: 'allow', by: 'reviewer', judgement: unsure }),
    decided('a', 1300),
    asked('b', 2000),
    reviewed('b', 4000, { verdict: 'deny', risk: 'high', ms: 2000, costUsd: null }),
    judged('b', 4001, { answer: 'deny', by: 'reviewer', judgement: unsure }),
    blocked('b', 4002, { decidedBy: 'foreign-hook' }),
    asked('c', 5000),
    unreviewed('c', 5001, 'paused'),
    judged('c', 5002, { answer: 'ask', judgement: unsure }),
    asked('d', 6000),
    reviewed('d', 6001, { cached: true, requests: 0, costUsd: 0, ms: 0 }),
    judged('d', 6002, { answer: 'allow', by: 'reviewer', judgement: unsure }),
    decided('d', 6100),
  ]

  test('what it took, and what it decided without a person', () => {
    const it = impact(...story)
    expect(it.deciding.reviewer).toMatchObject({
      asked: 4,
      allowed: 2,
      denied: 1,
      left: 1,
      problems: 1,
      cached: 1,
      requests: 2,
      costUsd: 0.0021,
      unpriced: 1,
    })
    expect(it.latency.reviewer).toMatchObject({ n: 2, totalMs: 3200 })
    expect(it.saved.actions).toBe(2)
    expect(foundIn(it)).toContain(
      'The reviewer decided 3 of 4 actions that it was asked about, and nobody was interrupted for them: 2 approved, 1 blocked; 1 were left to a person, of 1 it had no opinion.',
    )
    expect(foundIn(it).join('\n')).toContain('Deciding took 3.2s')
  })

  test('of a range alone', () => {
    const range = { ...ALL, since: T0 + 4500 }
    const { deciding, latency } = impactOf(worldOf(...story, historyRead), range)
    expect(deciding.reviewer).toMatchObject({ asked: 2, requests: 0, costUsd: 0 })
    expect(latency.reviewer.n).toBe(0)
    const elsewhere = { ...ALL, project: '/srv/other' }
    expect(impactOf(worldOf(...story, historyRead), elsewhere).deciding.reviewer.asked).toBe(0)
  })
})

describe('wrong ones', () => {
  test('blocks that a person overrode, of those a gate knew', () => {
    const { overridden } = impact(
      gated(0),
      asked('a', 1),
      judged('a', 2),
      blocked('a', 3, { decidedBy: 'judge' }),
      granted('g1', 50, { action: 'a' }),
      asked('b', 60),
      judged('b', 61),
      blocked('b', 62, { decidedBy: 'judge' }),
      asked('other', 70, { session: 's2' }),
      blocked('other', 71, { session: 's2' }),
    )
    expect(overridden).toMatchObject({ n: 1, of: 2 })
  })

  test('approvals that a person then took back, by interrupting or in words', () => {
    const { takenBack } = impact(
      gated(0),
      asked('a', 10),
      allowed('a', 11),
      decided('a', 20, { decidedBy: 'judge' }),
      words(30, 'please undo that'),
      words(40, 'undo it, I said'),
      asked('b', 50),
      allowed('b', 51),
      decided('b', 60, { decidedBy: 'judge', outcome: 'interrupted' }),
      words(70, "don't revert anything"),
    )
    expect(takenBack).toMatchObject({ n: 2, of: 2, typed: 1, interrupted: 1 })
  })
})

test('pauses: three refusals in a row once, and what the breaker did', () => {
  const refused = [1, 2, 3, 4].flatMap(at => [asked(`r${at}`, at), blocked(`r${at}`, at)])
  const { pauses } = impact(gated(0), ...refused, alerts(9))
  expect(pauses).toEqual({ inRow: 1, inAll: 0, breaker: 1 })
})

describe('in words', () => {
  test('the time saved is told where enough waits were seen, and only then', () => {
    const wait = (i: number): Event[] => [
      abstained(`w${i}`, i * 10_000),
      asks(`w${i}`, i * 10_000 + 1),
      answers(`w${i}`, i * 10_000 + 6001),
    ]
    const spared = [
      asked('a', 1),
      decided('a', 2, { decidedBy: 'classifier' }),
      asked('b', 3),
      decided('b', 4, { decidedBy: 'classifier' }),
    ]
    expect(foundIn(impact(gated(0), ...spared, ...wait(1)))[0]).toContain('was not seen')
    const enough = impact(gated(0), ...spared, ...[1, 2, 3, 4, 5].flatMap(wait))
    expect(enough.saved.actions).toBe(2)
    // Percentiles are true to 2.5 %.
    expect(enough.saved.ms).toBeGreaterThan(11_700)
    expect(enough.saved.ms).toBeLessThan(12_300)
  })

  test('what is not known is said', () => {
    const few = unknownIn(impact(mode(0, 'auto'), asked('a', 1), blocked('a', 2)))
    expect(few).toEqual([
      expect.stringContaining('1 of 1 sessions had no gate'),
      expect.stringContaining('auto: only 1 actions'),
      expect.stringContaining('not visible without OpenTelemetry'),
      expect.stringContaining('need not have been right'),
    ])
    const world = worldOf(asked('a', 1))
    const exported = { requests: 15, classifier: null, checkMs: [] }
    expect(unknownIn(impactOf(world, ALL, exported)).join('\n')).toContain(
      'none of the 15 requests that clients exported was for it',
    )
    const classifier = { requests: 3, tokens: noTokens(), costUsd: 0.01 }
    expect(
      unknownIn(impactOf(world, ALL, { requests: 15, classifier, checkMs: [50] })).join('\n'),
    ).not.toContain('not visible')
    expect(unknownIn(impact())).toEqual([])
    expect(foundIn(impact())).toEqual(['No action was recorded in this range.'])
  })
})

import { describe, expect, it } from 'vitest'
import { fold } from '../../src/action/fold.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import {
  actionIn,
  answered,
  asked,
  blocked,
  decided,
  present,
  seenAs,
  sessionIn,
  spokenTo,
  worldOf,
} from '../helpers/events.ts'
import { waitIn } from './events.ts'

describe('the states of an action', () => {
  it('is undecided and running when only the call was seen', () => {
    expect(actionIn(seenAs(asked('a', 0)), 'a')).toMatchObject({
      state: 'undecided',
      outcome: 'running',
      decidedBy: 'unknown',
      decisionMs: null,
      runMs: null,
    })
  })

  it('is approved and succeeded after its result', () => {
    const seen = seenAs(asked('a', 0), decided('a', 1500))
    expect(actionIn(seen, 'a')).toMatchObject({
      state: 'approved',
      outcome: 'succeeded',
      decidedBy: 'mode',
      runMs: 1500,
    })
    expect(seen.totals.actions).toMatchObject({ total: 1, approved: 1, undecided: 0 })
  })

  it('is approved and failed when the tool failed', () => {
    const seen = seenAs(asked('a', 0), decided('a', 5, { outcome: 'failed' }))
    expect(actionIn(seen, 'a')).toMatchObject({ state: 'approved', outcome: 'failed' })
    expect(seen.totals.actions).toMatchObject({ total: 1, approved: 1, failed: 1 })
  })

  it('is blocked without an outcome when it was refused', () => {
    const seen = seenAs(asked('a', 0), blocked('a', 700))
    expect(actionIn(seen, 'a')).toMatchObject({
      state: 'blocked',
      outcome: null,
      decidedBy: 'classifier',
      reason: 'looks dangerous',
      decisionMs: 700,
      finishedAt: null,
    })
    expect(seen.totals.actions).toMatchObject({ total: 1, blocked: 1, outages: 0 })
  })

  it('counts an outage apart from the refusals', () => {
    const seen = seenAs(asked('a', 0), blocked('a', 700, { decidedBy: 'outage' }))
    expect(seen.totals.actions).toMatchObject({ total: 1, blocked: 0, outages: 1 })
  })

  it('ignores a call and a result that are told again', () => {
    const seen = seenAs(
      asked('a', 0),
      decided('a', 10),
      asked('a', 0),
      blocked('a', 20),
      decided('a', 10),
    )
    expect(seen.actions).toHaveLength(1)
    expect(actionIn(seen, 'a')).toMatchObject({ state: 'approved', runMs: 10 })
    expect(seen.totals.actions).toMatchObject({ total: 1, approved: 1, blocked: 0 })
  })

  it('takes a result that comes before its call', () => {
    const seen = seenAs(decided('a', 10), asked('a', 4))
    expect(actionIn(seen, 'a')).toMatchObject({ state: 'approved', outcome: 'succeeded', runMs: 6 })
  })

  it('is pending when it asks a person, and approved once answered', () => {
    const question = asked('q', 0, { tool: 'AskUserQuestion', waits: 'answer' })
    expect(actionIn(seenAs(question), 'q')).toMatchObject({ state: 'pending', outcome: null })
    const after = seenAs(question, decided('q', 9000, { decidedBy: 'user' }))
    expect(actionIn(after, 'q')).toMatchObject({ state: 'approved', decidedBy: 'user' })
    expect(after.totals.actions).toMatchObject({ pending: 0, approved: 1 })
  })
})

describe('usage', () => {
  it('counts an answer once, at its largest account', () => {
    const seen = seenAs(
      answered('m', 0, { tokens: { output: 1 }, costUsd: 0.125 }),
      answered('m', 1, { tokens: { output: 300 }, costUsd: 0.5 }),
      answered('m', 2, { tokens: { output: 20 }, costUsd: 0.25 }),
    )
    expect(seen.totals.tokens).toMatchObject({ input: 10, output: 300 })
    expect(seen.totals.costUsd).toBe(0.5)
    expect(sessionIn(seen).costUsd).toBe(0.5)
  })

  it('adds up different answers', () => {
    const seen = seenAs(answered('m1', 0), answered('m2', 1), answered('m2', 1))
    expect(seen.totals.tokens).toMatchObject({ input: 20, output: 40 })
    expect(seen.totals.costUsd).toBe(0.5)
  })

  it('has no cost while no price is known, and names the model', () => {
    const seen = seenAs(answered('m', 0, { model: 'claude-next', costUsd: null }))
    expect(sessionIn(seen)).toMatchObject({ costUsd: null, unpricedModels: ['claude-next'] })
    expect(seen.totals.costUsd).toBeNull()
    expect(seen.totals.tokens.output).toBe(20)
  })
})

describe('an agent that speaks again', () => {
  it('interrupts what is open', () => {
    const seen = seenAs(asked('a', 0, { message: 'm1' }), answered('m2', 10))
    expect(actionIn(seen, 'a')).toMatchObject({ state: 'undecided', outcome: 'interrupted' })
  })

  it('is interrupted by a new prompt too', () => {
    expect(actionIn(seenAs(asked('a', 0), spokenTo(10)), 'a').outcome).toBe('interrupted')
  })

  it('leaves the calls of the same answer open', () => {
    const seen = seenAs(
      asked('a', 0, { message: 'm1' }),
      answered('m1', 10),
      asked('b', 11, { message: 'm1' }),
    )
    expect(seen.actions.map(a => a.outcome)).toEqual(['running', 'running'])
  })

  it('leaves what other agents do open', () => {
    const seen = seenAs(asked('a', 0, { agent: 'sub' }), spokenTo(10))
    expect(actionIn(seen, 'a').outcome).toBe('running')
  })

  it('still takes a result that comes late', () => {
    const seen = seenAs(asked('a', 0), spokenTo(10), decided('a', 20))
    expect(actionIn(seen, 'a')).toMatchObject({ state: 'approved', outcome: 'succeeded' })
  })
})

describe('presence', () => {
  const waiting = { status: 'waiting', waitingFor: 'permission prompt' } as const

  it('makes the first open action wait for a permission, and the wait its decision time', () => {
    const world = worldOf(
      asked('a', 1000, { message: 'm' }),
      asked('b', 1001, { message: 'm' }),
      present(2000, waiting),
    )
    expect([0, 1].map(row => waitIn(world, row))).toEqual(['pending/permission', 'undecided/none'])
    fold(world, present(7000, { status: 'busy' }))
    expect([0, 1].map(row => waitIn(world, row))).toEqual(['undecided/none', 'undecided/none'])
    fold(world, decided('a', 9000, { decidedBy: 'user' }))
    expect(actionIn(snapshotOf(world), 'a')).toMatchObject({
      state: 'approved',
      decisionMs: 6000,
      runMs: 2000,
    })
  })

  it('has no decision time while it waits again', () => {
    const busy = present(3000, { status: 'busy' })
    const seen = seenAs(asked('a', 0), present(2000, waiting), busy, present(5000, waiting))
    expect(actionIn(seen, 'a')).toMatchObject({
      state: 'pending',
      decidedAt: null,
      decisionMs: null,
    })
  })

  it('keeps a question pending while the session is busy', () => {
    const question = asked('q', 0, { waits: 'answer' })
    expect(actionIn(seenAs(question, present(5, { status: 'busy' })), 'q').state).toBe('pending')
  })

  it('interrupts what is open when the session ended', () => {
    const seen = seenAs(asked('a', 0), present(50, { status: 'ended' }))
    expect(actionIn(seen, 'a').outcome).toBe('interrupted')
    expect(sessionIn(seen).status).toBe('ended')
  })

  it('revives a session that acts after its end', () => {
    const seen = seenAs(present(50, { status: 'ended' }), asked('b', 60))
    expect(sessionIn(seen).status).toBeNull()
    expect(actionIn(seen, 'b').outcome).toBe('running')
  })
})

it('begins anew with a mark on `restart`', () => {
  const world = fold(worldOf(asked('a', 0)), { type: 'restart', mark: 'SAMPLE' })
  expect(world.mark).toBe('SAMPLE')
  expect(snapshotOf(world)).toMatchObject({ sessions: [], actions: [] })
})

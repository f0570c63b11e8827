/** What the journal tells of an action, put to what the transcript tells of it. */
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { pauseOf, unmet } from '../../src/monitor/gate-view.ts'
import type { ActionJson } from '../../src/monitor/snapshot.ts'
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
import {
  allowed,
  answers,
  asks,
  clientDenies,
  gated,
  granted,
  historyRead,
  journalRead,
  judged,
  judgement,
  paused,
  ran,
  resumed,
} from '../helpers/gate-events.ts'

const seen = (...events: Event[]): ActionJson => actionIn(seenAs(...events, historyRead), 'a')

/** The same whichever of the two sources is read first. */
function both(transcript: Event[], journal: Event[]): ActionJson {
  const first = seen(...transcript, ...journal)
  expect(seen(...journal, ...transcript)).toEqual(first)
  expect(actionIn(seenAs(historyRead, ...journal, ...transcript), 'a')).toEqual(first)
  return first
}

const call = [answered('m', -5), asked('a', 0, { message: 'm' })]
const byHook = decided('a', 100, { decidedBy: 'foreign-hook' })
const hookRefusal = blocked('a', 100, { decidedBy: 'foreign-hook', reason: 'hook error' })

describe('an action that both tell of', () => {
  it('was approved by the judge, not by another hook', () => {
    expect(both([...call, byHook], [allowed('a', 8)])).toMatchObject({
      state: 'approved',
      outcome: 'succeeded',
      decidedBy: 'judge',
      decisionMs: 8,
      runMs: 92,
      rule: 'read-only',
      costUsd: 0.25,
    })
  })

  it('was refused by the judge, in its words', () => {
    expect(both([...call, hookRefusal], [judged('a', 8)])).toMatchObject({
      state: 'blocked',
      outcome: null,
      decidedBy: 'judge',
      reason: 'pushes to a repository that is not trusted',
      evidence: 'git push backup',
      clear: ['trust github.com/evil', 'override'],
      resources: [{ kind: 'git', id: 'github.com/evil/app', trust: 'external' }],
    })
  })

  it.each(['unattended', 'outage', 'reviewer'] as const)('was refused by %s', by => {
    expect(both([...call, hookRefusal], [judged('a', 8, { by })]).decidedBy).toBe(by)
  })

  it('keeps the transcript’s own words where the gate abstained', () => {
    const abstained = judged('a', 8, { answer: 'abstain' })
    expect(both([...call, blocked('a', 100)], [abstained])).toMatchObject({
      decidedBy: 'classifier',
      reason: 'looks dangerous',
      rule: 'push-external',
    })
    expect(both([...call, decided('a', 100)], [abstained]).decidedBy).toBe('mode')
  })

  it('counts once in every total', () => {
    const { totals } = seenAs(...call, allowed('a', 8), byHook, ran('a', 99), historyRead)
    expect(totals.actions).toMatchObject({ total: 1, approved: 1, undecided: 0 })
    expect(totals.costUsd).toBe(0.25)
  })

  it('counts an outage of the gate apart from blocks', () => {
    const { totals } = seenAs(...call, hookRefusal, judged('a', 8, { by: 'outage' }), historyRead)
    expect(totals.actions).toMatchObject({ total: 1, blocked: 0, outages: 1 })
  })
})

describe('an action that waits for a person', () => {
  const question = [judged('a', 8, { answer: 'ask' }), asks('a', 10)]

  it('is pending until it is answered', () => {
    expect(both(call, question)).toMatchObject({ state: 'pending', reason: 'no rule knows it' })
    expect(both(call, [...question, answers('a', 900)])).toMatchObject({
      state: 'approved',
      outcome: 'running',
      decidedBy: 'user',
      decisionMs: 900,
    })
  })

  it('is blocked by the user who says no, with the words', () => {
    const no = answers('a', 900, { answer: 'deny', words: 'not on a Friday' })
    const refusal = { state: 'blocked', decidedBy: 'user', reason: 'not on a Friday' }
    expect(both(call, [...question, no])).toMatchObject(refusal)
    expect(both([...call, hookRefusal], [...question, no])).toMatchObject(refusal)
  })

  it('is the client’s again when it was answered there', () => {
    const elsewhere = answers('a', 900, { answer: 'elsewhere' })
    expect(both(call, [...question, elsewhere]).state).toBe('undecided')
    const end = decided('a', 950, { decidedBy: 'user' })
    expect(both([...call, end], [...question, elsewhere]).decidedBy).toBe('user')
  })

  it('without anybody there is refused unattended', () => {
    const held = [judged('a', 8, { answer: 'ask' }), asks('a', 10, { held: 'PreToolUse' })]
    const late = answers('a', 900, { answer: 'timeout' })
    expect(both(call, [...held, late])).toMatchObject({ state: 'blocked', decidedBy: 'unattended' })
  })

  it('is pending again when it is asked again', () => {
    expect(both(call, [...question, answers('a', 900), asks('a', 1000)]).state).toBe('pending')
  })

  it('is over when its session is', () => {
    const over = present(2000, { status: 'ended' })
    expect(seen(...call, ...question, over)).toMatchObject({ outcome: 'interrupted' })
    expect(seen(...call, over, ...question)).toMatchObject({ outcome: 'interrupted' })
  })
})

describe('an action that only the journal tells of', () => {
  it('has a row once the transcripts were read', () => {
    expect(seenAs(allowed('a', 8)).actions).toEqual([])
    expect(seen(allowed('a', 8))).toMatchObject({
      tool: 'Bash',
      summary: 'run a',
      state: 'approved',
      outcome: 'running',
      decidedBy: 'judge',
    })
  })

  it('ends with what the client says ran', () => {
    expect(seen(allowed('a', 8), ran('a', 60))).toMatchObject({ outcome: 'succeeded', runMs: 52 })
    expect(seen(allowed('a', 8), ran('a', 60, { ok: false })).outcome).toBe('failed')
  })

  it('is blocked by the client’s own check', () => {
    const abstained = judged('a', 8, { answer: 'abstain' })
    const no = clientDenies('a', 90, { judgement: judgement({ verdict: 'allow' }) })
    expect(both(call, [abstained, no])).toMatchObject({
      state: 'blocked',
      decidedBy: 'classifier',
      reason: 'looks dangerous',
    })
    expect(both(call, [abstained, clientDenies('a', 90, { outage: true })]).decidedBy).toBe(
      'outage',
    )
  })

  it('is not interrupted by the answer that brought it, which is read later', () => {
    const early = [historyRead, allowed('a', 8), spokenTo(900)]
    expect(actionIn(seenAs(...early), 'a').outcome).toBe('running')
  })

  it('belongs to its own session where another uses the same id', () => {
    const other = asked('a', 0, { session: 's2' })
    const snapshot = seenAs(other, allowed('a', 8), historyRead)
    expect(snapshot.actions).toHaveLength(2)
    expect(actionIn(snapshot, 'a', 's2').rule).toBeNull()
    expect(actionIn(snapshot, 'a', 's1').rule).toBe('read-only')
  })
})

describe('an action of a gated session', () => {
  const start = gated(-1000)
  const done = [...call, decided('a', 100)]
  const later = journalRead(60_000)

  it('is ungated when it ran without a record', () => {
    expect(both(done, [start, later]).ungated).toBe('no-record')
  })

  it('is not yet, within three seconds of its result', () => {
    expect(both(done, [start, journalRead(3000)]).ungated).toBeNull()
    expect(both(done, [start, journalRead(3100)]).ungated).toBe('no-record')
  })

  it('is gated with a record, whenever that is read', () => {
    expect(both(done, [start, allowed('a', 8), later]).ungated).toBeNull()
    expect(both(done, [start, later, allowed('a', 8)]).ungated).toBeNull()
  })

  it('is ungated when the record came after it had run', () => {
    expect(both(done, [start, allowed('a', 3101), later]).ungated).toBe('late-record')
  })

  it('is ungated when other input ran than was judged', () => {
    const other = ran('a', 90, { inputHash: 'another' })
    expect(both(done, [start, allowed('a', 8), other]).ungated).toBe('other-input')
    expect(both(done, [start, allowed('a', 8), ran('a', 90)]).ungated).toBeNull()
  })

  it('is ungated when it ran though the gate refused it', () => {
    expect(both(done, [start, judged('a', 8)]).ungated).toBe('ran-though-refused')
  })

  it.each([
    ['was refused', blocked('a', 100)],
    ['was malformed', decided('a', 100, { outcome: 'failed', reason: 'not run: no such tool' })],
    ['has no result', spokenTo(100)],
  ])('is not ungated when it %s', (_, end) => {
    expect(both([...call, end], [start, later]).ungated).toBeNull()
  })

  it('is not ungated when it is older than the gate', () => {
    expect(both(done, [gated(500), later]).ungated).toBeNull()
  })

  it('of no other session is', () => {
    expect(both(done, [gated(-1000, { session: 's2' }), later]).ungated).toBeNull()
  })
})

describe('a session', () => {
  it('has the role and the preconditions that were told last', () => {
    const events = [gated(0), gated(10, { role: 'decide', permissionMode: 'default' })]
    for (const order of [events, events.toReversed()])
      expect(sessionIn(seenAs(...order))).toMatchObject({
        role: 'decide',
        permissionMode: 'default',
        preconditions: { model: 'claude-opus-4-6' },
        paused: null,
      })
  })

  it('says which preconditions are not met', () => {
    const said = gated(0)
    expect(unmet(said)).toEqual([])
    const none = { ...said.preconditions, enabled: '', modelAllowed: false, model: '' }
    expect(unmet({ ...said, preconditions: none })).toEqual([
      'auto mode is not enabled',
      'model ? is not on the list',
    ])
  })

  const cases: readonly (readonly [string, Event[], 'soft' | 'hard' | null])[] = [
    ['paused', [paused(1, 's1')], 'soft'],
    ['paused hard', [paused(1, 's1', { hard: true })], 'hard'],
    ['paused with all', [paused(1)], 'soft'],
    ['resumed', [paused(1, 's1'), resumed(2, 's1')], null],
    ['resumed with all', [paused(1, 's1'), resumed(2)], null],
    ['resumed alone', [paused(1), resumed(2, 's1')], null],
    ['paused with all after it was resumed', [resumed(1, 's1'), paused(2)], 'soft'],
  ]
  it.each(cases)('can be %s', (_, events, is) => {
    for (const order of [events, events.toReversed()])
      expect(sessionIn(seenAs(gated(0), ...order)).paused).toBe(is)
  })

  it('is paused for a reason, by itself or with all', () => {
    const world = worldOf(gated(0), paused(1, '', { why: 'breaker' }))
    expect(pauseOf(world, 's1')).toEqual({ hard: false, of: 'all', why: 'breaker' })
  })

  it('has grants until they end', () => {
    const world = worldOf(granted('g', 0))
    expect(world.gate.grants.get('g')).toMatchObject({ ended: null })
  })
})

/** The journal and the transcripts are read side by side: in which order must not be seen. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import type { World } from '../../src/action/world.ts'
import { ActionList } from '../../src/monitor/list.ts'
import { rowsByTime } from '../../src/monitor/order.ts'
import { T0, worldOf } from '../helpers/events.ts'
import {
  answers,
  asks,
  clientDenies,
  gated,
  historyRead,
  journalRead,
  judged,
  ran,
} from '../helpers/gate-events.ts'
import { backlogOf, settled } from './events.ts'
import { type File, files } from './sessions.ts'

const WORD = fc.record({
  answer: fc.constantFrom('allow', 'ask', 'deny', 'abstain'),
  by: fc.constantFrom('judge', 'outage', 'unattended'),
  asked: fc.boolean(),
  answered: fc.constantFrom('none', 'allow', 'deny', 'elsewhere', 'timeout'),
  clientDenied: fc.integer({ min: 0, max: 5 }).map(n => n === 0),
  ran: fc.constantFrom('none', 'ok', 'failed', 'other input'),
  /** After the call. */
  delay: fc.constantFrom(1, 40, 4000),
  silent: fc.integer({ min: 0, max: 4 }).map(n => n === 0),
})
type Word = typeof WORD extends fc.Arbitrary<infer T> ? T : never

/** What the gate says of one call. Nothing comes of the same kind twice. */
function entriesOf(call: Event, word: Word): Event[] {
  if (call.type !== 'requested' || word.silent) return []
  const { session, agent, id } = call
  const at = call.at - T0 + word.delay
  const hash = word.ran === 'other input' ? 'another' : `hash of ${id}`
  const { answer, by, answered } = word
  return [
    judged(id, at, { session, agent, answer, by }),
    ...(word.asked ? [asks(id, at, { session })] : []),
    ...(answered === 'none' ? [] : [answers(id, at, { session, answer: answered })]),
    ...(word.clientDenied ? [clientDenies(id, at, { session })] : []),
    ...(word.ran === 'none'
      ? []
      : [ran(id, at, { session, ok: word.ran !== 'failed', inputHash: hash })]),
  ]
}

/** Rows of refusals of files that overlap in time; see merge.test.ts. */
function comparable(world: World) {
  const { sessions, ...rest } = settled(world)
  return { ...rest, sessions: sessions.map(s => ({ ...s, blocksInRow: 0 })) }
}

const END = [journalRead(1e7), historyRead]

/** The sessions' own events, and what the gate says of them. */
const readings = fc
  .tuple(files({ agents: 2 }), fc.array(WORD, { minLength: 30, maxLength: 30 }))
  .chain(([all, words]) => {
    const calls = all.flat().filter(event => event.type === 'requested')
    const journal = calls.flatMap((call, i) => {
      const word = words[i % words.length]
      return word === undefined ? [] : entriesOf(call, word)
    })
    const sessions = ['s0', 's1'].map(session => gated(50, { session }))
    const entries = [...sessions, ...journal]
    return fc.record({
      all: fc.constant(all),
      entries: fc.constant(entries),
      order: fc.shuffledSubarray([...entries.keys()], { minLength: entries.length }),
      places: fc.array(fc.nat(), { minLength: entries.length, maxLength: entries.length }),
      history: fc.nat(200),
    })
  })

interface Reading {
  readonly all: readonly File[]
  readonly entries: readonly Event[]
  readonly order: readonly number[]
  readonly places: readonly number[]
  readonly history: number
}

/** The transcripts in their order, with entries and the end of the history anywhere between. */
function interleaved({ all, entries, order, places, history }: Reading): Event[] {
  const events: Event[] = all.flat()
  for (const i of order) {
    const entry = entries[i]
    if (entry !== undefined) events.splice((places[i] ?? 0) % (events.length + 1), 0, entry)
  }
  events.splice(history % (events.length + 1), 0, historyRead)
  return [...events, ...END]
}

it('one world comes of them, whichever is read first', () => {
  fc.assert(
    fc.property(readings, reading => {
      const { all, entries } = reading
      const after = settled(worldOf(...all.flat(), ...entries, ...END))
      const before = settled(worldOf(...entries, ...all.flat(), ...END))
      expect(before).toEqual(after)
      expect(settled(worldOf(...interleaved(reading)))).toEqual(after)
    }),
    { numRuns: 300 },
  )
})

it('nor does it matter whether the transcripts come in parts', () => {
  fc.assert(
    fc.property(readings, ({ all, entries }) => {
      const whole = comparable(worldOf(...all.flat(), ...entries, ...END))
      const parts = all.map(file => backlogOf(...file))
      expect(comparable(worldOf(...entries, ...parts, ...END))).toEqual(whole)
      expect(comparable(worldOf(...parts, ...entries, ...END))).toEqual(whole)
    }),
    { numRuns: 200 },
  )
})

it('the totals are those of the rows, and the list is in the order of time', () => {
  fc.assert(
    fc.property(readings, reading => {
      const list = new ActionList()
      const events = interleaved(reading)
      let world = worldOf()
      for (const event of events) {
        world = fold(world, event)
        list.update(world, '')
      }
      expect([...list.update(world, '')]).toEqual([...rowsByTime(world)])
      const { sessions, actions } = settled(world)
      for (const session of sessions) {
        const own = actions.filter(a => a.session === session.id)
        const pending = own.filter(a => a.state === 'pending').length
        expect(session.actions).toMatchObject({ total: own.length, pending })
      }
    }),
    { numRuns: 150 },
  )
})

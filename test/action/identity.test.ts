import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import {
  actionIn,
  answered,
  asked,
  blocked,
  decided,
  seenAs,
  sessionIn,
  spokenTo,
} from '../helpers/events.ts'
import { backlogOf } from './events.ts'

/** Two calls with their results, all said by `session`, beginning at `at`. */
const story = (session: string, at: number): Event[] => [
  answered('msg_1', at, { session }),
  asked('toolu_1', at + 1, { session, message: 'msg_1' }),
  decided('toolu_1', at + 2, { session }),
  asked('toolu_2', at + 3, { session, message: 'msg_1' }),
  decided('toolu_2', at + 4, { session }),
]

describe('a forked session, which repeats lines of another', () => {
  it('counts once what both have', () => {
    const seen = seenAs(...story('s1', 0), ...story('fork', 0))
    expect(seen.totals).toMatchObject({ costUsd: 0.25, tokens: { input: 10, output: 20 } })
    expect(seen.totals.actions.total).toBe(2)
    expect(seen.actions.map(a => a.session)).toEqual(['s1', 's1'])
  })

  it('counts what it does itself', () => {
    const own = [
      asked('toolu_3', 100, { session: 'fork' }),
      blocked('toolu_3', 101, { session: 'fork' }),
    ]
    const seen = seenAs(...story('s1', 0), ...story('fork', 0), ...own)
    expect(actionIn(seen, 'toolu_3').session).toBe('fork')
    expect(seen.totals.actions.total).toBe(3)
  })

  it('gives an end to a call that was open when it began', () => {
    const open = story('s1', 0).slice(0, 4)
    const seen = seenAs(...open, ...story('fork', 0))
    expect(actionIn(seen, 'toolu_2')).toMatchObject({ session: 's1', outcome: 'succeeded' })
  })

  it('counts once when it comes with the backlog', () => {
    const seen = seenAs(...story('s1', 0), backlogOf(...story('fork', 0)))
    expect(seen.totals).toMatchObject({ costUsd: 0.25, actions: { total: 2, approved: 2 } })
  })
})

describe('a fork made while a call was open, which then was spoken to', () => {
  const [first, call, end] = story('s1', 0)
  const repeated = story('fork', 0)[1]
  const spoken = spokenTo(900, { session: 'fork' })

  it('has the end that the first session tells', () => {
    const events = [repeated, spoken, first, call, end].filter(e => e !== undefined)
    expect(actionIn(seenAs(...events), 'toolu_1').outcome).toBe('succeeded')
  })

  it('has it from the backlog too', () => {
    const live = [repeated, spoken].filter(e => e !== undefined)
    const old = [first, call, end].filter(e => e !== undefined)
    expect(actionIn(seenAs(...live, backlogOf(...old)), 'toolu_1').outcome).toBe('succeeded')
  })
})

describe('sessions whose servers hand out the same ids', () => {
  const other: Event[] = [
    answered('msg_1', 5000, { session: 's2', tokens: { output: 7 } }),
    asked('toolu_1', 5001, { session: 's2', message: 'msg_1' }),
    blocked('toolu_1', 5002, { session: 's2' }),
    asked('toolu_2', 5003, { session: 's2', message: 'msg_1' }),
  ]

  it('are both counted, with their own results', () => {
    const seen = seenAs(...story('s1', 0), ...other)
    expect(actionIn(seen, 'toolu_1', 's1').state).toBe('approved')
    expect(actionIn(seen, 'toolu_1', 's2').state).toBe('blocked')
    expect(actionIn(seen, 'toolu_2', 's2').outcome).toBe('running')
    expect(sessionIn(seen, 's1')).toMatchObject({ tokens: { output: 20 }, costUsd: 0.25 })
    expect(sessionIn(seen, 's2')).toMatchObject({ tokens: { output: 7 }, costUsd: 0.25 })
  })

  it('are both counted when their lines alternate', () => {
    const first = story('s1', 0)
    const seen = seenAs(...first.flatMap((event, i) => [event, ...other.slice(i, i + 1)]))
    expect(seen.totals.actions).toMatchObject({ total: 4, approved: 2, blocked: 1, undecided: 1 })
  })

  it('are both counted when one is in the backlog', () => {
    const seen = seenAs(...story('s1', 0), backlogOf(...other))
    expect(seen.totals.actions).toMatchObject({ total: 4, approved: 2, blocked: 1, undecided: 1 })
    expect(actionIn(seen, 'toolu_1', 's2').state).toBe('blocked')
  })
})

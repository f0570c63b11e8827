import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { terminalSafeJson } from '../../src/monitor/snapshot.ts'
import { asked, seenAs } from '../helpers/events.ts'

const NOTHING = { p50: null, p95: null, p99: null }

const anyJson = fc.jsonValue({ stringUnit: 'binary' })

describe('JSON for a terminal', () => {
  test('means the same', () => {
    fc.assert(
      fc.property(anyJson, value => {
        expect(JSON.parse(terminalSafeJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('has no character that steers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(terminalSafeJson({ [text]: text })).not.toMatch(
          /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u,
        )
      }),
      { numRuns: 1000 },
    )
  })

  test('leaves other languages readable', () => {
    expect(terminalSafeJson('größe 漢字 🚀')).toBe('"größe 漢字 🚀"')
  })
})

describe('a snapshot', () => {
  test('of nothing is empty, and costs nothing that is known', () => {
    expect(seenAs()).toEqual({
      sessions: [],
      actions: [],
      skipped: [],
      totals: {
        tokens: expect.objectContaining({ input: 0, output: 0 }),
        costUsd: null,
        actions: expect.objectContaining({ total: 0 }),
        skippedLines: 0,
        costToday: 0,
        usdPerHour: 0,
        actionsPerMinute: 0,
        activeSessions: 0,
        latency: { turn: NOTHING, firstByte: NOTHING, decision: NOTHING, run: NOTHING },
        requests: { total: 0, failed: 0, retried: 0, untold: 0 },
      },
    })
  })

  test('has actions by time and the session that acted last first', () => {
    const snapshot = seenAs(asked('late', 50, { session: 's2' }), asked('early', 0))
    expect(snapshot.actions.map(a => a.id)).toEqual(['early', 'late'])
    expect(snapshot.sessions.map(s => s.id)).toEqual(['s2', 's1'])
  })
})

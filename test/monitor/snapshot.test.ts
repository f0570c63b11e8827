import { describe, expect, test } from 'vitest'
import { asked, seenAs } from '../helpers/events.ts'

const NOTHING = { p50: null, p95: null, p99: null }

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
        reviews: null,
      },
    })
  })

  test('has actions by time and the session that acted last first', () => {
    const snapshot = seenAs(asked('late', 50, { session: 's2' }), asked('early', 0))
    expect(snapshot.actions.map(a => a.id)).toEqual(['early', 'late'])
    expect(snapshot.sessions.map(s => s.id)).toEqual(['s2', 's1'])
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStatus } from '../../../src/clients/claude-code/status-line.ts'

test('whatever comes, it is a status', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), json => {
      const { session, transcript, costUsd } = parseStatus(json)
      expect([typeof session, typeof transcript]).toEqual(['string', 'string'])
      expect(costUsd === null || costUsd >= 0).toBe(true)
    }),
  )
})

test('what fits is taken, beside what does not', () => {
  const told = { session_id: 's', transcript_path: 7, cost: { total_cost_usd: 'x' }, more: {} }
  expect(parseStatus(JSON.stringify(told))).toEqual({ session: 's', transcript: '', costUsd: null })
})

/** Ids that are not kept, and still known. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashId } from '../../src/action/hash-index.ts'
import { SeenIds } from '../../src/action/seen-ids.ts'

test('every id that was added is found', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), names => {
      const ids = new SeenIds()
      for (const name of names) ids.add(hashId(name))
      expect(names.every(name => ids.has(hashId(name)))).toBe(true)
    }),
    { numRuns: 20 },
  )
})

test('of a million others hardly one is, after two million', () => {
  const ids = new SeenIds()
  expect(ids.has(hashId('toolu_1'))).toBe(false)
  for (let i = 0; i < 2_000_000; i++) ids.add(hashId(`toolu_${i}`))
  let wrong = 0
  for (let i = 0; i < 1_000_000; i++) if (ids.has(hashId(`msg_${i}`))) wrong++
  expect(wrong).toBeLessThan(100)
})

/** Bars of block characters. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barLines } from '../../src/ui/plot.ts'

test('the highest fills all lines, and the least is seen', () => {
  expect(barLines([0, 1, 8, 16], 1, 2)).toEqual(['   █', ' ▁██'])
  expect(barLines([0, 4], 3, 1)).toEqual(['   ███'])
  expect(barLines([0, 0], 1, 1)).toEqual(['  '])
})

test('of any numbers each line is as wide as its bars', () => {
  const numbers = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(
      numbers,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 9 }),
      (values, wide, height) => {
        const lines = barLines(values, wide, height)
        expect(lines).toHaveLength(height)
        for (const line of lines) expect([...line]).toHaveLength(values.length * wide)
        values.forEach((value, i) => {
          const bar = lines.map(line => line[i * wide]).join('')
          expect(bar.trim() === '').toBe(value === 0)
        })
      },
    ),
  )
})

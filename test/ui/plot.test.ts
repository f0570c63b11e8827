/** Bars of block characters. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barLines } from '../../src/ui/plot.ts'

test('the highest fills all lines, and the least is seen', () => {
  expect(barLines([0, 1, 8, 16], 4, 2)).toEqual(['   █', ' ▁██'])
  expect(barLines([0, 0], 2, 1)).toEqual(['  '])
})

test('bars share the width, and where too many the newest are shown', () => {
  expect(barLines([0, 4], 6, 1)).toEqual(['   ███'])
  expect(barLines([1, 0, 1], 5, 1)).toEqual(['██  █'])
  expect(barLines([9, 9, 9, 0, 4], 2, 1)).toEqual([' █'])
})

test('of any numbers each line has its width, and no bar is lost where there is room', () => {
  const numbers = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), {
    minLength: 1,
    maxLength: 40,
  })
  fc.assert(
    fc.property(
      numbers,
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 9 }),
      (values, width, height) => {
        const lines = barLines(values, width, height)
        expect(lines).toHaveLength(height)
        for (const line of lines) expect([...line]).toHaveLength(width)
        const bars = Array.from({ length: width }, (_, x) => lines.map(line => line[x]).join(''))
        const seen = bars.filter(bar => bar.trim() !== '').length
        const shown = values.slice(-width).filter(value => value > 0).length
        expect(seen).toBeGreaterThanOrEqual(shown)
        if (shown === 0) expect(seen).toBe(0)
      },
    ),
  )
})

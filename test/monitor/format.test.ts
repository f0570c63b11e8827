import { describe, expect, test } from 'vitest'
import { amount, clock, duration, sparkline, usd } from '../../src/monitor/format.ts'

describe('numbers for people', () => {
  test.each([
    [null, '-'],
    [0, '0ms'],
    [999.4, '999ms'],
    [1000, '1.0s'],
    [99_940, '99.9s'],
    [99_960, '1m39s'],
    [200_000, '3m20s'],
    [3_599_999, '59m59s'],
    [7_500_000, '2h05m'],
    [47.99 * 3_600_000, '47h59m'],
    [76 * 3_600_000, '3d4h'],
  ])('%j ms lasts %s', (ms, shown) => {
    expect(duration(ms)).toBe(shown)
  })

  test('a millisecond short of a second is not a thousand of them', () => {
    expect(duration(999.9)).toBe('1.0s')
  })

  test.each([
    [null, '?'],
    [Number.NaN, '?'],
    [0, '$0'],
    [0.0378, '$0.0378'],
    [0.151, '$0.151'],
    [0.994, '$0.994'],
    [0.999, '$1.00'],
    [12.345, '$12.35'],
    [999.6, '$1,000'],
    [1_234_567, '$1,234,567'],
  ])('%j dollars are %s', (value, shown) => {
    expect(usd(value)).toBe(shown)
  })

  test.each([
    [0, '0'],
    [950, '950'],
    [12_345, '12.3k'],
    [123_456, '123k'],
    [999_499, '999k'],
    [4_100_000, '4.1M'],
    [999_600_000, '1.0G'],
    [2_000_000_000, '2.0G'],
  ])('%d is %s', (n, shown) => {
    expect(amount(n)).toBe(shown)
  })

  test('a time of day', () => {
    expect(clock(Date.parse('2026-11-23T09:05:07.999Z'))).toBe('09:05:07')
  })
})

describe('a sparkline', () => {
  test('has a bar a number, the most is full, none is low, a few are more than none', () => {
    expect(sparkline([0, 1, 50, 100])).toBe('▁▂▅█')
  })

  test('of nothing is flat', () => {
    expect(sparkline([0, 0, 0])).toBe('▁▁▁')
    expect(sparkline([])).toBe('')
  })
})

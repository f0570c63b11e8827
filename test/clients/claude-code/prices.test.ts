import { describe, expect, test } from 'vitest'
import { noTokens, type Tokens } from '../../../src/action/action.ts'
import { priceList } from '../../../src/clients/claude-code/prices.ts'

const AT = Date.parse('2026-11-23T10:00:00Z')
const MILLION = 1_000_000

const price = priceList()
const costOf = (model: string, tokens: Partial<Tokens>): number | null =>
  price(model, { ...noTokens(), ...tokens }, AT)

describe('list prices', () => {
  test('each kind of token has its own', () => {
    const model = 'claude-opus-4-6'
    expect(costOf(model, { input: 100_000 })).toBeCloseTo(0.5, 9)
    expect(costOf(model, { output: 100_000 })).toBeCloseTo(2.5, 9)
    expect(costOf(model, { cacheRead: 100_000 })).toBeCloseTo(0.05, 9)
    expect(costOf(model, { cacheWrite5m: 100_000 })).toBeCloseTo(0.625, 9)
    expect(costOf(model, { cacheWrite1h: 100_000 })).toBeCloseTo(1, 9)
  })

  test('thinking is part of the output and costs nothing more', () => {
    const output = { output: 1000 }
    expect(costOf('claude-opus-4-6', { ...output, thinking: 900 })).toBe(
      costOf('claude-opus-4-6', output),
    )
  })

  test('an answer of the fixtures', () => {
    const tokens = { input: 1200, output: 220, cacheRead: 15_000, cacheWrite5m: 3000 }
    expect(costOf('claude-opus-4-6', tokens)).toBeCloseTo(0.03775, 9)
  })

  test('what the client adds to a model’s name costs nothing', () => {
    expect(costOf('claude-opus-4-6[1m]', { input: 1000 })).toBe(
      costOf('claude-opus-4-6', { input: 1000 }),
    )
  })

  test('a dated name is the same model', () => {
    expect(costOf('claude-haiku-5-5-20260901', { input: 1000 })).toBe(
      costOf('claude-haiku-5-5', { input: 1000 }),
    )
  })
})

describe('a model whose long prompts cost more', () => {
  const model = 'claude-haiku-5-5'

  test('up to 100 000 tokens of prompt', () => {
    expect(costOf(model, { input: 100_000 })).toBeCloseTo(0.01, 9)
    expect(costOf(model, { input: 40_000, cacheRead: 60_000 })).toBeCloseTo(0.0046, 9)
  })

  test('beyond, all of it costs more, and the answer too', () => {
    expect(costOf(model, { input: 100_001 })).toBeCloseTo(100_001 * 0.5e-6, 9)
    expect(costOf(model, { input: 40_001, cacheRead: 60_000, output: 1000 })).toBeCloseTo(
      40_001 * 0.5e-6 + 60_000 * 0.05e-6 + 1000 * 2.5e-6,
      9,
    )
  })

  test('a long answer is no long prompt', () => {
    expect(costOf(model, { input: 10, output: MILLION })).toBeCloseTo(0.500001, 9)
  })
})

describe('what is not known', () => {
  test.each(['claude-of-next-year-9', '', 'gpt-4o', '<synthetic>'])('%j has no price', model => {
    expect(costOf(model, { input: 1000 })).toBeNull()
  })
})

describe('the user’s own rates', () => {
  const rates = { input: 1, output: 2, cacheRead: 3, cacheWrite5m: 4, cacheWrite1h: 5 }
  const own = priceList({ 'claude-opus-4-6': rates, 'local-model': rates })
  const all = { input: 1, output: 1, cacheRead: 1, cacheWrite5m: 1, cacheWrite1h: 1 }
  const tokens = { ...noTokens(), ...all }

  test('go before every list, and make an unknown model known', () => {
    expect(own('claude-opus-4-6', tokens, AT)).toBeCloseTo(15e-6, 12)
    expect(own('local-model', tokens, AT)).toBeCloseTo(15e-6, 12)
  })

  test('leave the other models alone', () => {
    expect(own('claude-sonnet-5', tokens, AT)).toBe(price('claude-sonnet-5', tokens, AT))
  })
})

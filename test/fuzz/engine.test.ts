/** Fuzzing that finds nothing must be able to: each kind of fault is put into a target, and found. */
import { describe, expect, test } from 'vitest'
import { fuzz, type Run } from '../../bench/prove/fuzz/engine.ts'
import { type Bench, must, type Target } from '../../bench/prove/fuzz/target.ts'

const SEED = JSON.stringify({ type: 'user', message: { id: 'm1', usage: { input: 1, output: 2 } } })

/** @param work throws, waits or keeps what it should not */
function run(
  work: (text: string) => string | Promise<string>,
  more: Partial<Target> = {},
  inputs = 2000,
): Promise<Run> {
  const bench: Bench = { try: input => work(input.toString('utf8')), close: () => {} }
  const target: Target = {
    name: 'planted',
    shape: 'json',
    seeds: () => [Buffer.from(SEED)],
    words: [],
    open: async () => bench,
    ...more,
  }
  return fuzz(target, { inputs, seed: 1, begins: () => {} })
}

const usageOf = (text: string): unknown => {
  try {
    return JSON.parse(text)?.message?.usage
  } catch {
    return undefined
  }
}

describe('a planted fault is found, and made small', () => {
  test('deep in the structure', async () => {
    const { found } = await run(text => {
      const usage = usageOf(text)
      must(
        !(
          typeof usage === 'object' &&
          usage !== null &&
          'input' in usage &&
          Array.isArray(usage.input)
        ),
        'a list is counted',
      )
      return 'fine'
    })
    expect(found).toHaveLength(1)
    expect(found[0]?.what).toContain('a list is counted')
    expect(String(found[0]?.input)).toMatch(/"input":\[/)
    expect(found[0]?.input.length).toBeLessThan(60)
  })

  test('in bytes that are no text', async () => {
    const { found } = await run(text => {
      must(!text.includes('\ufffd'), 'no UTF-8')
      return 'fine'
    })
    expect(found.map(it => it.what)).toEqual([expect.stringContaining('no UTF-8')])
    expect(found[0]?.input.length).toBeLessThan(3)
  })

  test('behind two steps, by what came of the first', async () => {
    const steps = (text: string): string => {
      if (!text.includes('"here":')) return 'nothing'
      must(!text.includes('"there":'), 'both')
      return 'one step'
    }
    const { found, outcomes } = await run(steps, { words: ['here', 'there'] }, 40_000)
    expect(outcomes).toBe(2)
    expect(found).toHaveLength(1)
  })

  test('where nobody waits for it', async () => {
    const { found } = await run(async text => {
      if (text.includes('null')) void Promise.reject(new TypeError('not foreseen'))
      await new Promise(resolve => setImmediate(resolve))
      return 'fine'
    })
    expect(found.map(it => it.what)).toEqual([
      expect.stringContaining('crash: TypeError: not foreseen'),
    ])
  })

  test('that takes too long every time', async () => {
    let times = 4
    const busy = (text: string): string => {
      if (!text.includes('[[[[[[') || times-- <= 0) return 'fine'
      // Of the processor, which others may have meanwhile.
      const before = process.threadCpuUsage()
      while (process.threadCpuUsage(before).user < 60_000);
      return 'fine'
    }
    const { found } = await run(busy)
    expect(found.map(it => it.what)).toEqual([expect.stringMatching(/^took \d+ ms$/)])
  })

  test('that keeps what it is given', async () => {
    const kept: unknown[] = []
    const leaks = await run(text => `${kept.push(Array(2000).fill(text)) % 3}`)
    const fine = await run(() => 'fine')
    expect(leaks.growthMb).toBeGreaterThan(fine.growthMb + 10)
  })
})

test('the same seed gives the same inputs', async () => {
  const inputsOf = async (seed: number): Promise<string[]> => {
    const inputs: string[] = []
    const begins = (input: Buffer): void => void inputs.push(input.toString('latin1'))
    const bench: Bench = { try: () => 'fine', close: () => {} }
    const target: Target = {
      name: 'same',
      shape: 'json',
      seeds: () => [Buffer.from(SEED)],
      words: [],
      open: async () => bench,
    }
    await fuzz(target, { inputs: 300, seed, begins })
    return inputs
  }
  const first = await inputsOf(1)
  expect(await inputsOf(1)).toEqual(first)
  expect(await inputsOf(2)).not.toEqual(first)
  expect(new Set(first).size).toBeGreaterThan(200)
})

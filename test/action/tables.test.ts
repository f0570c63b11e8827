import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HashIndex, hashId } from '../../src/action/hash-index.ts'
import { Histogram } from '../../src/action/histogram.ts'
import { Table } from '../../src/action/table.ts'
import { MAX_TEXT_BYTES, TextStore } from '../../src/action/text-store.ts'

describe('Table', () => {
  const SPEC = { small: 'u8', big: 'f64' } as const

  function tableOf(...bigs: number[]): Table<typeof SPEC> {
    const table = new Table(SPEC, 2)
    for (const big of bigs) {
      const row = table.add()
      table.columns.small[row] = row
      table.columns.big[row] = big
    }
    return table
  }

  it('keeps what it has while it grows', () => {
    const bigs = Array.from({ length: 1000 }, (_, i) => i * 1e12)
    const table = tableOf(...bigs)
    expect(table.length).toBe(1000)
    expect(Array.from(table.columns.big.subarray(0, 1000))).toEqual(bigs)
  })

  it('appends another table and says where it begins', () => {
    const table = tableOf(1, 2, 3)
    expect(table.append(tableOf(4, 5).toRaw())).toBe(3)
    expect(Array.from(table.columns.big.subarray(0, table.length))).toEqual([1, 2, 3, 4, 5])
    expect(Array.from(table.columns.small.subarray(0, table.length))).toEqual([0, 1, 2, 0, 1])
  })

  it('moves a whole row over another', () => {
    const table = tableOf(10, 20, 30)
    table.move(2, 0)
    expect(Array.from(table.columns.big.subarray(0, 3))).toEqual([30, 20, 30])
    expect(Array.from(table.columns.small.subarray(0, 3))).toEqual([2, 1, 2])
  })

  it('hands over copies cut to length', () => {
    const table = tableOf(1, 2, 3)
    const raw = table.toRaw()
    table.columns.big[0] = 99
    expect(raw.length).toBe(3)
    expect(Array.from(raw.columns.big)).toEqual([1, 2, 3])
    expect(raw.columns.big.buffer.byteLength).toBe(24)
  })
})

describe('HashIndex', () => {
  it('answers as a Map does', () => {
    const key = fc.oneof(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }).map(n => n * 0x100000000), // same low bits
      fc.string().map(hashId),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.nat()), { maxLength: 2000 }), entries => {
        const index = new HashIndex()
        for (const [k, row] of entries) index.set(k, row)
        const map = new Map(entries)
        for (const [k] of entries) expect(index.get(k)).toBe(map.get(k))
        for (let k = 41; k < 60; k++) expect(index.get(k)).toBe(map.get(k))
      }),
    )
  })

  it('holds 100 000 ids apart', () => {
    const index = new HashIndex()
    for (let i = 0; i < 100_000; i++) index.set(hashId(`toolu_${i}`), i)
    for (let i = 0; i < 100_000; i += 97) expect(index.get(hashId(`toolu_${i}`))).toBe(i)
    expect(index.get(hashId('toolu_none'))).toBeUndefined()
  })
})

describe('TextStore', () => {
  it('reads what was added', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(fc.array(text), texts => {
        const store = new TextStore()
        const refs = texts.map(t => store.add(t))
        expect(refs.map(ref => store.read(ref))).toEqual(texts)
      }),
    )
  })

  it('goes on in another block when one is full', () => {
    const store = new TextStore()
    const texts = Array.from({ length: 500 }, (_, i) => `${i}`.padEnd(2000, 'x'))
    const refs = texts.map(t => store.add(t))
    expect(new Set(refs.map(ref => ref.block)).size).toBeGreaterThan(1)
    expect(refs.map(ref => store.read(ref))).toEqual(texts)
  })

  it.each([
    ['x', 4096],
    ['é', 2048],
    ['€', 1365],
    ['🚦', 1024],
  ])('cuts a long text of %s after whole characters', (character, kept) => {
    const store = new TextStore()
    const ref = store.add(character.repeat(5000))
    expect(ref.length).toBeLessThanOrEqual(MAX_TEXT_BYTES)
    expect(store.read(ref)).toBe(character.repeat(kept))
  })

  it("takes over another store's texts, and goes on with its own", () => {
    const theirs = new TextStore()
    const their = theirs.add('Zürich 🚦')
    const store = new TextStore()
    const before = store.add('before')
    const base = store.adopt(structuredClone(theirs.toRaw()))
    const after = store.add('after')
    expect(store.read({ ...their, block: their.block + base })).toBe('Zürich 🚦')
    expect([before, after].map(ref => store.read(ref))).toEqual(['before', 'after'])

    const third = new TextStore()
    const shift = third.adopt(store.toRaw())
    const moved = [before, { ...their, block: their.block + base }, after]
    expect(moved.map(ref => third.read({ ...ref, block: ref.block + shift }))).toEqual([
      'before',
      'Zürich 🚦',
      'after',
    ])
  })
})

describe('Histogram', () => {
  const durations = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 300 })

  function histogramOf(ms: readonly number[]): Histogram {
    const histogram = new Histogram()
    for (const m of ms) histogram.add(m)
    return histogram
  }

  it('knows percentiles within 5 %', () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(0, 0.5, 0.9, 0.99, 1), (ms, p) => {
        const sorted = ms.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(0, Math.ceil(ms.length * p) - 1)] ?? 0
        const told = histogramOf(ms).percentile(p) ?? Number.NaN
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(Math.max(1, exact) * 0.05)
      }),
    )
  })

  it('merges into what all together would be', () => {
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        const merged = histogramOf(a)
        merged.merge(histogramOf(b))
        expect(merged).toEqual(histogramOf([...a, ...b]))
      }),
    )
  })

  it('undoes with times -1', () => {
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        const histogram = histogramOf([...a, ...b])
        for (const ms of b) histogram.add(ms, -1)
        expect(histogram).toEqual(histogramOf(a))
      }),
    )
  })

  it('does not count what is no duration, and then knows no percentile', () => {
    const histogram = histogramOf([Number.NaN, -1])
    expect(histogram.count).toBe(0)
    expect(histogram.percentile(0.5)).toBeNull()
  })
})

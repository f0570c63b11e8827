/** Whoever touches the journal past the gate is seen, wherever they touch it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dayFiles, Journal } from '../../src/gate/journal.ts'
import { type Kept, verifyJournal } from '../../src/gate/verify.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-11-24T12:00:00Z')

let folder = ''
let now = START
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sb-verify-'))
  now = START
})
afterEach(() => rmSync(folder, { recursive: true }))

/** As the gate writes it: some entries on each of some days. */
function write(days: number, aDay: number): void {
  const journal = new Journal(folder, () => now)
  for (let day = 0; day < days; day++, now += DAY_MS)
    for (let i = 0; i < aDay; i++)
      journal.append({ type: 'resumed', at: now, session: `session ${day}.${i} – ü` })
  journal.close()
}

const breaks = (...kept: Kept[]) => verifyJournal(folder, kept).breaks
const said = (...kept: Kept[]): string[] =>
  breaks(...kept).map(it => `${it.file}:${it.line} ${it.what}`)

const linesIn = (file: string): string[] =>
  readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1)
const put = (file: string, lines: readonly string[]): void =>
  writeFileSync(join(folder, file), lines.map(line => `${line}\n`).join(''))

const FIRST = '2026-11-24.jsonl'
const SECOND = '2026-11-25.jsonl'

/** An entry of either day, by its place in all. */
function placeOf(entry: number): { file: string; lines: string[]; at: number } {
  const file = entry < 4 ? FIRST : SECOND
  return { file, lines: linesIn(file), at: entry % 4 }
}

describe('as the gate writes it', () => {
  test('over days, restarts and pruning it is whole', () => {
    write(3, 4)
    write(2, 1)
    expect(verifyJournal(folder)).toMatchObject({
      files: 5,
      first: 1,
      head: { seq: 14 },
      breaks: [],
    })
    const journal = new Journal(folder, () => now)
    journal.prune(3)
    journal.append({ type: 'resumed', at: now, session: 'after' })
    journal.close()
    expect(verifyJournal(folder)).toMatchObject({
      files: 5,
      first: 5,
      head: { seq: 16 },
      breaks: [],
    })
  })

  test('while a line is being written, and where a gate died before it noted the head', () => {
    write(1, 4)
    const head = readFileSync(join(folder, 'head'))
    write(1, 1)
    writeFileSync(join(folder, 'head'), head)
    writeFileSync(join(folder, SECOND), '{"seq":6,"typ', { flag: 'a' })
    expect(breaks()).toEqual([])
  })

  test('where a gate died while it pruned: the files go one by one', () => {
    write(3, 2)
    const journal = new Journal(folder, () => now)
    const before = '2026-11-26'
    journal.append({ type: 'pruned', at: now, before, files: 2, head: 'of the second day' })
    journal.close()
    rmSync(join(folder, FIRST))
    expect(breaks()).toEqual([])
  })
})

describe('is found', () => {
  test('a flipped bit, in every byte of every file', () => {
    write(2, 4)
    for (const file of dayFiles(folder)) {
      const path = join(folder, file)
      const bytes = readFileSync(path)
      for (let i = 0; i < bytes.length; i++) {
        const flipped = Buffer.from(bytes)
        flipped[i] = (bytes[i] ?? 0) ^ (1 << (i % 8))
        writeFileSync(path, flipped)
        expect(breaks(), `byte ${i} of ${file}`).not.toEqual([])
      }
      writeFileSync(path, bytes)
    }
    expect(breaks()).toEqual([])
  })

  test.each(Array.from({ length: 8 }, (_, i) => i))('entry %i, taken out', entry => {
    write(2, 4)
    const { file, lines, at } = placeOf(entry)
    put(file, lines.toSpliced(at, 1))
    expect(breaks()).not.toEqual([])
  })

  test('any line that was put in, anywhere', () => {
    write(2, 4)
    const forged = fc.record({ seq: fc.nat(12), prev: fc.constantFrom('', 'f'.repeat(64)) })
    const line = fc.oneof(
      fc.nat(7).map(i => placeOf(i).lines[i % 4] ?? ''),
      forged.map(it =>
        JSON.stringify({ seq: it.seq, type: 'resumed', session: 'x', prev: it.prev }),
      ),
      fc.string().map(it => it.replaceAll('\n', '')),
    )
    fc.assert(
      fc.property(fc.nat(7), line, (entry, added) => {
        const { file, lines, at } = placeOf(entry)
        put(file, lines.toSpliced(at, 0, added))
        const found = breaks()
        put(file, lines)
        expect(found).not.toEqual([])
      }),
    )
  })

  test('any two lines that changed places', () => {
    write(2, 4)
    for (let a = 0; a < 8; a++)
      for (let b = a + 1; b < 8; b++) {
        const all = [...linesIn(FIRST), ...linesIn(SECOND)]
        const swapped = all.with(a, all[b] ?? '').with(b, all[a] ?? '')
        put(FIRST, swapped.slice(0, 4))
        put(SECOND, swapped.slice(4))
        expect(breaks(), `${a} and ${b}`).not.toEqual([])
        put(FIRST, all.slice(0, 4))
        put(SECOND, all.slice(4))
      }
  })

  test('a cut end, of lines or of bytes or of days', () => {
    write(2, 4)
    const bytes = readFileSync(join(folder, SECOND))
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(join(folder, SECOND), bytes.subarray(0, length))
      expect(breaks(), `${length} bytes left`).not.toEqual([])
    }
    rmSync(join(folder, SECOND))
    expect(said()).toEqual([':0 ends at entry 4, but the head of entry 8 was kept'])
  })

  test('a cut end that a gate went on after: their numbers stay empty', () => {
    write(1, 4)
    put(FIRST, linesIn(FIRST).slice(0, 2))
    write(1, 1)
    expect(said()).toEqual(['2026-11-25.jsonl:1 entries 3 to 4 are missing before it'])
  })

  test('a last line that was exchanged while no gate ran, by the next gate too', () => {
    write(1, 4)
    const lines = linesIn(FIRST)
    put(FIRST, lines.with(3, (lines[3] ?? '').replace('session 0.3', 'session 0.4')))
    expect(said()).toEqual([`${FIRST}:4 entry 4 is not the one whose head was kept`])
    write(1, 1)
    expect(said()).toEqual([expect.stringContaining('line 4 is not the one that was written')])
  })

  test('a beginning that was taken away', () => {
    write(2, 4)
    rmSync(join(folder, FIRST))
    expect(said()).toEqual([`${SECOND}:1 entries 1 to 4 are missing, and not pruned`])
  })

  test('a head that is gone or says nothing', () => {
    write(1, 4)
    writeFileSync(join(folder, 'head'), 'x')
    expect(said()).toEqual([
      ':0 the kept head is missing or cannot be read: a cut end would not be seen',
    ])
    rmSync(join(folder, 'head'))
    expect(said()).toHaveLength(1)
  })
})

describe('against a head that was noted elsewhere', () => {
  test('a journal that grew since is whole', () => {
    write(1, 4)
    const { head } = verifyJournal(folder)
    write(1, 4)
    expect(breaks(head)).toEqual([])
  })

  test('one that was written anew, with its head, is found', () => {
    write(1, 4)
    const { head } = verifyJournal(folder)
    rmSync(folder, { recursive: true })
    now = START + 1
    write(1, 4)
    expect(breaks()).toEqual([])
    expect(said(head)).toEqual([`${FIRST}:4 entry 4 is not the one whose head was kept`])
  })

  test('one that is shorter, or begins later, is found', () => {
    write(1, 4)
    const hash = 'f'.repeat(64)
    expect(said({ seq: 5, hash })).toEqual([':0 ends at entry 4, but the head of entry 5 was kept'])
    write(1, 1)
    now += 9 * DAY_MS
    write(1, 1)
    const journal = new Journal(folder, () => now)
    journal.prune(5)
    journal.close()
    expect(said({ seq: 1, hash })).toEqual([':0 begins at entry 6: the kept entry 1 is not in it'])
  })
})

/** The index of the journal gives what the journal gives, whatever became of it since. */
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { noTokens } from '../../src/action/action.ts'
import type { EntryBody } from '../../src/action/entry.ts'
import { indexedJournal } from '../../src/sources/journal-index.ts'
import { T0 } from '../helpers/events.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { judgedEntry, sessionEntry } from '../helpers/gate-events.ts'

const DAYS = ['2026-11-21', '2026-11-22', '2026-11-23']

const request: EntryBody = {
  type: 'request',
  at: T0,
  session: 's1',
  agent: '',
  model: 'claude-opus-4-6',
  upstream: 'https://gateway.example',
  request: 'req_1',
  message: 'msg_1',
  status: 200,
  error: '',
  retry: 0,
  tokens: { ...noTokens(), input: 10 },
  firstMs: 300,
  ms: 2000,
  actions: [],
  checked: 'signalbox',
}

const line = (seq: number, body: EntryBody): string =>
  `${JSON.stringify({ ...body, seq, prev: '' })}\n`

let folder = ''
let index = ''
beforeEach(() => {
  folder = tempFolder()
  index = join(tempFolder(), 'journal')
  DAYS.forEach((day, i) => {
    const lines = [sessionEntry(i), judgedEntry(`a${i}`, i, { command: 'x'.repeat(5000) }), request]
    put(join(folder, `${day}.jsonl`), lines.map((body, k) => line(i * 3 + k + 1, body)).join(''))
  })
})

const events = (price = 1, kept = index) =>
  [...indexedJournal({ folder, index: kept, price: () => price })].flat()
const fresh = (price = 1) => events(price, join(tempFolder(), 'none yet'))

test('past days are kept without what nobody counts, the newest is always read', () => {
  const first = events()
  expect(first).toHaveLength(9)
  const files = readdirSync(index).sort()
  expect(files).toEqual(['2026-11-21.bin', '2026-11-22.bin'])
  const inodes = files.map(it => statSync(join(index, it)).ino)
  expect(statSync(join(index, files[0] ?? '')).size).toBeLessThan(5000)
  expect(statSync(join(index, files[0] ?? '')).mode & 0o777).toBe(0o600)
  appendFileSync(join(folder, '2026-11-23.jsonl'), line(10, request))
  expect(events()).toEqual(fresh())
  expect(events()).toHaveLength(10)
  expect(files.map(it => statSync(join(index, it)).ino)).toEqual(inodes)
})

test('a price is the one of today', () => {
  events(1)
  expect(events(7)).toEqual(fresh(7))
})

test.each<[string, (day: string, kept: string) => void]>([
  ['a last line after midnight', day => appendFileSync(day, line(99, request))],
  ['a day that is gone', day => rmSync(day)],
  [
    'a day whose end was changed',
    day => writeFileSync(day, readFileSync(day, 'utf8').replace('req_1', 'req_2')),
  ],
  ['an index that is none', (_, kept) => writeFileSync(kept, 'broken')],
  ['one that was cut', (_, kept) => writeFileSync(kept, readFileSync(kept).subarray(0, 99))],
])('is made again after %s', (_, spoil) => {
  events()
  spoil(join(folder, '2026-11-22.jsonl'), join(index, '2026-11-22.bin'))
  expect(events()).toEqual(fresh())
  expect(events()).toEqual(fresh())
})

test('no journal, and an index that cannot be written, change nothing', () => {
  const inTheWay = put(join(tempFolder(), 'a file'), '')
  expect(events(1, inTheWay)).toEqual(fresh())
  folder = join(tempFolder(), 'none')
  expect(events()).toEqual([])
})

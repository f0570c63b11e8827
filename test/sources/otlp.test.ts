/** The records of a time, and what a source makes of them. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import type { TelemetryRecord } from '../../src/action/telemetry-record.ts'
import { DayWriter } from '../../src/otlp/day-writer.ts'
import { otlp, readOtlp } from '../../src/sources/otlp.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { keptIn } from '../helpers/otlp.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const DAY_MS = 86_400_000

const ran = (action: string, at: number): TelemetryRecord => ({
  type: 'result',
  at,
  session: 's1',
  prompt: 'p',
  sequence: 1,
  action,
  tool: 'Bash',
  ok: true,
  ms: 96,
  error: '',
})

const namesOf = (records: Iterable<TelemetryRecord>): string[] =>
  [...records].map(it => ('action' in it ? it.action : it.type))

async function eventsOf(folder: string, since = 0): Promise<Event[]> {
  const events: Event[] = []
  for await (const batch of otlp({
    folder,
    follow: false,
    since,
    loadPrice: async () => () => null,
  }))
    events.push(...batch)
  return events
}

describe('the records of a time', () => {
  test('are those that happened in it, each once, over days', () => {
    const folder = tempFolder()
    let now = NOON
    const writer = new DayWriter(folder, 30, () => now)
    writer.append([ran('a', NOON - DAY_MS), ran('b', NOON - 1), ran('b', NOON - 1)])
    now += DAY_MS
    writer.append([ran('b', NOON - 1), ran('c', NOON), ran('d', now)])
    writer.close()
    expect(namesOf(readOtlp(folder, { from: NOON - 1, to: NOON + DAY_MS }))).toEqual(['b', 'c'])
    expect(namesOf(readOtlp(folder, { from: 0, to: Number.POSITIVE_INFINITY }))).toEqual([
      'a',
      'b',
      'c',
      'd',
    ])
    expect(namesOf(readOtlp(folder, { from: NOON + DAY_MS, to: NOON + DAY_MS + 1 }))).toEqual(['d'])
  })

  test('are none where there is no folder, and what is no record is passed over', async () => {
    const folder = tempFolder()
    expect([...readOtlp(join(folder, 'none'), { from: 0, to: NOON })]).toEqual([])
    const lines = ['not json', '{"type":"later"}', '', JSON.stringify(ran('a', NOON - 1)), '{"half']
    put(join(folder, '2026-11-23.jsonl'), lines.join('\n'))
    put(join(folder, 'notes.jsonl'), 'other')
    expect(namesOf(readOtlp(folder, { from: 0, to: NOON }))).toEqual(['a'])
    const events = await eventsOf(folder)
    expect(events.map(it => it.type)).toEqual(['skipped', 'client-told'])
  })
})

test('a source tells of what is there, from a time on', async () => {
  const folder = tempFolder()
  const writer = new DayWriter(folder, 30, () => NOON)
  writer.append([ran('a', NOON - 2000), ran('b', NOON - 1000)])
  writer.close()
  const told = {
    type: 'client-told',
    session: 's1',
    decision: null,
    source: '',
    classifier: '',
    runMs: 96,
  }
  expect(await eventsOf(folder, NOON - 1500)).toEqual([{ ...told, action: 'b', at: NOON - 1000 }])
})

test('a day that is full takes no more, and the next one does', () => {
  const folder = tempFolder()
  let now = NOON
  const writer = new DayWriter(folder, 30, () => now, 10)
  writer.append([ran('a', NOON)])
  expect(() => writer.append([ran('b', NOON)])).toThrow('2026-11-23.jsonl has more than 10 bytes')
  now += DAY_MS
  writer.append([ran('c', now)])
  writer.close()
  expect(namesOf(readOtlp(folder, { from: 0, to: now + 1 }))).toEqual(['a', 'c'])
})

test('days that are over are taken away; a torn line stays by itself', () => {
  const folder = tempFolder()
  let now = NOON
  const first = new DayWriter(folder, 30, () => now)
  first.append([ran('a', NOON)])
  first.close()
  appendFileSync(join(folder, '2026-11-23.jsonl'), '{"torn')
  const second = new DayWriter(folder, 30, () => now)
  second.append([ran('b', NOON)])
  expect(namesOf(readOtlp(folder, { from: 0, to: NOON + 1 }))).toEqual(['a', 'b'])
  now += 31 * DAY_MS
  second.append([ran('c', now)])
  expect(keptIn(folder)).toContain('"b"') // the clock may be ahead
  const then = now
  now += DAY_MS
  second.append([ran('d', now)])
  second.close()
  const left = [ran('c', then), ran('d', now)]
  expect(keptIn(folder)).toBe(left.map(it => `${JSON.stringify(it)}\n`).join(''))
})

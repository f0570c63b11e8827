import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EntryBody } from '../../src/action/entry.ts'
import type { Event } from '../../src/action/event.ts'
import { journal } from '../../src/sources/journal.ts'
import { readJournalInput } from '../../src/sources/journal-file.ts'
import { merged } from '../../src/sources/merged.ts'
import { T0 } from '../helpers/events.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { entryLines, judgedEntry, SCREEN, sessionEntry } from '../helpers/gate-events.ts'

const paused = (at: number): EntryBody => ({
  type: 'paused',
  at: T0 + at,
  session: null,
  hard: false,
  why: '',
})

const line = (seq: number, body: EntryBody): string =>
  `${JSON.stringify({ ...body, seq, prev: '' })}\n`

const told = (events: readonly Event[]): Event[] => events.filter(e => e.type !== 'journal-read')

async function all(folder: string, since = 0): Promise<Event[]> {
  const events: Event[] = []
  for await (const batch of journal({ folder, loadPrice, follow: false, since }))
    events.push(...batch)
  return events
}

const loadPrice = async () => () => null

/** What a journal that is followed tells, as it comes. */
function following(folder: string) {
  const stop = new AbortController()
  const events: Event[] = []
  const done = (async () => {
    for await (const batch of journal({ folder, loadPrice, follow: true, signal: stop.signal }))
      events.push(...batch)
  })()
  onTestFinished(async () => {
    stop.abort()
    await done
  })
  const until = async (count: number): Promise<Event[]> => {
    for (let i = 0; i < 300 && told(events).length < count; i++)
      await new Promise(resolve => setTimeout(resolve, 10))
    return told(events)
  }
  return { events, until }
}

const DAY = '2026-11-23.jsonl'

describe('the journal', () => {
  test('tells what is there, a day after the other, and then that it was read', async () => {
    const folder = tempFolder()
    put(join(folder, '2026-11-22.jsonl'), line(1, sessionEntry(0)))
    put(join(folder, DAY), line(2, judgedEntry('a', 5, { command: 'ls' })) + line(3, paused(9)))
    const events = await all(folder)
    expect(events.map(e => e.type)).toEqual(['gated', 'judged', 'paused', 'journal-read'])
    expect(events[1]).toMatchObject({ action: 'a', summary: 'ls', inputHash: 'hash of a' })
    expect(events[1]).not.toHaveProperty('facts')
    expect(events[2]).toMatchObject({ session: '' })
  })

  test('leaves out what is older than asked for, and more than a week', async () => {
    const folder = tempFolder()
    for (let day = 10; day < 24; day++)
      put(join(folder, `2026-11-${day}.jsonl`), line(day, paused(day)))
    expect(told(await all(folder))).toHaveLength(7)
    expect(told(await all(folder, Date.parse('2026-11-22T12:00:00Z')))).toHaveLength(2)
  })

  test('passes over entries it does not know, other files, and what is no JSON', async () => {
    const folder = tempFolder()
    put(join(folder, 'notes.jsonl'), line(1, paused(0)))
    put(
      join(folder, DAY),
      `{"type":"of-next-year","seq":1,"prev":""}\nbroken\n${line(2, paused(1))}`,
    )
    expect(told(await all(folder))).toMatchObject([
      { type: 'skipped', line: 2, why: 'not JSON' },
      { type: 'paused' },
    ])
  })

  test('has nothing to tell without a folder', async () => {
    expect(told(await all(join(tempFolder(), 'none')))).toEqual([])
  })

  test('keeps the input on disk and finds it there', async () => {
    const folder = tempFolder()
    const path = put(
      join(folder, DAY),
      entryLines(paused(0), judgedEntry('a', 5, { command: 'é' })),
    )
    const judged = (await all(folder)).find(e => e.type === 'judged')
    if (judged?.type !== 'judged') throw new Error('nothing was judged')
    expect(basename(judged.line.file)).toBe(DAY)
    expect(readJournalInput(judged.line, 'a')).toEqual({ command: 'é' })
    expect(readJournalInput(judged.line, 'b')).toBeNull()
    truncateSync(path, 3)
    expect(readJournalInput(judged.line, 'a')).toBeNull()
  })
})

describe('a journal that is followed', () => {
  test('tells what is appended, when its line is whole', async () => {
    const folder = tempFolder()
    const path = put(join(folder, DAY), line(1, paused(0)))
    const { events, until } = following(folder)
    await until(1)
    const second = line(2, paused(1))
    appendFileSync(path, second.slice(0, 20))
    await new Promise(resolve => setTimeout(resolve, 60))
    expect(told(events)).toHaveLength(1)
    appendFileSync(path, second.slice(20))
    expect(await until(2)).toHaveLength(2)
  })

  test('goes on in the file of the next day', async () => {
    const folder = tempFolder()
    const path = put(join(folder, DAY), line(1, paused(0)))
    const { until } = following(folder)
    await until(1)
    put(join(folder, '2026-11-24.jsonl'), line(3, paused(3)))
    await until(2)
    appendFileSync(path, line(2, paused(2)))
    expect((await until(3)).map(e => 'at' in e && e.at - T0)).toEqual([0, 3, 2])
  })

  test('begins when its folder appears', async () => {
    const folder = join(tempFolder(), 'state', 'journal')
    const { until } = following(folder)
    await new Promise(resolve => setTimeout(resolve, 50))
    mkdirSync(folder, { recursive: true })
    put(join(folder, DAY), line(1, paused(0)))
    expect(await until(1)).toHaveLength(1)
  })

  test('goes on when its folder was made anew', async () => {
    const folder = join(tempFolder(), 'journal')
    put(join(folder, DAY), line(1, paused(0)) + line(2, paused(1)))
    const { until } = following(folder)
    await until(2)
    rmSync(folder, { recursive: true })
    put(join(folder, DAY), line(1, paused(2)))
    expect(await until(3)).toHaveLength(3)
  })

  test('does not tell again what it told before the gate cut a torn line off', async () => {
    const folder = tempFolder()
    const whole = line(1, paused(0)) + line(2, paused(1))
    const path = put(join(folder, DAY), `${whole}{"type":"pau`)
    const { until } = following(folder)
    await until(2)
    const healed = put(join(folder, 'healing'), whole + line(3, paused(2)))
    renameSync(healed, path)
    expect((await until(3)).map(e => 'at' in e && e.at - T0)).toEqual([0, 1, 2])
  })
})

test('several sources are one', async () => {
  const folder = tempFolder()
  put(join(folder, DAY), line(1, sessionEntry(0)))
  async function* other(): AsyncGenerator<readonly Event[]> {
    yield [{ type: 'note', text: SCREEN.name }]
  }
  const types: string[] = []
  for await (const batch of merged(other(), journal({ folder, loadPrice, follow: false })))
    types.push(...batch.map(e => e.type))
  expect(types.sort()).toEqual(['gated', 'journal-read', 'note'])
})

test('a source that fails fails the whole', async () => {
  // biome-ignore lint/correctness/useYield: it fails before it has anything to tell
  async function* broken(): AsyncGenerator<readonly Event[]> {
    throw new Error('broken')
  }
  await expect(async () => {
    for await (const _ of merged(broken()));
  }).rejects.toThrow('broken')
})

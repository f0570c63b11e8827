/** What a report has read is not read again when the screen starts, and nothing counts twice. */
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { findTranscripts } from '../../src/clients/claude-code/layout.ts'
import { priceList } from '../../src/clients/claude-code/prices.ts'
import type { Snapshot } from '../../src/monitor/snapshot.ts'
import { indexedWorld } from '../../src/sources/history-index.ts'
import { transcripts } from '../../src/sources/transcripts.ts'
import { settled } from '../action/events.ts'
import { FIXTURES, tempFolder } from '../helpers/folder.ts'

const loadPrice = async () => priceList()

let root = ''
let index = ''
beforeEach(async () => {
  root = tempFolder()
  cpSync(FIXTURES, root, { recursive: true })
  index = tempFolder()
})

/** What is known once all that was there has been read; and how many bytes that took. */
async function start(follow: boolean, folder?: string) {
  const stop = new AbortController()
  let world = new World()
  let bytes = 0
  const options = { root, follow, signal: stop.signal, loadPrice }
  for await (const batch of transcripts(
    folder === undefined ? options : { ...options, index: folder },
  ))
    for (const event of batch) {
      world = fold(world, event)
      if (event.type === 'progress') bytes = event.totalBytes
      if (isRead(event)) {
        stop.abort()
        return { told: withoutRow(settled(world)), bytes }
      }
    }
  return { told: withoutRow(settled(world)), bytes }
}

/** Agents of one session run side by side: whose refusals are in a row depends on what is read first. */
const withoutRow = ({ sessions, ...rest }: Snapshot) => ({
  sessions: sessions.map(({ blocksInRow: _, ...it }) => it),
  ...rest,
})

const isRead = (event: Event): boolean =>
  event.type === 'progress' && event.doneBytes >= event.totalBytes

const report = () => indexedWorld({ root, folder: index, loadPrice })
const newest = () => findTranscripts(root)[0]?.path ?? ''
const size = () => findTranscripts(root).reduce((sum, it) => sum + it.size, 0)

test.each([
  ['once', false],
  ['as a screen that follows', true],
])('%s', async (_, follow) => {
  await report()
  const { told, bytes } = await start(follow, index)
  expect(told).toEqual((await start(follow)).told)
  expect(bytes).toBeLessThan(size() / 4)
})

test.each([
  ['once', false],
  ['as a screen that follows', true],
])('%s, what came since is read too', async (_, follow) => {
  const path = newest()
  const whole = readFileSync(path)
  writeFileSync(path, whole.subarray(0, whole.length / 2))
  await report()
  appendFileSync(path, whole.subarray(statSync(path).size))
  expect((await start(follow, index)).told).toEqual((await start(follow)).told)
})

test.each<[string, () => void]>([
  ['a transcript is gone', () => rmSync(newest())],
  ['one was cut', () => writeFileSync(newest(), readFileSync(newest()).subarray(0, 5000))],
  [
    'its tables are broken',
    () => {
      const path = join(index, readdirSync(index)[0] ?? '')
      writeFileSync(path, readFileSync(path).subarray(0, -500))
    },
  ],
])('all is read when %s', async (_, spoil) => {
  await report()
  spoil()
  for (const follow of [false, true])
    expect((await start(follow, index)).told).toEqual((await start(follow)).told)
})

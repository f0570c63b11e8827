/** The backlog read by real threads. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { priceList } from '../../src/clients/claude-code/prices.ts'
import { type Snapshot, snapshotOf } from '../../src/monitor/snapshot.ts'
import { History, type HistoryPart } from '../../src/sources/history.ts'
import { foldRanges, pricePart } from '../../src/sources/history-part.ts'
import type { Range } from '../../src/sources/transcript-file.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { BY_MODE, callLine, promptLine, resultLine, text } from '../helpers/lines.ts'

const price = priceList()

/** Six sessions of three megabytes each. */
function manySessions(): Range[] {
  const root = tempFolder()
  return Array.from({ length: 6 }, (_, s) => {
    const session = `${s}0000000-0000-4000-8000-000000000000`
    const options = { session }
    const lines = Array.from({ length: 900 }, (_, i) => [
      callLine(
        { id: `t${s}_${i}`, input: { command: `step ${i} é` } },
        { ...options, at: i * 100 + s, message: `m${s}_${i}` },
      ),
      i % 50 === 7
        ? resultLine(`t${s}_${i}`, 'Permission for this action was denied', {
            ...options,
            at: i * 100 + 50 + s,
            error: true,
            denial: 'automode-blocked',
          })
        : resultLine(`t${s}_${i}`, 'y'.repeat(2000), {
            ...options,
            at: i * 100 + 50 + s,
            decision: BY_MODE,
          }),
    ]).flat()
    const content = text(promptLine('go', options), ...lines, 'broken')
    const path = put(join(root, `${session}.jsonl`), content)
    return { path, agent: '', from: 0, to: statSync(path).size, since: 0 }
  })
}

const settled = ({ sessions, ...rest }: Snapshot) => ({
  ...rest,
  sessions: sessions.toSorted((a, b) => a.id.localeCompare(b.id)),
  skipped: rest.skipped.toSorted((a, b) => a.file.localeCompare(b.file)),
})

test('threads find what one thread finds', async () => {
  const ranges = manySessions()
  const history = new History(ranges)
  expect(history.totalBytes).toBeGreaterThan(8 << 20)
  let byThreads = new World()
  let parts = 0
  let bytes = 0
  for await (const { part, bytes: read } of history.read()) {
    pricePart(part, price)
    byThreads = fold(byThreads, { type: 'backlog', part })
    parts++
    bytes += read
  }
  expect(parts).toBeGreaterThan(1)
  expect(bytes).toBe(history.totalBytes)

  const part = foldRanges(ranges)
  pricePart(part, price)
  const inline = fold(new World(), { type: 'backlog', part })
  const snapshot = snapshotOf(inline)
  expect(settled(snapshotOf(byThreads))).toEqual(settled(snapshot))
  expect(snapshot.totals.actions).toMatchObject({ total: 5400, blocked: 108, approved: 5292 })
  expect(snapshot.totals.skippedLines).toBe(6)
  expect(snapshot.skipped[0]?.line).toBe(1802)
})

async function partsOf(ranges: readonly Range[]): Promise<HistoryPart[]> {
  const parts: HistoryPart[] = []
  for await (const part of new History(ranges).read()) parts.push(part)
  return parts
}

test('a little is read at once, without threads', async () => {
  const path = put(join(tempFolder(), 'x.jsonl'), text(promptLine('go'), callLine({ id: 'a' })))
  const range = { path, agent: '', from: 0, to: statSync(path).size, since: 0 }
  const parts = await partsOf([range])
  expect(parts.map(p => p.bytes)).toEqual([range.to])
})

test('nothing is no part at all', async () => {
  expect(await partsOf([])).toEqual([])
})

/**
 * What was read of the transcripts so far, kept in one file, so that a report reads only what was
 * appended since. It is never the only copy: one that does not fit its transcripts any more (a file
 * is gone, was cut or written anew) is made again from them, by itself. The last turn of a file is not
 * kept: how long the model took is told by where the turn began.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { type KeptWorld, keptOf, worldFrom } from '../action/kept-world.ts'
import { mergeBacklog } from '../action/merge.ts'
import { World } from '../action/world.ts'
import { findTranscripts, type Transcript } from '../clients/claude-code/layout.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { markOf } from './file-mark.ts'
import { History } from './history.ts'
import { pricePart } from './history-part.ts'
import { isSame, type KeptHistory, keepHistory, openHistory } from './kept-history.ts'
import { lineStartBefore, type Range } from './transcript-file.ts'

/** So far back the beginning of the last turn is looked for. */
const STEP_BYTES = 1 << 14
const TURN_BYTES = 1 << 20

export interface IndexOptions {
  /** The client's config folder, or a folder or file of transcripts. */
  readonly root: string
  /** Where indices are kept; one for each root. */
  readonly folder: string
  readonly loadPrice: () => Promise<Price>
  /** The transcripts, where they are not all that are under the root. */
  readonly found?: readonly Transcript[]
  /** The index is written anew once more than so many bytes are not in it. */
  readonly spareBytes?: number
}

/** The world that all transcripts under a root tell. */
export async function indexedWorld(options: IndexOptions): Promise<World> {
  const { root, folder, loadPrice, found = findTranscripts(root), spareBytes = 0 } = options
  const file = indexFile(folder, root)
  const kept = goodIndex(file, found)
  const ends = found.map(it => {
    const { to, end } = endsOf(it)
    return { ...it, to: Math.max(to, kept?.toOf(it.path) ?? 0), end }
  })
  const history = new History(ends.map(it => rangeOf(it, kept?.toOf(it.path) ?? 0, it.to))) // threads begin at once
  const price = await loadPrice()
  const world = kept === null ? new World() : takenUp(kept.raw, price)
  await mergeAll(world, history, price)
  if (history.totalBytes > spareBytes || (kept === null && spareBytes === 0))
    keep(file, ends, world)
  const tails = ends.map(it => rangeOf(it, it.to, it.end))
  await mergeAll(world, new History(tails), price)
  return world
}

export const indexFile = (folder: string, root: string): string =>
  join(folder, `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.bin`)

const rangeOf = ({ path, agent }: Transcript, from: number, to: number): Range => ({
  path,
  agent,
  from,
  to,
  since: 0,
})

/** As it was; where prices are others now, its totals are made again. */
function takenUp(kept: KeptWorld, price: Price): World {
  if (!pricePart(kept, price)) return worldFrom(kept)
  const world = new World()
  mergeBacklog(world, kept)
  return world
}

async function mergeAll(world: World, history: History, price: Price): Promise<void> {
  for await (const { part, bytes } of history.read()) {
    // About as many rows are to come as the first part has: tables that grow step by step are copied.
    const parts = history.totalBytes / bytes
    world.messages.reserve(Math.ceil(part.messages.length * parts))
    world.actions.reserve(Math.ceil(part.actions.length * parts))
    pricePart(part, price)
    mergeBacklog(world, part)
  }
}

/** Of exactly these transcripts, as far as it goes; else it is made again. */
function goodIndex(file: string, found: readonly Transcript[]): Good | null {
  const kept = openHistory(file)
  const there = new Set(found.map(it => it.path))
  if (!kept?.files.every(it => there.has(it.path) && isSame(it))) return null
  const raw = kept.raw()
  return raw === null ? null : { toOf: kept.toOf, raw }
}

interface Good {
  readonly toOf: KeptHistory['toOf']
  readonly raw: KeptWorld
}

function keep(file: string, ends: readonly (Transcript & Ends)[], world: World): void {
  const files = ends.flatMap(({ path, to }) => {
    const now = markOf(path, to)
    return now === null ? [] : [{ path, to, ...now }]
  })
  keepHistory(file, files, keptOf(world))
}

interface Ends {
  /** Where the last turn begins. */
  readonly to: number
  /** A line that is being written is read the next time. */
  readonly end: number
}

function endsOf({ path, size }: Transcript): Ends {
  try {
    const end = lineStartBefore(path, size)
    for (let bytes = STEP_BYTES; ; bytes *= 4) {
      const from = lineStartBefore(path, Math.max(0, end - bytes))
      const text = bytesOf(path, from, end)
      const at = text.lastIndexOf('"type":"user"')
      if (at >= 0) return { to: from + text.lastIndexOf('\n', at) + 1, end }
      if (from === 0 || bytes >= TURN_BYTES) return { to: end, end }
    }
  } catch {
    return { to: 0, end: 0 } // gone meanwhile
  }
}

function bytesOf(path: string, from: number, to: number): Buffer {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(to - from)
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from))
  } finally {
    closeSync(fd)
  }
}

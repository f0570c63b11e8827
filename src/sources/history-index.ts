/**
 * What was read of the transcripts so far, kept in one file, so that a report reads only what was
 * appended since. It is never the only copy: one that does not fit its transcripts any more (a file
 * is gone, was cut or written anew) is made again from them, by itself. The last turn of a file is not
 * kept: how long the model took is told by where the turn began.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { mergeBacklog } from '../action/merge.ts'
import { type RawWorld, World } from '../action/world.ts'
import { findTranscripts, type Transcript } from '../clients/claude-code/layout.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { version } from '../config/version.ts'
import { writeWhole } from '../config/whole-file.ts'
import { type FileMark, markOf } from './file-mark.ts'
import { History } from './history.ts'
import { pricePart } from './history-part.ts'
import { lineStartBefore, type Range } from './transcript-file.ts'

/** Changes whenever the tables of a world do. */
const FORM = 2
/** So far back the beginning of the last turn is looked for. */
const STEP_BYTES = 1 << 14
const TURN_BYTES = 1 << 20

interface Indexed extends FileMark {
  readonly path: string
  /** Bytes that were read, all of them whole lines. */
  readonly to: number
}

interface Kept {
  readonly form: string
  readonly files: readonly Indexed[]
  readonly raw: RawWorld
}

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
  const kept = readKept(file)
  const known = new Map((kept?.files ?? []).map(it => [it.path, it]))
  const isGood =
    kept !== null && kept.files.every(it => found.some(now => now.path === it.path) && isSame(it))
  if (!isGood) known.clear()
  const ends = found.map(it => {
    const { to, end } = endsOf(it)
    return { ...it, to: Math.max(to, known.get(it.path)?.to ?? 0), end }
  })
  const history = new History(ends.map(it => rangeOf(it, known.get(it.path)?.to ?? 0, it.to))) // threads begin at once
  const price = await loadPrice()
  const world = new World()
  if (isGood) {
    pricePart(kept.raw, price)
    mergeBacklog(world, kept.raw)
  }
  await mergeAll(world, history, price)
  if (history.totalBytes > spareBytes || (!isGood && spareBytes === 0)) keep(file, ends, world)
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

async function mergeAll(world: World, history: History, price: Price): Promise<void> {
  for await (const { part } of history.read()) {
    pricePart(part, price)
    mergeBacklog(world, part)
  }
}

function readKept(file: string): Kept | null {
  try {
    // Written by this program, in this very form, or it is not taken.
    const kept = deserialize(readFileSync(file)) as Kept
    return kept.form === form() ? kept : null
  } catch {
    return null
  }
}

function keep(file: string, ends: readonly (Transcript & Ends)[], world: World): void {
  const files = ends.flatMap(({ path, to }) => {
    const now = markOf(path, to)
    return now === null ? [] : [{ path, to, ...now }]
  })
  try {
    writeWhole(file, serialize({ form: form(), files, raw: world.toRaw() } satisfies Kept), 0o600)
  } catch {
    // No room, or not ours to write: the next report reads it all again.
  }
}

const form = (): string => `${version()} ${FORM}`

function isSame({ path, to, inode, mark }: Indexed): boolean {
  const now = markOf(path, to)
  return now !== null && now.inode === inode && now.mark === mark
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

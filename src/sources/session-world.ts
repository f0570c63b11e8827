/** One session alone, as fast as it can be had: for a line that is drawn anew all the time. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '../action/event.ts'
import { fold } from '../action/fold.ts'
import type { World } from '../action/world.ts'
import { transcriptsOf } from '../clients/claude-code/layout.ts'
import { liveSessions } from '../clients/claude-code/presence.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { DAY } from './day-files.ts'
import { indexedWorld, indexFile } from './history-index.ts'
import { JournalFile } from './journal-file.ts'

export interface SessionOptions {
  readonly session: string
  /** The session's own transcript. */
  readonly transcript: string
  /** The client's config folder. */
  readonly root: string
  /** Where what was read is kept for the next time. */
  readonly index: string
  /** The gate's journal; null where there is no gate. */
  readonly journal: string | null
  readonly loadPrice: () => Promise<Price>
}

/** Below this, reading again is faster than an index. */
const SPARE_BYTES = 1 << 20
/** An index of a session that nobody looked at for so long is taken away. */
const KEPT_MS = 7 * 86_400_000
/** So much of the journal is looked through, the newest days first. */
const JOURNAL_BYTES = 64 << 20
const JOURNAL_DAYS = 7

/** What the session's transcripts, the gate and the client's process say of it. */
export async function sessionWorld(options: SessionOptions): Promise<World> {
  const { session, transcript, root, index, journal, loadPrice } = options
  const found = transcriptsOf(transcript)
  const isNew = statSync(indexFile(index, transcript), { throwIfNoEntry: false }) === undefined
  const sources = { root: transcript, found, folder: index, loadPrice, spareBytes: SPARE_BYTES }
  let world = await indexedWorld(sources)
  if (isNew) sweep(index)
  const take = (event: Event): void => {
    world = fold(world, event)
  }
  if (journal !== null) readJournal(journal, session, take)
  take({ type: 'progress', doneBytes: 0, totalBytes: 0 })
  for (const live of liveSessions(root) ?? [])
    if (live.session === session) take({ type: 'presence', session, at: live.at, ...live.presence })
  return world
}

function readJournal(folder: string, session: string, take: (event: Event) => void): void {
  const own = `"session":${JSON.stringify(session)}`
  // Of what is about all sessions, only the last pause or its end counts here.
  const wants = (line: Buffer): boolean => line.includes(own) || line.includes('"session":null')
  const readAt = Date.now()
  const noPrice: Price = () => null
  for (const path of newestDays(folder)) {
    const file = new JournalFile(path, noPrice, take, wants)
    file.read(Number.POSITIVE_INFINITY)
  }
  take({ type: 'journal-read', at: readAt })
}

/** Oldest first. */
function newestDays(folder: string): string[] {
  const days = namesIn(folder).filter(name => DAY.test(name))
  const paths = days.sort().slice(-JOURNAL_DAYS).reverse()
  let room = JOURNAL_BYTES
  return paths
    .map(name => join(folder, name))
    .filter((path, i) => {
      room -= statSync(path, { throwIfNoEntry: false })?.size ?? 0
      return i === 0 || room >= 0
    })
    .reverse()
}

/** Sessions come and go, and each would leave its index for ever. */
function sweep(folder: string): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name)
    const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (name.endsWith('.bin') && Date.now() - changedAt > KEPT_MS) rmSync(path, { force: true })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * The whole journal for reports, without reading all of it each time. Past days change no more: what
 * the fold needs of each (no inputs, no facts) is kept in a file of its own, and made again by itself
 * when it does not fit the day's file any more. The newest day is always read.
 */
import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Event } from '../action/event.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { version } from '../config/version.ts'
import { DAY } from './day-files.ts'
import { type FileMark, markOf } from './file-mark.ts'
import { JournalFile } from './journal-file.ts'
import { keepFile, readKeptFile } from './kept-file.ts'

/** Changes whenever an event of the gate does. */
const FORM = 1

interface KeptDay extends FileMark {
  readonly form: string
  readonly path: string
  readonly size: number
  readonly events: readonly Event[]
}

export interface JournalIndexOptions {
  /** Of the journal. */
  readonly folder: string
  /** Where past days are kept. */
  readonly index: string
  readonly price: Price
}

/** The events of every day, oldest first; nothing when there is no journal. */
export function* indexedJournal({
  folder,
  index,
  price,
}: JournalIndexOptions): Generator<readonly Event[]> {
  const days = daysIn(folder)
  for (const [i, path] of days.entries()) {
    if (i === days.length - 1) yield read(path, price)
    else yield pastDay(path, join(index, `${basename(path, '.jsonl')}.bin`), price)
  }
}

function daysIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter(name => DAY.test(name))
    return names.sort().map(name => join(folder, name))
  } catch {
    return [] // no gate has written here yet
  }
}

function read(path: string, price: Price): Event[] {
  const events: Event[] = []
  new JournalFile(path, price, event => events.push(event)).read(Number.POSITIVE_INFINITY)
  return events
}

function pastDay(path: string, kept: string, price: Price): readonly Event[] {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const now = markOf(path, size)
  const before = readKept(kept)
  if (
    now !== null &&
    before?.path === path &&
    before.size === size &&
    before.inode === now.inode &&
    before.mark === now.mark
  )
    return before.events.map(event => priced(event, price))
  const events = read(path, price)
  if (now !== null) keepFile(kept, { form: form(), path, size, ...now, events } satisfies KeptDay)
  return events
}

/** Prices may be others than they were when the day was read. */
function priced(event: Event, price: Price): Event {
  if (event.type !== 'request') return event
  return { ...event, costUsd: price(event.model, event.tokens, event.at) }
}

function readKept(file: string): KeptDay | null {
  // Written by this program, in this very form, or it is not taken.
  const kept = readKeptFile(file) as KeptDay | null
  return kept?.form === form() ? kept : null
}

const form = (): string => `${version()} ${FORM}`

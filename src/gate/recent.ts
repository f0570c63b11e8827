/** What the gates before this one wrote in the last days, oldest first. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type EntryBody, parseEntry } from '../action/entry.ts'
import { dayFiles } from './journal.ts'
import { UNREADABLE } from './restore.ts'

/** Sessions are taken up again from the journal of so many days. */
const RESTORE_DAYS = 2
const DAY_MS = 86_400_000

type Told = EntryBody | typeof UNREADABLE

/**
 * @param folder of a journal whose last line is whole
 * @param now Unix ms
 */
export async function recentEntries(folder: string, now = Date.now()): Promise<Told[]> {
  const since = new Date(now - RESTORE_DAYS * DAY_MS).toISOString().slice(0, 10)
  const entries: Told[] = []
  for (const file of dayFiles(folder).filter(name => name >= `${since}.jsonl`)) {
    for await (const line of createInterface(createReadStream(join(folder, file)))) {
      if (line !== '') entries.push(entryOf(line) ?? UNREADABLE)
    }
  }
  return entries
}

function entryOf(line: string): EntryBody | null {
  try {
    return parseEntry(line)
  } catch {
    return null // not as it was written
  }
}

/** The journal's entries in their order, each with its line. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Entry, parseEntry } from '../../action/entry.ts'
import { dayFiles } from '../../gate/journal.ts'
import { Replay, type Replayed } from '../../judge/replay.ts'
import type { Finding } from '../../monitor/finding.ts'

export interface Recorded {
  readonly entry: Entry
  /** `FILE:LINE` */
  readonly where: string
  /** Of a `judged` entry that has all that the judge was given then. */
  readonly replayed: Replayed | null
}

/** Looks at one entry after the other; what it found is asked for at the end. */
export interface Watcher {
  see(recorded: Recorded): void
  findings(): Finding[]
}

/** Reads the journal once, whoever looks at it. Lines that are no entries are passed over. */
export function* recordOf(
  journal: string,
  policyOf: ConstructorParameters<typeof Replay>[0],
): Generator<Recorded> {
  const replay = new Replay(policyOf)
  for (const file of dayFiles(journal)) {
    const path = join(journal, file)
    for (const [i, line] of readFileSync(path, 'utf8').split('\n').entries()) {
      const entry = entryIn(line)
      if (entry !== null) yield { entry, where: `${path}:${i + 1}`, replayed: replay.follow(entry) }
    }
  }
}

function entryIn(line: string): Entry | null {
  try {
    return line === '' ? null : parseEntry(line)
  } catch {
    return null // the chain's check has named the line
  }
}

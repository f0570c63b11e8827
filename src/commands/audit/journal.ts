/** What the journal tells of itself, and of actions that nobody judged. */
import { join } from 'node:path'
import { verifyJournal } from '../../gate/verify.ts'
import type { Finding } from '../../monitor/finding.ts'
import type { Recorded, Watcher } from './record.ts'

export function journalFindings(journal: string): Finding[] {
  return verifyJournal(journal).breaks.map(
    ({ file, line, what }): Finding => ({
      kind: 'journal-broken',
      severity: 'high',
      what: `the journal is not as the gate wrote it: ${what}`,
      where: file === '' ? journal : `${join(journal, file)}:${line}`,
      mend: 'find out who writes there past the gate; what it records before is not to be relied on',
    }),
  )
}

/** One finding for each session in which something ran past the gate. */
export class Ungated implements Watcher {
  readonly #since: number
  readonly #counts = new Map<string, number>()

  /** @param since Unix ms */
  constructor(since: number) {
    this.#since = since
  }

  see({ entry }: Recorded): void {
    if (entry.type !== 'alert' || entry.what !== 'ungated' || entry.at < this.#since) return
    this.#counts.set(entry.session, (this.#counts.get(entry.session) ?? 0) + 1)
  }

  findings(): Finding[] {
    return [...this.#counts].map(([session, count]) => ({
      kind: 'ungated',
      severity: 'high',
      what: `${count === 1 ? '1 action is' : `${count} actions are`} UNGATED: ran without being judged`,
      where: `session ${session}`,
      mend: "find out why hooks are silent; 'signalbox watch' shows what ran",
      fix: ['doctor'],
    }))
  }
}

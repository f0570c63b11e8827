/** What the journal tells of itself, and of actions that nobody judged. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEntry } from '../../action/entry.ts'
import { dayFiles } from '../../gate/journal.ts'
import { verifyJournal } from '../../gate/verify.ts'
import type { Finding } from './finding.ts'

export function journalFindings(journal: string): Finding[] {
  const broken = verifyJournal(journal).breaks.map(
    ({ file, line, what }): Finding => ({
      severity: 'high',
      what: `the journal is not as the gate wrote it: ${what}`,
      where: file === '' ? journal : `${join(journal, file)}:${line}`,
      mend: 'find out who writes there past the gate; what it records before is not to be relied on',
    }),
  )
  return [...broken, ...ungated(journal)]
}

/** One finding for each session in which something ran past the gate. */
function ungated(journal: string): Finding[] {
  const counts = new Map<string, number>()
  for (const file of dayFiles(journal))
    for (const line of readFileSync(join(journal, file), 'utf8').split('\n')) {
      const session = line.includes('"ungated"') ? ungatedIn(line) : null
      if (session !== null) counts.set(session, (counts.get(session) ?? 0) + 1)
    }
  return [...counts].map(([session, count]) => ({
    severity: 'high',
    what: `${count === 1 ? '1 action is' : `${count} actions are`} UNGATED: ran without being judged`,
    where: `session ${session}`,
    mend: "'signalbox doctor' says why hooks are silent; 'signalbox watch' shows what ran",
  }))
}

function ungatedIn(line: string): string | null {
  try {
    const entry = parseEntry(line)
    return entry?.type === 'alert' && entry.what === 'ungated' ? entry.session : null
  } catch {
    return null // the chain's check has named the line
  }
}

/** The gate as a process: takes the lock, goes on from the journal, serves until nobody needs it. */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type EntryBody, parseEntry } from '../action/entry.ts'
import { PermissionRules } from '../clients/claude-code/permission-rules.ts'
import type { Install } from '../config/install.ts'
import { privateFolder } from '../config/install-file.ts'
import { dayOf } from '../config/load-policy.ts'
import { readOwn } from '../config/own-file.ts'
import { version } from '../config/version.ts'
import { writePrivate } from '../config/whole-file.ts'
import { gatherFacts } from '../judge/facts.ts'
import { readRepository } from '../judge/git-files.ts'
import { judgeOn } from '../judge/judge.ts'
import { emptyLedger, learn } from '../judge/ledger.ts'
import { Gate } from './gate.ts'
import { dayFiles, Journal } from './journal.ts'
import { keepCheckpoint } from './keep-checkpoint.ts'
import { takeLock } from './lock.ts'
import type { FactsWanted, GateParts } from './parts.ts'
import { Policies } from './policies.ts'
import { Projects } from './projects.ts'
import { Redactor } from './redact.ts'
import { serve } from './server.ts'

/** Facts that take longer stay unknown. */
const FACTS_MS = 200
/** With no hook and no screen it ends after so long; the next hook starts another. */
const IDLE_MS = 30 * 60_000
const IDLE_LOOK_MS = 60_000
const PRUNE_MS = 6 * 3_600_000
/** Sessions are taken up again from the journal of so many days. */
const RESTORE_DAYS = 2
const DAY_MS = 86_400_000
const ROOT = 0

/** @returns the exit code; 0 also when another gate runs already */
export async function runGate(install: Install): Promise<number> {
  privateFolder(install.state)
  privateFolder(install.sockets)
  const release = takeLock(join(install.state, 'gate.lock'))
  if (release === null) return 0
  const folder = join(install.state, 'journal')
  const history = await recentEntries(folder)
  const journal = new Journal(folder)
  const gate = new Gate(partsOf(install, journal), history)
  const asked = Promise.withResolvers<string>()
  const servers = await serve(gate, install.sockets, () => asked.resolve('asked to'))
  const prune = (): void => journal.prune(gate.parts.policies.of('').journal.keepDays)
  prune()
  setInterval(prune, PRUNE_MS).unref()
  const endCheckpoint = keepCheckpoint(install, text =>
    gate.write({ type: 'alert', session: '', action: '', what: 'policy', text }),
  )
  const why = await Promise.race([untilOver(gate), asked.promise])
  endCheckpoint()
  servers.close()
  gate.stop(why)
  release()
  return 0
}

function partsOf(install: Install, journal: Journal): GateParts {
  const { config, managed, state } = install
  const home = install.home
  const remotesIn = async (root: string) => (await readRepository(root, home))?.remotes ?? {}
  const projects = new Projects(join(state, 'projects.json'), remotesIn, Date.now)
  const policies = new Policies({ config, managed, managedOwner: ROOT })
  const guarded = [config, state, install.sockets, managed, install.client]
  return {
    journal,
    policies,
    redactor: new Redactor(keyIn(state), () => policies.of('').redact),
    judge: (...asked) => judgeOn(dayOf(new Date()))(...asked),
    learn,
    emptyLedger,
    gatherFacts: ({ baseline: remotes, ...wanted }: FactsWanted) => {
      const baseline = { remotes, createdByAgent: [] } // the ledger knows what this session made
      return gatherFacts({ ...wanted, baseline, home, guarded }, FACTS_MS)
    },
    projectOf: (cwd, session) => projects.of(cwd, session),
    agentMade: (root, made) => projects.remember(root, made),
    clientRules: new PermissionRules(install.client, state),
    clock: Date.now,
    checkpoint: install.checkpoint,
    version: version(),
  }
}

/** This machine's own, for placeholders of secrets. */
function keyIn(state: string): string {
  const file = join(state, 'key')
  const known = readOwn(file) ?? ''
  if (known !== '') return known
  const made = randomBytes(32).toString('hex')
  writePrivate(file, made)
  return made
}

async function recentEntries(folder: string): Promise<EntryBody[]> {
  const since = new Date(Date.now() - RESTORE_DAYS * DAY_MS).toISOString().slice(0, 10)
  const entries: EntryBody[] = []
  for (const file of dayFiles(folder).filter(name => name >= `${since}.jsonl`)) {
    for await (const line of createInterface(createReadStream(join(folder, file)))) {
      const entry = entryOf(line)
      if (entry !== null) entries.push(entry)
    }
  }
  return entries
}

function entryOf(line: string): EntryBody | null {
  try {
    return parseEntry(line)
  } catch {
    return null // half written: the journal sets it aside when it opens
  }
}

/** @returns why it is over */
function untilOver(gate: Gate): Promise<string> {
  return new Promise(resolve => {
    setInterval(() => {
      if (Date.now() - gate.neededAt > IDLE_MS) resolve('idle')
    }, IDLE_LOOK_MS).unref()
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.once(signal, () => resolve(signal))
  })
}

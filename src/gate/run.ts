/** The gate as a process: takes the lock, goes on from the journal, serves until nobody needs it. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { PermissionRules } from '../clients/claude-code/permission-rules.ts'
import { loadConfigIn } from '../config/config.ts'
import { codeOf } from '../config/error-code.ts'
import type { Install } from '../config/install.ts'
import { privateFolder } from '../config/install-file.ts'
import { dayOf } from '../config/load-policy.ts'
import { readOwn } from '../config/own-file.ts'
import { withRealPaths } from '../config/places.ts'
import { UsageError } from '../config/usage-error.ts'
import { version } from '../config/version.ts'
import { writePrivate } from '../config/whole-file.ts'
import { gatherFacts } from '../judge/facts.ts'
import { readRepository } from '../judge/git-files.ts'
import { judgeOn } from '../judge/judge.ts'
import { learn } from '../judge/ledger.ts'
import { Replay } from '../judge/replay.ts'
import { Reviewer } from '../judge/reviewer/reviewer.ts'
import { Gate } from './gate.ts'
import { Journal } from './journal.ts'
import { keepCheckpoint } from './keep-checkpoint.ts'
import { takeLock } from './lock.ts'
import type { FactsWanted, GateParts } from './parts.ts'
import { Policies } from './policies.ts'
import { Projects } from './projects.ts'
import { recentEntries } from './recent.ts'
import { Redactor } from './redact.ts'
import { serve } from './server.ts'

/** Facts that take longer stay unknown. */
const FACTS_MS = 200
/** With no hook and no screen it ends after so long; the next hook starts another. */
const IDLE_MS = 30 * 60_000
const IDLE_LOOK_MS = 60_000
const PRUNE_MS = 6 * 3_600_000
const ROOT = 0

/**
 * @returns the exit code; 0 also when another gate runs already
 * @throws UsageError when the disk does not let it run
 */
export async function runGate(install: Install): Promise<number> {
  try {
    return await untilStopped(install)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new UsageError(cannotRun(install, error))
  }
}

/** Every hook asks its user meanwhile. */
function cannotRun({ state, sockets }: Install, error: Error): string {
  const code = codeOf(error)
  const path = 'path' in error ? String(error.path) : `${state} or ${sockets}`
  const mend = MENDS[code] ?? "'signalbox doctor' looks at the rest"
  return `the gate cannot run: ${path}: ${code}; ${mend}`
}

const MENDS: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on that disk',
  EDQUOT: 'make room within your quota',
  EROFS: 'that disk is read-only: mount it writable',
  EACCES: 'make it yours: chown it, and chmod 700 the folders',
  EPERM: 'make it yours: chown it, and chmod 700 the folders',
  EISDIR: 'a folder stands where a file belongs: move it away',
  ENOTDIR: 'a file stands where a folder belongs: move it away',
  EMFILE: 'too many files are open: raise ulimit -n',
  ENFILE: 'too many files are open on this machine',
}

async function untilStopped(install: Install): Promise<number> {
  privateFolder(install.state)
  privateFolder(install.sockets)
  const release = takeLock(join(install.state, 'gate.lock'))
  if (release === null) return 0
  const folder = join(install.state, 'journal')
  const journal = new Journal(folder) // sets a half-written line aside
  const history = await recentEntries(folder)
  const projects = projectsOf(install)
  const gate = new Gate(partsOf(install, journal, projects), history)
  if (projects.problem !== '')
    gate.write({
      type: 'alert',
      session: '',
      action: '',
      what: 'integrity',
      text: projects.problem,
    })
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

function projectsOf({ state, home }: Install): Projects {
  const remotesIn = async (root: string) => (await readRepository(root, home))?.remotes ?? {}
  return new Projects(join(state, 'projects.json'), remotesIn, Date.now)
}

/** What a real one is made of. */
export function partsOf(
  install: Install,
  journal: Journal,
  projects = projectsOf(install),
): GateParts {
  const { config, managed, state } = install
  const home = install.home
  const policies = new Policies({ config, managed, managedOwner: ROOT })
  const guarded = withRealPaths([config, state, install.sockets, managed, install.client])
  return {
    journal,
    policies,
    redactor: new Redactor(keyIn(state), () => policies.of('').redact),
    judge: (...asked) => judgeOn(dayOf(new Date()))(...asked),
    reviewer: new Reviewer({ env: process.env, clock: Date.now, loadPrice: priceIn(config) }),
    learn,
    recall: (session, told) => {
      const replay = new Replay(root => policies.of(root))
      for (const entry of told) replay.follow(entry)
      return replay.left(session)
    },
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

/** Prices are loaded when a review is paid. */
const priceIn = (config: string) => async () => {
  const [{ priceList }, own] = await Promise.all([
    import('../clients/claude-code/prices.ts'),
    loadConfigIn(config).then(
      ({ prices }) => prices,
      () => ({}), // a file that does not fit is told by the policy
    ),
  ])
  return priceList(own)
}

/** This machine's own, for placeholders of secrets. With half of one they could be guessed. */
function keyIn(state: string): string {
  const file = join(state, 'key')
  const known = readOwn(file) ?? ''
  if (/^[0-9a-f]{64}$/.test(known)) return known
  const key = randomBytes(32).toString('hex')
  writePrivate(file, key)
  return key
}

/** The next one, which a hook starts, would not have the reviewer's key. */
function hasKey({ parts }: Gate): boolean {
  const key = parts.policies.of('').reviewer?.key
  return key?.from === 'environment' && Boolean(process.env[key.name])
}

/** @returns why it is over */
function untilOver(gate: Gate): Promise<string> {
  return new Promise(resolve => {
    setInterval(() => {
      if (Date.now() - gate.neededAt > IDLE_MS && !hasKey(gate)) resolve('idle')
    }, IDLE_LOOK_MS).unref()
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.once(signal, () => resolve(signal))
  })
}

/** What recorded actions would get under another policy, before anything is changed. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type EntryOf, parseEntry } from '../action/entry.ts'
import type { Judgement } from '../action/judgement.ts'
import { summaryOf } from '../clients/claude-code/tools.ts'
import { entryProblem } from '../config/entry-form.ts'
import { slotFor, slotProblem } from '../config/entry-slot.ts'
import { findInstall, managedPolicy } from '../config/install-file.ts'
import { loadPolicy } from '../config/load-policy.ts'
import { configFolder, stateFolder } from '../config/paths.ts'
import type { Origin, Policy, TrustEntry } from '../config/policy.ts'
import { UsageError } from '../config/usage-error.ts'
import { dayFiles } from '../gate/journal.ts'
import { checkRules, offProblem } from '../judge/check-rules.ts'
import { isInside } from '../judge/paths.ts'
import { Replay } from '../judge/replay.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { type Flags, flagsOf } from './flags.ts'
import { timeOf } from './options.ts'
import { say } from './say.ts'
import { hideSecrets, SHOW_SECRETS } from './secrets.ts'
import { slotNamed } from './trust-args.ts'

export const FLAGS = {
  ...SHOW_SECRETS,
  trust: 'string',
  as: 'string',
  off: 'string',
  since: 'string',
  root: 'string',
  json: 'boolean',
  install: 'string',
} as const

/** An action whose verdict or rule is another one. */
interface Change {
  readonly at: number
  readonly session: string
  readonly action: string
  readonly tool: string
  readonly summary: string
  readonly before: Judgement
  readonly after: Judgement
}

interface Simulated {
  readonly actions: number
  /** Recorded without all that the judge needs. */
  readonly passedOver: number
  readonly changes: readonly Change[]
}

export async function run(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  await hideSecrets(flags)
  const change = changeOf(flags)
  const which = whichOf(flags)
  const install = findInstall(process.env, flags.install)
  const places = {
    config: install?.config ?? configFolder(process.env),
    managed: install?.managed ?? managedPolicy(process.platform),
    managedOwner: 0,
  }
  const policies = new Map<string, Policy>()
  const inForce = (projectRoot: string): Policy => {
    const known = policies.get(projectRoot)
    if (known !== undefined) return known
    const { policy, errors } = loadPolicy({ ...places, projectRoot }, checkRules)
    if (errors[0] !== undefined) throw new UsageError(errors[0])
    policies.set(projectRoot, policy)
    return policy
  }
  const journal = join(install?.state ?? stateFolder(process.env), 'journal')
  if (dayFiles(journal).length === 0)
    throw new UsageError(
      `${journal}: holds no journal; only what a gate judged can be judged again`,
    )
  const simulated = simulate(journal, which, inForce, change)
  if (flags.json) process.stdout.write(`${terminalSafeJson(simulated)}\n`)
  else say(linesOf(simulated, change === null))
  return 0
}

/** Which of the recorded actions. */
interface Which {
  /** Unix ms */
  readonly since: number
  /** Of sessions whose transcripts are in here; null: of all. */
  readonly root: string | null
}

function whichOf({ since, root }: Flags<typeof FLAGS>): Which {
  return {
    since: since === undefined ? 0 : timeOf('--since', since),
    root: root === undefined ? null : folderNamed(root),
  }
}

function folderNamed(root: string): string {
  if (!existsSync(root)) throw new UsageError(`--root ${root}: no such file or folder`)
  return realpathSync(root)
}

/** Nobody knows whose a session without a transcript is: its client may be on another machine. */
function isUnder(transcript: string, root: string): boolean {
  if (transcript === '') return false
  return isInside(existsSync(transcript) ? realpathSync(transcript) : transcript, root)
}

type ChangePolicy = (policy: Policy) => Policy

/** @returns null when nothing is to be changed: then what was recorded is compared with the policy in force */
function changeOf({ trust, as, off }: Flags<typeof FLAGS>): ChangePolicy | null {
  if (as !== undefined && trust === undefined) throw new UsageError('--as goes with --trust')
  const entry = trust === undefined ? null : entryOf(trust, as)
  const problem = off === undefined ? null : offProblem(off)
  if (problem !== null) throw new UsageError(`--off: ${problem}`)
  if (entry === null && off === undefined) return null
  return policy => ({
    ...policy,
    trust: entry === null ? policy.trust : [...policy.trust, entry],
    rulesOff: off === undefined ? policy.rulesOff : [...policy.rulesOff, { id: off, origin: HERE }],
  })
}

const HERE: Origin = { layer: 'user', file: 'the command line', line: 1 }

function entryOf(entry: string, as: string | undefined): TrustEntry {
  const slot = slotNamed(as) ?? slotFor(entry)
  const problem = slot === null ? entryProblem(entry) : slotProblem(slot, entry)
  if (slot === null || problem !== null) throw new UsageError(`--trust '${entry}' ${problem}`)
  return { slot, entry, project: '', note: '', expires: '', origin: HERE }
}

function simulate(
  journal: string,
  { since, root }: Which,
  inForce: (projectRoot: string) => Policy,
  change: ChangePolicy | null,
): Simulated {
  const now = new Replay(inForce)
  const changed = change === null ? null : new Replay(root => change(inForce(root)))
  const changes: Change[] = []
  const sessions = new Set<string>()
  let actions = 0
  let passedOver = 0
  for (const file of dayFiles(journal))
    for (const line of readFileSync(join(journal, file), 'utf8').split('\n')) {
      const entry = entryIn(line)
      if (entry === null) continue
      const judged = now.take(entry)
      const other = changed?.take(entry) ?? null
      if (entry.type === 'session' && root !== null && isUnder(entry.transcript, root))
        sessions.add(entry.session)
      if (entry.type !== 'judged' || entry.at < since) continue
      if (root !== null && !sessions.has(entry.session)) continue
      actions++
      if (judged === null) passedOver++
      else {
        const [before, after] = changed === null ? [entry.judgement, judged] : [judged, other]
        if (after !== null && isOther(before, after)) changes.push(changeIn(entry, before, after))
      }
    }
  return { actions, passedOver, changes }
}

function entryIn(line: string) {
  try {
    return parseEntry(line)
  } catch {
    return null // `audit --verify` names it
  }
}

const isOther = (before: Judgement, after: Judgement): boolean =>
  before.verdict !== after.verdict || before.rule !== after.rule

function changeIn(entry: EntryOf<'judged'>, before: Judgement, after: Judgement): Change {
  const { at, session, action, tool, input } = entry
  return { at, session, action, tool, summary: summaryOf(tool, input), before, after }
}

function linesOf({ actions, passedOver, changes }: Simulated, isToday: boolean): string[] {
  const what = isToday ? 'are judged otherwise today' : 'would be judged otherwise'
  const over = passedOver === 0 ? '' : `; ${passedOver} recorded without their facts`
  return [
    ...changes.map(({ at, session, tool, summary, before, after }) => {
      const verdicts = `${before.verdict} → ${after.verdict}`.padEnd(12)
      const rules = before.rule === after.rule ? before.rule : `${before.rule} → ${after.rule}`
      const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
      return `${verdicts}  ${when}  ${session.slice(0, 8)}  ${tool}  ${summary}  (${rules})`
    }),
    `${changes.length} of ${actions} actions ${what}${over}`,
  ]
}

/** Whether trust, rules and client settings are as they should be, and the record can be relied on. */
import { join } from 'node:path'
import { defaultRoot } from '../clients/claude-code/layout.ts'
import { findInstall, managedPolicy } from '../config/install-file.ts'
import { dayOf, loadPolicy } from '../config/load-policy.ts'
import { configFolder, stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { dayFiles } from '../gate/journal.ts'
import { type Kept, type Verified, verifyJournal } from '../gate/verify.ts'
import { checkRules } from '../judge/check-rules.ts'
import { terminalSafeJson } from '../monitor/snapshot.ts'
import { type Finding, isAtLeast, isSeverity, SEVERITIES, type Severity } from './audit/finding.ts'
import { journalFindings } from './audit/journal.ts'
import { policyFindings } from './audit/policy.ts'
import { settingsFindings } from './audit/settings.ts'
import { settingsFiles } from './doctor/settings.ts'
import { flagsOf } from './flags.ts'
import { say } from './say.ts'
import { nowhere } from './trust-tools.ts'

const FLAGS = {
  verify: 'boolean',
  head: 'string',
  'fail-on': 'string',
  json: 'boolean',
  install: 'string',
} as const

/** @returns 1 when something was found that is at least as grave as `--fail-on` says */
export async function run(args: readonly string[]): Promise<number> {
  const { verify, head, json, install, 'fail-on': limit } = flagsOf(args, FLAGS)
  if (verify && limit !== undefined) throw new UsageError('--verify takes no --fail-on')
  if (!verify && head !== undefined) throw new UsageError('--head goes with --verify')
  if (verify) return verified(head, json, install)
  return audited(severityOf(limit ?? 'low'), json, install)
}

function severityOf(text: string): Severity {
  if (isSeverity(text)) return text
  throw new UsageError(`--fail-on takes ${SEVERITIES.join(', ')}, not '${text}'`)
}

function audited(limit: Severity, json: boolean, named: string | undefined): number {
  const findings = allFindings(named)
  if (json) process.stdout.write(`${terminalSafeJson({ findings })}\n`)
  else say(findings.length === 0 ? ['Nothing was found.'] : findings.flatMap(textOf))
  return findings.some(({ severity }) => isAtLeast(severity, limit)) ? 1 : 0
}

const PROJECTS: ReadonlySet<string> = new Set(['project settings', 'local settings'])

/** The gravest first. */
function allFindings(named: string | undefined): Finding[] {
  const { env } = process
  const install = findInstall(env, named)
  const config = install?.config ?? configFolder(env)
  const managed = install?.managed ?? managedPolicy(process.platform)
  const { policy, errors } = loadPolicy({ config, managed, managedOwner: 0 }, checkRules)
  const broken = errors.map((error): Finding => {
    const [, where = config, what = error] = /^(.+?:\d+)(?::\d+)?: (.*)$/s.exec(error) ?? []
    return { severity: 'high', what, where, mend: 'mend the file; nothing is approved until then' }
  })
  const settings = settingsFiles(install?.client ?? defaultRoot(env), process.cwd())
  const found = [
    ...journalFindings(join(install?.state ?? stateFolder(env), 'journal')),
    ...broken,
    ...policyFindings(policy, dayOf(new Date()), nowhere(install?.home ?? env.HOME ?? '/')),
    ...settings.flatMap(([name, path]) => settingsFindings(path, PROJECTS.has(name))),
  ]
  return SEVERITIES.flatMap(severity => found.filter(it => it.severity === severity))
}

const textOf = ({ severity, what, where, mend }: Finding): string[] => [
  `${severity.padEnd(6)}  ${what}`,
  `        ${where}`,
  `        ${mend}`,
]

function verified(head: string | undefined, json: boolean, install: string | undefined): number {
  const kept = head === undefined ? [] : [headOf(head)]
  const state = findInstall(process.env, install)?.state ?? stateFolder(process.env)
  const journal = join(state, 'journal')
  if (dayFiles(journal).length === 0)
    throw new UsageError(
      `${journal}: holds no journal; 'signalbox init' sets up the gate that writes it`,
    )
  const result = verifyJournal(journal, kept)
  if (json) process.stdout.write(`${terminalSafeJson({ journal, ...result })}\n`)
  else say(linesOf(journal, result))
  return result.breaks.length > 0 ? 1 : 0
}

function headOf(text: string): Kept {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash }
  throw new UsageError(`--head takes what 'audit --verify' printed, N:HASH, not '${text}'`)
}

function linesOf(journal: string, { files, first, head, breaks }: Verified): string[] {
  const where = files === 1 ? '1 file' : `${files} files`
  const whole = breaks.length === 0 ? ', each as it was written' : ''
  return [
    `journal  ${journal}`,
    `entries  ${first} to ${head.seq} in ${where}${whole}`,
    `head     ${head.seq}:${head.hash}`,
    ...breaks.map(({ file, line, what }) =>
      file === '' ? `the journal: ${what}` : `${join(journal, file)}:${line}: ${what}`,
    ),
  ]
}

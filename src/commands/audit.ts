/** Whether trust, rules and client settings are as they should be, and the record can be relied on. */
import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { defaultRoot } from '../clients/claude-code/layout.ts'
import {
  bytesFor,
  readSettingsFile,
  replaceSettingsFile,
  textOf,
} from '../clients/claude-code/settings-file.ts'
import { findInstall, managedPolicy } from '../config/install-file.ts'
import { configFolder, stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { dayFiles } from '../gate/journal.ts'
import { type Kept, type Verified, verifyJournal } from '../gate/verify.ts'
import {
  commandLine,
  type Finding,
  isAtLeast,
  isLimit,
  LIMITS,
  type Limit,
} from '../monitor/finding.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { type Audited, findings } from './audit/findings.ts'
import { type Flags, flagsOf } from './flags.ts'
import { timeOf } from './options.ts'
import { terminalQuestions } from './questions.ts'
import { say, sayDiff } from './say.ts'
import { hideSecrets, SHOW_SECRETS } from './secrets.ts'
import { unifiedDiff } from './unified-diff.ts'

export const FLAGS = {
  ...SHOW_SECRETS,
  verify: 'boolean',
  head: 'string',
  'fail-on': 'string',
  root: 'string',
  since: 'string',
  json: 'boolean',
  mend: 'string',
  what: 'string',
  yes: 'boolean',
  install: 'string',
} as const

/** @returns 1 when something was found that is at least as grave as `--fail-on` says */
export async function run(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  const { verify, head, json, install } = flags
  await hideSecrets(flags)
  for (const name of ['fail-on', 'root', 'since'] as const)
    if (verify && flags[name] !== undefined) throw new UsageError(`--verify takes no --${name}`)
  if (!verify && head !== undefined) throw new UsageError('--head goes with --verify')
  if (verify) return verified(head, json, install)
  for (const name of ['fail-on', 'json'] as const)
    if (flags.mend !== undefined && flags[name]) throw new UsageError(`--mend takes no --${name}`)
  if (flags.mend !== undefined) return mended(flags.mend, flags, auditedBy(flags))
  for (const name of ['yes', 'what'] as const)
    if (flags[name]) throw new UsageError(`--${name} goes with --mend`)
  return audited(limitOf(flags['fail-on'] ?? 'low'), json, auditedBy(flags))
}

function auditedBy({ root, since, install: named }: Flags<typeof FLAGS>): Audited {
  const { env, platform } = process
  if (root !== undefined && !statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--root ${root}: no such folder`)
  const install = findInstall(env, named)
  return {
    config: install?.config ?? configFolder(env),
    state: install?.state ?? stateFolder(env),
    managed: install?.managed ?? managedPolicy(platform),
    managedOwner: 0,
    client: resolve(root ?? install?.client ?? defaultRoot(env)),
    home: install?.home ?? homedir(),
    folder: process.cwd(),
    since: since === undefined ? 0 : timeOf('--since', since),
  }
}

function limitOf(text: string): Limit {
  if (isLimit(text)) return text
  throw new UsageError(`--fail-on takes ${LIMITS.join(', ')}, not '${text}'`)
}

function audited(limit: Limit, json: boolean, of: Audited): number {
  const found = findings(of, new Date())
  if (json) process.stdout.write(`${terminalSafeJson({ findings: found })}\n`)
  else say(found.length === 0 ? ['Nothing was found.'] : found.flatMap(linesOfFinding))
  return found.some(({ severity }) => isAtLeast(severity, limit)) ? 1 : 0
}

const linesOfFinding = ({ severity, what, where, mend, fix }: Finding): string[] => [
  `${severity.padEnd(6)}  ${what}`,
  `        ${where}`,
  `        ${mend}`,
  ...(fix === undefined ? [] : [`        $ ${commandLine(fix)}`]),
]

/**
 * Takes what was found out of a settings file: shows what changes, asks, writes.
 * @param what only while it is this that is found there: the file may have changed since a screen showed it
 */
async function mended(
  given: string,
  { yes, what }: { readonly yes: boolean; readonly what?: string | undefined },
  of: Audited,
): Promise<number> {
  const place = resolve(given)
  const found = findings(of, new Date()).find(it => it.mended && it.fix?.at(-1) === place)
  if (found?.mended === undefined || (what ?? found.what) !== found.what)
    throw new UsageError(
      `--mend ${place}: nothing is found there that can be mended so; 'signalbox audit' says what there is`,
    )
  const file = readSettingsFile(place.replace(/(:\d+){2}$/, ''))
  const { bom, text } = textOf(file)
  const next = found.mended(text)
  if (next === null)
    throw new UsageError(`${file.path}: was changed meanwhile; nothing was written, start again`)
  sayDiff(unifiedDiff(file.path, text, next))
  if (!yes && !(await terminalQuestions('--yes to write it').yes('Write it?'))) {
    say(['Nothing was changed.'])
    return 0
  }
  replaceSettingsFile(file, bytesFor({ bom, text: next }))
  say([`mended: ${found.what}`])
  return 0
}

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

/** Puts the gate's hooks into the client, after showing exactly what changes. */
import { existsSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import type { Role } from '../action/entry.ts'
import { HOOK_PROGRAMS } from '../clients/claude-code/hook-command.ts'
import {
  baseUrlFor,
  carryOut,
  changes,
  type Plan,
  planHooks,
} from '../clients/claude-code/installed-hooks.ts'
import { defaultRoot } from '../clients/claude-code/layout.ts'
import * as policyEdits from '../config/edit-policy.ts'
import type { Install } from '../config/install.ts'
import {
  installFile,
  isForeign,
  newInstall,
  privateFolder,
  readInstall,
} from '../config/install-file.ts'
import { UsageError } from '../config/usage-error.ts'
import { writePrivate } from '../config/whole-file.ts'
import { type CheckpointFlags, chosenCheckpoint } from './chosen-checkpoint.ts'
import { flagsOf } from './flags.ts'
import { gatewaysFound, gatewayUrl, isOwnApi } from './gateway.ts'
import { managedFacts, type PolicyFacts, policyFacts } from './policy-facts.ts'
import { type Questions, terminalQuestions } from './questions.ts'
import { say, sayDiff } from './say.ts'
import { unifiedDiff } from './unified-diff.ts'

/** The edits of the user's policy that init needs, comments kept. */
export interface PolicyEdits {
  readonly enableAutoMode: (file: string, who: { by: string; on: string }) => void
  readonly setPlatform: (file: string, url: string, role: Role) => void
}

export const FLAGS = {
  yes: 'boolean',
  print: 'boolean',
  client: 'string',
  'enable-as': 'string',
  gateway: 'string',
  'no-gateway': 'boolean',
  checkpoint: 'boolean',
  'no-checkpoint': 'boolean',
  upstream: 'string',
  listen: 'string',
} as const

/** What will be done, all of it decided before anything is written. */
interface Decisions {
  /** The name of who enables auto mode; null: it stays as it is. */
  readonly enableAs: string | null
  /** The gateway to list; null: none. */
  readonly gateway: string | null
}

export async function run(args: readonly string[]): Promise<number> {
  return init(args, policyEdits)
}

export async function init(args: readonly string[], edits: PolicyEdits): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  if (flags.gateway !== undefined && flags['no-gateway'])
    throw new UsageError('--gateway and --no-gateway exclude each other')
  if (flags.gateway !== undefined) gatewayUrl('--gateway', flags.gateway)
  if (flags['enable-as'] !== undefined) nameOf(flags['enable-as'])
  requirePrograms()
  const install = await chosenInstall(clientFolder(flags.client), flags)
  const plan = planHooks(install)
  describe(install, plan)
  if (flags.print) return 0
  const questions = flags.yes ? null : terminalQuestions('--yes')
  if (questions !== null && changes(plan) && !(await questions.yes('Write this?'))) {
    say(['Nothing was changed.'])
    return 0
  }
  const decisions = {
    enableAs: await whoEnables(install, flags['enable-as'], questions),
    gateway: await whichGateway(install, flags, questions),
  }
  write(install, plan, decisions, edits)
  say([
    ...(changes(plan) ? ['The hooks are in; running sessions take them up by themselves.'] : []),
    "'signalbox doctor' tries it all out; 'signalbox uninstall' takes it out again.",
  ])
  return 0
}

function requirePrograms(): void {
  if (process.platform === 'win32')
    throw new UsageError('the hook needs a Unix shell: run Signalbox and the client inside WSL')
  const missing = HOOK_PROGRAMS.find(program => !existsSync(program))
  if (missing !== undefined) throw new UsageError(`the hook needs ${missing}, which is not there`)
}

function clientFolder(named: string | undefined): string {
  const folder = resolve(named ?? defaultRoot(process.env))
  if (named !== undefined && !existsSync(folder))
    throw new UsageError(`--client ${named}: no such folder`)
  return folder
}

/** As chosen now, but with the sockets of an earlier init: hooks of running sessions know those. */
async function chosenInstall(client: string, flags: CheckpointFlags): Promise<Install> {
  const fresh = newInstall(process.env, client)
  const old = readInstall(fresh.state)
  const checkpoint = await chosenCheckpoint(flags, old?.checkpoint ?? null, client)
  if (old === null) return { ...fresh, checkpoint }
  if (old.client !== client)
    throw new UsageError(
      `this user's Signalbox is set up for ${old.client}; 'signalbox uninstall' first takes it out there`,
    )
  return { ...fresh, sockets: isForeign(old.sockets) ? fresh.sockets : old.sockets, checkpoint }
}

function describe(install: Install, plan: Plan): void {
  const { path, bytes, target } = plan.file
  const text = (buffer: Buffer | null): string | null => buffer?.toString('utf8') ?? null
  const diff = unifiedDiff(path, text(bytes), text(plan.next))
  say([`Client settings: ${path}${target === path ? '' : ` (a link to ${target})`}`])
  if (changes(plan)) sayDiff(diff)
  else say(['The hooks are there already, as they should be.'])
  say([
    '',
    `Paths, fixed in ${installFile(install.state)}:`,
    `  policy   ${join(install.config, 'config.yaml')}`,
    `  managed  ${install.managed}`,
    `  journal  ${install.state}`,
    `  sockets  ${install.sockets}`,
    `  gate     ${install.node} ${install.program}`,
    ...(install.checkpoint === null
      ? []
      : [
          `  checkpoint on http://${install.checkpoint.listen}, in front of ${install.checkpoint.upstream}`,
        ]),
    '',
  ])
}

const MEANING = [
  'Auto mode: what the judge holds to be safe then runs without a question to you.',
  'What it holds to be dangerous is refused, and what it is unsure of is still asked.',
  'A wrong judgement can do harm: every action is in the journal, and p pauses it at once.',
]

async function whoEnables(
  install: Install,
  named: string | undefined,
  questions: Questions | null,
): Promise<string | null> {
  const managed = managedFacts(install.managed)
  if (managed !== null) {
    say(administratorSays(install.managed, managed))
    if (named !== undefined) say(['So --enable-as changes nothing.'])
    return null
  }
  const user = policyFacts(join(install.config, 'config.yaml'))
  if (user !== null && user.problem !== '') throw new UsageError(user.problem)
  if (user !== null && user.enabledBy !== '') {
    say([`Auto mode was enabled by ${user.enabledBy} on ${user.enabledOn}.`])
    return null
  }
  say(MEANING)
  if (named !== undefined) return nameOf(named)
  if (questions === null) {
    say(['It stays off: nothing is approved before its owner says so (--enable-as NAME).'])
    return null
  }
  if (!(await questions.yes('Enable it?'))) return null
  return nameOf(await questions.text('Your name, for the record', userName()))
}

function nameOf(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > 100 || /\p{C}/u.test(name))
    throw new UsageError('--enable-as takes the name of who enables auto mode')
  return name
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'owner' // a user id without an account, as in containers
  }
}

function administratorSays(path: string, facts: PolicyFacts): string[] {
  const { enabledBy, enabledOn, off, platforms, locked, problem } = facts
  if (problem !== '') return [`The managed policy is not in force: ${problem}`]
  const mode = off
    ? 'is off for everybody on this machine'
    : enabledBy === ''
      ? 'is not enabled'
      : `was enabled by ${enabledBy} on ${enabledOn}`
  return [
    `An administrator decides here (${path}): auto mode ${mode}.`,
    ...(platforms.length > 0 ? [`Platforms they list: ${platforms.join(', ')}.`] : []),
    ...(locked.length > 0 ? [`Locked for users: ${locked.join(', ')}.`] : []),
  ]
}

async function whichGateway(
  install: Install,
  flags: { readonly gateway?: string | undefined; readonly 'no-gateway'?: boolean | undefined },
  questions: Questions | null,
): Promise<string | null> {
  const { checkpoint } = install
  if (checkpoint !== null && !isOwnApi(checkpoint.upstream)) return checkpoint.upstream
  if (flags['no-gateway']) return null
  if (flags.gateway !== undefined) return gatewayUrl('--gateway', flags.gateway)
  const listed = policyFacts(join(install.config, 'config.yaml'))?.platforms ?? []
  for (const { url, from } of gatewaysFound(install.client, process.env)) {
    if (listed.includes(url) || url === baseUrlFor(install)) continue
    say([
      `Requests go through the gateway ${url} (${from}).`,
      "Behind it the client's own check may not work: listed, Signalbox decides in its place.",
    ])
    if (questions === null) say([`It is not listed: --gateway ${url} does that.`])
    else if (await questions.yes('List it?')) return url
  }
  return null
}

/** The hooks come last: from then on the rest is needed. */
function write(
  install: Install,
  plan: Plan,
  { enableAs, gateway }: Decisions,
  edits: PolicyEdits,
): void {
  say([privateFolder(install.state), privateFolder(install.sockets)].filter(it => it !== ''))
  writePrivate(installFile(install.state), `${JSON.stringify(install, null, 2)}\n`)
  const policy = join(install.config, 'config.yaml')
  if (enableAs !== null || gateway !== null)
    mkdirSync(install.config, { recursive: true, mode: 0o700 })
  if (enableAs !== null) {
    edits.enableAutoMode(policy, { by: enableAs, on: new Date().toISOString().slice(0, 10) })
    say([`Enabled by ${enableAs}, written to ${policy}.`])
  }
  if (gateway !== null) {
    edits.setPlatform(policy, gateway, 'decide')
    say([`Listed ${gateway}, with the role decide, in ${policy}.`])
  }
  carryOut(plan, install.state)
}

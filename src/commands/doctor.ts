/** Tries out everything between the client and the gate, and says how to mend what is wrong. */
import { defaultRoot } from '../clients/claude-code/layout.ts'
import type { Install } from '../config/install.ts'
import { installFile, newInstall, readInstall } from '../config/install-file.ts'
import { loadPolicy } from '../config/load-policy.ts'
import { stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { checkRules } from '../judge/check-rules.ts'
import { safe } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { type Check, ok, problem, warning } from './doctor/check.ts'
import { checkpointChecks } from './doctor/checkpoint.ts'
import { clientCheck, installChecks, nodeCheck, rootCheck } from './doctor/machine.ts'
import { reviewerCheck } from './doctor/reviewer.ts'
import { gateChecks, hookCheck } from './doctor/round-trip.ts'
import {
  environmentChecks,
  hooksCheck,
  otherInstallCheck,
  settingsChecks,
  settingsFiles,
} from './doctor/settings.ts'
import { flagsOf } from './flags.ts'

export const FLAGS = { json: 'boolean' } as const

export async function run(args: readonly string[]): Promise<number> {
  const { json } = flagsOf(args, FLAGS)
  const checks = await allChecks()
  const fine = checks.every(({ state }) => state !== 'problem')
  if (json) process.stdout.write(`${terminalSafeJson({ ok: fine, checks })}\n`)
  else for (const check of checks) process.stdout.write(`${lines(check).join('\n')}\n`)
  return fine ? 0 : 1
}

async function allChecks(): Promise<Check[]> {
  const state = stateFolder(process.env)
  const base = [nodeCheck(), ...rootCheck(), clientCheck(process.env)]
  const settings = (client: string): Check[] => [
    ...settingsFiles(client, process.cwd()).flatMap(([name, path]) => settingsChecks(name, path)),
    ...environmentChecks('environment', 'the environment of this shell', dangerousHere()),
  ]
  let install: Install | null
  try {
    install = readInstall(state)
  } catch (error) {
    return [...base, problem('install.json', messageOf(error), "run 'signalbox init' again")]
  }
  if (install === null)
    return [
      ...base,
      problem('install.json', `${installFile(state)}: is not there`, "run 'signalbox init'"),
      ...settings(defaultRoot(process.env)),
    ]
  const { config, managed } = install
  const { errors, policy } = loadPolicy({ config, managed, managedOwner: 0 }, checkRules)
  return [
    ...base,
    ...installChecks(install),
    movedCheck(install),
    ...tried('hooks', () => [hooksCheck(install), ...otherInstallCheck(install)]),
    ...settings(install.client),
    ...policyChecks(errors),
    await hookCheck(install),
    ...(await gateChecks(install)),
    ...(await checkpointChecks(install)),
    await reviewerCheck(policy.reviewer, install),
  ]
}

/** The shell's own PATH and folders are nobody's attack; what replaces a shell is. */
function dangerousHere(): string[] {
  return Object.keys(process.env).filter(name =>
    /^(LD_PRELOAD|LD_AUDIT|SHELLOPTS|BASH_ENV|BASH_FUNC_.*)$/.test(name),
  )
}

/** Settings and policy of this shell may be elsewhere than those that init found. */
function movedCheck(install: Install): Check {
  const now = newInstall(process.env, defaultRoot(process.env))
  const moved = (['config', 'client', 'program'] as const).filter(key => now[key] !== install[key])
  if (moved.length === 0) return ok('paths', 'as init fixed them')
  const differences = moved.map(key => `${key} ${install[key]} (here ${now[key]})`).join(', ')
  return warning(
    'paths',
    `fixed by init: ${differences}`,
    "run 'signalbox init' again if they moved",
  )
}

function policyChecks(errors: readonly string[]): Check[] {
  if (errors.length === 0) return [ok('policy', 'no errors')]
  return errors.map(error =>
    problem('policy', error, 'mend the file; nothing is approved until then'),
  )
}

function tried(name: string, checks: () => Check[]): Check[] {
  try {
    return checks()
  } catch (error) {
    return [problem(name, messageOf(error), 'mend the file')]
  }
}

function messageOf(error: unknown): string {
  if (error instanceof UsageError) return error.message
  throw error
}

const SIGNS = { ok: '+', warning: '!', problem: 'x' } as const

function lines({ name, state, text, mend }: Check): string[] {
  const first = `${SIGNS[state]} ${name}: ${safe(text)}`
  return mend === '' ? [first] : [first, `    ${safe(mend)}`]
}

/** Takes the hooks out of the client and stops the gate. What was recorded stays. */
import { rmdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { carryOut, changes, forget, planRemoval } from '../clients/claude-code/installed-hooks.ts'
import { defaultRoot } from '../clients/claude-code/layout.ts'
import { installFile, readInstall } from '../config/install-file.ts'
import { configFolder, stateFolder } from '../config/paths.ts'
import { flagsOf } from './flags.ts'
import { askGate, isGone } from './gate-control.ts'
import { terminalQuestions } from './questions.ts'
import { say, sayDiff } from './say.ts'
import { unifiedDiff } from './unified-diff.ts'

export const FLAGS = {
  yes: 'boolean',
  print: 'boolean',
  client: 'string',
} as const

export async function run(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  const state = stateFolder(process.env)
  const install = readInstall(state)
  const client = resolve(flags.client ?? install?.client ?? defaultRoot(process.env))
  const plan = planRemoval(client, state)
  const text = (bytes: Buffer | null): string | null => bytes?.toString('utf8') ?? null
  if (changes(plan)) sayDiff(unifiedDiff(plan.file.path, text(plan.file.bytes), text(plan.next)))
  else say([`No hooks of this install in ${plan.file.path}.`])
  if (flags.print) return 0
  if (!changes(plan) && install === null) return 0
  if (!flags.yes && !(await terminalQuestions('--yes').yes('Take it out?'))) {
    say(['Nothing was changed.'])
    return 0
  }
  carryOut(plan, state)
  // The hooks are out: nothing starts the gate again.
  if (install !== null) say([await stopped(install.sockets)])
  if (install === null || install.client === client) {
    forget(state)
    rmSync(installFile(state), { force: true })
  }
  say([
    'Signalbox is out of the client. Left for you to keep or remove:',
    `  journal  ${state}`,
    `  policy   ${join(install?.config ?? configFolder(process.env), 'config.yaml')}`,
  ])
  return 0
}

async function stopped(sockets: string): Promise<string> {
  const asked = await askGate(sockets, 'POST', '/stop')
  if (isGone(asked)) {
    removeEmpty(sockets)
    return 'The gate was not running.'
  }
  if ('failed' in asked) return `The gate does not answer (${asked.failed}); it ends when idle.`
  return asked.status < 300
    ? 'The gate was stopped.'
    : `The gate did not stop (${asked.status}); it ends when idle.`
}

function removeEmpty(folder: string): void {
  for (const name of ['hook.sock', 'control.sock']) rmSync(join(folder, name), { force: true })
  try {
    rmdirSync(folder)
  } catch {
    // somebody else's things are in it, or it is gone already
  }
}

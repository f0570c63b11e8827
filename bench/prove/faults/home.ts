// A throw-away home in which Signalbox is installed and decides, and what can be done to its gate.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readInstall } from '../../../src/config/install-file.ts'
import { signalbox } from '../../common.ts'

export interface FaultsHome {
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  readonly state: string
  readonly sockets: string
  /** `config.yaml` */
  readonly policy: string
  /** The client's settings. */
  readonly settings: string
  readonly transcript: string
  /** Runs a command to its end. @throws when it does not end with 0 */
  readonly cli: (...args: string[]) => string
  /** Starts a gate as a process of its own. @param imports modules that are loaded before it */
  readonly startGate: (imports?: readonly string[]) => ChildProcess
}

/** The gate of these homes decides, denies as often as it is asked, and keeps a journal for ever. */
export const POLICY = `
roles: { default: decide }
breaker: { in_row: 1000, of: 1000, last: 1000 }
journal: { keep_days: 36500 }
`

export function faultsHome(dir: string): FaultsHome {
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: dir,
    XDG_CONFIG_HOME: join(dir, 'config'),
    XDG_STATE_HOME: join(dir, 'state'),
    CLAUDE_CONFIG_DIR: join(dir, 'client'),
  }
  const cli = (...args: string[]): string => {
    const [command = '', ...rest] = signalbox(...args)
    const done = spawnSync(command, rest, { env, cwd: dir, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stderr}`)
    return done.stdout
  }
  cli('init', '--yes', '--enable-as', 'bench', '--no-gateway')
  const state = join(dir, 'state', 'signalbox')
  const install = readInstall(state)
  if (install === null) throw new Error('init installed nothing')
  const policy = join(dir, 'config', 'signalbox', 'config.yaml')
  appendFileSync(policy, POLICY)
  const transcript = join(dir, 'client', 'projects', 'p', 's.jsonl')
  mkdirSync(join(dir, 'client', 'projects', 'p'), { recursive: true })
  // Where the gate finds the model's name.
  const line = { type: 'assistant', version: '2.1.330', message: { model: 'claude-opus-4-6' } }
  writeFileSync(transcript, `${JSON.stringify(line)}\n`)
  return {
    dir,
    env,
    state,
    sockets: install.sockets,
    policy,
    settings: join(dir, 'client', 'settings.json'),
    transcript,
    cli,
    startGate: (imports = []) => {
      const [node = '', program = ''] = signalbox()
      const before = imports.flatMap(it => ['--import', it])
      const args = [...before, program, 'gate', 'run', '--install', join(state, 'install.json')]
      return spawn(node, args, { env, cwd: '/', stdio: 'ignore' })
    },
  }
}

/** The text that `init` put into the client's settings for an event. */
export function installedHook({ settings }: FaultsHome, event: string): string {
  // The shape that init writes; anything else fails loudly.
  const { hooks } = JSON.parse(readFileSync(settings, 'utf8')) as {
    hooks: Record<string, { hooks: { command: string }[] }[]>
  }
  const command = hooks[event]?.[0]?.hooks[0]?.command
  if (command === undefined) throw new Error(`init wrote no hook for ${event}`)
  return command
}

/** Nothing is in the journal any more, and nothing the gate remembers beside it. */
export function forget({ state }: FaultsHome): void {
  rmSync(join(state, 'journal'), { recursive: true, force: true })
  rmSync(join(state, 'projects.json'), { force: true })
}

export async function killed(child: ChildProcess): Promise<void> {
  const gone = child.exitCode !== null || child.signalCode !== null
  if (gone) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

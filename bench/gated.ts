// A throw-away home with Signalbox installed and its gate running, for parts that need one.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { signalbox, withTemp } from './common.ts'

export interface Gated {
  readonly dir: string
  readonly env: Record<string, string>
}

/** @param program what runs a command: this build unless told otherwise */
export function withGate<T>(
  name: string,
  use: (gated: Gated) => Promise<T>,
  program = signalbox,
): Promise<T> {
  return withTemp(name, async dir => {
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: dir,
      XDG_CONFIG_HOME: join(dir, 'config'),
      XDG_STATE_HOME: join(dir, 'state'),
      XDG_RUNTIME_DIR: join(dir, 'run'),
      CLAUDE_CONFIG_DIR: join(dir, 'client'),
    }
    const cli = (...args: string[]): void => {
      const [command = '', ...rest] = program(...args)
      const done = spawnSync(command, rest, { env, encoding: 'utf8' })
      if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stderr}`)
    }
    cli('init', '--yes', '--enable-as', 'bench', '--no-gateway')
    cli('gate', 'run', '--detach')
    try {
      return await use({ dir, env })
    } finally {
      cli('gate', 'stop')
    }
  })
}

/** A throw-away home in which the published program is set up. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Install } from '../../src/config/install.ts'
import { readInstall } from '../../src/config/install-file.ts'
import { type Finished, runCli } from './cli.ts'
import { put, tempFolder } from './folder.ts'

export interface Home {
  readonly folder: string
  readonly client: string
  readonly settings: string
  readonly policy: string
  readonly state: string
  readonly env: Record<string, string>
  readonly run: (...args: string[]) => Promise<Finished>
  readonly install: () => Install
  /** The client's settings now, or null. */
  readonly text: () => string | null
}

/** @param folder where it is; one that is kept for longer than a test is its maker's to remove */
export function newHome(
  settings: string | null = null,
  more: Record<string, string> = {},
  folder = tempFolder(),
): Home {
  const client = join(folder, 'client')
  const path = join(client, 'settings.json')
  const state = join(folder, 'state', 'signalbox')
  mkdirSync(client)
  if (settings !== null) put(path, settings)
  const env = {
    HOME: folder,
    CLAUDE_CONFIG_DIR: client,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    ...more,
  }
  return {
    folder,
    client,
    settings: path,
    policy: join(folder, 'config', 'signalbox', 'config.yaml'),
    state,
    env,
    run: (...args) => runCli(args, env),
    install: () => {
      const install = readInstall(state)
      if (install === null) throw new Error('nothing is installed')
      return install
    },
    text: () => (existsSync(path) ? readFileSync(path, 'utf8') : null),
  }
}

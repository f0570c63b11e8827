/** Finds and reads the record that `signalbox init` wrote. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { INSTALL, type Install } from './install.ts'
import { UsageError } from './usage-error.ts'

/** `$XDG_STATE_HOME/signalbox`, else `~/.local/state/signalbox`. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'signalbox')
}

export const installFile = (env: NodeJS.ProcessEnv): string =>
  join(stateFolder(env), 'install.json')

/** @returns null when nothing is installed there. @throws UsageError when the file does not fit */
export function findInstall(path: string): Install | null {
  if (!existsSync(path)) return null
  try {
    return v.parse(INSTALL, JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${path}: ${what.split('\n')[0]}; run 'signalbox init' again`)
  }
}

/** @throws UsageError when nothing is installed */
export function readInstall(path: string): Install {
  const install = findInstall(path)
  if (install === null) throw new UsageError(`${path}: not there; run 'signalbox init' first`)
  return install
}

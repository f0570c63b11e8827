import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `$XDG_CONFIG_HOME/signalbox`, else `~/.config/signalbox`. */
export function configFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'signalbox')
}

/** The user's own file in it: policy and settings. */
export const configFile = (folder: string): string => join(folder, 'config.yaml')

/** `$XDG_STATE_HOME/signalbox`, else `~/.local/state/signalbox`. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'signalbox')
}

/** A file that ships with the program, whether it runs from the bundle or from the sources. */
export function shipped(...path: string[]): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder))
    folder = dirname(folder)
  return join(folder, ...path)
}

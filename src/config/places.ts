/** Where the policy's commands look, before `init` fixed it and after. */
import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { managedPolicy } from './install-file.ts'
import { configFolder, stateFolder } from './paths.ts'

export interface Places {
  /** Folder of config.yaml. */
  readonly config: string
  /** Folder of what Signalbox remembers (0700). */
  readonly state: string
  /** The managed policy's file, and the user id that must own it. */
  readonly managed: string
  readonly managedOwner: number
  /** The client's config folder. */
  readonly client: string
}

/** No variable moves the managed policy: a user could name an empty one. */
export function placesOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Places {
  return {
    config: configFolder(env),
    state: stateFolder(env),
    managed: managedPolicy(platform),
    managedOwner: 0,
    client: resolve(env.CLAUDE_CONFIG_DIR || join(homedir(), '.claude')),
  }
}

/** Each path as it is written and, where links lead it elsewhere, as it really is. */
export function withRealPaths(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap(path => [path, realPathOf(path)]))]
}

/** Also of what is not there yet. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realPathOf(parent), basename(path))
  }
}

/** What a command that shows actions needs to know of secrets, before it shows any. */
import { join } from 'node:path'
import { findInstall, managedPolicy } from '../config/install-file.ts'
import { readOwn } from '../config/own-file.ts'
import { configFolder, stateFolder } from '../config/paths.ts'
import { chooseSecrets } from '../monitor/secrets.ts'

/** The flag that shows them. */
export const SHOW_SECRETS = { 'show-secrets': 'boolean' } as const

export interface Asked {
  readonly 'show-secrets': boolean
  readonly install?: string | undefined
}

/** By this machine's key, so that a secret has the same placeholder as in the journal. */
export async function hideSecrets(asked: Asked): Promise<void> {
  const show = asked['show-secrets']
  chooseSecrets({ key: keyFor(asked), patterns: show ? [] : await ownPatterns(), show })
}

function keyFor({ install }: Asked): string | null {
  try {
    const state = findInstall(process.env, install)?.state ?? stateFolder(process.env)
    return readOwn(join(state, 'key'))
  } catch {
    return null // who needs the install says what is wrong with it
  }
}

/** Of the user's policy and the managed one. */
async function ownPatterns(): Promise<readonly string[]> {
  const { existsSync } = await import('node:fs')
  const config = configFolder(process.env)
  const managed = managedPolicy(process.platform)
  // The policy's reader takes longer to load than most commands run.
  if (!existsSync(join(config, 'config.yaml')) && !existsSync(managed)) return []
  const { loadPolicy } = await import('../config/load-policy.ts')
  return loadPolicy({ config, managed, managedOwner: 0 }, () => []).policy.redact
}

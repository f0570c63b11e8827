/** The files of a policy, in temporary folders. */
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type LoadedPolicy, loadPolicy, type PolicySources } from '../../src/config/load-policy.ts'
import { checkRules } from '../../src/judge/check-rules.ts'
import { put, tempFolder } from '../helpers/folder.ts'

export const ME = process.getuid?.() ?? 0

interface Texts {
  readonly user?: string
  readonly managed?: string
  readonly repository?: string
}

export function sourcesOf({ user, managed, repository }: Texts): Required<PolicySources> {
  const folder = tempFolder()
  const sources = {
    config: join(folder, 'config'),
    managed: join(folder, 'etc', 'policy.yaml'),
    managedOwner: ME,
    projectRoot: join(folder, 'project'),
  }
  mkdirSync(sources.projectRoot)
  if (user !== undefined) put(join(sources.config, 'config.yaml'), user)
  if (managed !== undefined) {
    put(sources.managed, managed)
    chmodSync(join(folder, 'etc'), 0o755)
    chmodSync(sources.managed, 0o644)
  }
  if (repository !== undefined) put(join(sources.projectRoot, '.signalbox.yaml'), repository)
  return sources
}

export function load(texts: Texts): LoadedPolicy {
  return loadPolicy(sourcesOf(texts), checkRules)
}

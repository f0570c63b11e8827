/** What the projects that are known here bring with them: the client's settings, and a policy of their own. */
import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedPolicy } from '../../config/load-policy.ts'
import type { Policy } from '../../config/policy.ts'
import { knownProjects, rootOf } from '../../gate/projects.ts'
import type { Finding } from '../../monitor/finding.ts'
import { notCounted } from './layers.ts'
import { policyError } from './policy-error.ts'
import { settingsFindings } from './settings.ts'

/** Folders of projects that are still there: of the gate's sessions, of the policy, and this one. */
export function projectsOf(state: string, policy: Policy, folder: string): string[] {
  const listed = [...policy.trust.map(it => it.project), ...Object.keys(policy.roles.projects)]
  const all = [folder, rootOf(folder), ...knownProjects(join(state, 'projects.json')), ...listed]
  return [...new Set(all)].filter(it => it !== '' && existsSync(it))
}

/** @param client the client's own folder: its settings are the user's, also where they lie in a project */
export function projectFindings(project: string, client: string): Finding[] {
  const folder = join(project, '.claude')
  if (isSame(folder, client)) return settingsFindings(join(folder, 'settings.local.json'), true)
  return ['settings.json', 'settings.local.json'].flatMap(name =>
    settingsFindings(join(folder, name), true),
  )
}

/** Also where one of them is reached over a link: the user's own hooks are not the project's. */
function isSame(folder: string, client: string): boolean {
  if (folder === client) return true
  return existsSync(folder) && existsSync(client) && realpathSync(folder) === realpathSync(client)
}

/** What a repository's own file wants, beside what is said without it. */
export function repositoryFindings(
  loaded: LoadedPolicy,
  base: LoadedPolicy,
  file: string,
): Finding[] {
  const errors = loaded.errors.filter(it => !base.errors.includes(it))
  const passedOver = loaded.passedOver.filter(it => it.origin.layer === 'repository')
  return [
    ...errors.map(error => {
      const broken = policyError(error, file)
      return LOOSENS.test(error) ? { ...broken, ...LOOSENING } : broken
    }),
    ...passedOver.map(notCounted),
  ]
}

/** As the schema says it of what a repository may not. */
const LOOSENS = /may not be set by a repository|may only tighten here/
const LOOSENING = {
  kind: 'repository-loosens',
  mend: 'take it out, and look who put it there; nothing is approved in the project until then',
} as const

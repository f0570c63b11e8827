/** All that somebody should look at, from one place: for the command, and for a screen. Prints nothing. */
import { join } from 'node:path'
import { dayOf, loadPolicy } from '../../config/load-policy.ts'
import { checkRules } from '../../judge/check-rules.ts'
import { settingsFiles } from '../doctor/settings.ts'
import { nowhere } from '../trust-tools.ts'
import { type Finding, SEVERITIES } from './finding.ts'
import { journalFindings, Ungated } from './journal.ts'
import { layerFindings } from './layers.ts'
import { policyFindings } from './policy.ts'
import { recordOf, type Watcher } from './record.ts'
import { settingsFindings } from './settings.ts'

/** Where everything that is looked at lives. */
export interface Audited {
  /** Folder of config.yaml. */
  readonly config: string
  /** Folder of the journal. */
  readonly state: string
  /** The managed policy's file, and the user id that must own it. */
  readonly managed: string
  readonly managedOwner: number
  /** The client's config folder. */
  readonly client: string
  readonly home: string
  /** The folder whose project settings count. */
  readonly folder: string
  /** Unix ms: what the journal tells of earlier times is passed over. */
  readonly since: number
}

const PROJECTS: ReadonlySet<string> = new Set(['project settings', 'local settings'])

/** The gravest first. */
export function findings(audited: Audited, now: Date): Finding[] {
  const { policy, errors, passedOver } = loadPolicy(audited, checkRules)
  const settings = settingsFiles(audited.client, audited.folder)
  const found = [
    ...journalFindings(join(audited.state, 'journal')),
    ...recordFindings(audited),
    ...errors.map(error => broken(error, audited.config)),
    ...policyFindings(policy, dayOf(now), nowhere(audited.home)),
    ...layerFindings(policy, passedOver),
    ...settings.flatMap(([name, path]) => settingsFindings(path, PROJECTS.has(name))),
  ]
  return SEVERITIES.flatMap(severity => found.filter(it => it.severity === severity))
}

function broken(error: string, config: string): Finding {
  const [, where = config, what = error] = /^(.+?:\d+)(?::\d+)?: (.*)$/s.exec(error) ?? []
  const mend = 'mend the file; nothing is approved until then'
  return { kind: 'policy-broken', severity: 'high', what, where, mend }
}

function recordFindings(audited: Audited): Finding[] {
  const { state, since } = audited
  const policyOf = (projectRoot: string) =>
    loadPolicy({ ...audited, projectRoot }, checkRules).policy
  const watchers: readonly Watcher[] = [new Ungated(since)]
  for (const recorded of recordOf(join(state, 'journal'), policyOf))
    for (const watcher of watchers) watcher.see(recorded)
  return watchers.flatMap(watcher => watcher.findings())
}

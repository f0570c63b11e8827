/** All that somebody should look at, from one place: for the command, and for a screen. Prints nothing. */
import { join } from 'node:path'
import { settingsOf } from '../../clients/claude-code/installed-hooks.ts'
import { dayOf, type LoadedPolicy, loadPolicy, REPOSITORY_NAME } from '../../config/load-policy.ts'
import { checkRules } from '../../judge/check-rules.ts'
import { nowhere } from '../../judge/nowhere.ts'
import { type Finding, SEVERITIES } from '../../monitor/finding.ts'
import { managedSettings } from '../doctor/settings.ts'
import { withMend } from './fix.ts'
import { journalFindings, Ungated } from './journal.ts'
import { layerFindings } from './layers.ts'
import { People } from './people.ts'
import { policyFindings } from './policy.ts'
import { policyError } from './policy-error.ts'
import { projectFindings, projectsOf, repositoryFindings } from './project.ts'
import { recordOf } from './record.ts'
import { Routes } from './routes.ts'
import { settingsFindings } from './settings.ts'
import { Unused } from './unused.ts'
import { Verdicts } from './verdicts.ts'

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

/** The gravest first. */
export function findings(audited: Audited, now: Date): Finding[] {
  const load = loader(audited)
  const base = load('')
  const { policy, errors } = base
  const projects = projectsOf(audited.state, policy, audited.folder)
  const own = [...managedSettings(), settingsOf(audited.client)]
  const found = [
    ...journalFindings(join(audited.state, 'journal')),
    ...recordFindings(audited, load, now),
    ...errors.map(error => policyError(error, audited.config)),
    ...policyFindings(policy, dayOf(now), nowhere(audited.home)),
    ...layerFindings(base),
    ...own.flatMap(path => settingsFindings(path, false)),
    ...projects.flatMap(it => projectFindings(it, audited.client)),
    ...projects.flatMap(it => repositoryFindings(load(it), base, join(it, REPOSITORY_NAME))),
  ]
  const file = join(audited.config, 'config.yaml')
  const mending = found.map(it => withMend(it, file, [file, settingsOf(audited.client)]))
  return SEVERITIES.flatMap(severity => mending.filter(it => it.severity === severity))
}

type Load = (projectRoot: string) => LoadedPolicy

/** Each project's policy, read once; `''`: of no project. */
function loader(audited: Audited): Load {
  const loaded = new Map<string, LoadedPolicy>()
  return projectRoot => {
    const { config, managed, managedOwner } = audited
    const sources = { config, managed, managedOwner, ...(projectRoot !== '' && { projectRoot }) }
    const known = loaded.get(projectRoot) ?? loadPolicy(sources, checkRules)
    loaded.set(projectRoot, known)
    return known
  }
}

function recordFindings({ state, since }: Audited, load: Load, now: Date): Finding[] {
  const record = () => recordOf(join(state, 'journal'), root => load(root).policy)
  const verdicts = new Verdicts(since)
  const unused = new Unused(load('').policy.trust, since, now.getTime(), dayOf(now))
  const watchers = [new Ungated(since), new People(since), new Routes(since), unused]
  for (const recorded of record()) {
    verdicts.see(recorded)
    for (const watcher of watchers) watcher.see(recorded)
  }
  const explained = verdicts.explained()
  if (explained.isNeeded) for (const recorded of record()) explained.see(recorded)
  return [...watchers, explained].flatMap(watcher => watcher.findings())
}

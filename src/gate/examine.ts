import type { Judgement } from '../action/judgement.ts'
import { slotProblem } from '../config/entry-slot.ts'
import type { Policy, PolicyEntry, TrustEntry } from '../config/policy.ts'
import type { Facts, ToolCall } from '../judge/types.ts'
import type { GateParts } from './parts.ts'
import type { Session, Where } from './session.ts'

export interface Examined {
  readonly judgement: Judgement
  readonly facts: Facts
}

/** Gathers the facts about a call and has it judged. */
export async function examine(
  parts: GateParts,
  session: Session,
  call: ToolCall,
  where: Where,
): Promise<Examined> {
  const { projectRoot, baseline } = session
  const { cwd, elsewhere } = where
  const words = [...where.words]
  const facts =
    elsewhere === null
      ? await parts.gatherFacts({ call, cwd, projectRoot, baseline, words })
      : factsOf(session, where, elsewhere)
  const judgement = parts.judge(call, facts, policyOf(parts, session, where), session.ledger)
  return { judgement, facts }
}

/** A folder that a person gave the client beside its project is as good as listed, in this session. */
const folderEntry = (entry: string): TrustEntry => ({
  slot: 'paths',
  entry,
  project: '',
  note: 'a person gave it to the client',
  expires: '',
  origin: { layer: 'user', file: "the client's own folders", line: 0 },
})

/** What is listed for a client on another machine is good in every project of it. */
export function policyOf(
  { policies }: GateParts,
  { scope }: Session,
  { elsewhere, folders }: Where,
): Policy {
  const policy = policies.of(scope)
  const given = folders.filter(it => slotProblem('paths', it) === null).map(folderEntry)
  if (elsewhere === null) return { ...policy, trust: [...policy.trust, ...given] }
  const here = <E extends PolicyEntry>(entry: E): E =>
    entry.project === scope ? { ...entry, project: '' } : entry
  const { data, remoteTargets, iacScopes } = policy.sensitive
  return {
    ...policy,
    trust: [...policy.trust.map(here), ...given],
    sensitive: {
      data: data.map(here),
      remoteTargets: remoteTargets.map(here),
      iacScopes: iacScopes.map(here),
    },
  }
}

/** Of a client on another machine nothing is known but what its request tells: no file is looked into. */
function factsOf(
  { projectRoot, baseline: remotes }: Session,
  { cwd, words }: Where,
  { home, git }: NonNullable<Where['elsewhere']>,
): Facts {
  const own = ['.config/signalbox', '.local/state/signalbox', '.claude']
  return {
    cwd,
    projectRoot,
    home,
    branch: git.branch,
    defaultBranch: git.defaultBranch,
    remotes,
    remotesNow: git.remotes,
    words,
    createdByAgent: [],
    files: {},
    guarded: own.map(path => `${home}/${path}`),
  }
}

/** What is different now, for people; `''` when nothing is that matters. */
export function changeBetween(before: Judgement, now: Judgement): string {
  if (before.verdict !== now.verdict || before.rule !== now.rule)
    return `it was ${before.verdict} (${before.rule}), now it is ${now.verdict} (${now.rule})`
  const ids = (judgement: Judgement): string =>
    judgement.resources.map(resource => `${resource.id} (${resource.trust})`).join(', ')
  return ids(before) === ids(now) ? '' : `it touched ${ids(before)}, now it touches ${ids(now)}`
}

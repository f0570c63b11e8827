/** An action as this user's gate would judge it here, in a session that did nothing yet. */
import { homedir } from 'node:os'
import { readInstall } from '../config/install-file.ts'
import { dayOf, loadPolicy, withoutExpired } from '../config/load-policy.ts'
import { withRealPaths } from '../config/places.ts'
import { rootOf } from '../gate/projects.ts'
import { checkRules } from '../judge/check-rules.ts'
import { gatherFacts } from '../judge/facts.ts'
import { explainOn } from '../judge/judge.ts'
import { emptyLedger } from '../judge/ledger.ts'
import type { ToolCall } from '../judge/types.ts'
import type { Checked } from './check-picture.ts'
import type { Desk } from './desk.ts'

const FACTS_MS = 1000

/** @returns `errors`: files of the policy that do not fit, and so do not count */
export async function examined(
  call: ToolCall,
  cwd: string,
  { places, now }: Desk,
): Promise<{ checked: Checked; errors: readonly string[] }> {
  const today = dayOf(now)
  const projectRoot = rootOf(cwd)
  const loaded = loadPolicy({ ...places, projectRoot }, checkRules)
  const policy = withoutExpired(loaded.policy, today)
  const baseline = { remotes: null, createdByAgent: [] }
  const guarded = guardedBy(places)
  const facts = await gatherFacts(
    { cwd, projectRoot, home: homedir(), call, words: [], baseline, guarded },
    FACTS_MS,
  )
  const explained = explainOn(today)(call, facts, policy, emptyLedger)
  return { checked: { call, facts, policy, today, explained }, errors: loaded.errors }
}

/** As the gate guards them, where there is one. */
function guardedBy({ config, state, managed, client }: Desk['places']): readonly string[] {
  const sockets = readInstall(state)?.sockets
  const own = sockets === undefined ? [] : [sockets]
  return withRealPaths([config, state, managed, client, ...own])
}

/** What the screen needs of policy and judge to show trust and to propose it. */
import { narrowestEntry, widerEntries } from '../config/entry-scope.ts'
import type { Install } from '../config/install.ts'
import { PolicyFiles } from '../config/policy-files.ts'
import { checkRules } from '../judge/check-rules.ts'
import { nowhere } from '../judge/nowhere.ts'
import { covers } from '../judge/trust.ts'
import type { PolicyFacts, TrustTools, Watched } from '../monitor/link.ts'

const ROOT = 0

/** The policy in force, taken up again whenever a file changes. */
export function watchPolicy(
  { config, managed }: Install,
  signal: AbortSignal,
): Watched<PolicyFacts> {
  const listeners = new Set<() => void>()
  const files = new PolicyFiles({ config, managed, managedOwner: ROOT }, checkRules, () => {
    for (const listener of listeners) listener()
  })
  void files.watch()
  signal.addEventListener('abort', () => void files.close())
  return {
    get: () => files.current.policy,
    subscribe: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export function trustTools({ home }: Pick<Install, 'home'>): TrustTools {
  const facts = nowhere(home)
  return {
    narrowestEntry,
    widerEntries,
    matchesEntry: (entry, { kind, id }) => covers(entry, { kind, id }, facts),
  }
}

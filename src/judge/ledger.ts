/** What a session did and was told so far. Pure: every change is a new ledger. */

import { remembered } from './effects/contents.ts'
import { effectsOf } from './effects/effects.ts'
import { isSecret } from './paths.ts'
import type { Learn, Ledger } from './types.ts'
import { boundariesOf } from './words/boundaries.ts'

export const emptyLedger: Ledger = {
  createdByAgent: [],
  secretsRead: [],
  boundaries: [],
  fetched: {},
}

export const learn: Learn = (ledger, call, facts) => {
  const { effects, left, made } = effectsOf(call, facts, ledger)
  const secrets = effects.flatMap(effect =>
    effect.kind === 'read' && effect.target.path !== null && isSecret(effect.target.path)
      ? [effect.target.path]
      : effect.kind === 'read' && effect.credential
        ? [effect.target.written]
        : [],
  )
  const kept = Object.entries(left).map(([path, content]) => [path, remembered(content)] as const)
  return {
    createdByAgent: added(
      ledger.createdByAgent,
      made.map(it => it.name),
    ),
    secretsRead: added(ledger.secretsRead, secrets),
    boundaries: boundariesOf(facts.words, ledger.boundaries),
    fetched:
      kept.length === 0 ? ledger.fetched : { ...ledger.fetched, ...Object.fromEntries(kept) },
  }
}

function added(before: readonly string[], more: readonly string[]): readonly string[] {
  const fresh = more.filter(item => !before.includes(item))
  return fresh.length === 0 ? before : [...before, ...new Set(fresh)]
}

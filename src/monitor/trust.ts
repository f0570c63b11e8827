/** Trust entries: what each was last used for, and what a new one would change. */
import { domainToASCII } from 'node:url'
import { STATES } from '../action/action.ts'
import type { Judgement, Resource } from '../action/judgement.ts'
import type { World } from '../action/world.ts'
import { opinionOf } from './gate-view.ts'
import type { Named, TrustTools } from './link.ts'

/** When each entry was last what an action touched; judged actions are looked at once. */
export class TrustUse {
  readonly #matches: TrustTools['matchesEntry']
  #entries: readonly Named[] = []
  #usedAt = new Map<string, number>()
  #seen = 0

  constructor(matches: TrustTools['matchesEntry']) {
    this.#matches = matches
  }

  /** @returns by `namedKey` */
  update(world: World, entries: readonly Named[]): ReadonlyMap<string, number> {
    const same = entries.map(namedKey).join('\n') === this.#entries.map(namedKey).join('\n')
    const { judged } = world.gate
    const gone = world.forgotten.judged
    if (!same || gone + judged.length < this.#seen) {
      this.#entries = entries
      this.#usedAt = new Map()
      this.#seen = 0
    }
    for (const action of judged.slice(Math.max(0, this.#seen - gone))) {
      const { at = 0, judgement } = action.judged ?? {}
      for (const entry of this.#entries)
        if (judgement?.resources.some(resource => this.#matches(entry, resource)))
          this.#usedAt.set(namedKey(entry), Math.max(at, this.#usedAt.get(namedKey(entry)) ?? 0))
    }
    this.#seen = gone + judged.length
    return this.#usedAt
  }
}

/** What tells two entries apart here: where one is good does not matter. */
export const namedKey = ({ slot, entry }: Named): string => `${slot} ${entry}`

const isStrange = ({ trust }: Resource): boolean => trust === 'external' || trust === 'unknown'

/** What an action touches that nobody trusts: what a new entry could be about. */
export function strangers(judgement: Judgement | undefined): Resource[] {
  return judgement?.resources.filter(isStrange) ?? []
}

/** Recorded blocked actions that an entry would have let through, oldest first. */
export function wouldUnblock(
  world: World,
  entry: Named,
  matches: TrustTools['matchesEntry'],
): number[] {
  const rows: number[] = []
  for (const [row, action] of world.gate.byRow) {
    if (STATES[world.actions.columns.state[row] ?? 0] !== 'blocked') continue
    const judgement = opinionOf(action)?.judgement
    if (judgement?.tier !== 'soft_deny') continue
    const strange = strangers(judgement)
    if (strange.length > 0 && strange.every(resource => matches(entry, resource))) rows.push(row)
  }
  const { requestedAt } = world.actions.columns
  return rows.sort((a, b) => (requestedAt[a] ?? 0) - (requestedAt[b] ?? 0))
}

/**
 * An entry as it is shown: letters that may look like others are written out as punycode, so that
 * two names that look the same are not taken for one another.
 */
export function unmistakable(entry: string): string {
  return entry.replace(/[^\s/@:*]+/g, part => {
    if (/^[\x20-\x7e]*$/.test(part) || !part.includes('.')) return part
    return domainToASCII(part) || part
  })
}

/** Entries of trust that nothing an agent did had to do with. */
import { placeOf } from '../../config/layers.ts'
import type { TrustEntry } from '../../config/policy.ts'
import { type Effect, type Identity, identityIn } from '../../judge/effects/effect.ts'
import { effectsOf } from '../../judge/effects/effects.ts'
import { isInside } from '../../judge/paths.ts'
import type { Replayed } from '../../judge/replay.ts'
import { covers } from '../../judge/trust.ts'
import type { Finding } from '../../monitor/finding.ts'
import { removal } from './fix.ts'
import type { Recorded, Watcher } from './record.ts'

const DAYS = 90
const DAY_MS = 86_400_000
/** Fewer actions say nothing of what is never needed. */
export const ENOUGH = 200

interface Candidate {
  readonly entry: TrustEntry
  /** Judged where it is good, since it was there as far as the journal knows. */
  actions: number
  from: number
  isUsed: boolean
}

export class Unused implements Watcher {
  readonly #since: number
  readonly #now: number
  readonly #candidates: readonly Candidate[]
  readonly #known = new Set<string>()

  /**
   * @param trust all entries; those that are over are another finding
   * @param since Unix ms
   */
  constructor(trust: readonly TrustEntry[], since: number, now: number, today: string) {
    this.#since = Math.max(since, now - DAYS * DAY_MS)
    this.#now = now
    this.#candidates = trust
      .filter(({ expires }) => expires === '' || today <= expires)
      .map(entry => ({ entry, actions: 0, from: 0, isUsed: false }))
  }

  see({ entry, replayed }: Recorded): void {
    if (entry.type === 'trusted') {
      const { slot, entry: text, project } = entry
      for (const it of this.#candidates)
        if (it.entry.slot === slot && it.entry.entry === text && it.entry.project === project)
          Object.assign(it, { actions: 0, from: 0 })
    }
    if (replayed !== null && replayed.entry.at >= this.#since) this.#judged(replayed)
  }

  findings(): Finding[] {
    return this.#candidates
      .filter(({ isUsed, actions }) => !isUsed && actions >= ENOUGH)
      .map(it => this.#findingOf(it))
  }

  #judged(replayed: Replayed): void {
    const { entry, facts } = replayed
    const open = this.#candidates.filter(
      ({ entry: { project }, isUsed }) =>
        !isUsed && (project === '' || isInside(facts.projectRoot, project)),
    )
    if (open.length === 0) return
    const touched = this.#newIn(replayed)
    for (const it of open) {
      it.actions++
      if (it.from === 0) it.from = entry.at
      it.isUsed = touched.some(thing => covers(it.entry, thing, facts))
    }
  }

  /** What no action of the project touched before: the rest was held against the entries already. */
  #newIn(replayed: Replayed): readonly Identity[] {
    const { entry, facts } = replayed
    const call = JSON.stringify([facts.projectRoot, entry.tool, entry.inputHash, entry.cwd])
    if (this.#isKnown(call)) return []
    return touchedBy(replayed).filter(
      ({ kind, id, path }) => !this.#isKnown(JSON.stringify([facts.projectRoot, kind, id, path])),
    )
  }

  #isKnown(key: string): boolean {
    const known = this.#known.has(key)
    this.#known.add(key)
    return known
  }

  #findingOf({ entry, actions, from }: Candidate): Finding {
    const days = Math.max(1, Math.round((this.#now - from) / DAY_MS))
    return {
      kind: 'entry-unused',
      severity: 'low',
      what: `${entry.entry} under ${entry.slot} was of no use: of ${actions} actions in the last ${days === 1 ? 'day' : `${days} days`} none touched what it covers`,
      where: placeOf(entry.origin),
      mend: 'take it out if nobody needs it; it can be put back any time',
      ...removal(entry),
    }
  }
}

/** All that an action reaches, and all that it was judged by: too much rather than too little. */
function touchedBy({ entry, facts, ledger }: Replayed): readonly Identity[] {
  const { effects } = effectsOf(entry, facts, ledger)
  return [...entry.judgement.resources, ...effects.flatMap(thingsOf)]
}

function thingsOf(effect: Effect): Identity[] {
  const one = identityIn(effect)
  const path = 'target' in effect ? effect.target.path : null
  return [
    ...(one === null ? [] : [one]),
    ...(path === null ? [] : [{ kind: 'path' as const, id: path }]),
    ...(effect.kind === 'exec' ? effect.from : []),
    ...(effect.kind === 'write' ? (effect.fetched ?? []) : []),
  ]
}

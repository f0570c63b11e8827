/** What a journal recorded, judged again: the same actions with the same facts, in the same order. */
import * as v from 'valibot'
import type { EntryBody, EntryOf } from '../action/entry.ts'
import type { Judgement } from '../action/judgement.ts'
import { dayOf } from '../config/load-policy.ts'
import type { Policy } from '../config/policy.ts'
import { judgeOn } from './judge.ts'
import { emptyLedger, learn } from './ledger.ts'
import type { Facts, FileFact, Ledger } from './types.ts'

const texts = v.array(v.string())
const names = v.record(v.string(), v.string())
const FILE: v.GenericSchema<unknown, FileFact> = v.variant('kind', [
  v.object({ kind: v.literal('file'), content: v.string() }),
  v.object({ kind: v.literal('folder') }),
  v.object({ kind: v.literal('link'), to: v.string() }),
  v.object({ kind: v.literal('absent') }),
  v.object({ kind: v.literal('unknown') }),
])
/** As `judged` entries keep them: of the words only how many there were. */
const FACTS = v.object({
  cwd: v.string(),
  projectRoot: v.string(),
  home: v.string(),
  branch: v.string(),
  defaultBranch: v.string(),
  remotes: names,
  remotesNow: names,
  words: v.number(),
  createdByAgent: texts,
  files: v.record(v.string(), FILE),
  guarded: texts,
})

interface Session {
  readonly words: string[]
  readonly facts: Map<string, { readonly entry: EntryOf<'judged'>; readonly facts: Facts }>
  ledger: Ledger
}

/** An action as it was judged: all that the judge was given then, but for the policy, which is today's. */
export interface Replayed {
  readonly entry: EntryOf<'judged'>
  readonly facts: Facts
  readonly ledger: Ledger
  readonly policy: Policy
  /** ISO date of then. */
  readonly today: string
}

/** Takes a journal's entries one by one; sessions learn from what ran, as they did then. */
export class Replay {
  readonly #policyOf: (projectRoot: string) => Policy
  readonly #sessions = new Map<string, Session>()

  constructor(policyOf: (projectRoot: string) => Policy) {
    this.#policyOf = policyOf
  }

  /** @returns the verdict on the action of a `judged` entry; null for others, and without its facts */
  take(entry: EntryBody): Judgement | null {
    const it = this.follow(entry)
    return it === null ? null : judgeOn(it.today)(it.entry, it.facts, it.policy, it.ledger)
  }

  /** As `take`, for those who judge it themselves, or only want to look at what it does. */
  follow(entry: EntryBody): Replayed | null {
    switch (entry.type) {
      case 'words':
        this.#session(entry.session).words[entry.index] = entry.text
        return null
      case 'judged':
        return this.#given(entry)
      case 'ran':
        this.#ran(entry)
        return null
      case 'session-ended':
        this.#sessions.delete(entry.session)
        return null
      default:
        return null
    }
  }

  /** What a session learned so far, and the facts of its calls that did not end, by their ids. */
  left(id: string): { ledger: Ledger; facts: ReadonlyMap<string, Facts> } {
    const { ledger, facts } = this.#session(id)
    return { ledger, facts: new Map([...facts].map(([action, it]) => [action, it.facts])) }
  }

  #session(id: string): Session {
    const known = this.#sessions.get(id)
    if (known !== undefined) return known
    const session = { words: [], facts: new Map(), ledger: emptyLedger }
    this.#sessions.set(id, session)
    return session
  }

  #given(entry: EntryOf<'judged'>): Replayed | null {
    const recorded = v.safeParse(FACTS, entry.facts)
    if (!recorded.success) return null
    const session = this.#session(entry.session)
    const words = session.words.slice(0, recorded.output.words)
    const facts: Facts = { ...recorded.output, words }
    session.facts.set(entry.action, { entry, facts })
    const policy = this.#policyOf(facts.projectRoot)
    return { entry, facts, ledger: session.ledger, policy, today: dayOf(new Date(entry.at)) }
  }

  #ran({ session: id, action }: EntryOf<'ran'>): void {
    const session = this.#session(id)
    const call = session.facts.get(action)
    if (call === undefined) return
    session.facts.delete(action)
    const policy = this.#policyOf(call.facts.projectRoot)
    session.ledger = learn(session.ledger, call.entry, call.facts, policy)
  }
}

/** What the monitor is given to act with. All of it may be absent: then the screen only watches. */
import type { CommandInput, CommandReply } from '../action/command.ts'
import type { Resource } from '../action/judgement.ts'
import type { Policy, TrustEntry } from '../config/policy.ts'
import type { Finding } from './finding.ts'
import type { KeptFilter } from './prompt.ts'

/** A value that changes: read it, and hear that it did. */
export interface Watched<T> {
  get(): T
  /** @returns what ends the subscription */
  subscribe(listener: () => void): () => void
}

export type Send = (command: CommandInput) => Promise<CommandReply>

/** The part of the policy that the screen shows. */
export type PolicyFacts = Pick<Policy, 'trust' | 'locked'>

export const NO_POLICY: PolicyFacts = { trust: [], locked: [] }

/** What an entry names, without how far it reaches. */
export type Named = Pick<TrustEntry, 'slot' | 'entry'>

/** How trust entries are made from what an action touched, and read. */
export interface TrustTools {
  readonly narrowestEntry: (resource: Resource) => string
  /** From narrow to wide, without the narrowest. */
  readonly widerEntries: (resource: Resource) => readonly string[]
  readonly matchesEntry: (entry: Named, resource: Resource) => boolean
  /** What is chosen is proposed to the people of the session's machine, and changes nothing. */
  readonly proposes?: boolean
}

/** What a new entry would have changed, by judging every recorded action again. */
export interface Simulated {
  /** Recorded actions that were judged again. */
  readonly actions: number
  /** Those that would have been let through, by their ids. */
  readonly letThrough: readonly string[]
  /** Those whose verdict would have been another one. */
  readonly changed: number
}

/** Filters that were used, kept beyond this screen. */
export interface FilterHistory {
  /** The newest last. */
  readonly read: () => readonly string[]
  readonly keep: (history: readonly string[]) => void
}

/** What takes longer than a frame, and is told when it is there. */
export interface Asides {
  /** Rejects with one line for people. */
  readonly simulate: (entry: Named) => Promise<Simulated>
  /** The gravest first. Rejects as above. */
  readonly audit: () => Promise<readonly Finding[]>
  /** Has the terminal to itself meanwhile. @returns what came of it, in one line; rejects as above */
  readonly foreground: (args: readonly string[]) => Promise<string>
  /** Writes it into the user's own file. @returns what it did, in one line; rejects as above */
  readonly keepFilter: (kept: KeptFilter) => Promise<string>
  /** The user's own policy file, whether or not it is there. */
  readonly policyFile: string
  /** Mends what was found, while it is still `what`. @returns what it did, in one line; rejects as above */
  readonly mend: (fix: readonly string[], what: string) => Promise<string>
}

/**
 * `none`: there is no gate on this machine. `away`: it is installed and does not run now. `closed`:
 * the user wants a screen that cannot act.
 */
export type Reach = 'none' | 'closed' | 'away' | 'here'

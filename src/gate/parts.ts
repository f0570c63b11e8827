/** What a gate is made of. Given from outside, so that a test can put any of it in place. */
import type { EntryBody } from '../action/entry.ts'
import type { NewTrust, TrustPlace } from '../config/edit-policy.ts'
import type { Policy } from '../config/policy.ts'
import type { Reviewer } from '../judge/reviewer/reviewer.ts'
import type { Facts, Judge, Learn, Ledger, ToolCall } from '../judge/types.ts'
import type { Journal } from './journal.ts'
import type { Redactor } from './redact.ts'

export interface FactsWanted {
  readonly call: ToolCall
  readonly cwd: string
  readonly projectRoot: string
  /** Remotes at the session's start. */
  readonly baseline: Readonly<Record<string, string>>
  readonly words: readonly string[]
}

export interface PolicyHolder {
  /** In force for a project; the last good one when a file is broken. */
  of(projectRoot: string): Policy
  /** The first thing that is wrong with a file, or `''`. */
  readonly error: string
  /** Adds an entry to the user's policy. @throws UsageError when it cannot be one */
  trust(entry: NewTrust): TakeBack
  /** @throws UsageError when there is no such entry */
  untrust(place: TrustPlace): TakeBack
}

/** Takes an edit back, to the byte where nobody else changed the file. */
export type TakeBack = () => void

export interface Project {
  readonly root: string
  /** The project's remotes that count as trusted for this session, by name. */
  readonly baseline: Readonly<Record<string, string>>
}

export interface Recalled {
  readonly ledger: Ledger
  /** By the call's id. */
  readonly facts: ReadonlyMap<string, Facts>
}

export interface GateParts {
  readonly journal: Journal
  readonly policies: PolicyHolder
  readonly redactor: Redactor
  readonly judge: Judge
  /** Asked where the policy names one. */
  readonly reviewer: Pick<Reviewer, 'review' | 'spent' | 'lacks'>
  readonly learn: Learn
  /** What a session's ledger was when an earlier gate went, and the facts of its calls that did not end. */
  readonly recall: (session: string, told: readonly EntryBody[]) => Recalled
  /** Reads what the judge needs of the disk; within a time limit, unknown stays unknown. */
  readonly gatherFacts: (wanted: FactsWanted) => Promise<Facts>
  /** The project a session works in, as at the session's start. */
  readonly projectOf: (cwd: string, session: string) => Promise<Project>
  /** Told what an agent made in a project, in the words of the ledger. */
  readonly agentMade: (projectRoot: string, made: readonly string[]) => void
  /** Writes an exact permission rule into the client's settings, and takes it out again. */
  readonly clientRules: ClientRules
  /** The one that the client is set up to go through; null: none. */
  readonly checkpoint: { readonly listen: string; readonly upstream: string } | null
  /** Unix ms */
  readonly clock: () => number
  readonly version: string
}

export interface ClientRules {
  /** @returns why it cannot be written, or `''` */
  add(tool: string, input: unknown): string
  remove(tool: string, input: unknown): void
  removeAll(): void
}

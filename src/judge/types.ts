/** What the judge is given. All of it is data: the judge reads no clock, no disk and no network. */
import type { Judgement } from '../action/judgement.ts'
import type { Policy } from '../config/policy.ts'

/** A tool call as the client asks it. */
export interface ToolCall {
  readonly tool: string
  readonly input: unknown
  /** `''` is the session's main agent. */
  readonly agent: string
}

export type FileFact =
  | { readonly kind: 'file'; readonly content: string }
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' }

export interface Facts {
  readonly cwd: string
  readonly projectRoot: string
  readonly home: string
  /** `''` when not known. */
  readonly branch: string
  readonly defaultBranch: string
  /** Name → URL as at the session's start, minus what an agent added: what is trusted. */
  readonly remotes: Readonly<Record<string, string>>
  /** Name → URL as they are now: what a name means. */
  readonly remotesNow: Readonly<Record<string, string>>
  /** What a person said so far, oldest first; only typed words. */
  readonly words: readonly string[]
  /** In the forms of DESIGN section 8: paths, `branch:NAME`, `remote:NAME=URL`, … */
  readonly createdByAgent: readonly string[]
  /** Absolute paths that were looked at. What is not listed is unknown. */
  readonly files: Readonly<Record<string, FileFact>>
  /** Files and folders of Signalbox and of the client that no agent may touch, absolute. */
  readonly guarded: readonly string[]
}

/** What is known of a session; pure: `judge` and `learn` return, they change nothing. */
export interface Ledger {
  readonly createdByAgent: readonly string[]
  /** Secrets read so far, for people. */
  readonly secretsRead: readonly string[]
  /** Boundaries the user stated, as sentences with the effect they forbid. */
  readonly boundaries: readonly {
    readonly words: string
    readonly forbids: string
    /** What it is about, by name; everything where it is missing. */
    readonly about?: string
  }[]
  /** Files the agent fetched from the network, and scripts it wrote: path → where from. */
  readonly fetched: Readonly<Record<string, string>>
}

export type Judge = (call: ToolCall, facts: Facts, policy: Policy, ledger: Ledger) => Judgement
/** The ledger after a call that was allowed or asked, and so may have run. */
export type Learn = (ledger: Ledger, call: ToolCall, facts: Facts, policy: Policy) => Ledger

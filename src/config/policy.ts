/** The policy in force: what the managed file, the user's file and a repository's say together. */
import type { Role } from '../action/entry.ts'
import type { Slot } from '../action/slot.ts'

/** Which file and line a part of the policy came from. */
export interface Origin {
  readonly layer: 'built-in' | 'managed' | 'user' | 'repository'
  /** `''` for what is built in. */
  readonly file: string
  readonly line: number
}

/** A name in the policy, and how far it reaches. */
export interface PolicyEntry {
  /** As people write it: `github.com/acme`, `*.corp.example`, `s3://bucket/prefix`, `mcp:server`, … */
  readonly entry: string
  /** The folder it is good for, absolute; `''`: everywhere. */
  readonly project: string
  readonly note: string
  /** ISO date after which it no longer counts, or `''`. */
  readonly expires: string
  readonly origin: Origin
}

export interface TrustEntry extends PolicyEntry {
  /** Limits the kinds of resource that it means. */
  readonly slot: Slot
}

/** A rule of the policy's own, over the text of a command or the target of a tool. */
export interface PolicyRule {
  readonly id: string
  readonly tier: 'hard_deny' | 'soft_deny' | 'ask' | 'allow'
  /** A tool's name, or `*`. */
  readonly tool: string
  /** null: every call of the tool. */
  readonly pattern: RulePattern | null
  readonly reason: string
  /** What it must find and what it must leave, each written as the pattern is (without one: a tool). */
  readonly examples: { readonly match: readonly string[]; readonly noMatch: readonly string[] }
  readonly origin: Origin
}

export interface RulePattern {
  readonly over: 'command' | 'path' | 'url'
  /** Words that the command begins with, or a glob over the path or URL of a tool. */
  readonly text: string
}

export interface Policy {
  /** Who enabled auto mode and when (ISO date): without it nothing is approved. */
  readonly enabled: { readonly by: string; readonly on: string; readonly origin: Origin } | null
  /** Model ids or prefixes ending in `*`. */
  readonly models: readonly string[]
  /** `anthropic`, `bedrock`, `vertex`, `foundry`, or a gateway's base URL. */
  readonly platforms: readonly { readonly platform: string; readonly role: Role | null }[]
  /** An administrator says which platforms there are: nobody else adds one. */
  readonly platformsAreManaged: boolean
  readonly roles: { readonly default: Role; readonly projects: Readonly<Record<string, Role>> }
  readonly trust: readonly TrustEntry[]
  readonly sensitive: Sensitive
  readonly rules: readonly PolicyRule[]
  /** Ids of built-in rules that are switched off (never those of the guard itself). */
  readonly rulesOff: readonly { readonly id: string; readonly origin: Origin }[]
  readonly breaker: Breaker
  /** Modes of the client in which `allow` may be answered: `auto`, and `default` where listed. */
  readonly allowIn: readonly string[]
  /** How long an answer is held for the screen. */
  readonly waits: { readonly deniedSeconds: number; readonly askSeconds: number }
  readonly journal: { readonly keepDays: number }
  /** Patterns of what else is a secret. */
  readonly redact: readonly string[]
  /** The model that is asked where the judge is unsure; null: a person is asked. */
  readonly reviewer: ReviewerSettings | null
  readonly fleet: Fleet
  /** What a managed policy does not let the user do, by the name of the command: `trust`, `override`, … */
  readonly locked: readonly (
    | 'trust'
    | 'override'
    | 'pause'
    | 'approve'
    | 'roles'
    | 'rules'
    | 'reviewer'
    | 'remote'
  )[]
}

export interface Fleet {
  /** What a relay tells of an action: who decided what over which resources, or all but its secrets. */
  readonly share: 'reduced' | 'redacted'
  /** Who may act on this machine from elsewhere. */
  readonly remote: readonly RemoteIdentity[]
  /** No more than this, whoever it is. */
  readonly remoteMay: readonly RemoteRight[]
}

export const REMOTE_RIGHTS = ['approve', 'deny', 'override', 'pause', 'resume', 'propose'] as const
export type RemoteRight = (typeof REMOTE_RIGHTS)[number]

export interface RemoteIdentity {
  /** The public nkey of a user: `U…`. */
  readonly nkey: string
  readonly name: string
  readonly may: readonly RemoteRight[]
  readonly origin: Origin
}

export interface ReviewerSettings {
  readonly provider: 'anthropic' | 'openai-compatible'
  readonly model: string
  /** `''`: the provider's own. */
  readonly baseUrl: string
  readonly key: ReviewerKey
  /** For one review, with its retries. */
  readonly timeoutMs: number
  readonly budget: ReviewerBudget
  readonly origin: Origin
}

/** Never the key itself: the name of a variable in the gate's environment, or a command that prints it. */
export type ReviewerKey =
  | { readonly from: 'environment'; readonly name: string }
  | { readonly from: 'command'; readonly command: string }
  | { readonly from: 'nowhere' }

/** Once spent, a person is asked again. Dollars count only where the model's price is known. */
export interface ReviewerBudget {
  readonly sessionUsd: number
  readonly dayUsd: number
  readonly sessionTokens: number
  readonly dayTokens: number
}

export interface Breaker {
  readonly inRow: number
  /** So many of so many. */
  readonly of: number
  readonly last: number
  /** What happens to an unattended run when it trips. */
  readonly unattended: 'deny' | 'stop'
}

/** Entries in the same forms as trust, or names as a command gives them. */
export interface Sensitive {
  readonly data: readonly PolicyEntry[]
  readonly remoteTargets: readonly PolicyEntry[]
  readonly iacScopes: readonly PolicyEntry[]
}

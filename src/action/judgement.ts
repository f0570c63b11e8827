/** What a judge says of an action, and of what the action touches. */

export const VERDICTS = ['allow', 'ask', 'deny'] as const
export type Verdict = (typeof VERDICTS)[number]

export const RESOURCE_KINDS = [
  'git',
  'domain',
  'bucket',
  'registry',
  'service',
  'host',
  'cluster',
  'database',
  'mcp',
  'path',
] as const
export type ResourceKind = (typeof RESOURCE_KINDS)[number]

/**
 * `trusted`: the policy lists it. `project`: the project folder, loopback, the project's remotes at
 * the session's start. `agent`: the agent made it in this session. All else is `external`; `unknown`
 * is what could not be resolved.
 */
export const TRUSTS = ['trusted', 'project', 'agent', 'external', 'unknown'] as const
export type Trust = (typeof TRUSTS)[number]

/** Something an action touches, with its exact identity. */
export interface Resource {
  readonly kind: ResourceKind
  /** As a trust entry would be written: `github.com/acme/app`, `evil.example`, `s3://bucket/key`. */
  readonly id: string
  readonly trust: Trust
}

/**
 * `hard_deny`: nothing clears it. `soft_deny`: trust, the ledger or the user's own words may. `ask`:
 * a person is always asked. `allow`: known to be harmless. `uncertain`: no rule knows it.
 */
export const TIERS = ['hard_deny', 'soft_deny', 'ask', 'allow', 'uncertain'] as const
export type Tier = (typeof TIERS)[number]

export interface Judgement {
  readonly verdict: Verdict
  /** The id of the rule that decided, `read-only`, `in-project`, or `uncertain`. */
  readonly rule: string
  readonly tier: Tier
  /** One or two sentences for the agent and for people. Holds text of the agent: make it safe. */
  readonly reason: string
  /** The part of the command or input it rests on, as written; `''` when the whole. */
  readonly evidence: string
  readonly resources: readonly Resource[]
  /** What would clear it, each a phrase: `trust github.com/acme`, `the user names …`, `override`. */
  readonly clear: readonly string[]
}

/** What a rule is: a question about one effect, in the light of trust, ledger and words. */
import type { Resource, Tier } from '../../action/judgement.ts'
import type { Policy } from '../../config/policy.ts'
import type { Effect, Identity } from '../effects/effect.ts'
import type { Facts, Ledger } from '../types.ts'
import type { Naming } from '../words/request.ts'

/** In the order in which they are shown. */
export const GROUPS = ['destroy', 'posture', 'trust', 'review', 'boundary', 'guard'] as const
export type Group = (typeof GROUPS)[number]

/** What a rule is for, under the headings of the client's own published defaults, and two of ours. */
export const HEADINGS: Readonly<Record<Group, string>> = {
  destroy: 'Destroy or exfiltrate',
  posture: 'Degrade security posture',
  trust: 'Cross trust boundaries',
  review: 'Bypass review or affect others',
  boundary: 'Boundary',
  guard: 'Guard',
}

/** All that a rule may look at beside the effect itself. */
export interface View {
  readonly facts: Facts
  readonly policy: Policy
  readonly ledger: Ledger
  /** All effects of the same call. */
  readonly effects: readonly Effect[]
  readonly trust: (it: Identity) => Resource
  /** What the agent made, by the facts and by the ledger. */
  readonly made: ReadonlySet<string>
}

export interface Finding {
  readonly evidence: string
  readonly resources: readonly Resource[]
  /** What the user would have to say; null when words cannot clear it. */
  readonly naming: (Naming & { readonly phrase: string }) | null
}

export interface Rule {
  readonly id: string
  readonly group: Group
  readonly tier: Extract<Tier, 'hard_deny' | 'soft_deny' | 'ask'>
  /** For people: what it is about. */
  readonly sentence: string
  readonly examples: {
    /** Commands that it finds. */
    readonly finds: readonly string[]
    /** Commands that look like them and that it leaves. */
    readonly leaves: readonly string[]
  }
  /** @returns null when the effect is none of its business */
  readonly find: (effect: Effect, view: View) => Finding | null
}

/** @param naming what the user would have to say to clear it */
export function found(
  effect: Effect,
  resources: readonly Resource[] = [],
  naming: Finding['naming'] = null,
): Finding {
  return { evidence: effect.evidence, resources, naming }
}

/** Cleared by whatever asks for the command itself: it has no other name. */
export function asItIs(effect: Effect): Finding['naming'] {
  return { targets: [], phrase: effect.evidence.slice(0, 80) }
}

export function isExternal({ trust }: Resource): boolean {
  switch (trust) {
    case 'trusted':
    case 'project':
      return false
    case 'agent':
    case 'external':
    case 'unknown':
      return true
  }
}

/** Of something that is not known at all. */
export function unresolved(kind: Resource['kind'], id = ''): Resource {
  return { kind, id, trust: 'unknown' }
}

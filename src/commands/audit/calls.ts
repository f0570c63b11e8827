/** A recorded call, and what it does. */
import type { EntryOf } from '../../action/entry.ts'
import type { Resource } from '../../action/judgement.ts'
import { summaryOf } from '../../clients/claude-code/tools.ts'
import type { Effect } from '../../judge/effects/effect.ts'
import { explainOn } from '../../judge/judge.ts'
import { isInside } from '../../judge/paths.ts'
import type { Replayed } from '../../judge/replay.ts'
import type { Facts } from '../../judge/types.ts'
import { reachesSame, withOwnRemotes } from './same-effect.ts'

export interface Call {
  readonly entry: EntryOf<'judged'>
  readonly where: string
  readonly does: () => Does
  ran: boolean
  /** A person said yes to it. */
  approved: boolean
}

interface Does {
  readonly all: readonly Effect[]
  /** Those that a denial of it is about. */
  readonly denied: readonly Effect[]
}

/** What it does is only asked for where something was denied: of most calls nobody wants to know. */
export function callOf(replayed: Replayed, where: string): Call {
  let does: Does | null = null
  return {
    entry: replayed.entry,
    where,
    does: () => {
      does ??= doesOf(replayed)
      return does
    },
    ran: false,
    approved: false,
  }
}

function doesOf({ entry, facts, policy, ledger, today }: Replayed): Does {
  const { on, seen, resources } = explainOn(today)(entry, facts, policy, ledger)
  const { verdict, evidence } = entry.judgement
  const all = withOwnRemotes(seen.effects)
  if (verdict !== 'allow' && on !== null && on.evidence === evidence) return { all, denied: [on] }
  // Somebody else denied it, or a rule over its text: what leads out of the project is what it was for.
  return { all, denied: all.filter((it, i) => leadsOut(it, resources[i] ?? null, facts)) }
}

function leadsOut(effect: Effect, resource: Resource | null, { projectRoot }: Facts): boolean {
  switch (effect.kind) {
    case 'read':
      return effect.credential
    case 'write':
    case 'delete':
      return effect.target.path !== null && !isInside(effect.target.path, projectRoot)
    case 'send':
    case 'receive':
    case 'vcs':
    case 'exec':
      return resource !== null && /^(external|unknown)$/.test(resource.trust)
    case 'cloud':
    case 'privilege':
    case 'persist':
    case 'guard-config':
      return true
  }
}

/** @returns what a later call reaches that a denied one was to reach, for people */
export function reachedBy(denied: Call, later: Call): string | null {
  // The same call once more is no other route: its verdict is another one.
  if (later.entry.inputHash === denied.entry.inputHash) return null
  for (const was of denied.does().denied)
    for (const is of later.does().all) {
      const reached = reachesSame(was, is)
      if (reached !== null) return reached
    }
  return null
}

export function shown({ entry: { tool, input } }: Call): string {
  const text = summaryOf(tool, input).replace(/\s+/g, ' ')
  return `${tool} "${text.length > 100 ? `${text.slice(0, 99)}…` : text}"`
}

/**
 * The judge: effects × rules × trust × ledger × the user's words → a judgement. It reads nothing but
 * what it is given, so that the same input gives the same answer, now and in a replay.
 */
import * as v from 'valibot'
import type { Judgement, Resource } from '../action/judgement.ts'
import { SLOT_OF } from '../action/slot.ts'
import { slotFor } from '../config/entry-slot.ts'
import type { Policy } from '../config/policy.ts'
import { type Effect, type Effects, type Identity, identityIn } from './effects/effect.ts'
import { COMMAND, effectsOf } from './effects/effects.ts'
import { harmless } from './harmless.ts'
import { realPath } from './paths.ts'
import { matches, type PolicyMatch } from './policy-rules.ts'
import { type Finding, isExternal, type Rule, type View } from './rules/rule.ts'
import { RULES } from './rules/rules.ts'
import { COVERED, trustOf } from './trust.ts'
import type { Facts, Judge, Ledger, ToolCall } from './types.ts'
import { isAskedFor } from './words/request.ts'

/** ISO date for entries of trust that expire; without one they do not count. */
export function judgeOn(today: string): Judge {
  return (...asked) => explainOn(today)(...asked).judgement
}

/** A judgement with all that it was made from. */
export interface Explained {
  readonly judgement: Judgement
  /** What it rests on; null where it is the whole, or a rule of the policy's own. */
  readonly on: Effect | null
  readonly seen: Effects
  /** For each effect the thing that it reaches, if that has a name. */
  readonly resources: readonly (Resource | null)[]
}

export function explainOn(today: string): (...asked: Parameters<Judge>) => Explained {
  return (call, facts, policy, ledger) => {
    const seen = effectsOf(call, facts, ledger)
    try {
      const views = viewsOf(seen, facts, policy, ledger, today)
      const decided = decide(call, facts, policy, seen, views)
      const resources = seen.effects.map((effect, i) => {
        const it = identityIn(effect)
        return (it === null ? null : views[i]?.trust(it)) ?? null
      })
      return { ...decided, seen, resources }
    } catch {
      // Whatever broke it, nobody knows what it does.
      const asked = uncertain(null, 'it could not be looked through', [])
      return { ...asked, seen, resources: seen.effects.map(() => null) }
    }
  }
}

export const judge: Judge = judgeOn('')

type Decided = Pick<Explained, 'judgement' | 'on'>

interface Found {
  readonly rule: Rule
  readonly finding: Finding
  readonly effect: Effect
}

function decide(
  call: ToolCall,
  facts: Facts,
  policy: Policy,
  seen: Effects,
  views: readonly View[],
): Decided {
  const found = findAll(seen.effects, views, policy)
  const own = matches(call, policy.rules)
  const at = (tier: Rule['tier']): readonly Found[] => found.filter(it => it.rule.tier === tier)

  const [managed] = own.filter(
    it => it.rule.tier === 'hard_deny' && it.rule.origin.layer === 'managed',
  )
  if (managed !== undefined) return byPolicy(managed)
  const [hard] = at('hard_deny')
  if (hard !== undefined) return denial(hard)
  const [denied] = own.filter(it => it.rule.tier === 'hard_deny')
  if (denied !== undefined) return byPolicy(denied)

  const excepted = own.some(it => it.rule.tier === 'allow')
  const first = at('soft_deny').find((it, i) => i >= MOST_ASKED || !isCleared(it, call, facts))
  if (first !== undefined && !excepted) return denial(first)
  const [softOwn] = own.filter(it => it.rule.tier === 'soft_deny')
  if (softOwn !== undefined && !excepted) return byPolicy(softOwn)

  const [askOwn] = own.filter(it => it.rule.tier === 'ask')
  if (askOwn !== undefined) return byPolicy(askOwn)
  const asked = at('ask').find((it, i) => i >= MOST_ASKED || !isCleared(it, call, facts))
  if (asked !== undefined && !excepted) return question(asked)
  const allowed = own.find(it => it.rule.tier === 'allow')
  if (allowed !== undefined) return byPolicy(allowed)
  return rest(call, facts, seen, found, views)
}

/** For each effect, what is known when it happens. */
function viewsOf(
  seen: Effects,
  facts: Facts,
  policy: Policy,
  ledger: Ledger,
  today: string,
): readonly View[] {
  const cache = new Map<string, Resource>()
  const trust = (it: Identity): Resource => {
    const key = `${it.kind} ${it.id} ${it.path ?? ''}`
    const known = cache.get(key) ?? trustOf(it, facts, policy, today)
    cache.set(key, known)
    return known
  }
  const before = [...facts.createdByAgent, ...ledger.createdByAgent].map(it => madeName(it, facts))
  const base = { facts, policy, ledger, effects: seen.effects, trust }
  let view: View = { ...base, made: new Set(before) }
  // What is made later in the same call was not the agent's when it was deleted.
  return seen.effects.map((_, i) => {
    const fresh = seen.made.filter(it => it.after === i).map(it => madeName(it.name, facts))
    if (fresh.length > 0) view = { ...base, made: new Set([...view.made, ...fresh]) }
    return view
  })
}

/** Paths absolute; `branch:NAME` and the like as they are. */
function madeName(made: string, facts: Facts): string {
  return /^[a-z0-9]+:/i.test(made) ? made : realPath(made, facts.projectRoot, facts.files)
}

function findAll(
  effects: readonly Effect[],
  views: readonly View[],
  policy: Policy,
): readonly Found[] {
  const off = new Set(policy.rulesOff.map(it => it.id))
  const rules = RULES.filter(rule => rule.group === 'guard' || !off.has(rule.id))
  const found: Found[] = []
  for (const rule of rules)
    for (const [i, effect] of effects.entries()) {
      const view = views[i]
      const finding = view === undefined ? null : rule.find(effect, view)
      if (finding !== null) found.push({ rule, finding, effect })
    }
  return found
}

/** Parts of one call that words are looked through for: nobody asks for more by name. */
const MOST_ASKED = 24

function isCleared({ finding }: Found, call: ToolCall, facts: Facts): boolean {
  return (
    finding.naming !== null && isAskedFor(finding.evidence, commandOf(call), finding.naming, facts)
  )
}

function commandOf({ tool, input }: ToolCall): string {
  const given = v.safeParse(COMMAND, input)
  return given.success ? given.output.command : tool
}

/** No rule holds it: allowed when every part is known to be harmless, else a person is asked. */
function rest(
  call: ToolCall,
  facts: Facts,
  seen: Effects,
  found: readonly Found[],
  views: readonly View[],
): Decided {
  const resources = resourcesOf(seen.effects, views)
  const cleared = new Set(found.map(it => it.effect))
  let why: 'read-only' | 'in-project' = 'read-only'
  for (const [i, effect] of seen.effects.entries()) {
    const view = views[i]
    const known = view === undefined ? null : harmless(effect, view)
    const harm =
      known === null && (cleared.has(effect) || isAsked(effect, call, facts)) ? 'in-project' : known
    if (harm === null) return uncertain(effect, unclear(effect), resources)
    if (harm === 'in-project') why = harm
  }
  if (seen.coverage === 'partial')
    return uncertain(
      null,
      `it holds a part that is not seen through (${seen.unknowns[0] ?? ''})`,
      resources,
    )
  const reason =
    found.length > 0
      ? 'The user asked for it by name.'
      : why === 'read-only'
        ? 'It only reads.'
        : 'It stays within the project and what is trusted.'
  const fine = { verdict: 'allow', rule: why, tier: 'allow', reason, evidence: '' } as const
  return { judgement: { ...fine, resources, clear: [] }, on: null }
}

/** What no rule knows is also done when the user asked for it by name. */
function isAsked(effect: Effect, call: ToolCall, facts: Facts): boolean {
  if (effect.kind === 'send' && effect.payload.includes('secret')) return false
  if (/\bsignalbox\b/.test(effect.evidence)) return false
  return isAskedFor(effect.evidence, commandOf(call), null, facts)
}

function unclear(effect: Effect): string {
  switch (effect.kind) {
    case 'exec':
      return `what it runs is not known (${effect.what.slice(0, 80)})`
    case 'send':
      return `it sends something to ${effect.to?.id ?? 'a place that is not known'}`
    case 'receive':
      return `it asks ${effect.from?.id ?? 'a place that is not known'}`
    case 'write':
      return `it writes to ${(effect.target.path ?? effect.target.written).slice(0, 200)}`
    case 'cloud':
      return `it changes something at ${effect.on?.id ?? effect.provider}`
    case 'read':
    case 'delete':
    case 'vcs':
    case 'privilege':
    case 'persist':
    case 'guard-config':
      return 'no rule knows it'
  }
}

function uncertain(on: Effect | null, what: string, resources: readonly Resource[]): Decided {
  const judgement: Judgement = {
    verdict: 'ask',
    rule: 'uncertain',
    tier: 'uncertain',
    reason: `No rule knows this to be harmless: ${what}.`,
    evidence: on?.evidence ?? '',
    resources,
    clear: clearOf(resources, null),
  }
  return { judgement, on }
}

function resourcesOf(effects: readonly Effect[], views: readonly View[]): readonly Resource[] {
  const all = new Map<string, Resource>()
  for (const [i, effect] of effects.entries()) {
    const it = identityIn(effect)
    const found = it === null ? undefined : views[i]?.trust(it)
    if (found !== undefined) all.set(`${found.kind} ${found.id}`, found)
  }
  return [...all.values()]
}

const NO_OTHER_WAY =
  'Do not reach the same effect in another way. Go on with other work, or tell the user what you need and why.'

function denial({ rule, finding, effect }: Found): Decided {
  const judgement: Judgement = {
    verdict: 'deny',
    rule: rule.id,
    tier: rule.tier,
    reason: `${rule.sentence} ${NO_OTHER_WAY}`,
    evidence: finding.evidence,
    resources: finding.resources,
    clear: rule.tier === 'hard_deny' ? [] : clearOf(finding.resources, finding.naming),
  }
  return { judgement, on: effect }
}

function question({ rule, finding, effect }: Found): Decided {
  const judgement: Judgement = {
    verdict: 'ask',
    rule: rule.id,
    tier: 'ask',
    reason: rule.sentence,
    evidence: finding.evidence,
    resources: finding.resources,
    clear: clearOf(finding.resources, finding.naming),
  }
  return { judgement, on: effect }
}

function clearOf(resources: readonly Resource[], naming: Finding['naming']): readonly string[] {
  const trusts = resources
    .filter(it => isExternal(it) && it.id !== '' && it.kind !== 'path')
    .map(it => `trust ${it.id}${slotOption(it)}`)
  const says =
    naming === null || naming.targets.length === 0 ? [] : [`the user says "${naming.phrase}"`]
  return [...trusts, ...says, 'override']
}

/** Where the name alone would be taken for something else: `images.corp.example/app` is no repository. */
function slotOption({ kind, id }: Resource): string {
  const slot = slotFor(id)
  return slot !== null && COVERED[slot].includes(kind) ? '' : ` --as ${SLOT_OF[kind]}`
}

function byPolicy(match: PolicyMatch): Decided {
  return { judgement: policyJudgement(match), on: null }
}

function policyJudgement({ rule, evidence }: PolicyMatch): Judgement {
  const base = { rule: rule.id, tier: rule.tier, evidence, resources: [] }
  switch (rule.tier) {
    case 'allow':
      return {
        ...base,
        verdict: 'allow',
        reason: rule.reason || 'The policy allows it.',
        clear: [],
      }
    case 'ask':
      return {
        ...base,
        verdict: 'ask',
        reason: rule.reason || 'The policy asks about it.',
        clear: ['override'],
      }
    case 'soft_deny':
    case 'hard_deny':
      return {
        ...base,
        verdict: 'deny',
        reason: `${rule.reason || 'The policy does not allow it.'} ${NO_OTHER_WAY}`,
        clear: rule.tier === 'hard_deny' ? [] : ['override'],
      }
  }
}

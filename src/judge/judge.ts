/**
 * The judge: effects × rules × trust × ledger × the user's words → a judgement. It reads nothing but
 * what it is given, so that the same input gives the same answer, now and in a replay.
 */
import type { Judgement, Resource } from '../action/judgement.ts'
import { SLOT_OF } from '../action/slot.ts'
import { slotFor } from '../config/entry-slot.ts'
import type { Policy } from '../config/policy.ts'
import type { Effect, Effects, Identity } from './effects/effect.ts'
import { commandOf, effectsOf } from './effects/effects.ts'
import { harmless } from './harmless.ts'
import { realPath } from './paths.ts'
import { matches, type PolicyMatch } from './policy-rules.ts'
import { type Finding, isExternal, type Rule, type View } from './rules/rule.ts'
import { RULES } from './rules/rules.ts'
import { COVERED, trustOf } from './trust.ts'
import type { Facts, Judge, Ledger, ToolCall } from './types.ts'
import { isNamed } from './words/naming.ts'

/** ISO date for entries of trust that expire; without one they do not count. */
export function judgeOn(today: string): Judge {
  return (call, facts, policy, ledger) => {
    try {
      return decide(call, facts, policy, ledger, today)
    } catch {
      return uncertain('', 'it could not be looked through', [])
    }
  }
}

export const judge: Judge = judgeOn('')

interface Found {
  readonly rule: Rule
  readonly finding: Finding
  readonly effect: Effect
}

function decide(
  call: ToolCall,
  facts: Facts,
  policy: Policy,
  ledger: Ledger,
  today: string,
): Judgement {
  const seen = effectsOf(call, facts, ledger)
  const views = viewsOf(seen, facts, policy, ledger, today)
  const found = findAll(seen.effects, views, policy)
  const own = matches(call, commandOf(call), policy)
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
  const soft = at('soft_deny').filter(it => !isCleared(it, facts))
  const [first] = soft
  if (first !== undefined && !excepted) return denial(first)
  const [softOwn] = own.filter(it => it.rule.tier === 'soft_deny')
  if (softOwn !== undefined && !excepted) return byPolicy(softOwn)

  const [askOwn] = own.filter(it => it.rule.tier === 'ask')
  if (askOwn !== undefined) return byPolicy(askOwn)
  const [asked] = at('ask').filter(it => !isCleared(it, facts))
  if (asked !== undefined && !excepted) return question(asked)
  const allowed = own.find(it => it.rule.tier === 'allow')
  if (allowed !== undefined) return byPolicy(allowed)
  return rest(seen, found, views)
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

function isCleared({ finding }: Found, facts: Facts): boolean {
  return finding.naming !== null && isNamed(finding.naming, facts)
}

/** No rule holds it: allowed when every part is known to be harmless, else a person is asked. */
function rest(seen: Effects, found: readonly Found[], views: readonly View[]): Judgement {
  const resources = resourcesOf(seen.effects, views)
  const cleared = new Set(found.map(it => it.effect))
  let why: 'read-only' | 'in-project' = 'read-only'
  for (const [i, effect] of seen.effects.entries()) {
    const view = views[i]
    const known = view === undefined ? null : harmless(effect, view)
    const harm = cleared.has(effect) ? 'in-project' : known
    if (harm === null) return uncertain(effect.evidence, unclear(effect), resources)
    if (harm === 'in-project') why = harm
  }
  if (seen.coverage === 'partial')
    return uncertain(
      '',
      `it holds a part that is not seen through (${seen.unknowns[0] ?? ''})`,
      resources,
    )
  const reason =
    found.length > 0
      ? 'The user asked for it by name.'
      : why === 'read-only'
        ? 'It only reads.'
        : 'It stays within the project and what is trusted.'
  return { verdict: 'allow', rule: why, tier: 'allow', reason, evidence: '', resources, clear: [] }
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

function uncertain(evidence: string, what: string, resources: readonly Resource[]): Judgement {
  return {
    verdict: 'ask',
    rule: 'uncertain',
    tier: 'uncertain',
    reason: `No rule knows this to be harmless: ${what}.`,
    evidence,
    resources,
    clear: clearOf(resources, null),
  }
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

function identityIn(effect: Effect): Identity | null {
  switch (effect.kind) {
    case 'send':
    case 'vcs':
      return effect.to
    case 'receive':
      return effect.from
    case 'cloud':
      return effect.on
    case 'exec':
      return effect.from[0] ?? null
    case 'read':
    case 'write':
    case 'delete':
    case 'privilege':
    case 'persist':
    case 'guard-config':
      return null
  }
}

const NO_OTHER_WAY =
  'Do not reach the same effect in another way. Go on with other work, or tell the user what you need and why.'

function denial({ rule, finding }: Found): Judgement {
  return {
    verdict: 'deny',
    rule: rule.id,
    tier: rule.tier,
    reason: `${rule.sentence} ${NO_OTHER_WAY}`,
    evidence: finding.evidence,
    resources: finding.resources,
    clear: rule.tier === 'hard_deny' ? [] : clearOf(finding.resources, finding.naming),
  }
}

function question({ rule, finding }: Found): Judgement {
  return {
    verdict: 'ask',
    rule: rule.id,
    tier: 'ask',
    reason: rule.sentence,
    evidence: finding.evidence,
    resources: finding.resources,
    clear: clearOf(finding.resources, finding.naming),
  }
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

function byPolicy({ rule, evidence }: PolicyMatch): Judgement {
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

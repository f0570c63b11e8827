/** Rules of all layers: the first of a name stays, and only the user's own can be switched off. */
import { type Layers, type Locked, type Note, originOf, placeOf } from './layers.ts'
import type { Origin, Policy, PolicyRule, RulePattern } from './policy.ts'
import type { PolicyPart } from './policy-schema.ts'
import type { RuleEntry } from './rule-schema.ts'
import type { YamlFile } from './yaml-file.ts'

const LOCKED = "'rules' is locked by the managed policy"

export function mergeRules(
  { managed, user, repository }: Layers,
  locked: Locked,
  note: Note,
): PolicyRule[] {
  const all = [
    ...rulesIn('managed', managed),
    ...rulesIn('user', user),
    ...rulesIn('repository', repository),
  ]
  const kept = new Map<string, PolicyRule>()
  for (const rule of all) {
    const first = kept.get(rule.id)
    if (rule.origin.layer === 'user' && rule.tier === 'allow' && locked.has('rules'))
      note(rule.origin, LOCKED)
    else if (first !== undefined)
      note(
        rule.origin,
        `there is a rule '${rule.id}' already (${placeOf(first.origin)})`,
        first.origin.layer,
      )
    else kept.set(rule.id, rule)
  }
  return [...kept.values()]
}

export type RulesFile = YamlFile<Pick<PolicyPart, 'rules' | 'rules_off'>>

/** The rules of one file, in its order. */
export function rulesIn(layer: Origin['layer'], file: RulesFile | null): PolicyRule[] {
  if (file === null) return []
  return (file.value.rules ?? []).map((rule, i) => ({
    id: rule.id,
    tier: rule.tier,
    tool: rule.tool ?? '*',
    pattern: patternOf(rule),
    reason: rule.reason,
    examples: { match: rule.match ?? [], noMatch: rule.no_match ?? [] },
    origin: originOf(layer, file, 'rules', i),
  }))
}

function patternOf({ command, path, url }: RuleEntry): RulePattern | null {
  if (command) return { over: 'command', text: command }
  if (path) return { over: 'path', text: path }
  return url ? { over: 'url', text: url } : null
}

/** That each is the id of a built-in rule was checked when its file was read. */
export function mergeRulesOff(
  { managed, user }: Layers,
  locked: Locked,
  note: Note,
): Policy['rulesOff'] {
  const off = new Map<string, Origin>()
  for (const [layer, file] of [
    ['managed', managed],
    ['user', user],
  ] as const)
    for (const [i, id] of (file?.value.rules_off ?? []).entries()) {
      if (file === null) continue
      const origin = originOf(layer, file, 'rules_off', i)
      if (layer === 'user' && locked.has('rules')) note(origin, LOCKED)
      else if (!off.has(id)) off.set(id, origin)
    }
  return Array.from(off, ([id, origin]) => ({ id, origin }))
}

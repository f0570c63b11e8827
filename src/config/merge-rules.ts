/** Rules of all layers: the first of a name stays, and only the user's own can be switched off. */
import { type Layers, type Locked, type Note, originOf, placeOf } from './layers.ts'
import type { Origin, Policy, PolicyRule } from './policy.ts'
import type { PolicyPart } from './policy-schema.ts'
import type { YamlFile } from './yaml-file.ts'

const LOCKED = "'rules' is locked by the managed policy"

export function mergeRules(
  { managed, user, repository }: Layers,
  locked: Locked,
  note: Note,
): PolicyRule[] {
  const all = [
    ...rulesOf('managed', managed),
    ...rulesOf('user', user),
    ...rulesOf('repository', repository),
  ]
  const kept = new Map<string, PolicyRule>()
  for (const rule of all) {
    const first = kept.get(rule.id)
    if (rule.origin.layer === 'user' && rule.tier === 'allow' && locked.has('rules'))
      note(rule.origin, LOCKED)
    else if (first !== undefined)
      note(rule.origin, `there is a rule '${rule.id}' already (${placeOf(first.origin)})`)
    else kept.set(rule.id, rule)
  }
  return [...kept.values()]
}

function rulesOf(
  layer: Origin['layer'],
  file: YamlFile<Pick<PolicyPart, 'rules'>> | null,
): PolicyRule[] {
  const rules = file?.value.rules ?? []
  return file === null
    ? []
    : rules.map((rule, i) => ({ ...rule, origin: originOf(layer, file, 'rules', i) }))
}

/** Only built-in rules can be switched off: a rule of the policy's own is taken out where it stands. */
export function mergeRulesOff(
  { managed, user }: Layers,
  rules: readonly PolicyRule[],
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
      const own = rules.find(rule => rule.id === id)
      if (layer === 'user' && locked.has('rules')) note(origin, LOCKED)
      else if (own !== undefined)
        note(origin, `'${id}' is a rule of ${placeOf(own.origin)}, not a built-in one`)
      else if (!off.has(id)) off.set(id, origin)
    }
  return Array.from(off, ([id, origin]) => ({ id, origin }))
}

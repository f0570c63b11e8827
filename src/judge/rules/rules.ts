/** All rules, in the order in which they are told of. */
import { boundaryRules } from './boundary.ts'
import { codeRules } from './code.ts'
import { destructionRules } from './destruction.ts'
import { editRules } from './edits.ts'
import { exfiltrationRules } from './exfiltration.ts'
import { guardRules } from './guard.ts'
import { historyRules } from './history.ts'
import { nearest } from './nearest.ts'
import { outsideRules } from './outside.ts'
import { postureRules } from './posture.ts'
import { productionRules } from './production.ts'
import type { Rule } from './rule.ts'

export const RULES: readonly Rule[] = [
  ...guardRules,
  ...boundaryRules,
  ...productionRules,
  ...exfiltrationRules,
  ...codeRules,
  ...editRules,
  ...destructionRules,
  ...historyRules,
  ...postureRules,
  ...outsideRules,
]

export function ruleById(id: string): Rule | null {
  return RULES.find(rule => rule.id === id) ?? null
}

/** The id that was meant, where one was mistyped. */
export function nearestRule(id: string): string {
  return nearest(
    id,
    RULES.map(rule => rule.id),
  )
}

/** The risk that the facts alone tell of: a model may say more, never less. */
import type { Risk } from '../../action/review.ts'
import type { Effect } from '../effects/effect.ts'
import type { Explained } from '../judge.ts'
import type { Ledger } from '../types.ts'
import { riskier } from './verdict.ts'

export function leastRisk({ judgement, seen }: Explained, ledger: Ledger): Risk {
  const whole: Risk = judgement.tier === 'soft_deny' ? 'high' : 'low'
  const partly: Risk = seen.coverage === 'partial' ? 'medium' : 'low'
  // What could carry a secret that the session has read.
  const outward = ledger.secretsRead.length > 0 && seen.effects.some(isOutward)
  return seen.effects
    .map(riskOf)
    .reduce(riskier, riskier(riskier(whole, partly), outward ? 'high' : 'low'))
}

function isOutward(effect: Effect): boolean {
  return effect.kind === 'send' || effect.kind === 'receive' || effect.kind === 'exec'
}

function riskOf(effect: Effect): Risk {
  switch (effect.kind) {
    case 'read':
      return effect.credential ? 'high' : 'low'
    case 'receive':
      return 'low'
    case 'write':
      return 'medium'
    case 'exec':
      return /^(project|declared|installed)$/.test(effect.origin) ? 'low' : 'medium'
    case 'send':
      if (effect.payload.includes('secret')) return 'critical'
      return effect.does === 'read' && effect.payload.length === 0 ? 'low' : 'medium'
    case 'vcs':
      if (effect.force || effect.deletes) return 'high'
      return effect.op === 'local' || effect.op === 'fetch' ? 'low' : 'medium'
    case 'cloud':
      if (effect.verb === 'read') return 'low'
      return effect.verb === 'write' || effect.verb === 'deploy' ? 'medium' : 'high'
    case 'delete':
    case 'privilege':
    case 'persist':
      return 'high'
    case 'guard-config':
      return 'critical'
  }
}

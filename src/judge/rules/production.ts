/** What others rely on: deployments, and what the user said must wait. */
import type { Effect } from '../effects/effect.ts'
import { namesHere } from '../trust.ts'
import { standingBoundaries } from '../words.ts'
import { found, type Rule, type View } from './rule.ts'

const PRODUCTION = /(^|[^a-z])(prod|production|live)([^a-z]|$)/i

function isProduction(names: readonly string[], effect: Effect, view: View): boolean {
  if (names.some(name => PRODUCTION.test(name))) return true
  const { remoteTargets, iacScopes } = view.policy.sensitive
  const on = effect.kind === 'cloud' ? effect.on : null
  return namesHere([...remoteTargets, ...iacScopes], on, names, view.facts)
}

const deploy: Rule = {
  id: 'prod-deploy',
  group: 'production',
  tier: 'soft_deny',
  sentence: 'Changes what runs in production.',
  examples: {
    finds: [
      'kubectl apply -f k8s/ --context prod-us',
      'vercel deploy --prod',
      'npm run migrate -- --env production',
      'fly deploy -a acme-prod',
      './deploy.sh --env production',
      'terraform apply -var-file=prod.tfvars',
    ],
    leaves: ['npm run build', 'kubectl get pods --context prod', 'npm run product-tests'],
  },
  find: (effect, view) => {
    const names =
      effect.kind === 'cloud' && effect.verb !== 'read'
        ? effect.names
        : effect.kind === 'exec'
          ? effect.what.split(/[\s=]+/)
          : []
    const acts =
      effect.kind === 'cloud' ||
      /deploy|migrat|release|rollout|promote|ship|publish|apply|seed/i.test(names.join(' '))
    if (!acts || !isProduction(names, effect, view)) return null
    const targets = names.filter(name => PRODUCTION.test(name)).map(name => name.replace(/^-+/, ''))
    const on = effect.kind === 'cloud' && effect.on !== null ? [view.trust(effect.on)] : []
    return found(effect, on, {
      operation: /\b(deploy|apply|migrate|release|roll ?out|ship|promote|run)\w*\b/i,
      targets: targets.slice(0, 1),
      phrase: `deploy to ${targets[0] ?? 'production'}`,
    })
  },
}

/** Words of scripts that do more than build and test. */
const ACTS =
  /^(deploy|publish|release|ship|rollout|promote|rollback|destroy|teardown|flush|fresh|drop|purge|wipe|reset|truncate)([:._-]|$)|[:_-](deploy|publish|release|destroy|drop|reset|fresh|flush|wipe|purge)$/i

const acts: Rule = {
  id: 'project-acts',
  group: 'production',
  tier: 'ask',
  sentence: 'Runs a script of the project that, by its name, deploys, publishes or destroys.',
  examples: {
    finds: [
      'npm run deploy',
      'make publish',
      'python manage.py flush',
      'php artisan migrate:fresh',
      './gradlew publish',
    ],
    leaves: ['npm run build', 'make test', 'node scripts/deployed.js'],
  },
  find: effect => {
    const own =
      effect.kind === 'exec' && (effect.origin === 'project' || effect.origin === 'declared')
    if (!own) return null
    const words = effect.what.split(/\s+/).slice(0, 6)
    // The value of an option is no word of what is done.
    return words.some(
      (word, i) => !word.startsWith('-') && !/^--?\w/.test(words[i - 1] ?? '') && ACTS.test(word),
    )
      ? found(effect)
      : null
  },
}

/** What each boundary of the user's means in effects. */
function isForbidden(forbids: string, effect: Effect): boolean {
  switch (forbids) {
    case 'push':
      return effect.kind === 'vcs' && effect.op === 'push'
    case 'commit':
      return effect.kind === 'vcs' && /\bcommit\b/.test(effect.evidence)
    case 'deploy':
      return (
        (effect.kind === 'cloud' && effect.verb !== 'read') ||
        (effect.kind === 'exec' && /deploy|rollout|release/i.test(effect.what))
      )
    case 'publish':
      return effect.kind === 'send' && effect.means === 'publish'
    case 'delete':
      return (
        effect.kind === 'delete' ||
        (effect.kind === 'cloud' && effect.verb === 'destroy') ||
        (effect.kind === 'vcs' && effect.deletes)
      )
    case 'install':
      return effect.kind === 'exec' && (effect.origin === 'package' || effect.origin === 'declared')
    case 'merge':
      return /\bmerge\b/.test(effect.evidence) && (effect.kind === 'vcs' || effect.kind === 'cloud')
    case 'network':
      return effect.kind === 'receive' || effect.kind === 'send'
    case 'edit':
      return effect.kind === 'write' || effect.kind === 'delete'
    default:
      return false
  }
}

const boundary: Rule = {
  id: 'user-boundary',
  group: 'boundary',
  tier: 'soft_deny',
  sentence: 'The user said that this must not happen, or not yet.',
  // What it finds depends on what was said: tested on its own.
  examples: { finds: [], leaves: ['git push', 'npm run deploy:staging'] },
  find: (effect, view) => {
    const said = standingBoundaries(view.facts, view.ledger).find(it =>
      isForbidden(it.forbids, effect),
    )
    return said === undefined ? null : found(effect)
  },
}

export const productionRules: readonly Rule[] = [boundary, deploy, acts]

/** What others rely on: deployments, and what the user said must wait. */
import type { Effect, Identity } from '../effects/effect.ts'
import { subjectsOf } from '../subjects.ts'
import { namesHere } from '../trust.ts'
import { type Finding, found, isExternal, type Rule, type View } from './rule.ts'

const PRODUCTION = /(^|[^a-z])(prod|production|live)([^a-z]|$)/i

function isProduction(names: readonly string[], effect: Effect, view: View): boolean {
  if (names.some(name => PRODUCTION.test(name))) return true
  const { remoteTargets, iacScopes } = view.policy.sensitive
  const on = effect.kind === 'cloud' ? effect.on : null
  return namesHere([...remoteTargets, ...iacScopes], on, names, view.facts)
}

/** `"$PROD_DATABASE_URL"` says where, whatever it holds. */
function variablesIn(evidence: string): readonly string[] {
  return Array.from(evidence.matchAll(/\$\{?(\w+)/g), match => match[1] ?? '')
}

const deploy: Rule = {
  id: 'prod-deploy',
  group: 'review',
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
    if (
      effect.kind === 'send' &&
      effect.means === 'http' &&
      effect.does === 'write' &&
      /\b(env(ironment)?|stage|target)["']?[=:]\s*["']?prod/i.test(effect.evidence)
    )
      return found(effect, effect.to === null ? [] : [view.trust(effect.to)])
    const names =
      effect.kind === 'cloud' && effect.verb !== 'read'
        ? [...effect.names, ...variablesIn(effect.evidence)]
        : effect.kind === 'exec'
          ? [
              ...effect.what.split(/[\s=]+/),
              ...(effect.evidence.match(/^(?:\w+=\S+\s+)+/)?.[0].split(/[\s=]+/) ?? []),
            ]
          : []
    const acts =
      effect.kind === 'cloud' ||
      /deploy|migrat|alembic|release|rollout|promote|ship|publish|apply|seed|runner|console|tinker|charge|flush|drop|reset|send|mail|capture|refund/i.test(
        names.join(' '),
      )
    if (!acts || !isProduction(names, effect, view)) return null
    if (
      effect.kind === 'exec' &&
      (TESTS.test(effect.evidence) || HARMLESS_RUN.test(effect.evidence))
    )
      return null
    const variables = effect.kind === 'cloud' ? variablesIn(effect.evidence) : []
    const targets = names
      .filter(name => PRODUCTION.test(name) && !variables.includes(name))
      .map(name => name.replace(/^-+([\w-]+=)?/, ''))
    const on = effect.kind === 'cloud' && effect.on !== null ? [view.trust(effect.on)] : []
    return found(effect, on, {
      targets:
        effect.kind === 'exec'
          ? subjectsOf(effect.what.split(/\s+/)).slice(-2)
          : [
              ...subjectsOf(effect.kind === 'cloud' ? effect.names : names).filter(
                name => !targets.includes(name),
              ),
              ...targets.slice(0, 1),
            ].slice(-3),
      phrase: `deploy to ${targets[0] ?? 'production'}`,
    })
  },
}

/** Clouds, clusters and services that nobody listed: what is changed there is others'. */
const elsewhere: Rule = {
  id: 'change-elsewhere',
  group: 'review',
  tier: 'soft_deny',
  sentence: 'Changes something that runs or is kept elsewhere, and that is not listed as trusted.',
  examples: {
    finds: [
      'terraform apply -auto-approve',
      'kubectl apply -f k8s/',
      'aws ec2 run-instances --image-id x',
      'az sql server firewall-rule create -n x',
      'curl -X POST -H "Authorization: Bearer x" https://api.example/v1/payouts -d a=1',
    ],
    leaves: [
      'terraform plan',
      'kubectl get pods',
      'docker start web',
      'kubectl --context kind-dev apply -f k8s/',
      'curl -X POST http://localhost:3000/x -d a=1',
    ],
  },
  find: (effect, view) => {
    const to = placeOf(effect)
    if (to === undefined) return null
    const on = to === null ? null : view.trust(to)
    if (on !== null && !isExternal(on)) return null
    const names = effect.kind === 'cloud' ? effect.names : []
    const subject = subjectsOf(names)
    return found(effect, on === null ? [] : [on], {
      targets: effect.kind === 'send' ? requestOf(effect.evidence, on?.id ?? '') : subject,
      phrase: `${names[0] ?? 'change'} ${subject.join(' ')}`.trim(),
    })
  },
}

/** A request is named by its host and by the last part of its address. */
function requestOf(evidence: string, host: string): readonly string[] {
  const path = /https?:\/\/[^\s'"]+/.exec(evidence)?.[0] ?? ''
  const last =
    path
      .split(/[/?#]/)
      .filter(part => part !== '')
      .at(-1) ?? ''
  return host === '' || last === '' ? [] : [host.replace(/:\d+$/, ''), last]
}

/** @returns undefined when nothing is changed elsewhere */
function placeOf(effect: Effect): Identity | null | undefined {
  if (effect.kind === 'send')
    return effect.means === 'http' && effect.does === 'write' && effect.signed === true
      ? effect.to
      : undefined
  if (effect.kind !== 'cloud' || !/^(deploy|write)$/.test(effect.verb)) return undefined
  // These have rules of their own, or are on this machine.
  if (/^(mcp|registry|docker|github|keychain|nats)$/.test(effect.provider)) return undefined
  if (effect.provider === 'database' && effect.on === null && effect.verb === 'write')
    return undefined
  return effect.on
}

/** Words of scripts that do more than build and test. */
const ACTS =
  /^(deploy|publish|release|ship|rollout|promote|rollback|destroy|teardown|flush|fresh|drop|purge|wipe|reset|truncate)([:._-]|$)|[.:_-](deploy|publish|release|destroy|drop|reset|fresh|flush|wipe|purge)$|^(?:deploy|publish|release|destroy|rollback)(?=[A-Z])/

/** `npm run deploy -- --env staging` is asked for as "deploy staging". */
function namingOf(act: string, evidence: string): Finding['naming'] {
  const where = /prod(uction)?|staging|test|dev|sandbox|beta|qa/i.exec(evidence)?.[0]
  const verb = /^[a-z]+/.exec(act)?.[0] ?? act
  return {
    targets: [],
    instead: new RegExp(`\\b(${where ?? act}|${act.replace(/[^\w]/g, '.')})\\b`, 'i'),
    unless: /\b(no|not an) option\b/i,
    phrase: `${verb} ${where ?? ''}`.trim(),
  }
}

const HARMLESS_RUN =
  /\b(RAILS|MIX|APP|NODE|DJANGO|RACK|FLASK|LARAVEL)_ENV=test\w*|--env[= ]test\w*|\b\w+_test\b|--dry-run\b|\bmake\b.*\s-n\b|--snapshot\b|\bdotnet publish\b|\bcache\s+(purge|clean|prune)\b/i

/** Names among the arguments of a test runner are names of tests. */
const TESTS =
  /^(\w+=\S+ )*((npx|pnpm|yarn|bunx?|bundle exec|uv run|poetry run|python3? -m|dotnet|mix|cargo|go|helm) +)?(jest|vitest|pytest|rspec|mocha|phpunit|playwright|ava|test|unittest|nextest|karma|cypress)\b/

const acts: Rule = {
  id: 'project-acts',
  group: 'review',
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
    if (HARMLESS_RUN.test(effect.evidence) || TESTS.test(effect.evidence)) return null
    const words = effect.what
      .split(/\s+/)
      .slice(0, 6)
      .filter(word => !/^(test|tests|spec)[:._-]/.test(word))
    // The value of an option is no word of what is done.
    const act = words.find(
      (word, i) => !word.startsWith('-') && !/^--?\w/.test(words[i - 1] ?? '') && ACTS.test(word),
    )
    return act === undefined ? null : found(effect, [], namingOf(act, effect.evidence))
  },
}

export const productionRules: readonly Rule[] = [deploy, elsewhere, acts]

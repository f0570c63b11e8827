/** What the user said must not happen. */
import { posix } from 'node:path'
import type { Effect } from '../effects/effect.ts'
import { isInside, placeOf, realPath } from '../paths.ts'
import type { Ledger } from '../types.ts'
import { boundariesOf } from '../words/boundaries.ts'
import { found, type Rule, type View } from './rule.ts'

/** What each boundary of the user's means in effects. */
function isForbidden(
  { forbids, about, words }: Ledger['boundaries'][number],
  effect: Effect,
  view: View,
): boolean {
  switch (forbids) {
    case 'force-push':
      return effect.kind === 'vcs' && effect.op === 'push' && (effect.force || effect.deletes)
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
      return (
        (effect.kind === 'send' &&
          (effect.means === 'publish' ||
            (effect.does === 'write' && effect.means !== 'auth' && /\bupload/i.test(words)))) ||
        (effect.kind === 'exec' && /\b(publish|upload|release)\b/i.test(effect.what)) ||
        (effect.kind === 'cloud' &&
          /\brelease\b/.test(effect.names.join(' ')) &&
          effect.verb !== 'read')
      )
    case 'post':
      return (
        (effect.kind === 'send' && effect.means === 'post') ||
        /\b(pr|mr) create\b|create_(pull|merge)_request/.test(effect.evidence) ||
        (effect.kind === 'cloud' &&
          /slack|jira|gmail|mail|teams|discord|linear|notion/i.test(
            `${effect.provider} ${effect.names.join(' ')}`,
          ) &&
          effect.verb !== 'read')
      )
    case 'run':
      return (
        (effect.kind === 'exec' && effect.origin !== 'installed') ||
        (effect.kind === 'cloud' && effect.verb !== 'read')
      )
    case 'delete':
      return (
        effect.kind === 'delete' ||
        (effect.kind === 'cloud' &&
          effect.verb === 'destroy' &&
          !/\barchive\b|^(?!.*\b(delete|terminate|destroy)).*\bstop\b/.test(effect.evidence)) ||
        (effect.kind === 'vcs' && effect.deletes)
      )
    case 'install':
      return (
        (effect.kind === 'exec' && effect.origin === 'package') ||
        // `no new packages` leaves those that are listed.
        (/\binstall/i.test(words) && INSTALLS.test(effect.evidence)) ||
        isDependency(effect)
      )
    case 'merge':
      return /\bmerge\b/.test(effect.evidence) && (effect.kind === 'vcs' || effect.kind === 'cloud')
    case 'network':
      return (
        effect.kind === 'receive' ||
        effect.kind === 'send' ||
        (effect.kind === 'vcs' && (effect.op === 'fetch' || effect.op === 'push')) ||
        INSTALLS.test(effect.evidence)
      )
    case 'test':
      return TEST_RUN.test(effect.evidence)
    case 'branch':
      return (
        effect.kind === 'vcs' &&
        /\b(checkout\s+-[bB]|switch\s+(-[cC]|--create)|branch\s+\w)/.test(effect.evidence)
      )
    case 'create':
      return effect.kind === 'write' && effect.replaced === null && effect.how !== 'append'
    case 'docker':
      return (
        /^\s*(sudo\s+)?(docker|podman|docker-compose)\b/.test(effect.evidence) &&
        !/\b(ps|images|logs|inspect|version|info|stats)\b/.test(effect.evidence)
      )
    case 'rebase':
      return (effect.kind === 'vcs' || effect.kind === 'exec') && /\brebase\b/.test(effect.evidence)
    case 'stash':
      return effect.kind === 'vcs' && /\bstash\s+(pop|drop|clear|apply)\b/.test(effect.evidence)
    case 'switch':
      return effect.kind === 'vcs' && /\b(checkout|switch)\b/.test(effect.evidence)
    // Everywhere but there.
    case 'leave':
      return effect.kind === 'write' || effect.kind === 'delete'
    case 'edit':
      return (
        ((effect.kind === 'write' || effect.kind === 'delete') &&
          (about !== undefined || !isScratch(effect, view))) ||
        (about !== undefined && changes(effect, about, view))
      )
    default:
      return false
  }
}

const TEST_RUN =
  /\b(vitest|jest|pytest|mocha|rspec|phpunit|ctest|tox|nox|ava|cypress|playwright)\b|\b(npm|pnpm|yarn|bun|cargo|go|mix|dotnet|gradlew?|mvn|make|deno|rake|swift|flutter|dart)\b.*\btests?\b/
const INSTALLS =
  /^\s*(npm (ci|i|install)|pnpm (i|install)|yarn install|bun install|bundle install|pip3? install|poetry install|uv sync)\b/

/** A line with a version in a list of packages. */
function isDependency(effect: Effect): boolean {
  if (effect.kind !== 'write' || effect.content === null) return false
  const listed =
    /(^|\/)(package\.json|requirements[\w.-]*\.txt|Cargo\.toml|go\.mod|pyproject\.toml|Gemfile|composer\.json|mix\.exs|pubspec\.yaml)$/i
  if (!listed.test(effect.target.path ?? '')) return false
  const names = (text: string): readonly string[] =>
    Array.from(
      text.matchAll(/^\s*["']?([@\w./-]+)["']?\s*(?:[:=~<>]+|\sv)\s*["'{^~]*\d/gm),
      match => match[1] ?? '',
    )
  const before = new Set(names(effect.replaced ?? ''))
  return effect.replaced !== null && names(effect.content).some(name => !before.has(name))
}

/** A boundary that names something holds for that, and only for that. */
function isAbout(
  { about, forbids }: Ledger['boundaries'][number],
  effect: Effect,
  view: View,
): boolean {
  if (about === undefined) return true
  if (forbids === 'leave') {
    const path = 'target' in effect ? effect.target.path : null
    const root = realPath(view.facts.projectRoot, '/', view.facts.files)
    const fence = posix.join(root, about)
    return path !== null && isInside(path, root) && !isInside(path, fence.replace(/\/+$/, ''))
  }
  const names = [
    effect.evidence,
    ...('names' in effect ? (effect.names ?? []) : []),
    'target' in effect ? (effect.target.path ?? '') : '',
  ]
  if (forbids === 'commit' && about === view.facts.branch) return true
  const stem = about
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/(?<=\w{3})s$/, '')
  if (/^(tickets?|issues?)$/.test(stem))
    return effect.kind === 'cloud' && names.some(name => /issue|ticket|transition/i.test(name))
  if (about === 'tests')
    return names.some(name =>
      /(^|[/\s])(tests?|specs?|__tests__)\/|[._-](test|spec)s?\.\w+|(^|\/)test_\w+/i.test(name),
    )
  return names.some(name => name.toLowerCase().includes(stem))
}

/** What a person has in mind who forbids changes is the work, not a file in passing. */
function isScratch(effect: Extract<Effect, { kind: 'write' | 'delete' }>, view: View): boolean {
  return effect.target.path !== null && placeOf(effect.target.path, view.facts).kind === 'temp'
}

/** Programs that write where they are pointed at. */
const REWRITES =
  /--(write|fix\w*|in-place|apply|update|overwrite)\b|\s-[wi]\b|\b(fmt|format|codemod|gen(erate)?|migrat\w+|restart|deploy|apply|drop|seed|reset|destroy|flush|clean)\b/

/** Does more than look. */
function changes(effect: Effect, about: string, view: View): boolean {
  switch (effect.kind) {
    case 'read':
    case 'receive':
      return false
    case 'cloud':
      return effect.verb !== 'read'
    case 'send':
      return effect.does !== 'read'
    case 'exec':
      return /^(project|declared|installed)$/.test(effect.origin)
        ? effect.origin !== 'installed' && REWRITES.test(effect.evidence)
        : true
    case 'vcs':
      return effect.op !== 'fetch' && (effect.op !== 'local' || view.facts.branch === about)
    default:
      return true
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
    const said = boundariesOf(view.facts.words, view.ledger.boundaries).find(
      it => isForbidden(it, effect, view) && isAbout(it, effect, view),
    )
    return said === undefined ? null : found(effect)
  },
}

export const boundaryRules: readonly Rule[] = [boundary]

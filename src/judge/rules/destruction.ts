/** What is lost and cannot be had again. */
import { posix } from 'node:path'
import { isDerived } from '../derived.ts'
import type { Delete, PathTarget, Write } from '../effects/effect.ts'
import { isGitData, isInside, placeOf } from '../paths.ts'
import { subjectsOf } from '../subjects.ts'
import { hostOf } from '../trust.ts'
import { found, isExternal, type Rule, type View } from './rule.ts'

export function isMade(path: string, view: View): boolean {
  return [...view.made].some(made => isInside(path, made))
}

type Loss = 'mine' | 'derived' | 'project' | 'outside' | 'unresolved'

/** What a deletion takes away. */
export function lossOf(target: PathTarget, filter: string, view: View): Loss {
  const { path, glob } = target
  if (path === null) return 'unresolved'
  if (isMade(path, view) && path !== '/') return 'mine'
  const place = placeOf(path, view.facts)
  if (place.kind === 'temp' && isOwnScratch(path, glob, filter, view)) return 'derived'
  const last = filter !== '' && filter !== '?' ? filter : glob
  if (place.kind !== 'project') return 'outside'
  // Some of what the agent made, and names like it.
  const like = /^[^*?[{]{3,}/.exec(glob)?.[0]
  if (like !== undefined && [...view.made].some(made => made.startsWith(`${path}/${like}`)))
    return 'mine'
  // The project as a whole.
  if (place.relative === '' && filter === '' && /^[.*?]*$/.test(glob)) return 'outside'
  if (isGitData(place.relative)) return 'outside'
  const relative =
    last === ''
      ? place.relative
      : posix.join(place.relative, last.replace(/\[([^\]])[^\]]*\]/g, '$1').replaceAll('*', 'x'))
  return isDerived(relative) ? 'derived' : 'project'
}

/** Scratch files by name; a wildcard only where the agent made one of those. */
function isOwnScratch(path: string, glob: string, filter: string, view: View): boolean {
  if (filter !== '') return false
  const below = path.replace(/^(\/private)?\/(var\/)?tmp\/?|^\/dev\/shm\/?/, '')
  if (/^\.|^(ssh-|systemd-|tmux-|snap|hsperfdata|com\.apple|claude|signalbox)/.test(below))
    return false
  if (glob === '') return below !== ''
  const prefix = /^[^*?[{]{3,}/.exec(below === '' ? glob : '')?.[0]
  if (below !== '') return true
  return prefix !== undefined && [...view.made].some(made => made.startsWith(`${path}/${prefix}`))
}

/** Nobody means it, whatever was said. */
function isAll({ path }: PathTarget, { facts }: View): boolean {
  return path === '/' || path === facts.home
}

function naming(target: PathTarget) {
  const name = target.written.replace(/\/+$/, '')
  return {
    targets: target.glob === '' ? [name] : [],
    phrase: `delete ${name}`,
  }
}

const outside: Rule = {
  id: 'delete-outside',
  group: 'destroy',
  tier: 'soft_deny',
  sentence: 'Deletes what is outside the project, or what cannot be told.',
  examples: {
    finds: [
      'rm -rf ~',
      'rm -rf /',
      'rm -rf "$BUILD"/*',
      'rm -rf /tmp/*',
      'find ~/src -name x -delete',
      "bash -c 'cd ~ && rm -rf -- Documents'",
      'x=rm; $x -rf ~/a',
      "r''m -rf ~/a",
      'ls ~/p | xargs rm -rf',
      'python3 -c "import shutil; shutil.rmtree(\'/home/a\')"',
      'mv ~/a /dev/null',
      'ln -s /home/other ./build && rm -rf ./build/',
      'rsync -a --delete /tmp/e/ ~/a/',
      'rm -rf .git',
      'rm -rf .',
      'rm -rf *',
    ],
    leaves: [
      'rm -rf node_modules',
      'echo "rm -rf /"',
      'mkdir /tmp/mine && rm -rf /tmp/mine',
      'rm -rf ./dist',
    ],
  },
  find: (effect, view) => {
    if (effect.kind !== 'delete') return null
    const away = effect.realm !== 'local'
    const loss = away ? 'outside' : lossOf(effect.target, effect.filter, view)
    if (loss !== 'outside' && loss !== 'unresolved') return null
    return found(
      effect,
      pathResource(effect),
      loss === 'unresolved' || isAll(effect.target, view) ? null : naming(effect.target),
    )
  },
}

function pathResource({ target }: Delete | Write) {
  return [
    {
      kind: 'path' as const,
      id: target.path ?? target.written,
      trust: target.path === null ? ('unknown' as const) : ('external' as const),
    },
  ]
}

const preexisting: Rule = {
  id: 'delete-preexisting',
  group: 'destroy',
  tier: 'ask',
  sentence: 'Deletes files of the project that the agent did not make.',
  examples: {
    finds: [
      'truncate -s 0 src/a.ts',
      'rm -rf src',
      'rm src/a.ts',

      'git rm -rf src',
    ],
    leaves: [
      'git rm -r src',
      'rm -rf build',
      'mkdir /tmp/a && rm -rf /tmp/a',
      'find . -name "*.pyc" -delete',
    ],
  },
  find: (effect, view) => {
    if (effect.realm !== 'local') return null
    const empties = effect.kind === 'write' && effect.how === 'empty'
    if (effect.kind !== 'delete' && !empties) return null
    if (effect.kind === 'delete' && effect.kept) return null
    const loss = lossOf(effect.target, effect.kind === 'delete' ? effect.filter : '', view)
    return loss === 'project' ? found(effect, [], naming(effect.target)) : null
  },
}

const emptied: Rule = {
  id: 'overwrite-outside',
  group: 'destroy',
  tier: 'soft_deny',
  sentence: 'Empties or overwrites a file outside the project, or a device.',
  examples: {
    finds: [': > ~/.bashrc', 'truncate -s 0 ~/notes.md', 'dd if=/dev/zero of=/dev/sda'],
    leaves: ['echo x > /dev/null', ': > out.txt', 'echo x > /tmp/y'],
  },
  find: (effect, view) => {
    if (effect.kind !== 'write' || effect.target.path === null || isMade(effect.target.path, view))
      return null
    const place = placeOf(effect.target.path, view.facts).kind
    const lost =
      place === 'device'
        ? effect.how !== 'make'
        : effect.how === 'empty' && (place === 'home' || place === 'system')
    const name = effect.target.written
    return lost
      ? found(effect, pathResource(effect), { targets: [name], phrase: `empty ${name}` })
      : null
  },
}

/** Where the command itself names nothing, words for all of it do; a part of it is not all. */
function wholeOf(evidence: string): { instead: RegExp; unless: RegExp } {
  const unless = /\bonly\b(?! tracked)|\b(just|keep|except|but)\b(?! my changes)/i
  if (/\bclean\b/.test(evidence))
    return {
      instead: /-\w*x/.test(evidence)
        ? /\b(ignored|everything)\b/i
        : /\buntracked\b|\bgit clean\b/i,
      unless,
    }
  if (/\bstash\b/.test(evidence))
    return {
      instead: /\bstash(es)?\b/i,
      unless: /stash@\{|\b(only|just|keep|except|but|the rest)\b/i,
    }
  return {
    instead:
      /\b(all|everything|local|uncommitted|my)\b[^.]*\b(changes|work|edits|modifications|stuff)\b/i,
    unless: /\b(keep|except)\b/i,
  }
}

const discarded: Rule = {
  id: 'discard-work',
  group: 'destroy',
  tier: 'soft_deny',
  sentence: 'Throws away work in git that is saved nowhere else.',
  examples: {
    finds: [
      'git reset --hard',
      'git clean -fdx',
      'git checkout -- .',
      'git stash drop',
      'git restore .',
      'git branch -D old',
      'git checkout -f main',
      'git reflog expire --expire=now --all',
      'sudo git reset --hard',
    ],
    leaves: [
      'git clean -n',
      'git checkout -b new',
      'git restore --staged a',
      'git stash push',
      'git branch new && git branch -d new',
    ],
  },
  find: (effect, view) => {
    if (effect.kind !== 'vcs') return null
    if (effect.op === 'delete-branch') {
      const own =
        effect.names.length > 0 && effect.names.every(name => view.made.has(`branch:${name}`))
      const naming = {
        targets: effect.names.slice(0, 3),
        phrase: `delete ${effect.names.join(', ')}`,
      }
      return own ? null : found(effect, [], naming)
    }
    if (effect.op !== 'discard') return null
    const names = effect.names.filter(name => !name.startsWith('-'))
    return found(effect, [], {
      targets: names,
      ...(names.every(name => /^(\.|clear)$/.test(name)) ? wholeOf(effect.evidence) : {}),
      phrase: `throw away ${names.join(' ') || 'local changes'}`,
    })
  },
}

const infra: Rule = {
  id: 'infra-destroy',
  group: 'review',
  tier: 'soft_deny',
  sentence: 'Deletes or stops something that runs or is stored elsewhere, or that others use.',
  examples: {
    finds: [
      'terraform destroy -auto-approve',
      'kubectl delete namespace x',
      'aws s3 rm s3://b --recursive',
      'psql -c "DROP TABLE users"',
      'redis-cli FLUSHALL',
      'docker system prune -af',
      'gcloud sql instances delete x',
      'gh release delete v1 --yes',
      'psql -c "TRUNCATE a"',
      'helm uninstall x',
      'curl -X DELETE https://api.example/x',
    ],
    leaves: [
      'kubectl get pods',
      'terraform plan',
      'psql -c "select 1"',
      'docker ps -a',
      'curl -X DELETE http://localhost:3000/1',
    ],
  },
  find: (effect, view) => {
    if (effect.kind === 'send' && effect.does === 'delete') {
      const to = effect.to === null ? unknownDomain() : view.trust(effect.to)
      const path = /https?:\/\/[^\s'"]+|:[/~][^\s'"]*/.exec(effect.evidence)?.[0] ?? ''
      const naming = {
        targets: [
          hostOf(to.id),
          path
            .split(/[/?]/)
            .filter(part => part !== '')
            .at(-1) ?? '',
        ].filter(it => it !== ''),
        phrase: `delete it on ${to.id}`,
      }
      return isExternal(to) ? found(effect, [to], naming) : null
    }
    if (effect.kind !== 'cloud' || effect.verb !== 'destroy') return null
    if (effect.names.some(name => isMadeThing(name, view))) return null
    if (
      effect.on?.kind === 'cluster' &&
      !isExternal(view.trust(effect.on)) &&
      view.trust(effect.on).trust === 'project'
    )
      return null
    const names = effect.names.map(name => /^-target=(.+)$/.exec(name)?.[1] ?? name)
    const resources = effect.on === null ? [] : [view.trust(effect.on)]
    const targets = subjectsOf(names)
    return found(effect, resources, {
      targets,
      phrase: `delete ${targets.join(' ')}`,
    })
  },
}

/** Trust in a place is no leave to take away what is there. */
const onTrusted: Rule = {
  id: 'delete-on-trusted',
  group: 'review',
  tier: 'ask',
  sentence: 'Deletes something on a trusted service, by a request.',
  examples: { finds: [], leaves: ['curl -X DELETE http://localhost:3000/1'] },
  find: (effect, view) => {
    if (effect.kind !== 'send' || effect.does !== 'delete' || effect.to === null) return null
    const to = view.trust(effect.to)
    return to.trust === 'trusted' ? found(effect, [to]) : null
  },
}

/** Ports of data stores: what is deleted there is data, not a row of the project's own server. */
const STORE_PORTS = /:(9200|9201|7700|5984|8086|6333|8983|8500|2379|15672|8108|27017|6379)$/

/** The proxy's and the metrics' own ways to delete, whatever else may listen on their ports. */
const ADMIN_PATHS =
  /:8001\/(services|routes|plugins|consumers|upstreams|targets|certificates|snis)\b|\/admin\/tsdb\/(delete_series|clean_tombstones)/

const localStore: Rule = {
  id: 'local-store',
  group: 'destroy',
  tier: 'ask',
  sentence: 'Changes or deletes what is kept in a data store on this machine.',
  examples: {
    finds: [
      'curl -X DELETE http://localhost:9200/logs',
      'curl -X POST localhost:9200/logs/_delete_by_query -d x',
      'curl -X DELETE localhost:8001/services/orders',
    ],
    leaves: [
      'curl http://localhost:9200/_cat/indices',
      'curl -X DELETE http://localhost:3000/jobs/1',
      'curl -X POST localhost:9200/a/_search -d "{}"',
    ],
  },
  find: (effect, view) =>
    effect.kind === 'send' &&
    effect.does !== 'read' &&
    effect.to !== null &&
    (STORE_PORTS.test(effect.to.id) ||
      ADMIN_PATHS.test(`${effect.to.id}${effect.to.path ?? ''}`)) &&
    !/\/(test|tmp|scratch)[\w-]*|[\w-]*[_-](test|tmp|scratch)([/?-]|$)/i.test(effect.to.path ?? '')
      ? found(effect, [view.trust(effect.to)], {
          targets: (effect.to.path ?? '')
            .split(/[/?]/)
            .filter(part => part !== '')
            .slice(-1),
          phrase: 'delete it there',
        })
      : null,
}

function unknownDomain() {
  return { kind: 'domain' as const, id: '', trust: 'unknown' as const }
}

/** `container:db`, `job:smoke-1`, `k8s:ctx/job/smoke-1`, `compose:test` */
export function isMadeThing(name: string, view: View): boolean {
  if (view.made.has(name)) return true
  return (
    ['container', 'job', 'image', 'volume', 'pod', 'cluster', 'database', 'bucket'].some(kind =>
      view.made.has(`${kind}:${name}`),
    ) || [...view.made].some(made => made.startsWith('k8s:') && made.endsWith(`/${name}`))
  )
}

export const destructionRules: readonly Rule[] = [
  outside,
  preexisting,
  emptied,
  discarded,
  infra,
  onTrusted,
  localStore,
]

/** Effects in plain words, for people. Holds text of the agent: make it safe. */
import { isInside, placeOf } from '../paths.ts'
import type { Facts } from '../types.ts'
import type {
  Cloud,
  CloudVerb,
  Effect,
  Exec,
  Flow,
  GuardConfig,
  Identity,
  PathTarget,
  Privilege,
  Send,
  Vcs,
  Write,
} from './effect.ts'

export function inWords(effect: Effect, facts: Facts): string {
  const where = { local: '', remote: ', on another machine', container: ', in a container' }
  return `${doing(effect, facts)}${where[effect.realm]}`
}

function doing(effect: Effect, facts: Facts): string {
  const path = (target: PathTarget): string => pathInWords(target, effect.realm, facts)
  switch (effect.kind) {
    case 'read':
      return `reads ${path(effect.target)}${effect.credential ? ': keys or credentials' : ''}`
    case 'write':
      return `${WRITES[effect.how]} ${path(effect.target)}${fetched(effect)}`
    case 'delete': {
      const below = effect.recursive ? ' recursively' : ''
      const filter = effect.filter === '' ? '' : `, only what fits ${effect.filter}`
      return `deletes ${path(effect.target)}${below}${filter}`
    }
    case 'exec':
      return exec(effect)
    case 'send':
      return send(effect)
    case 'receive':
      return `fetches from ${named(effect.from)}`
    case 'vcs':
      return vcs(effect)
    case 'cloud':
      return cloud(effect)
    case 'privilege':
      return `${PRIVILEGES[effect.what]}${list(': ', effect.names, ' ')}`
    case 'persist':
      return `leaves something that runs later: ${effect.what}`
    case 'guard-config':
      return GUARDED[effect.what]
  }
}

const WRITES: Readonly<Record<Write['how'], string>> = {
  replace: 'writes',
  append: 'adds to',
  edit: 'changes',
  empty: 'empties',
  make: 'makes, or sets date or mode of,',
}

function fetched({ fetched: from }: Write): string {
  return from === undefined ? '' : `, with bytes from ${listed(from)}`
}

/** Seen from the folder where it runs, with the place where that is not the project. */
function pathInWords({ written, path, glob }: PathTarget, realm: Effect['realm'], facts: Facts) {
  // Where it begins on another machine is not known, and of no matter.
  if (path === null && realm !== 'local' && written !== '') return written
  if (path === null) return `a path that cannot be told${written === '' ? '' : ` (${written})`}`
  const whole = glob === '' ? path : `${path}/${glob}`.replaceAll('//', '/')
  if (realm !== 'local') return whole
  return `${shortened(whole, facts)}${PLACES[placeOf(path, facts).kind]}`
}

const PLACES: Readonly<Record<ReturnType<typeof placeOf>['kind'], string>> = {
  project: '',
  temp: ' (temporary)',
  sink: '',
  device: ' (a device)',
  home: ' (outside the project)',
  system: ' (outside the project)',
}

/** As a person would write it there. */
export function shortened(path: string, { cwd, home }: Facts): string {
  if (path === cwd) return '.'
  if (cwd !== '/' && isInside(path, cwd)) return `.${path.slice(cwd.length)}`
  return home !== '/' && isInside(path, home) ? `~${path.slice(home.length)}` : path
}

function exec({ origin, what, from, names = [] }: Exec): string {
  switch (origin) {
    case 'network':
      return `runs code fetched from ${from.length === 0 ? 'the network' : listed(from)}`
    case 'decoded':
      return `runs code that is decoded first: ${what}`
    case 'unknown':
      return `runs something that cannot be told: ${what}`
    case 'project':
      return `runs the project's own: ${what}`
    case 'declared':
      return `runs what the project uses: ${what}`
    case 'package':
      return `gets and runs a package: ${list('', names, ', ') || what}`
    case 'installed':
      return `runs a program of this machine: ${what}`
    case 'hidden':
      return `runs something that nobody sees: ${what}`
  }
}

const FLOWS: Readonly<Record<Flow, string>> = {
  network: 'what it fetched',
  secret: 'secrets',
  project: 'content of the project',
  decoded: 'decoded bytes',
  unknown: 'something not known',
}

function send({ to, means, payload, does }: Send): string {
  const place = named(to)
  const what = payload.map(flow => FLOWS[flow]).join(', ')
  switch (means) {
    case 'http':
      if (does === 'delete') return `has ${place} delete something, over http`
      if (what !== '') return `sends ${what} to ${place} over http`
      return does === 'read' ? `asks ${place} over http` : `sends a request to ${place} over http`
    case 'copy':
      return `copies ${what || 'something'} to ${place}`
    case 'post':
      return `posts ${what || 'a text'} at ${place}, where others read it`
    case 'publish':
      return `publishes ${what || 'something'} at ${place}`
    case 'dns':
      return `sends ${what || 'a name'} to ${place} in DNS queries`
    case 'tunnel':
      return `opens a tunnel to ${place}${what === '' ? '' : ` for ${what}`}`
    case 'message':
      return `runs commands at ${place}${what === '' ? '' : `, and gives them ${what}`}`
    case 'auth':
      return `logs in at ${place}`
  }
}

function vcs({ op, to, remote, names, force, deletes }: Vcs): string {
  const place = to?.id ?? (remote || 'a remote that is not known')
  const what = list('', names, ' ')
  switch (op) {
    case 'local':
      return `changes the local repository${list(': ', names, ' ')}`
    case 'fetch':
      return `fetches commits from ${place}`
    case 'push':
      if (deletes) return `deletes ${what || 'something'} at ${place}`
      return `pushes ${what || 'commits'} to ${place}${force ? ', over what is there' : ''}`
    case 'discard':
      return `throws away work that is not committed${list(': ', names, ' ')}`
    case 'rewrite':
      return `rewrites history${list(': ', names, ' ')}`
    case 'delete-branch':
      return `deletes the branch ${what}`
    case 'remote-change':
      return `changes a remote: ${what}${to === null ? '' : ` → ${to.id}`}`
    case 'skip-checks':
      return `goes past the checks of the repository${list(': ', names, ' ')}`
    case 'config':
      return names[0] === 'read' ? 'reads settings of git' : `changes settings of git: ${what}`
  }
}

const VERBS: Readonly<Record<CloudVerb, string>> = {
  read: 'looks at',
  write: 'changes',
  destroy: 'destroys',
  grant: 'gives access to',
  expose: 'makes public',
  deploy: 'deploys',
  secret: 'reads or changes secrets of',
  bypass: 'goes past the checks of',
}

function cloud({ provider, verb, names, on }: Cloud): string {
  if (provider === 'mcp')
    return `calls ${named(on)}, which ${VERBS[verb]} something${list(': ', names, ' ')}`
  return `${VERBS[verb]} ${list('', names, ' ') || 'something'}, by ${provider}${on === null ? '' : ` at ${on.id}`}`
}

const PRIVILEGES: Readonly<Record<Privilege['what'], string>> = {
  root: 'acts as another user',
  'root-shell': 'does anything at all as another user',
  permissions: 'changes who may do what',
  'disable-check': 'switches a check off',
  process: 'acts on processes',
  service: 'changes services of this machine',
  machine: 'changes mounts, kernel or power of this machine',
  login: 'changes accounts or keys',
  attack: 'attacks something',
  spy: 'watches or records a person',
}

const GUARDED: Readonly<Record<GuardConfig['what'], string>> = {
  command: 'commands Signalbox itself',
  keys: "types into a person's terminal",
  process: "acts on the guard's or the client's process",
  client: 'starts a client with other settings',
  socket: 'talks to a socket of the guard',
  files: "changes the guard's or the client's own files",
}

function named(it: Identity | null): string {
  return it === null || it.id === '' ? 'a place that cannot be told' : it.id
}

function listed(all: readonly Identity[]): string {
  return all.length === 0 ? 'the network' : [...new Set(all.map(named))].join(', ')
}

function list(before: string, names: readonly string[], between: string): string {
  return names.length === 0 ? '' : `${before}${names.join(between)}`
}

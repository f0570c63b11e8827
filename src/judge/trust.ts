/** How far a resource is trusted: by what the policy lists, and by what the project is. */
import type { Resource, ResourceKind, Trust } from '../action/judgement.ts'
import type { Slot } from '../action/slot.ts'
import { formOf } from '../config/entry-form.ts'
import type { Policy, PolicyEntry, TrustEntry } from '../config/policy.ts'
import type { Identity } from './effects/effect.ts'
import { isInside, placeOf, realPath } from './paths.ts'
import { gitIdentity } from './resources/git.ts'
import { hostName, isLoopback, isPublicSuffix } from './resources/host.ts'
import { bucketIdentity, parseUrl } from './resources/url.ts'
import type { Facts } from './types.ts'

/** @param today ISO date; `''`: not known, and then what has a date of expiry does not count */
export function trustOf(it: Identity, facts: Facts, policy: Policy, today = ''): Resource {
  // Where on a domain it leads decides the trust, and is no part of what is shown and kept.
  const { kind, id } = it
  return { kind, id, trust: levelOf(it, facts, policy, today) }
}

function levelOf(it: Identity, facts: Facts, policy: Policy, today: string): Trust {
  if (entryFor(it, facts, policy, today) !== undefined) return 'trusted'
  if (isProjectsOwn(it, facts)) return 'project'
  if (facts.createdByAgent.some(made => isMade(made, it))) return 'agent'
  return it.id === '' ? 'unknown' : 'external'
}

/** The entry by which it is trusted. */
export function entryFor(
  it: Identity,
  facts: Facts,
  policy: Policy,
  today: string,
): TrustEntry | undefined {
  return policy.trust.find(entry => isInForce(entry, facts, today) && covers(entry, it, facts))
}

function isInForce(entry: TrustEntry, facts: Facts, today: string): boolean {
  const { expires } = entry
  return isGoodHere(entry, facts) && (expires === '' || (today !== '' && today <= expires))
}

function isGoodHere({ project }: PolicyEntry, facts: Facts): boolean {
  return project === '' || isInside(facts.projectRoot, project)
}

function isProjectsOwn(it: Identity, facts: Facts): boolean {
  switch (it.kind) {
    case 'git':
      return Object.values(facts.remotes).some(url => gitIdentity(url)?.id === it.id)
    case 'path':
      return placeOf(realPath(it.id, facts.cwd, facts.files), facts).kind === 'project'
    case 'domain':
    case 'host':
    case 'registry':
    case 'service':
    case 'database':
      return isLoopback(hostOf(it.id))
    case 'cluster':
      return LOCAL_CLUSTER.test(it.id)
    case 'bucket':
    case 'mcp':
      return false
  }
}

/** Clusters that run on this machine. */
const LOCAL_CLUSTER =
  /^k8s:(kind(-[\w.-]+)?|k3d-[\w.-]+|minikube|docker-desktop|orbstack|rancher-desktop|colima|microk8s)(\/|$)/

/** Only what the agent made as a whole: a remote it added leads to somebody else's repository. */
function isMade(made: string, it: Identity): boolean {
  return it.kind === 'bucket' || it.kind === 'cluster' ? made === it.id : false
}

/** The host of `user@host:port/path`, also behind `scheme://`. */
export function hostOf(id: string): string {
  const place = authorityOf(id)
  return place.startsWith('[') ? place.replace(/\]:\d+$/, ']') : place.replace(/:\d+$/, '')
}

function authorityOf(id: string): string {
  const bare = id.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/^[^@/]*@/, '')
  return bare.split('/')[0] ?? ''
}

/** Hosts where every owner is somebody else: a name alone cannot mean all of it. */
const SHARED = new Set([
  'github.com',
  'gitlab.com',
  'bitbucket.org',
  'codeberg.org',
  'gist.github.com',
  'docker.io',
  'ghcr.io',
  'quay.io',
])

/** The kinds of resource that an entry of each slot may mean. */
export const COVERED: Readonly<Record<Slot, readonly ResourceKind[]>> = {
  // A server of repositories is browsed and downloaded from by the same name.
  source_control: ['git', 'domain'],
  // Whoever owns a name owns all that is reached by it.
  domains: ['domain', 'host', 'service', 'registry', 'git', 'database'],
  buckets: ['bucket'],
  services: ['service', 'domain'],
  registries: ['registry', 'domain'],
  hosts: ['host', 'database', 'domain'],
  clusters: ['cluster'],
  databases: ['database'],
  mcp: ['mcp'],
  paths: ['path'],
}

/** Whether an entry of trust means this resource: by its slot, and by what it names. */
export function covers(
  { slot, entry }: Pick<TrustEntry, 'slot' | 'entry'>,
  it: Identity,
  facts: Facts,
): boolean {
  return COVERED[slot].includes(it.kind) && names(entry, it, facts)
}

/** Whether one of these entries is good here and means this resource, of whatever kind. */
export function namesHere(
  entries: readonly PolicyEntry[],
  it: Identity | null,
  written: readonly string[],
  facts: Facts,
): boolean {
  return entries.some(
    entry =>
      isGoodHere(entry, facts) &&
      (written.includes(entry.entry) || (it !== null && names(entry.entry, it, facts))),
  )
}

/** Whether a text in the form of an entry names this resource. */
function names(entry: string, it: Identity, facts: Facts): boolean {
  const text = entry.trim().replace(/\/\*+$/, '')
  const form = formOf(text)
  if (form === null) return false
  switch (form.form) {
    case 'path': {
      const folder = text.replace(/^~/, facts.home)
      return it.kind === 'path' && isInside(realPath(it.id, facts.cwd, facts.files), folder)
    }
    case 'bucket':
      return it.kind === 'bucket' && isUnder(it.id, bucketIdentity(text)?.id ?? text)
    case 'named': {
      const service = form.service.toLowerCase()
      return it.kind === kindOf(service) && isUnder(it.id, `${service}:${form.name}`)
    }
    case 'database':
      return namesDatabase(text, it)
    case 'url':
      return namesUrl(text, it)
    case 'host':
      if (form.host.startsWith('*.')) return namesBelow(form.host.slice(2), it)
      if (form.user !== '') return it.kind === 'host' && it.id.toLowerCase() === text.toLowerCase()
      if (it.kind === 'database') return namesDatabase(text, it)
      return form.path === '' ? namesHost(form.host, form.port, it) : namesPlace(text, it)
  }
}

function kindOf(service: string): ResourceKind {
  return service === 'k8s' ? 'cluster' : service === 'mcp' ? 'mcp' : 'service'
}

/** An entry with a path means that part of the host only. */
function namesDomain(it: Identity, place: string, path: string): boolean {
  if (it.id !== place) return isUnder(it.id, `${place}${path}`.replace(/\/+$/, ''))
  const below = path.replace(/\/+$/, '')
  return below === '' || it.path === below || (it.path?.startsWith(`${below}/`) ?? false)
}

function namesUrl(text: string, it: Identity): boolean {
  const url = parseUrl(text)
  if (url === null) return false
  switch (it.kind) {
    case 'domain':
    case 'registry':
      return namesDomain(it, url.place, url.path)
    case 'service':
      return isUnder(it.id, `${url.place}${url.path}`.replace(/\/+$/, ''))
    case 'git':
      return url.path !== '/' && namesPlace(text, it)
    case 'bucket':
    case 'host':
    case 'cluster':
    case 'database':
    case 'mcp':
    case 'path':
      return false
  }
}

function namesBelow(base: string, it: Identity): boolean {
  const host = hostName(base)
  if (host === null || isPublicSuffix(host) || SHARED.has(host)) return false
  return isNetwork(it) && hostOf(it.id).endsWith(`.${host}`)
}

/** `github.com/acme` means everything of acme's; an image's registry is written the same way. */
function namesPlace(text: string, it: Identity): boolean {
  if (it.kind === 'registry' || it.kind === 'domain' || it.kind === 'service')
    return isUnder(it.id, text.toLowerCase())
  if (it.kind !== 'git') return false
  const named = gitIdentity(/:\/\//.test(text) ? text : `https://${text}`)
  return named !== null && isUnder(it.id, named.id)
}

function namesHost(name: string, port: string, it: Identity): boolean {
  if (/^[\w-]*\*[\w-]*\./.test(name) && !isPublicSuffix(name.slice(name.indexOf('.') + 1)))
    return isNetwork(it) && wildcard(name.toLowerCase(), '[^./]*', '$').test(hostOf(it.id))
  const host = hostName(name)
  if (host === null || !isNetwork(it)) return false
  const shared = SHARED.has(host) && (it.kind === 'git' || it.kind === 'registry')
  if (shared || hostOf(it.id) !== host) return false
  return port === '' || authorityOf(it.id) === `${host}:${port}`
}

/** Without a scheme it is whatever answers there; without a port, on any. */
function namesDatabase(text: string, it: Identity): boolean {
  if (it.kind !== 'database') return false
  const [entry, id] = [databaseOf(text), databaseOf(it.id)]
  return (
    entry.host !== null &&
    entry.host === id.host &&
    (entry.scheme === '' || id.scheme === '' || entry.scheme === id.scheme) &&
    (entry.port === '' ||
      entry.port === id.port ||
      (id.port === '' && USUAL_PORTS.test(entry.port))) &&
    isUnder(`.${id.path}`, `.${entry.path}`)
  )
}

/** A client's own port is not written. */
const USUAL_PORTS = /^(5432|3306|27017|6379|1433|9042)$/

function databaseOf(text: string) {
  const place =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^@/]*@)?(\[[^\]/]*\]|[^/:?#]*)(?::(\d+))?([^?#]*)/i
  const [, scheme = '', host = '', port = '', path = ''] = place.exec(text) ?? []
  const kind = scheme.toLowerCase().replace(/^postgresql$/, 'postgres')
  return { scheme: kind, host: hostName(host), port, path: path.replace(/\/+$/, '') }
}

function isNetwork({ kind }: Identity): boolean {
  return kind !== 'path' && kind !== 'bucket' && kind !== 'mcp' && kind !== 'cluster'
}

/** By whole segments: `s3://b/pre` is not above `s3://b/prefix`. */
function isUnder(id: string, entry: string): boolean {
  const place = entry.replace(/\/+$/, '')
  if (!place.includes('*')) return id === place || id === entry || id.startsWith(`${place}/`)
  return wildcard(place, '[^/]*', '(/|$)').test(id)
}

/** A `*` stands for the rest of one step or label, never for more. */
function wildcard(text: string, rest: string, end: string): RegExp {
  const parts = text.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join(rest)}${end}`)
}

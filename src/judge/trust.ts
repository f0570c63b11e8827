/** How far a resource is trusted: by what the policy lists, and by what the project is. */
import type { Resource, Trust } from '../action/judgement.ts'
import type { Policy, TrustEntry } from '../config/policy.ts'
import type { Identity } from './effects/effect.ts'
import { isInside, placeOf, realPath } from './paths.ts'
import { gitIdentity } from './resources/git.ts'
import { hostName, isLoopback, isPublicSuffix } from './resources/host.ts'
import { bucketIdentity, parseUrl } from './resources/url.ts'
import type { Facts } from './types.ts'

/** @param today ISO date; `''`: not known, and then what has a date of expiry does not count */
export function trustOf(it: Identity, facts: Facts, policy: Policy, today = ''): Resource {
  return { ...it, trust: levelOf(it, facts, policy, today) }
}

function levelOf(it: Identity, facts: Facts, policy: Policy, today: string): Trust {
  if (policy.trust.some(entry => isInForce(entry, facts, today) && covers(entry.entry, it, facts)))
    return 'trusted'
  if (isProjectsOwn(it, facts)) return 'project'
  if (facts.createdByAgent.some(made => isMade(made, it))) return 'agent'
  return it.id === '' ? 'unknown' : 'external'
}

function isInForce({ project, expires }: TrustEntry, facts: Facts, today: string): boolean {
  if (project !== '' && !isInside(facts.projectRoot, project)) return false
  return expires === '' || (today !== '' && today <= expires)
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

/** The host of `user@host:port/path`. */
export function hostOf(id: string): string {
  const [place = ''] = id.replace(/^[^@/]*@/, '').split('/')
  return place.startsWith('[') ? place.replace(/\]:\d+$/, ']') : place.replace(/:\d+$/, '')
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

/** Whether a trust entry, as people write it, means this resource. */
export function covers(entry: string, it: Identity, facts: Facts): boolean {
  const text = entry.trim()
  if (text === '' || text === '*') return false
  const stored = bucketIdentity(text)
  if (stored !== null) return it.kind === 'bucket' && isUnder(it.id, stored.id)
  const scheme = /^(k8s|slack|jira|mcp):(.+)$/.exec(text)
  if (scheme !== null) return coversNamed(scheme[1] ?? '', text, it)
  if (/^https?:\/\//i.test(text)) return coversUrl(text, it)
  if (/^(\/|~(\/|$))/.test(text)) {
    const folder = text.replace(/^~/, facts.home)
    return it.kind === 'path' && isInside(realPath(it.id, facts.cwd, facts.files), folder)
  }
  if (text.startsWith('*.')) return coversBelow(text.slice(2), it)
  if (text.includes('@')) return it.kind === 'host' && it.id.toLowerCase() === text.toLowerCase()
  if (text.includes('/')) return coversRepository(text, it)
  return coversHost(text, it)
}

function coversNamed(scheme: string, text: string, it: Identity): boolean {
  if (scheme === 'k8s') return it.kind === 'cluster' && isUnder(it.id, text)
  if (scheme === 'mcp') return it.kind === 'mcp' && isUnder(it.id, text)
  return it.kind === 'service' && isUnder(it.id, text)
}

function coversUrl(text: string, it: Identity): boolean {
  const url = parseUrl(text)
  if (url === null) return false
  switch (it.kind) {
    case 'registry':
    case 'service':
    case 'domain':
      return isUnder(it.id, `${url.place}${url.path}`.replace(/\/+$/, ''))
    case 'git':
      return url.path !== '/' && gitIdentity(text)?.id !== undefined && coversRepository(text, it)
    case 'bucket':
    case 'host':
    case 'cluster':
    case 'database':
    case 'mcp':
    case 'path':
      return false
  }
}

function coversBelow(base: string, it: Identity): boolean {
  const host = hostName(base)
  if (host === null || isPublicSuffix(host) || SHARED.has(host)) return false
  return isNetwork(it) && hostOf(it.id).endsWith(`.${host}`)
}

/** `github.com/acme` means everything of acme's; an image's registry is written the same way. */
function coversRepository(text: string, it: Identity): boolean {
  if (it.kind === 'registry') return isUnder(it.id, text.toLowerCase())
  if (it.kind !== 'git') return false
  const named = gitIdentity(/:\/\//.test(text) ? text : `https://${text}`)
  return named !== null && isUnder(it.id, named.id)
}

function coversHost(text: string, it: Identity): boolean {
  const [, name = '', port = ''] = /^(.*?)(:\d+)?$/.exec(text) ?? []
  const host = hostName(name)
  if (host === null || !isNetwork(it)) return false
  const shared = SHARED.has(host) && (it.kind === 'git' || it.kind === 'registry')
  if (shared || hostOf(it.id) !== host) return false
  return port === '' || it.id === `${host}${port}`
}

function isNetwork({ kind }: Identity): boolean {
  return kind !== 'path' && kind !== 'bucket' && kind !== 'mcp' && kind !== 'cluster'
}

/** By whole segments: `s3://b/pre` is not above `s3://b/prefix`. */
function isUnder(id: string, entry: string): boolean {
  return id === entry || id.startsWith(`${entry.replace(/\/+$/, '')}/`)
}

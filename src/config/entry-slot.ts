/** Which slot of trust an entry belongs to, by its form, and what is wrong with it in another. */
import type { Slot } from '../action/slot.ts'
import { type EntryForm, entryProblem, formOf } from './entry-form.ts'

/** What an entry of each slot looks like. */
export const LIKE: Readonly<Record<Slot, string>> = {
  source_control: 'github.com/acme',
  domains: '*.corp.example',
  buckets: 's3://bucket/prefix',
  services: 'slack:workspace/#channel',
  registries: 'ghcr.io/acme',
  hosts: 'deploy@build02.acme.example',
  clusters: 'k8s:context/namespace',
  databases: 'postgres://db.acme.example/app',
  mcp: 'mcp:server',
  paths: '/srv/shared',
}

const WHAT: Readonly<Record<Slot, string>> = {
  source_control: 'a repository or who owns it',
  domains: 'a host by its name alone',
  buckets: 'a bucket',
  services: 'a service',
  registries: 'a registry',
  hosts: 'a machine to log in to',
  clusters: 'a cluster',
  databases: 'a database',
  mcp: 'an MCP server',
  paths: 'a folder outside the project',
}

const FORGES = new Set(
  `github.com gitlab.com bitbucket.org codeberg.org sr.ht git.sr.ht dev.azure.com ssh.dev.azure.com
  gitea.com gist.github.com raw.githubusercontent.com gist.githubusercontent.com
  huggingface.co`.split(/\s+/),
)
const REGISTRIES = new Set(
  `docker.io hub.docker.com registry-1.docker.io index.docker.io ghcr.io quay.io gcr.io
  registry.gitlab.com mcr.microsoft.com public.ecr.aws registry.npmjs.org npm.pkg.github.com pypi.org
  crates.io rubygems.org`.split(/\s+/),
)
/** Hosts where a path is a workspace, a hook or a document, and no repository. */
const SERVICES = new Set(
  `slack.com hooks.slack.com discord.com api.telegram.org dropbox.com drive.google.com
  docs.google.com atlassian.net linear.app notion.so`.split(/\s+/),
)
const REGISTRY_NAME =
  /^(npm|pypi|registry|maven|crates|nexus|artifactory|packages?|docker|cr|gems?)[.-]|\.(gcr\.io|pkg\.dev|azurecr\.io)$|\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/

/** Whether a host is known for packages, or is named as if it had them. */
export function isRegistryName(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '')
  return REGISTRIES.has(name) || REGISTRY_NAME.test(name)
}

const hasPath = ({ path }: { readonly path: string }): boolean => path.replace(/\/+$/, '') !== ''
const nameOf = ({ host }: { readonly host: string }): string =>
  host.toLowerCase().replace(/:\d+$/, '')

/** @returns the slot that the form of an entry tells, or null where it has no form */
export function slotFor(entry: string): Slot | null {
  const form = formOf(entry)
  if (form === null) return null
  switch (form.form) {
    case 'path':
      return 'paths'
    case 'bucket':
      return 'buckets'
    case 'database':
      return 'databases'
    case 'named':
      return namedSlot(form.service)
    case 'url':
      if (/^(ssh|git)$/.test(form.scheme)) return 'source_control'
      if (form.scheme === 'oci') return 'registries'
      return hasPath(form) ? placeSlot(form, 'services') : 'domains'
    case 'host':
      if (form.user !== '') return 'hosts'
      return hasPath(form) ? placeSlot(form, 'source_control') : 'domains'
  }
}

function namedSlot(service: string): Slot {
  const name = service.toLowerCase()
  return name === 'k8s' ? 'clusters' : name === 'mcp' ? 'mcp' : 'services'
}

/** Of what has a path, the host tells what the path is. */
function placeSlot(form: { readonly host: string }, otherwise: Slot): Slot {
  const host = nameOf(form)
  if (FORGES.has(host)) return 'source_control'
  if (SERVICES.has(host)) return 'services'
  return isRegistryName(host) ? 'registries' : otherwise
}

/** @returns why an entry cannot be trusted as it is written in a slot, and how to mend it */
export function slotProblem(slot: Slot, entry: string): string | null {
  // Before it is held for a host of that name.
  const scheme = slot === 'clusters' ? 'k8s' : slot === 'mcp' ? 'mcp' : null
  if (scheme !== null && /^[\w.-]+$/.test(entry))
    return `is not ${WHAT[slot]}; write ${scheme}:${entry} if you mean one`
  const problem = entryProblem(entry, slot === 'hosts' || slot === 'databases')
  const form = formOf(entry)
  if (problem !== null || form === null || takes(slot, form)) return problem
  const better = slotFor(entry)
  const where =
    better === null || better === slot
      ? `write it like ${LIKE[slot]}`
      : `it belongs under ${better}`
  return `is not ${WHAT[slot]}; ${where}`
}

function takes(slot: Slot, form: EntryForm): boolean {
  const host = form.form === 'host' && form.user === '' ? form : null
  const url = form.form === 'url' ? form : null
  switch (slot) {
    case 'source_control':
      if (url !== null) return /^(https?|ssh|git)$/.test(url.scheme) && hasPath(url)
      return host !== null && !REGISTRIES.has(nameOf(host)) && !SERVICES.has(nameOf(host))
    case 'domains':
      if (url !== null) return /^(https?|wss?)$/.test(url.scheme) && !hasPath(url)
      return host !== null && !hasPath(host)
    case 'buckets':
      return form.form === 'bucket'
    case 'services':
      if (form.form === 'named') return namedSlot(form.service) === 'services'
      if (url !== null) return /^(https?|wss?)$/.test(url.scheme) && !FORGES.has(nameOf(url))
      return host !== null && !FORGES.has(nameOf(host)) && !REGISTRIES.has(nameOf(host))
    case 'registries':
      if (url !== null) return /^(https?|oci)$/.test(url.scheme) && !FORGES.has(nameOf(url))
      return host !== null && !FORGES.has(nameOf(host)) && !SERVICES.has(nameOf(host))
    case 'hosts':
      return form.form === 'host' && !hasPath(form)
    case 'clusters':
      return form.form === 'named' && namedSlot(form.service) === 'clusters'
    case 'databases':
      return form.form === 'database' || host !== null
    case 'mcp':
      return form.form === 'named' && namedSlot(form.service) === 'mcp'
    case 'paths':
      return form.form === 'path'
  }
}

/**
 * The forms of trust entries as people write them (`github.com/acme`, `*.corp.example`,
 * `s3://bucket/prefix`, `mcp:server`, …): which one it is, and what is wrong with it. What an entry
 * covers is decided by the judge.
 */
import { isIP } from 'node:net'
import { parse } from 'tldts'
import { lookalike } from './lookalike.ts'

export type EntryForm =
  | { readonly form: 'path'; readonly path: string }
  /** `s3://bucket/prefix`, `postgres://host/db`, `https://npm.acme.example`. */
  | UrlForm
  /** `k8s:context/namespace`, `slack:workspace/#channel`, `jira:PROJECT`, `mcp:server`. */
  | { readonly form: 'named'; readonly service: string; readonly name: string }
  /** `github.com/acme`, `*.corp.example`, `deploy@host:22`. */
  | HostForm

interface UrlForm {
  readonly form: 'bucket' | 'database' | 'url'
  readonly scheme: string
  readonly host: string
  readonly path: string
}
interface HostForm {
  readonly form: 'host'
  readonly user: string
  /** With `*.` before it where it stands for all hosts below. */
  readonly host: string
  readonly port: string
  readonly path: string
}

const BUCKETS = /^(s3|s3a|gs|gcs|az|abfs|abfss|wasb|wasbs|r2|b2|oss|cos|swift|minio|hf)$/
const DATABASES =
  /^(postgres|postgresql|mysql|mariadb|mongodb|mongodb\+srv|redis|rediss|mssql|sqlserver|clickhouse|cassandra|bigquery|snowflake)$/
const WEB = /^(https?|wss?|ssh|git|oci|ftp|sftp)$/

/** Hosts that anybody can have a place on: only a path below says whose it is. */
export const SHARED: ReadonlySet<string> = new Set(
  `github.com gitlab.com bitbucket.org codeberg.org sr.ht git.sr.ht dev.azure.com ssh.dev.azure.com
  gitea.com gist.github.com raw.githubusercontent.com gist.githubusercontent.com huggingface.co
  docker.io hub.docker.com registry-1.docker.io index.docker.io ghcr.io quay.io registry.gitlab.com
  s3.amazonaws.com storage.googleapis.com storage.cloud.google.com hooks.slack.com slack.com
  discord.com api.telegram.org pastebin.com gist.io transfer.sh webhook.site requestbin.com
  dropbox.com drive.google.com docs.google.com amazonaws.com googleapis.com`.split(/\s+/),
)

/** @returns the form of an entry, or null when it has none */
export function formOf(entry: string): EntryForm | null {
  if (/^(\/|~\/|~$)/.test(entry)) return { form: 'path', path: entry }
  const url = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(.*)$/i.exec(entry)
  if (url !== null) {
    const [, scheme = '', host = '', path = ''] = url
    const kind = scheme.toLowerCase()
    const form = BUCKETS.test(kind) ? 'bucket' : DATABASES.test(kind) ? 'database' : 'url'
    if (form === 'url' && !WEB.test(kind)) return null
    return { form, scheme: kind, host, path }
  }
  const host = /^(?:([^@/:]+)@)?(\[[0-9a-f:.]+\]|[^@/:\s]+)(?::(\d+))?(\/.*)?$/iu.exec(entry)
  if (host !== null) {
    const [, user = '', name = '', port = '', path = ''] = host
    return { form: 'host', user, host: name, port, path }
  }
  const named = /^([a-z][a-z0-9_-]*):(.*)$/i.exec(entry)
  if (named === null) return null
  return { form: 'named', service: named[1] ?? '', name: named[2] ?? '' }
}

/**
 * @param machine its host may be a machine's short name, such as `prod`, which is a top-level domain too
 * @returns why an entry cannot be trusted as it is written, and how to mend it; null when it can
 */
export function entryProblem(entry: string, machine = false): string | null {
  if (entry.trim() === '') return 'is empty; write what to trust, such as github.com/acme'
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(entry)) return 'holds an invisible character; type it again'
  if (/\s/u.test(entry.trim()) || entry !== entry.trim())
    return 'holds a space; write one resource an entry, and what it is for as its note'
  if (/^\*+$/.test(entry)) return 'would trust everything; name one resource'
  if (/\/\*+$/.test(entry))
    return `ends in '/*'; leave that out: '${entry.replace(/\/\*+$/, '')}' covers all below it`
  const scp = /^(?:[^@/:]+@)([^@/:]+):([^/\d].*)$/.exec(entry)
  if (scp !== null) return `is written for git; write ${scp[1]}/${scp[2]?.replace(/\.git$/, '')}`
  const form = formOf(entry)
  if (form === null)
    return 'is no form of entry known here; write it like github.com/acme, *.corp.example, s3://bucket/prefix, https://npm.acme.example, deploy@host, k8s:context, slack:workspace/#channel, jira:PROJECT, mcp:server'
  if (form.form === 'path') return pathProblem(form.path)
  if (form.form === 'named') return namedProblem(form.service, form.name)
  if (form.form === 'host') return hostFormProblem(form, machine || form.user !== '')
  return urlProblem(form)
}

function pathProblem(path: string): string | null {
  if (path.includes('*')) return "holds a '*'; a folder covers all below it"
  const steps = path.split('/').filter(step => step !== '')
  if (steps.includes('..')) return "holds '..'; write the folder itself"
  const home = /^~\/?$/.test(path) || /^\/(home|Users)\/[^/]+\/?$/.test(path) || path === '/root'
  if (home || (path.startsWith('/') && steps.length < 2))
    return 'is too wide a folder; name one below it'
  return null
}

function namedProblem(service: string, name: string): string | null {
  if (name === '' || name === '/') return `names nothing of ${service}; write ${service}:NAME`
  if (name.includes('*')) return "holds a '*'; name one"
  return name.split('/').includes('..') ? "holds '..'; write the name itself" : null
}

function urlProblem(url: UrlForm): string | null {
  if (url.host === '') return `names none; write ${url.scheme}://NAME`
  if (url.host.includes('@')) return 'holds a user or a password; leave out all before the @'
  if (/[?#]/.test(url.path)) return "holds a '?' or '#'; leave out all from there"
  if (url.form === 'bucket' && `${url.host}${url.path}`.includes('*'))
    return "holds a '*'; a bucket or a prefix covers all below it"
  if (url.form === 'bucket') return stepsProblem(url.path)
  const { host, port } = withoutPort(url.host)
  return (
    hostProblem(host) ?? portProblem(port) ?? wideProblem(host, url.path) ?? stepsProblem(url.path)
  )
}

function hostFormProblem(it: HostForm, machine: boolean): string | null {
  if (it.user.includes('*')) return "holds a '*'; name one user"
  if (it.user !== '' && it.path !== '')
    return 'names a user; leave that out, an entry names the repository'
  if (/^\/\d{1,3}$/.test(it.path) && isIP(it.host.replace(/^\[|\]$/g, '')) > 0)
    return 'is a range of addresses; name each host'
  if (/[?#]/.test(it.path)) return "holds a '?' or '#'; leave out all from there"
  return (
    hostProblem(it.host) ??
    portProblem(it.port) ??
    (!machine || it.host.includes('.') ? wideProblem(it.host, it.path) : null) ??
    stepsProblem(it.path)
  )
}

function withoutPort(host: string): { host: string; port: string } {
  const parts = /^(.*?)(?::(\d+))?$/.exec(host)
  return { host: parts?.[1] ?? host, port: parts?.[2] ?? '' }
}

function portProblem(port: string): string | null {
  return port !== '' && (Number(port) < 1 || Number(port) > 65_535) ? 'has no such port' : null
}

function stepsProblem(path: string): string | null {
  if (path.includes('*')) return "holds a '*'; what is named covers all below it"
  if (/(^|\/)\.\.?(\/|$)/.test(path)) return "holds '..'; write the path itself"
  return path.includes('//') || path.includes('\\') ? 'holds an empty step; take it out' : null
}

function hostProblem(host: string): string | null {
  const bare = host.replace(/^\*\./, '')
  if (bare.includes('*')) return "can have '*' only as a whole first part, like *.corp.example"
  if (bare.endsWith('.')) return 'ends in a dot; leave it out'
  if (isIP(bare.replace(/^\[|\]$/g, '')) > 0)
    return bare === host ? null : 'is an address; write it without *.'
  const real = lookalike(bare)
  if (real?.deceptive && !/^[\x20-\x7e]*$/.test(bare))
    return `looks like another host; it is really ${real.punycode}: write it so if you mean it`
  const labels = (real?.punycode ?? bare).split('.')
  return labels.every(label => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))
    ? null
    : 'is no host name; mend its spelling'
}

function wideProblem(host: string, path: string): string | null {
  const bare = host.replace(/^\*\./, '').toLowerCase()
  if (isIP(bare.replace(/^\[|\]$/g, '')) > 0) return null
  const below = path.replace(/\/+$/, '') !== ''
  const wild = host.startsWith('*.')
  if (SHARED.has(bare) && (wild || !below))
    return wild
      ? `is too wide: anybody can have a place on ${bare}; name one`
      : `is too wide: anybody can have a place there; name whose, like ${bare}/acme`
  const name = parse(bare, { allowPrivateDomains: true })
  const suffix = name.domain === null
  if (wild && suffix) return `is as wide as all of .${bare}; name a domain below it`
  if (suffix && (name.isIcann === true || name.isPrivate === true) && !below)
    return `is too wide: anybody can have a place below it; name one`
  return null
}

/** The host that an entry names, for a look at how it is spelt; `''` when it names none. */
export function hostOf(entry: string): string {
  const form = formOf(entry)
  if (form === null || form.form === 'path' || form.form === 'named' || form.form === 'bucket')
    return ''
  return form.form === 'host' ? form.host : withoutPort(form.host.replace(/^.*@/, '')).host
}

/** The exact identity of a git repository, however its URL is written. */
import type { Identity } from '../effects/effect.ts'
import { hostName } from './host.ts'

const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['ssh', '22'],
  ['https', '443'],
  ['http', '80'],
  ['git', '9418'],
  ['git+ssh', '22'],
])

/** Here the case of owner and name means nothing. Elsewhere it may. */
const CASELESS = new Set(['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org'])

/** Hosts that serve the same repositories under another name. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['ssh.github.com', 'github.com'],
  ['www.github.com', 'github.com'],
  ['altssh.gitlab.com', 'gitlab.com'],
  ['altssh.bitbucket.org', 'bitbucket.org'],
])

const URL_LIKE = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/i
const SCP_LIKE = /^(?:([^@/\s:]+)@)?(\[[0-9a-f:]+\]|[^/\s:@[\]]+):(?!\/\/)(.+)$/i

/** @returns `github.com/acme/app`, a path, or null when it is no address of a repository */
export function gitIdentity(url: string): Identity | null {
  const text = url.trim()
  if (text === '' || /[\s\0-\x1f\\]/.test(text) || text.startsWith('-')) return null
  const full = URL_LIKE.exec(text)
  if (full !== null) {
    const [, scheme = '', authority = '', path = ''] = full
    if (scheme.toLowerCase() === 'file') return { kind: 'path', id: path }
    return named(scheme.toLowerCase(), authority, path)
  }
  // `ext::sh -c …` and other helpers run programs.
  if (text.includes('::')) return null
  const scp = SCP_LIKE.exec(text)
  if (scp !== null) return named('ssh', scp[2] ?? '', `/${scp[3] ?? ''}`)
  if (/^(\.{0,2}\/|\.{1,2}$|~)/.test(text)) return { kind: 'path', id: text }
  return null
}

function named(scheme: string, authority: string, path: string): Identity | null {
  const fallback = DEFAULT_PORTS.get(scheme)
  if (fallback === undefined) return null
  const at = authority.lastIndexOf('@')
  const place = /^(.*?)(?::(\d*))?$/.exec(authority.slice(at + 1))
  const host = hostName(place?.[1] ?? '')
  if (host === null) return null
  const known = ALIASES.get(host) ?? host
  const alias = known !== host
  const port = place?.[2] ?? ''
  const shownPort = port === '' || port === fallback || (alias && port === '443') ? '' : `:${port}`
  const name = repositoryPath(path)
  if (name === null) return null
  const azure = azureRepository(host, name)
  if (azure !== null) return { kind: 'git', id: `dev.azure.com/${azure}` }
  return {
    kind: 'git',
    id: `${known}${shownPort}/${CASELESS.has(known) ? name.toLowerCase() : name}`,
  }
}

/** `v3/org/project/repo` by ssh, `org/project/_git/repo` by https: one repository. */
function azureRepository(host: string, name: string): string | null {
  const ssh = /^(?:ssh\.dev\.azure\.com|vs-ssh\.visualstudio\.com)$/.test(host)
    ? /^v3\/(.+)$/.exec(name)?.[1]
    : undefined
  if (ssh !== undefined) return ssh
  if (host !== 'dev.azure.com') return null
  return name.replace(/\/_git\//, '/')
}

/** @returns null where decoding or `..` could make it another repository than it looks */
function repositoryPath(path: string): string | null {
  const [plain = ''] = path.split(/[?#]/)
  let decoded: string
  try {
    decoded = decodeURIComponent(plain)
  } catch {
    return null
  }
  const parts = decoded.split('/').filter(part => part !== '' && part !== '.')
  if (parts.length === 0 || parts.includes('..')) return null
  return parts.join('/').replace(/\.git$/i, '')
}

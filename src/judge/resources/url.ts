/** What a URL names: a bucket, a domain, loopback. Always by parsing, never by looking for a part. */
import type { Identity } from '../effects/effect.ts'
import { hostName } from './host.ts'

const SCHEMES = /^(s3|gs|az|abfss?|wasbs?|r2|oss|cos|b2|minio):\/\/([^/]+)\/*(.*)$/i

export function bucketIdentity(text: string): Identity | null {
  const match = SCHEMES.exec(text)
  if (match === null || /[\s\0-\x1f]/.test(match[2] ?? '')) return null
  return bucket(match[1] ?? '', match[2] ?? '', match[3] ?? '')
}

function bucket(scheme: string, name: string, key: string): Identity {
  const clean = key
    .split('/')
    .filter(part => part !== '')
    .join('/')
  const path = clean === '' ? '' : `/${clean}`
  return { kind: 'bucket', id: `${scheme.toLowerCase()}://${name}${path}` }
}

/** The styles in which object stores are addressed by HTTP. */
function bucketOfUrl(host: string, path: string): Identity | null {
  const [first = '', ...rest] = path.split('/').filter(part => part !== '')
  const amazon = /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/.exec(
    host,
  )
  if (amazon !== null)
    return amazon[1] === undefined
      ? first === ''
        ? null
        : bucket('s3', first, rest.join('/'))
      : bucket('s3', amazon[1], path.slice(1))
  if (host === 'storage.googleapis.com' || host === 'storage.cloud.google.com')
    return first === '' ? null : bucket('gs', first, rest.join('/'))
  const google = /^(.+)\.storage\.googleapis\.com$/.exec(host)
  if (google?.[1] !== undefined) return bucket('gs', google[1], path.slice(1))
  const azure = /^([a-z0-9]+)\.(?:blob|dfs)\.core\.windows\.net$/.exec(host)
  if (azure?.[1] !== undefined) return bucket('az', azure[1], path.slice(1))
  return null
}

export interface ParsedUrl {
  readonly scheme: string
  readonly host: string
  /** `host` or `host:port` when it is not the scheme's own port. */
  readonly place: string
  readonly path: string
  readonly query: string
  readonly hasUser: boolean
}

/** As curl reads it: a missing scheme is http. */
export function parseUrl(text: string): ParsedUrl | null {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  // What the URL parser silently drops or turns round, another program may not.
  if (/[\s\0-\x1f\\]/.test(text)) return null
  let url: URL
  try {
    url = new URL(withScheme)
  } catch {
    return null
  }
  const host = hostName(url.hostname)
  if (host === null) return null
  return {
    scheme: url.protocol.slice(0, -1),
    host,
    place: url.port === '' ? host : `${host}:${url.port}`,
    path: url.pathname,
    query: url.search,
    hasUser: url.username !== '' || url.password !== '',
  }
}

/** @returns the bucket or the domain that a URL names; null when it cannot be read */
export function urlIdentity(text: string): Identity | null {
  const stored = bucketIdentity(text)
  if (stored !== null) return stored
  const url = parseUrl(text)
  if (url === null) return null
  return bucketOfUrl(url.host, url.path) ?? { kind: 'domain', id: url.place, path: url.path }
}

export function registryIdentity(text: string): Identity | null {
  const url = parseUrl(text)
  return url === null ? null : { kind: 'registry', id: url.place, path: url.path }
}

/** `registry.acme.example/app:tag` → the registry; no host in it is Docker Hub. */
export function imageRegistry(image: string): Identity {
  const [first = '', ...rest] = image.split('/')
  const named = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const host = named ? first.toLowerCase() : 'docker.io'
  const path = (named ? rest : [first, ...rest]).join('/').replace(/[:@][^/]*$/, '')
  return { kind: 'registry', id: `${host}/${path}` }
}

/** `deploy@host`, `host:path`, `host`. */
export function hostIdentity(text: string): Identity | null {
  const [, user = '', rest = ''] = /^(?:([^@]+)@)?(.+)$/.exec(text) ?? []
  const host = hostName(rest)
  return host === null ? null : { kind: 'host', id: user === '' ? host : `${user}@${host}` }
}

/** Names of hosts, in the one form that is compared. */
import { domainToASCII } from 'node:url'
import { parse } from 'tldts'

/** @returns lower case, punycode, no trailing dot, IP literals in their usual form; null: none */
export function hostName(text: string): string | null {
  if (text === '' || /[\s\0-\x20/\\?#@%]/.test(text)) return null
  const bare = text.replace(/\.$/, '')
  if (/^\[[0-9a-f:.]+\]$/i.test(bare)) return viaUrl(bare)
  if (bare.includes(':')) return /^[0-9a-f:.]+$/i.test(bare) ? viaUrl(`[${bare}]`) : null
  // `2130706433`, `0x7f.1` and `127.1` are addresses too: the URL parser writes them out.
  if (/^[0-9a-fx.]+$/i.test(bare) && /^(0x[0-9a-f]*|\d+)$/i.test(bare.split('.').at(-1) ?? ''))
    return viaUrl(bare)
  const ascii = domainToASCII(bare).toLowerCase()
  return /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(ascii) && !ascii.includes('..') ? ascii : null
}

function viaUrl(host: string): string | null {
  try {
    return new URL(`http://${host}/`).hostname
  } catch {
    return null
  }
}

export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(host) ||
    /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]$/.test(host) ||
    host === '0.0.0.0' ||
    host === '[::]'
  )
}

export function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host)
}

/** Where clouds answer with a machine's own credentials. */
export function isMetadata(host: string): boolean {
  return (
    host === '169.254.169.254' ||
    host === '169.254.170.2' ||
    host === '100.100.100.200' ||
    host === '[fd00:ec2::254]' ||
    host === 'metadata.google.internal' ||
    host === 'metadata'
  )
}

/** `com`, `co.uk`, `github.io`: under such a name anybody can have a name. */
export function isPublicSuffix(host: string): boolean {
  const { publicSuffix, hostname } = parse(host, { allowPrivateDomains: true })
  return publicSuffix === hostname
}

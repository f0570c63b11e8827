/** Names that a person's ssh settings give to hosts. */
import { posix } from 'node:path'
import type { Facts } from '../types.ts'

/** @returns the host that a name stands for, and its user where one is set; the name itself if none */
export function hostBehind(name: string, facts: Facts): string {
  const fact = facts.files[posix.join(facts.home, '.ssh/config')]
  if (fact?.kind !== 'file') return name
  const [, user = '', host = name] = /^(?:([^@]+)@)?(.+)$/.exec(name) ?? []
  let applies = false
  for (const line of fact.content.split('\n')) {
    const [, key = '', value = ''] = /^\s*(\w+)[\s=]+(.+?)\s*$/.exec(line) ?? []
    if (/^host$/i.test(key)) applies = value.split(/\s+/).some(pattern => matches(pattern, host))
    else if (applies && /^hostname$/i.test(key)) return user === '' ? value : `${user}@${value}`
    // Another way there than the name says is not known.
    else if (applies && /^(proxycommand|proxyjump)$/i.test(key) && !/^none$/i.test(value))
      applies = true
  }
  return name
}

function matches(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern.startsWith('!')) return false
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'i').test(host)
}

/** Allow-lists of several layers: a lower layer may take out, never put in. */
import type { Role } from '../action/entry.ts'
import { builtInPolicy } from './built-in-policy.ts'
import { BUILT_IN, type Note, type Sourced } from './layers.ts'

type Lists<T> = readonly (readonly Sourced<T>[] | null)[]

const builtIn = <T>(values: readonly T[]): Sourced<T>[] =>
  values.map(value => ({ value, origin: BUILT_IN }))

/** Patterns: of two that overlap, the narrower one stays. */
export function mergeModels(
  [managed = null, user = null]: Lists<string>,
  note: Note,
): Sourced<string>[] {
  if (managed === null || user === null)
    return [...(managed ?? user ?? builtIn(builtInPolicy.models))]
  const kept = managed.filter(m => user.some(u => covers(u.value, m.value)))
  for (const u of user) {
    if (kept.some(k => covers(u.value, k.value))) continue
    if (managed.some(m => covers(m.value, u.value))) kept.push(u)
    else note(u.origin, `the managed policy does not list the model '${u.value}'`)
  }
  return kept
}

/** Whether all that the second pattern means, the first means too. */
function covers(pattern: string, other: string): boolean {
  return pattern.endsWith('*') ? other.startsWith(pattern.slice(0, -1)) : pattern === other
}

interface Platform {
  readonly platform: string
  readonly role: Role | null
}

export function mergePlatforms(
  [managed = null, user = null]: Lists<Platform>,
  note: Note,
  rolesLocked: boolean,
): Sourced<Platform>[] {
  const own =
    user?.map(u => (rolesLocked ? { ...u, value: { ...u.value, role: null } } : u)) ?? null
  if (managed === null || own === null)
    return [...(managed ?? own ?? builtIn(builtInPolicy.platforms))]
  const same = (a: Platform, b: Platform): boolean =>
    platformKey(a.platform) === platformKey(b.platform)
  for (const u of own)
    if (!managed.some(m => same(m.value, u.value)))
      note(u.origin, `the managed policy does not list the platform '${u.value.platform}'`)
  return managed.flatMap(m => {
    const u = own.find(it => same(m.value, it.value))
    if (u === undefined) return []
    return [m.value.role === null ? { ...m, value: { ...m.value, role: u.value.role } } : m]
  })
}

/** Base URLs are compared as the client would use them. */
export function platformKey(platform: string): string {
  return URL.canParse(platform) ? new URL(platform).href.replace(/\/+$/, '') : platform
}

export function mergeAllowed(
  [managed = null, user = null]: Lists<string>,
  note: Note,
): Sourced<string>[] {
  if (managed === null || user === null)
    return [...(managed ?? user ?? builtIn(builtInPolicy.allowIn))]
  for (const u of user)
    if (!managed.some(m => m.value === u.value))
      note(u.origin, `the managed policy does not allow in mode '${u.value}'`)
  return managed.filter(m => user.some(u => u.value === m.value))
}

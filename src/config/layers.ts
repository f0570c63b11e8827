/** The files of a policy, and where each line of them stands. */
import type { Origin, Policy } from './policy.ts'
import type { ManagedFile, RepositoryFile, UserFile } from './policy-schema.ts'
import type { YamlFile } from './yaml-file.ts'

export interface Layers {
  readonly managed: YamlFile<ManagedFile> | null
  readonly user: YamlFile<UserFile> | null
  readonly repository: YamlFile<RepositoryFile> | null
  /** There is a managed file that could not be read: what it forbids is not known. */
  readonly closed: boolean
}

export const BUILT_IN: Origin = { layer: 'built-in', file: '', line: 0 }

export interface Sourced<T> {
  readonly value: T
  readonly origin: Origin
}

/** A line that does not count, and why: another settles what it says. */
export interface PassedOver {
  readonly origin: Origin
  readonly why: string
  /** Whose line counts instead. */
  readonly by: Origin['layer']
}

/** Says that a line does not count; without `by` it is the managed policy that settles it. */
export type Note = (origin: Origin, why: string, by?: Origin['layer']) => void
export type Locked = ReadonlySet<Policy['locked'][number]>

export function originOf(
  layer: Origin['layer'],
  file: YamlFile<unknown>,
  ...keys: readonly (string | number)[]
): Origin {
  return { layer, file: file.path, line: file.lineOf(...keys) }
}

/** A folder as the policy names it: without a slash at its end. */
export function folderOf(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') || '/' : path
}

export function placeOf(origin: Origin): string {
  return origin.file === '' ? 'built in' : `${origin.file}:${origin.line}`
}

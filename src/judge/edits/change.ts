/** What a write changes: the text that is new, and the text that is gone. */
import type { Write } from '../effects/effect.ts'
import { placeOf } from '../paths.ts'
import type { Facts } from '../types.ts'

export interface Change {
  /** Relative to the project; absolute outside it. */
  readonly path: string
  readonly added: string
  readonly removed: string
}

/** @returns null when nothing is known of what is written */
export function changeOf(write: Write, facts: Facts): Change | null {
  const { path } = write.target
  const { glob } = write.target
  if (path === null || write.content === null || write.how === 'make') return null
  const place = placeOf(path, facts)
  const folder = place.kind === 'project' ? place.relative : path
  // A wildcard stands for files that are named like it.
  const named = glob === '' ? folder : [folder, glob].filter(part => part !== '').join('/')
  const fact = Object.hasOwn(facts.files, path) ? facts.files[path] : undefined
  const before =
    write.replaced ?? (write.how === 'replace' && fact?.kind === 'file' ? fact.content : '')
  return { path: named, ...difference(before, write.content) }
}

/** By lines: what stands on both sides is neither added nor removed. */
function difference(before: string, after: string): Pick<Change, 'added' | 'removed'> {
  const old = new Set(before.split('\n').map(line => line.trim()))
  const fresh = new Set(after.split('\n').map(line => line.trim()))
  const only = (text: string, other: ReadonlySet<string>): string =>
    text
      .split('\n')
      .filter(line => !other.has(line.trim()))
      .join('\n')
  return { added: only(after, old), removed: only(before, fresh) }
}

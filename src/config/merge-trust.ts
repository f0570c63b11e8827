/** Entries of a layer, each with its slot, its scope and its line. */
import { SLOTS } from '../action/slot.ts'
import type { WrittenEntry } from './entry-schema.ts'
import { folderOf, originOf } from './layers.ts'
import type { PolicyEntry, Sensitive, TrustEntry } from './policy.ts'
import type { PolicyPart } from './policy-schema.ts'
import type { YamlFile } from './yaml-file.ts'

/** A layer with the keys that managed and user files share. */
export interface Part {
  readonly layer: 'managed' | 'user'
  readonly file: YamlFile<PolicyPart>
}

export function trustIn(part: Part): TrustEntry[] {
  return scopesIn(part).flatMap(({ trust, project, keys }) =>
    SLOTS.flatMap(slot =>
      entriesAt(part, trust?.[slot], project, [...keys, 'trust', slot]).map(it => ({
        slot,
        ...it,
      })),
    ),
  )
}

/** What every layer calls sensitive: no layer takes any of it away. */
export function sensitiveIn(parts: readonly Part[]): Sensitive {
  const all = (key: 'data' | 'remote_targets' | 'iac_scopes'): PolicyEntry[] =>
    parts.flatMap(part =>
      scopesIn(part).flatMap(({ sensitive, project, keys }) =>
        entriesAt(part, sensitive?.[key], project, [...keys, 'sensitive', key]),
      ),
    )
  return { data: all('data'), remoteTargets: all('remote_targets'), iacScopes: all('iac_scopes') }
}

type Keys = readonly (string | number)[]

/** Everywhere first, then project by project. */
function scopesIn({ file }: Part) {
  const { trust, sensitive, projects } = file.value
  const everywhere = { trust, sensitive, project: '', keys: [] as Keys } // not an empty tuple
  const inProjects = Object.entries(projects ?? {}).map(([path, it]) => ({
    trust: it?.trust,
    sensitive: it?.sensitive,
    project: folderOf(path),
    keys: ['projects', path] as Keys,
  }))
  return [everywhere, ...inProjects]
}

function entriesAt(
  { layer, file }: Part,
  written: readonly WrittenEntry[] | null | undefined,
  project: string,
  keys: Keys,
): PolicyEntry[] {
  return (written ?? []).map((it, i) => ({
    ...partsOf(it),
    project,
    origin: originOf(layer, file, ...keys, i),
  }))
}

/** What an entry says, in either way of writing it. */
export function partsOf(it: WrittenEntry): Pick<PolicyEntry, 'entry' | 'note' | 'expires'> {
  return typeof it === 'string'
    ? { entry: it, note: '', expires: '' }
    : { entry: it.entry, note: it.note ?? '', expires: it.expires ?? '' }
}

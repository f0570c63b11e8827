/** A policy's trust in the words of the client's classifier. */
import { formOf } from '../config/entry-form.ts'
import { dayOf, withoutExpired } from '../config/load-policy.ts'
import type { Policy, TrustEntry } from '../config/policy.ts'

export interface TrustLines {
  readonly lines: readonly string[]
  /** Entries that the client cannot be told: its settings know no projects. */
  readonly left: readonly TrustEntry[]
}

export function trustLines(policy: Policy, now: Date): TrustLines {
  const { trust } = withoutExpired(policy, dayOf(now))
  const everywhere = trust.filter(({ project }) => project === '')
  const lines = everywhere.map(it => {
    const until = it.expires === '' ? '' : ` (until ${it.expires})`
    return `${lineOf(it)}${until}`
  })
  return { lines: [...new Set(lines)], left: trust.filter(({ project }) => project !== '') }
}

/** The client's own words for each kind of thing that can be its user's. */
function lineOf({ slot, entry }: TrustEntry): string {
  switch (slot) {
    case 'source_control':
      return isRepository(entry)
        ? `Trusted repo: ${entry}`
        : `Source control: ${entry} and all repos under it`
    case 'domains':
      return `Trusted internal domains: ${entry}`
    case 'buckets':
      return `Trusted cloud buckets: ${entry}`
    case 'registries':
      return `Internal package registry: ${entry}`
    case 'paths':
      return `Trusted folder outside the project: ${entry}`
    case 'services':
    case 'hosts':
    case 'clusters':
    case 'databases':
    case 'mcp':
      return `Key internal services: ${entry}`
  }
}

/** Of `github.com/acme`, all repositories are meant. */
function isRepository(entry: string): boolean {
  const form = formOf(entry)
  const path = form?.form === 'host' || form?.form === 'url' ? form.path : ''
  return path.split('/').filter(step => step !== '').length > 1
}

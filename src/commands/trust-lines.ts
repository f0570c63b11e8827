/** A policy's trust in the words of the client's classifier. */

import { type EntryForm, formOf } from '../config/entry-form.ts'
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
  const lines = everywhere.map(({ entry, expires }) => {
    const until = expires === '' ? '' : ` (until ${expires})`
    return `${lineOf(entry)}${until}`
  })
  return { lines: [...new Set(lines)], left: trust.filter(({ project }) => project !== '') }
}

function lineOf(entry: string): string {
  const form = formOf(entry)
  if (form === null) return `Trusted: ${entry}`
  switch (form.form) {
    case 'bucket':
      return `Trusted cloud buckets: ${entry}`
    case 'url':
      return `${isRegistry(form.host) ? 'Internal package registry' : 'Key internal services'}: ${entry}`
    case 'host':
      return hostLine(entry, form)
    case 'path':
      return `Trusted folder outside the project: ${entry}`
    default:
      return `Key internal services: ${entry}`
  }
}

function hostLine(entry: string, form: Extract<EntryForm, { form: 'host' }>): string {
  if (form.user !== '') return `Key internal services: ${entry}`
  if (form.path === '') return `Trusted internal domains: ${entry}`
  const steps = form.path.split('/').filter(step => step !== '')
  return steps.length > 1
    ? `Trusted repo: ${entry}`
    : `Source control: ${entry} and all repos under it`
}

function isRegistry(host: string): boolean {
  return /^(npm|pypi|registry|maven|crates|nexus|artifactory|packages?|docker|cr|gems?)[.-]/.test(
    host,
  )
}

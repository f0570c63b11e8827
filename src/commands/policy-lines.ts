/** The effective policy as lines, each with the place it comes from. */
import { BUILT_IN } from '../config/layers.ts'
import type { Merged } from '../config/merge-policy.ts'
import type { Origin } from '../config/policy.ts'

export interface PolicyLine {
  readonly name: string
  readonly value: string
  readonly origin: Origin
}

export function policyLines({ policy, origins }: Merged): PolicyLine[] {
  const at = (key: string): Origin => origins[key] ?? BUILT_IN
  const named = (name: string, key: string, values: readonly string[]): PolicyLine[] =>
    values.map((value, i) => ({ name, value, origin: at(`${key}.${i}`) }))
  const { enabled, roles, sensitive, breaker, waits, journal } = policy
  const one = (name: string, key: string, value: string | number): PolicyLine => ({
    name,
    value: String(value),
    origin: at(key),
  })
  return [
    one('enabled', 'enabled', enabled === null ? 'no' : `by ${enabled.by} on ${enabled.on}`),
    ...named('model', 'models', policy.models),
    ...named(
      'platform',
      'platforms',
      policy.platforms.map(it => it.platform + (it.role === null ? '' : ` as ${it.role}`)),
    ),
    one('role', 'roles.default', roles.default),
    ...Object.entries(roles.projects).map(([path, role]) =>
      one('role', `roles.projects.${path}`, `${role} in ${path}`),
    ),
    ...policy.trust.map(it => ({ name: 'trust', value: trustText(it), origin: it.origin })),
    ...named('sensitive data', 'sensitive.data', sensitive.data),
    ...named('sensitive target', 'sensitive.remoteTargets', sensitive.remoteTargets),
    ...named('protected scope', 'sensitive.iacScopes', sensitive.iacScopes),
    ...policy.rules.map(it => ({
      name: 'rule',
      value: `${it.id}: ${it.tier} ${it.tool} '${it.match}' (${it.reason})`,
      origin: it.origin,
    })),
    ...policy.rulesOff.map(it => ({ name: 'rule off', value: it.id, origin: it.origin })),
    one('breaker in row', 'breaker.inRow', breaker.inRow),
    one('breaker of', 'breaker.of', breaker.of),
    one('breaker last', 'breaker.last', breaker.last),
    one('breaker unattended', 'breaker.unattended', breaker.unattended),
    ...named('allow in', 'allowIn', policy.allowIn),
    one('wait denied', 'waits.deniedSeconds', `${waits.deniedSeconds} s`),
    one('wait ask', 'waits.askSeconds', `${waits.askSeconds} s`),
    one('journal keeps', 'journal.keepDays', `${journal.keepDays} days`),
    ...named('locked', 'locked', policy.locked),
  ]
}

function trustText(it: Merged['policy']['trust'][number]): string {
  return [
    it.entry,
    it.project === '' ? '' : `in ${it.project} only`,
    it.expires === '' ? '' : `until ${it.expires}`,
    it.note === '' ? '' : `(${it.note})`,
  ]
    .filter(text => text !== '')
    .join(' ')
}

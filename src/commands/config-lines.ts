/** The effective policy as lines, each with the place it comes from. */
import { SLOTS } from '../action/slot.ts'
import { BUILT_IN } from '../config/layers.ts'
import type { Merged } from '../config/merge-policy.ts'
import type { Origin, PolicyEntry, PolicyRule, ReviewerSettings } from '../config/policy.ts'
import { grouped } from '../monitor/format.ts'

export interface PolicyLine {
  readonly name: string
  readonly value: string
  readonly origin: Origin
}

/** @param today ISO date, to tell what is over */
export function policyLines({ policy, origins }: Merged, today: string): PolicyLine[] {
  const at = (key: string): Origin => origins[key] ?? BUILT_IN
  const named = (name: string, key: string, values: readonly string[]): PolicyLine[] =>
    values.map((value, i) => ({ name, value, origin: at(`${key}.${i}`) }))
  const listed = (name: string, entries: readonly PolicyEntry[]): PolicyLine[] =>
    entries.map(it => ({ name, value: entryText(it, today), origin: it.origin }))
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
    ...SLOTS.flatMap(slot =>
      listed(
        `trust ${slot}`,
        policy.trust.filter(it => it.slot === slot),
      ),
    ),
    ...listed('sensitive data', sensitive.data),
    ...listed('sensitive target', sensitive.remoteTargets),
    ...listed('protected scope', sensitive.iacScopes),
    ...policy.rules.map(it => ({
      name: 'rule',
      value: `${it.id}: ${it.tier} ${ruleIsOver(it)} (${it.reason})`,
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
    ...named('redact', 'redact', policy.redact),
    one('fleet shares', 'fleet.share', policy.fleet.share),
    ...policy.fleet.remote.map(({ name, nkey, may, origin }) => ({
      name: 'fleet remote',
      value: `${name} (${nkey}) may ${may.filter(it => policy.fleet.remoteMay.includes(it)).join(', ') || 'nothing'}`,
      origin,
    })),
    ...reviewerLines(policy.reviewer),
    ...named('locked', 'locked', policy.locked),
  ]
}

function reviewerLines(reviewer: ReviewerSettings | null): PolicyLine[] {
  if (reviewer === null) return []
  const { key, timeoutMs, budget, origin } = reviewer
  const { sessionUsd, sessionTokens, dayUsd, dayTokens } = budget
  const keyFrom = {
    environment: key.from === 'environment' ? key.name : '',
    command: 'what api_key_command prints',
    nowhere: 'none',
  }[key.from]
  const upTo = (usd: number, tokens: number, of: string): string =>
    `$${usd} and ${grouped(tokens)} tokens a ${of}`
  const lines: readonly (readonly [string, string])[] = [
    ['reviewer', whoIs(reviewer)],
    ['reviewer key', keyFrom],
    ['reviewer timeout', `${timeoutMs / 1000} s`],
    ['reviewer budget', upTo(sessionUsd, sessionTokens, 'session')],
    ['reviewer budget', upTo(dayUsd, dayTokens, 'day')],
  ]
  return lines.map(([name, value]) => ({ name, value, origin }))
}

/** `anthropic, claude-haiku-4-5 at https://gateway.corp.example/v1` */
export const whoIs = ({ provider, model, baseUrl }: ReviewerSettings): string =>
  `${provider}, ${model}${baseUrl === '' ? '' : ` at ${baseUrl}`}`

/** `Bash, command 'npm publish'` */
export function ruleIsOver({ tool, pattern }: PolicyRule): string {
  const calls = tool === '*' ? 'any tool' : tool
  return pattern === null ? calls : `${calls}, ${pattern.over} '${pattern.text}'`
}

function entryText({ entry, project, expires, note }: PolicyEntry, today: string): string {
  const over = expires !== '' && expires < today
  return [
    entry,
    project === '' ? '' : `in ${project} only`,
    expires === '' ? '' : `${over ? 'EXPIRED' : 'until'} ${expires}`,
    note === '' ? '' : `(${note})`,
  ]
    .filter(text => text !== '')
    .join(' ')
}

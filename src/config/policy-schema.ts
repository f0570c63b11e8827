/**
 * The policy as people write it in YAML: the user's `config.yaml`, the managed file, and a
 * repository's `.signalbox.yaml`. A key without a value is the same as no key.
 */
import { isAbsolute } from 'node:path'
import * as v from 'valibot'
import { ROLES } from '../action/entry.ts'
import { secretProblem } from '../action/secrets.ts'
import { DATE, list, SENSITIVE, TRUST, text } from './entry-schema.ts'
import { FLEET } from './fleet-schema.ts'
import { REVIEWER } from './reviewer-schema.ts'
import { RULE, TIGHTENING_RULE } from './rule-schema.ts'

const whole = (least: number, most: number) => {
  const says = `must be a whole number from ${least} to ${most}`
  return v.pipe(v.number(says), v.integer(says), v.minValue(least, says), v.maxValue(most, says))
}
const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `must be one of ${values.join(', ')}`)
const ROLE = oneOf(ROLES)
const PROJECTS = v.record(
  v.pipe(v.string(), v.check(isAbsolute, 'must be an absolute path of a project')),
  v.nullable(
    v.strictObject(
      { trust: v.nullish(TRUST), sensitive: v.nullish(SENSITIVE), role: v.nullish(ROLE) },
      'must hold trust, sensitive or role',
    ),
  ),
  'must be a list of absolute paths, each with trust, sensitive or role',
)

const PLATFORM_SAYS =
  'must be anthropic, bedrock, vertex, foundry or the base URL of a gateway (https://…)'
const PLATFORM = v.pipe(v.string(PLATFORM_SAYS), v.check(isPlatform, PLATFORM_SAYS))

export function isPlatform(name: string): boolean {
  return /^(anthropic|bedrock|vertex|foundry)$/.test(name) || isBaseUrl(name)
}

function isBaseUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}

const APPROVAL = v.strictObject(
  { enabled_by: text('the name of who enables auto mode'), enabled_on: DATE },
  'must hold enabled_by (a name) and enabled_on (a date)',
)

const PATTERN = v.pipe(
  text('a pattern such as acme_[A-Za-z0-9]{20}'),
  v.check(
    it => secretProblem(it) === null,
    issue => `'${issue.input}' ${secretProblem(issue.input) ?? ''}`,
  ),
)

const POLICY_KEYS = {
  /** Resources that count as the user's own. */
  trust: v.nullish(TRUST),
  /** By absolute path of a project. */
  projects: v.nullish(PROJECTS),
  roles: v.nullish(v.strictObject({ default: v.nullish(ROLE) })),
  /** Model ids, or prefixes ending in `*`. */
  models: v.nullish(
    list(v.pipe(text('a model id'), v.regex(/^[^*\s]+\*?$/, "can have '*' only at its end"))),
  ),
  platforms: v.nullish(
    list(
      v.union(
        [PLATFORM, v.strictObject({ platform: PLATFORM, role: v.nullish(ROLE) })],
        'must be anthropic, bedrock, vertex, foundry, a base URL, or {platform, role}',
      ),
    ),
  ),
  rules: v.nullish(list(RULE)),
  /** Ids of built-in rules that are switched off. */
  rules_off: v.nullish(list(text('the id of a rule'))),
  sensitive: v.nullish(SENSITIVE),
  breaker: v.nullish(
    v.strictObject({
      in_row: v.nullish(whole(1, 1000)),
      of: v.nullish(whole(1, 1000)),
      last: v.nullish(whole(1, 1000)),
      unattended: v.nullish(oneOf(['deny', 'stop'])),
    }),
  ),
  /** Modes of the client in which the gate may answer `allow`. */
  allow_in: v.nullish(list(oneOf(['auto', 'default']))),
  waits: v.nullish(
    v.strictObject({
      denied_seconds: v.nullish(whole(0, 600)),
      ask_seconds: v.nullish(whole(0, 3600)),
    }),
  ),
  journal: v.nullish(v.strictObject({ keep_days: v.nullish(whole(1, 36_500)) })),
  /** What else is a secret, beside what is known to be one. */
  redact: v.nullish(list(PATTERN)),
  /** A model that decides where the judge is unsure. */
  reviewer: v.nullish(REVIEWER),
  /** Of a relay to other machines. */
  fleet: v.nullish(FLEET),
} as const

const rate = v.pipe(
  v.number('must be US dollars per million tokens'),
  v.minValue(0, 'must be US dollars per million tokens, 0 or more'),
)
const RATES = v.strictObject({
  input: rate,
  output: rate,
  cacheRead: rate,
  cacheWrite5m: rate,
  cacheWrite1h: rate,
})

const key = v.string('must be a key, or a list of keys')
const KEYS = v.union([key, v.array(key)], 'must be a key, or a list of keys')

const POLICY_PART = v.strictObject(POLICY_KEYS)
/** What the managed file and the user's have in common. */
export type PolicyPart = v.InferOutput<typeof POLICY_PART>

/** `config.yaml` in the user's config folder. */
export const USER_FILE = v.strictObject({
  /** A theme's name: one that ships, or a file in the config folder's `themes`. */
  theme: v.optional(v.string('must be the name of a theme')),
  /** How a person who looks elsewhere hears that an action waits. */
  notify: v.optional(oneOf(['off', 'badge', 'loud'])),
  /** Whether the screen draws more than ASCII; `auto`: as the terminal's locale says. */
  unicode: v.optional(oneOf(['auto', 'on', 'off'])),
  /** `reduced`: the screen changes every few seconds, but for what must be seen at once. */
  motion: v.optional(oneOf(['full', 'reduced'])),
  /** Rates by model id, before any other price list. */
  prices: v.optional(v.record(v.string(), RATES, 'must be rates by model id'), {}),
  /** Keys of the screen by command; which there are, the screen knows (`src/ui/keymap.ts`). */
  keys: v.optional(v.record(v.string(), KEYS, 'must be keys by command'), {}),
  /** Filters of the list of actions, by the user's names for them. */
  filters: v.optional(
    v.record(v.string(), v.string('must be a filter'), 'must be filters by name'),
    {},
  ),
  ...POLICY_KEYS,
  auto_mode: v.nullish(APPROVAL),
})
export type UserFile = v.InferOutput<typeof USER_FILE>

export const LOCKS = [
  'trust',
  'override',
  'pause',
  'approve',
  'roles',
  'rules',
  'reviewer',
  'remote',
] as const

/** The administrator's file. `auto_mode: off` is for everybody. */
export const MANAGED_FILE = v.strictObject({
  ...POLICY_KEYS,
  auto_mode: v.nullish(
    v.union(
      [v.literal(false), v.literal('off'), APPROVAL],
      "must be 'off', or {enabled_by, enabled_on}",
    ),
  ),
  locked: v.nullish(list(oneOf(LOCKS))),
})
export type ManagedFile = v.InferOutput<typeof MANAGED_FILE>

/** A repository's `.signalbox.yaml`: an agent can edit it, so all it can do is tighten. */
export const REPOSITORY_FILE = v.strictObject(
  { rules: v.nullish(list(TIGHTENING_RULE)) },
  "may not be set by a repository, which can only tighten: it may hold 'rules' and nothing else",
)
export type RepositoryFile = v.InferOutput<typeof REPOSITORY_FILE>

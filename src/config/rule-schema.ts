/** A rule as people write it: what it is over, why, and examples that must come out as they say. */
import * as v from 'valibot'
import { text } from './entry-schema.ts'

const ID_SAYS = 'must be a name like no-publish'
const EXAMPLES =
  'must be a list of examples; what the rule is over stands under command, path or url'
const examples = v.nullish(v.array(text('an example as it is typed'), EXAMPLES))

const FIELDS = {
  id: v.pipe(v.string(ID_SAYS), v.regex(/^[a-z0-9][a-z0-9._-]*$/i, ID_SAYS)),
  reason: text('a sentence that says why'),
  /** The name of a tool, or `*`: any. */
  tool: v.nullish(text("the name of a tool, or '*'")),
  /** Words that a command begins with. */
  command: v.nullish(
    v.pipe(
      text('the words that a command begins with'),
      v.check(words => words.trim() !== '*', "is words, not a glob; 'tool: Bash' is every command"),
    ),
  ),
  /** Globs: `*` is within one part, `**` is any number of them. */
  path: v.nullish(text('a glob over the path that a tool is given')),
  url: v.nullish(text('a glob over the URL that a tool is given')),
  /** What the rule must find, and what it must leave: checked whenever the policy is read. */
  match: examples,
  no_match: examples,
} as const

const ALL_TIERS = ['hard_deny', 'soft_deny', 'ask', 'allow'] as const

interface Patterns {
  readonly tool?: string | null | undefined
  readonly command?: string | null | undefined
  readonly path?: string | null | undefined
  readonly url?: string | null | undefined
}

const patternsOf = ({ command, path, url }: Patterns): readonly string[] =>
  [command, path, url].filter(it => typeof it === 'string')

const isOverOne = (rule: Patterns): boolean => patternsOf(rule).length <= 1
const ONE = 'may be over one thing only: keep command, path or url, and write a rule for each other'
const isOverSomething = (rule: Patterns): boolean =>
  patternsOf(rule).length > 0 || typeof rule.tool === 'string'
const SOMETHING = 'finds nothing yet: say command, path, url or tool'

export const RULE = v.pipe(
  v.strictObject({
    ...FIELDS,
    tier: v.picklist(ALL_TIERS, `must be one of ${ALL_TIERS.join(', ')}`),
  }),
  v.check(rule => isOverOne(rule), ONE),
  v.check(rule => isOverSomething(rule), SOMETHING),
  v.check(
    rule => rule.tier !== 'allow' || patternsOf(rule).some(it => !/^(\w+:\/\/)?[*/?]+$/.test(it)),
    'allows everything; name the command, path or url that it is for',
  ),
)
export type RuleEntry = v.InferOutput<typeof RULE>

/** Of a repository's file, which an agent can edit. */
export const TIGHTENING_RULE = v.pipe(
  v.strictObject({
    ...FIELDS,
    tier: v.picklist(
      ['hard_deny', 'soft_deny', 'ask'],
      'may only tighten here: hard_deny, soft_deny or ask',
    ),
  }),
  v.check(rule => isOverOne(rule), ONE),
  v.check(rule => isOverSomething(rule), SOMETHING),
)

/** `signalbox rules`: every rule, built in and of the policy, with its examples. */
import { placeOf } from '../config/layers.ts'
import { loadPolicy } from '../config/load-policy.ts'
import type { Policy } from '../config/policy.ts'
import { UsageError } from '../config/usage-error.ts'
import { checkRules } from '../judge/check-rules.ts'
import { nearest } from '../judge/rules/nearest.ts'
import { GROUPS, HEADINGS } from '../judge/rules/rule.ts'
import { RULES } from '../judge/rules/rules.ts'
import { pad, safe, width } from '../monitor/safe-text.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { ruleIsOver } from './config-lines.ts'
import { type Desk, ownDesk } from './desk.ts'
import { wordsAndFlagsOf } from './flags.ts'

interface ShownRule {
  readonly id: string
  readonly group: string
  readonly tier: string
  /** What it is about; of a rule of the policy, its reason. */
  readonly sentence: string
  /** What a rule of the policy is over; `''`: what the action does. */
  readonly over: string
  /** Where it stands. */
  readonly from: string
  /** The line that switches it off, or `''`. */
  readonly off: string
  readonly finds: readonly string[]
  readonly leaves: readonly string[]
}

const OWN = 'Rules of the policy'

export const FLAGS = { json: 'boolean' } as const

export async function run(args: readonly string[], desk: Desk = ownDesk()): Promise<number> {
  const { words, flags } = wordsAndFlagsOf(args, FLAGS)
  const [id, ...more] = words
  if (more.length > 0) throw new UsageError('rules takes the id of one rule, or none')
  const { policy, errors } = loadPolicy({ ...desk.places, projectRoot: desk.cwd }, checkRules)
  const rules = [...builtIn(policy), ...ofPolicy(policy)]
  if (id === undefined) {
    if (flags.json) desk.print(terminalSafeJson({ rules }))
    else for (const line of listed(rules)) desk.print(line)
  } else {
    const rule = ruleNamed(id, rules)
    if (flags.json) desk.print(terminalSafeJson(rule))
    else for (const line of shown(rule)) desk.print(line)
  }
  // What is built in is shown even so: it may be what mends the policy.
  const [error] = errors
  if (error !== undefined) throw new UsageError(error)
  return 0
}

function builtIn({ rulesOff }: Policy): ShownRule[] {
  const off = new Map(rulesOff.map(it => [it.id, placeOf(it.origin)]))
  return GROUPS.flatMap(group =>
    RULES.filter(rule => rule.group === group).map(({ id, tier, sentence, examples }) => ({
      id,
      group: HEADINGS[group],
      tier,
      sentence,
      over: '',
      from: 'built in',
      off: off.get(id) ?? '',
      ...examples,
    })),
  )
}

function ofPolicy({ rules }: Policy): ShownRule[] {
  return rules.map(rule => ({
    id: rule.id,
    group: OWN,
    tier: rule.tier,
    sentence: rule.reason,
    over: ruleIsOver(rule),
    from: placeOf(rule.origin),
    off: '',
    finds: rule.examples.match,
    leaves: rule.examples.noMatch,
  }))
}

function ruleNamed(id: string, rules: readonly ShownRule[]): ShownRule {
  const rule = rules.find(it => it.id === id)
  if (rule !== undefined) return rule
  const ids = rules.map(it => it.id)
  throw new UsageError(`no rule is called '${id}'; the nearest is '${nearest(id, ids)}'`)
}

function listed(rules: readonly ShownRule[]): string[] {
  const column = Math.max(...rules.map(({ id }) => width(id)))
  const groups = [...GROUPS.map(group => HEADINGS[group]), OWN]
  const sections = groups.map(group => {
    const lines = rules
      .filter(rule => rule.group === group)
      .map(({ id, tier, sentence, over, from, off }) => {
        const where = off === '' ? (over === '' ? '' : `[${over}; ${from}]`) : `[off: ${off}]`
        return `  ${(off === '' ? tier : 'off').padEnd(9)}  ${pad(id, column)}  ${safe(`${sentence} ${where}`.trim())}`
      })
    return lines.length === 0 ? [] : [group, ...lines]
  })
  return sections
    .filter(lines => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]))
}

function shown({ id, tier, group, sentence, over, from, off, finds, leaves }: ShownRule): string[] {
  return [
    `${id}  (${tier}; ${group})`,
    sentence,
    `from    ${from}`,
    ...(over === '' ? [] : [`over    ${over}`]),
    ...(off === '' ? [] : [`off     ${off}`]),
    ...finds.map(it => `finds   ${it}`),
    ...leaves.map(it => `leaves  ${it}`),
  ].map(line => safe(line))
}

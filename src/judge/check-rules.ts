/** What a policy file says of rules, held against the rules themselves. */
import type { CheckRules } from '../config/load-policy.ts'
import { rulesIn } from '../config/merge-rules.ts'
import type { PolicyRule } from '../config/policy.ts'
import { matches } from './policy-rules.ts'
import { nearestRule, ruleById } from './rules/rules.ts'
import type { ToolCall } from './types.ts'

export const checkRules: CheckRules = file => {
  const off = (file.value.rules_off ?? []).flatMap((id, i) => {
    const what = offProblem(id)
    return what === null ? [] : [file.problemAt(['rules_off', i], what)]
  })
  // The layer makes no difference to what a rule finds.
  const own = rulesIn('user', file).flatMap((rule, i) =>
    ruleProblems(rule).map(({ keys, what }) => file.problemAt(['rules', i, ...keys], what)),
  )
  return [...own, ...off]
}

/** Why a built-in rule cannot be switched off, or null. */
export function offProblem(id: string): string | null {
  const rule = ruleById(id)
  if (rule === null)
    return `no built-in rule is called '${id}'; the nearest is '${nearestRule(id)}', and 'signalbox rules' lists all`
  return rule.group === 'guard'
    ? `'${id}' guards Signalbox itself and cannot be switched off; take it out`
    : null
}

interface Problem {
  readonly keys: readonly (string | number)[]
  readonly what: string
}

function ruleProblems(rule: PolicyRule): Problem[] {
  if (ruleById(rule.id) !== null)
    return [{ keys: ['id'], what: `'${rule.id}' is a built-in rule; give this one another id` }]
  const { examples, pattern } = rule
  if (pattern?.over === 'command' && !finds({ ...rule, tier: 'ask' }, pattern.text))
    return [
      {
        keys: ['command'],
        what: rule.tool === '*' ? BEGINS_NONE : `${rule.tool} is given no command; mend the tool`,
      },
    ]
  const over = pattern === null ? `tool '${rule.tool}'` : `${pattern.over} '${pattern.text}'`
  const [mend] = over.split(' ')
  return [
    ...examples.match.flatMap((example, i) =>
      finds(rule, example)
        ? []
        : [
            {
              keys: ['match', i],
              what: `is not found by ${over}${whyNot(rule, example)}; mend the ${mend}, or move it to no_match`,
            },
          ],
    ),
    ...examples.noMatch.flatMap((example, i) =>
      finds(rule, example)
        ? [
            {
              keys: ['no_match', i],
              what: `is found by ${over}; mend the ${mend}, or move it to match`,
            },
          ]
        : [],
    ),
  ]
}

const BEGINS_NONE = 'begins no command; write the words of one command, and a rule for each other'

/** An exception is for commands that hold nothing else. */
function whyNot(rule: PolicyRule, example: string): string {
  return rule.tier === 'allow' && finds({ ...rule, tier: 'ask' }, example)
    ? ", since 'allow' takes only commands that all begin so, with no $ ` < > ( ) { }"
    : ''
}

/** Whether one call is found by both: by the examples of each, and by what a command begins with. */
export function haveInCommon(a: PolicyRule, b: PolicyRule): boolean {
  return [...callsOf(a), ...callsOf(b)].some(call => matches(call, [a, b]).length === 2)
}

function callsOf(rule: PolicyRule): ToolCall[] {
  const { pattern, examples } = rule
  const texts = pattern?.over === 'command' ? [pattern.text, ...examples.match] : examples.match
  const named = pattern === null && rule.tool !== '*' ? [rule.tool] : []
  return [...texts, ...named].map(text => callOf(rule, text))
}

function finds(rule: PolicyRule, example: string): boolean {
  return matches(callOf(rule, example), [rule]).length > 0
}

/** The call that an example stands for. */
function callOf({ tool, pattern }: PolicyRule, example: string): ToolCall {
  const named = (usual: string): string => (tool === '*' ? usual : tool)
  switch (pattern?.over) {
    case undefined:
      return { tool: example, input: {}, agent: '' }
    case 'command':
      return { tool: named('Bash'), input: { command: example }, agent: '' }
    case 'path':
      return { tool: named('Edit'), input: { file_path: example }, agent: '' }
    case 'url':
      return { tool: named('WebFetch'), input: { url: example }, agent: '' }
  }
}

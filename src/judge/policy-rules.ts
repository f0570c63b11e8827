/** The policy's own rules, over the text of a command or the path or URL of a tool. */
import { parse } from 'unbash'
import type { Policy, PolicyRule } from '../config/policy.ts'
import { MAX_COMMAND, unreadable } from './limits.ts'
import type { ToolCall } from './types.ts'

export interface PolicyMatch {
  readonly rule: PolicyRule
  readonly evidence: string
}

export function matches(
  call: ToolCall,
  command: string | null,
  policy: Policy,
): readonly PolicyMatch[] {
  if (policy.rules.length === 0) return []
  const parts = command === null ? null : readable(command)
  const found: PolicyMatch[] = []
  for (const rule of policy.rules) {
    if (rule.tool !== '*' && rule.tool !== call.tool) continue
    const evidence =
      parts === null ? targetMatch(rule.match, call.input) : commandMatch(rule, parts)
    if (evidence !== null) found.push({ rule, evidence })
  }
  return found
}

/** What is not parsed is no part that a rule may allow, and one that `*` refuses. */
function readable(command: string): readonly string[] {
  if (unreadable(command, MAX_COMMAND) === null) return partsOf(command)
  return [`${command.slice(0, 200)} $(…)`]
}

/** The simple commands of a script; null where it is more than a list of them. */
function partsOf(command: string): readonly string[] {
  const script = parse(command)
  const texts: string[] = []
  for (const statement of script.commands) {
    const nodes =
      statement.command.type === 'AndOr' ? statement.command.commands : [statement.command]
    for (const node of nodes) {
      const stages = node.type === 'Pipeline' ? node.commands : [node]
      for (const stage of stages) texts.push(command.slice(stage.pos, stage.end))
    }
  }
  return texts.length === 0 ? [command] : texts
}

/** One part is enough to refuse; to allow, the rule must begin every part, and nothing be nested. */
function commandMatch({ tier, match }: PolicyRule, parts: readonly string[]): string | null {
  if (tier !== 'allow') return parts.find(part => beginsWith(part, match)) ?? null
  const plain = parts.every(part => beginsWith(part, match) && !/[$`<>(){}]/.test(part))
  return plain ? parts.join('; ') : null
}

/** By whole words: `git log` does not begin `git logout`. */
function beginsWith(part: string, match: string): boolean {
  const text = part.trim().replace(/\s+/g, ' ')
  return match === '*' || text === match || text.startsWith(`${match} `)
}

function targetMatch(match: string, input: unknown): string | null {
  if (match === '*' || match === '') return ''
  if (typeof input !== 'object' || input === null) return null
  for (const name of ['file_path', 'notebook_path', 'path', 'url']) {
    const value: unknown = Reflect.get(input, name)
    if (typeof value === 'string' && value.length <= MAX_TARGET && globbed(match).test(value))
      return value
  }
  return null
}

/** No path is longer. */
const MAX_TARGET = 4096

function globbed(pattern: string): RegExp {
  const text = pattern
    .split(/(\*\*|\*)/)
    .map(part =>
      part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('')
  return new RegExp(`^${text}$`)
}

/** The policy's own rules, over the text of a command or the path or URL of a tool. */
import { posix } from 'node:path'
import { parse } from 'unbash'
import type { PolicyRule, RulePattern } from '../config/policy.ts'
import { commandOf } from './effects/effects.ts'
import { MAX_COMMAND, unreadable } from './limits.ts'
import type { ToolCall } from './types.ts'

export interface PolicyMatch {
  readonly rule: PolicyRule
  readonly evidence: string
}

export function matches(call: ToolCall, rules: readonly PolicyRule[]): readonly PolicyMatch[] {
  if (rules.length === 0) return []
  const command = commandOf(call)
  const parts = command === null ? null : readable(command)
  const found: PolicyMatch[] = []
  for (const rule of rules) {
    if (rule.tool !== '*' && rule.tool !== call.tool) continue
    const evidence = evidenceFor(rule, parts, call.input)
    if (evidence !== null) found.push({ rule, evidence })
  }
  return found
}

/** @param parts null where it is no command */
function evidenceFor(
  rule: PolicyRule,
  parts: readonly string[] | null,
  input: unknown,
): string | null {
  const { pattern, tier } = rule
  if (pattern === null) return parts?.join('; ') ?? ''
  if (pattern.over !== 'command') return targetMatch(pattern, input)
  return parts === null ? null : commandMatch(tier, pattern.text, parts)
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
function commandMatch(
  tier: PolicyRule['tier'],
  words: string,
  parts: readonly string[],
): string | null {
  if (tier !== 'allow') return parts.find(part => beginsWith(part, words)) ?? null
  const plain = parts.every(part => beginsWith(part, words) && !/[$`<>(){}]/.test(part))
  return plain ? parts.join('; ') : null
}

/** By whole words: `git log` does not begin `git logout`. */
function beginsWith(part: string, words: string): boolean {
  const [text, begin] = [spaced(part), spaced(words)]
  return text === begin || text.startsWith(`${begin} `)
}

const spaced = (text: string): string => text.trim().replace(/\s+/g, ' ')

const PATHS = ['file_path', 'notebook_path', 'path']

function targetMatch({ over, text }: RulePattern, input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null
  for (const name of over === 'url' ? ['url'] : PATHS) {
    const value: unknown = Reflect.get(input, name)
    if (typeof value !== 'string' || value.length > MAX_TARGET) continue
    if (globbed(text).test(over === 'url' ? plainUrl(value) : posix.normalize(value))) return value
  }
  return null
}

/** As it will be asked: `https://a.example\@b.example` must not pass for a path of the first. */
function plainUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url
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
  return new RegExp(`^${text}$`, 's')
}

/** A call of an MCP tool: its words, its texts, and what they say. */

import { holdsSecret } from '../secrets.ts'
import { CHAT_OPS } from './chat-ops.ts'
import type { CloudVerb, Flow, Identity } from './effect.ts'
import type { Shell } from './shell/shell.ts'

export type Args = Readonly<Record<string, unknown>>

export const word = (words: string): RegExp => new RegExp(`(^|_)(${words})(_|$)`)

export const DESTROYS = word(
  'delete|remove|destroy|drop|purge|truncate|archive|revoke|terminate|wipe|clear|uninstall|trash|ban|deactivate|flush|unpublish|cancel',
)
export const GRANTS = word(
  'grant|invite|collaborator|collaborators|member|members|permission|permissions|share|access_key|api_key|visibility|public|publish|policy|role|roles|acl|sharing|webhook|hook|deploy_key',
)
export const BYPASSES = word('approve|protection|ruleset|rulesets|bypass|dismiss')
export const POSTS = word(
  'send|post|message|messages|comment|comments|reply|email|mail|tweet|notify|announce|broadcast|dm|publish_message',
)
export const READS = word(
  'get|list|search|read|fetch|find|query|describe|show|lookup|view|count|check|resolve|navigate|navigate_back|snapshot|screenshot|console|inspect|explain|diff|status|health|tree|info|hover|wait|whoami|logs|log|tail|preview|validate|lint|diagnostics|symbol|symbols|references|docs|outline|analyze|pull|export|download|history|compare|browse|network|tabs|resize|close_page|select_page|emulate|performance',
)
export const WRITES = word(
  'create|update|edit|add|set|put|move|copy|rename|assign|transition|upload|push|fork|import|trigger|run|execute|apply|scale|restart|rollback|deploy|install|start|stop|write|insert|patch|fill|click|type|select|press|evaluate|drag|save|append|merge|release|close|reopen|complete|transfer|refund|charge|pay|order|book|disable|enable|toggle|kill|exec|delete',
)

export interface McpCall {
  readonly tool: string
  readonly server: string
  /** In lower case, words joined by `_`. */
  readonly name: string
  readonly args: Args
  readonly texts: readonly string[]
  readonly sh: Shell
}

/** `archived: true` says what is done as much as a text does. */
function switchedOn(args: Args): readonly string[] {
  return Object.keys(args).filter(key => args[key] === true)
}

export function evidenceOf({ tool, texts, args }: McpCall): string {
  return `${tool} ${[...texts, ...switchedOn(args)].join(' ')}`.trim().slice(0, 400)
}

export function textsIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null || depth > 4) return []
  return Object.values(value).flatMap(it => textsIn(it, depth + 1))
}

export function text(args: Args, ...names: readonly string[]): string {
  for (const name of names) {
    const value = args[name]
    if (typeof value === 'string') return value
    if (typeof value === 'number') return String(value)
  }
  return ''
}

export function isRead(name: string): boolean {
  return (
    READS.test(name) &&
    !DESTROYS.test(name) &&
    !(
      WRITES.test(name) &&
      !/^(get|list|search|read|fetch|find|query|describe|show|view|count|check)_/.test(name)
    )
  )
}

export function verbOf(name: string): CloudVerb {
  if (
    /^(get|list|search|read|fetch|find|query|describe|show|view|count|check|resolve|lookup)_/.test(
      name,
    )
  )
    return 'read'
  if (BYPASSES.test(name)) return 'bypass'
  if (DESTROYS.test(name)) return 'destroy'
  if (GRANTS.test(name)) return 'grant'
  return isRead(name)
    ? 'read'
    : /(^|_)(deploy|release|merge|rollback|apply|scale|restart|refund|charge|pay|transfer|trigger|run|execute|exec|order)(_|$)/.test(
          name,
        )
      ? 'deploy'
      : 'write'
}

/** Short values say which thing is meant. */
export function namesOf({ name, texts }: McpCall): readonly string[] {
  return [...name.split('_'), ...texts.filter(it => it.length < 80)]
}

export function say(call: McpCall, verb: CloudVerb, on: Identity | null, provider = 'mcp'): void {
  const { sh, name, texts } = call
  if (
    verb === 'read' &&
    (/secret|credential|password|token|access_key/.test(name) ||
      texts.some(it => /^secrets?$/i.test(it)))
  )
    sh.emit({
      kind: 'read',
      target: { written: call.tool, path: null, glob: '' },
      credential: true,
    })
  sh.emit({ kind: 'cloud', provider, verb, names: namesOf(call), on })
}

export const own = ({ server }: McpCall): Identity => ({ kind: 'mcp', id: `mcp:${server}` })

export function flowsIn(texts: readonly string[]): readonly Flow[] {
  return texts.some(holdsSecret) ? ['secret'] : []
}

export function post(call: McpCall, to: Identity | null): void {
  const { sh, texts } = call
  if (texts.some(it => CHAT_OPS.test(it)))
    sh.emit({ kind: 'cloud', provider: 'github', verb: 'bypass', names: texts, on: to })
  sh.emit({ kind: 'send', to, means: 'post', payload: flowsIn(texts), does: 'write' })
}

/** Tools of MCP servers, by their names, their words and their arguments: the same effects as others. */

import { urlIdentity } from '../resources/url.ts'
import { holdsSecret } from '../secrets.ts'
import { type Identity, textContent } from './effect.ts'
import {
  type Args,
  DESTROYS,
  evidenceOf,
  isRead,
  type McpCall,
  namesOf,
  own,
  POSTS,
  post,
  say,
  text,
  textsIn,
  verbOf,
} from './mcp-call.ts'
import { forge } from './mcp-forge.ts'
import type { Shell } from './shell/shell.ts'
import { known } from './shell/value.ts'
import { statementVerb } from './sql.ts'

/** Servers that keep notes, think, or only know things. */
const INERT =
  /^(memory|sequential-?thinking|context7|ide|time|calculator|think|thinking|deepwiki|docs|todo|todos|notes|serena|figma|microsoft-docs|mdn|devdocs|knowledge|scratchpad|repomix|magic|shadcn)$/i
const BROWSERS = /playwright|puppeteer|browser|chrome|selenium|devtools/i
const FILES = /^(filesystem|fs|files|desktop-commander|file|workspace|jetbrains|serena|code)$/i
const FORGES = /^(github|gitlab|gitea|forgejo|bitbucket|azure-?devops)$/i
const DATABASES =
  /postgres|mysql|maria|sql|mongo|redis|bigquery|snowflake|clickhouse|duckdb|supabase|database|(^|[-_])db([-_]|$)|warehouse/i
const CHATS =
  /slack|discord|teams|telegram|mattermost|gmail|mail|outlook|twilio|sendgrid|whatsapp|zulip|intercom|zendesk/i
const CLUSTERS = /kubernetes|k8s|kube|helm|argocd|openshift/i

export function mcp(tool: string, input: unknown, sh: Shell): void {
  const [, server = '', rest = ''] = /^mcp__(.+?)__(.+)$/.exec(tool) ?? []
  const name = rest
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[-.]/g, '_')
    .toLowerCase()
  // Arguments of a tool are an object by the protocol; anything else holds none.
  const args: Args = typeof input === 'object' && input !== null ? (input as Args) : {}
  const call: McpCall = { tool, server, name, args, texts: textsIn(args), sh }
  sh.evidence = evidenceOf(call)
  if (FILES.test(server) && files(call)) return
  if (DATABASES.test(server) && database(call)) return
  if (FORGES.test(server)) {
    forge(call)
    return
  }
  if (BROWSERS.test(server)) {
    browser(call)
    return
  }
  if (CHATS.test(server) && !isRead(name)) {
    chat(call)
    return
  }
  if (CLUSTERS.test(server)) {
    cluster(call)
    return
  }
  plain(call)
}

function plain(call: McpCall): void {
  const { server, name, texts, sh } = call
  const verb = verbOf(name)
  for (const it of texts) {
    if (!/^https?:\/\//i.test(it)) continue
    const from = urlIdentity(it)
    if (verb === 'read') sh.emit({ kind: 'receive', from })
  }
  if (INERT.test(server) && !/^(destroy|grant)$/.test(verb)) {
    sh.emit({ kind: 'cloud', provider: 'mcp', verb: 'read', names: namesOf(call), on: own(call) })
    return
  }
  if (verb !== 'read' && texts.some(holdsSecret)) post(call, own(call))
  else say(call, verb, own(call))
}

/** @returns false when it is no tool for files */
function files({ name, args, sh }: McpCall): boolean {
  const path = text(args, 'path', 'file_path', 'filePath', 'source', 'relative_path', 'uri')
  if (path === '') return false
  const target = known(path.replace(/^file:\/\//, ''))
  if (/(^|_)(write|edit|create|append|replace|insert)(_|$)/.test(name)) {
    const edits = Array.isArray(args.edits) ? textsIn(args.edits).join('\n') : ''
    const content = text(args, 'content', 'contents', 'text', 'newText') || edits
    sh.write(
      sh.target(target),
      /directory|folder/.test(name) ? 'make' : 'replace',
      textContent(content),
    )
  } else if (DESTROYS.test(name))
    sh.emit({ kind: 'delete', target: sh.target(target), recursive: true, filter: '' })
  else if (/(^|_)(move|rename|copy)(_|$)/.test(name)) {
    const content = sh.read(target)
    sh.write(
      sh.target(known(text(args, 'destination', 'dest', 'target', 'new_path'))),
      'replace',
      content,
    )
  } else sh.read(target, /search|tree|directory/.test(name))
  return true
}

function database(call: McpCall): boolean {
  const { args, sh } = call
  const statement = text(args, 'sql', 'query', 'statement', 'command', 'queries')
  if (statement === '') return false
  if (/\b(to|from)\s+program\b|xp_cmdshell|\bload_file\b|into\s+(out|dump)file/i.test(statement))
    sh.exec('hidden', statement)
  const verb = statementVerb(statement)
  const on = own(call)
  if (verb === null) say(call, isRead(call.name) ? 'write' : verbOf(call.name), on)
  else if (verb === 'destroy')
    sh.emit({ kind: 'cloud', provider: 'database', verb, names: [statement], on: null })
  else say(call, verb, on)
  return true
}

function browser(call: McpCall): void {
  const { name, args, sh, texts } = call
  const url = text(args, 'url')
  if (url !== '') {
    const from = urlIdentity(url)
    if (texts.some(holdsSecret))
      sh.emit({ kind: 'send', to: from, means: 'http', payload: ['secret'], does: 'write' })
    else sh.emit({ kind: 'receive', from })
    return
  }
  const code = text(args, 'function', 'script', 'code', 'expression')
  if (
    /document\.cookie|localStorage|sessionStorage|fetch\(|XMLHttpRequest|sendBeacon|indexedDB/.test(
      code,
    )
  ) {
    sh.exec('hidden', code)
    return
  }
  if (/upload/.test(name)) {
    for (const it of texts) sh.read(known(it))
    sh.emit({ kind: 'send', to: null, means: 'http', payload: ['unknown'], does: 'write' })
    return
  }
  if (texts.some(holdsSecret)) {
    post(call, null)
    return
  }
  sh.emit({ kind: 'cloud', provider: 'mcp', verb: 'read', names: namesOf(call), on: own(call) })
}

/** Everybody, or people outside. */
const BROAD =
  /(<!|@)(channel|here|everyone|all)\b|^#?(general|random|announcements?|all-?(hands|company)?|everyone|company)$/i

function chat(call: McpCall): void {
  const { name, args, sh, texts } = call
  if (DESTROYS.test(name)) {
    say(call, 'destroy', own(call))
    return
  }
  const to =
    text(args, 'to', 'recipient', 'recipients', 'email', 'bcc') ||
    (Array.isArray(args.to) ? textsIn(args.to).join(' ') : '')
  const address = /@([\w.-]+)/.exec(to)?.[1]
  const place = text(args, 'channel', 'channel_id', 'channel_name', 'chat_id', 'room')
  const broad = BROAD.test(place) || texts.some(it => BROAD.test(it))
  if (POSTS.test(name) || /create|update|schedule|reply/.test(name)) {
    if (texts.some(holdsSecret)) {
      post(call, null)
      return
    }
    // Mail goes to whoever it is addressed to, whatever carries it.
    if (address !== undefined) {
      sh.emit({
        kind: 'send',
        to: { kind: 'domain', id: address.toLowerCase() },
        means: 'post',
        payload: [],
        does: 'write',
      })
      return
    }
    if (broad) {
      sh.emit({
        kind: 'cloud',
        provider: 'chat',
        verb: 'deploy',
        names: namesOf(call),
        on: null,
      })
      return
    }
  }
  say(call, verbOf(name) === 'read' ? 'read' : 'write', own(call))
}

function cluster(call: McpCall): void {
  const { args, name } = call
  const context = text(args, 'context', 'cluster', 'kubeContext')
  const namespace = text(args, 'namespace', 'ns')
  const on: Identity | null =
    context === ''
      ? own(call)
      : { kind: 'cluster', id: `k8s:${context}${namespace === '' ? '' : `/${namespace}`}` }
  const secret = /secret/i.test(`${name} ${text(args, 'kind', 'resource', 'resourceType')}`)
  if (secret && isRead(name))
    call.sh.emit({
      kind: 'read',
      target: { written: call.tool, path: null, glob: '' },
      credential: true,
    })
  const verb = verbOf(name)
  say(call, verb === 'write' ? 'deploy' : verb, on, 'kubernetes')
}

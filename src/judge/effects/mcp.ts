/** Tools of MCP servers, by their names, their words and their arguments: the same effects as others. */

import { gitIdentity } from '../resources/git.ts'
import { urlIdentity } from '../resources/url.ts'
import { holdsSecret } from '../secrets.ts'
import { CHAT_OPS } from './chat-ops.ts'
import { type CloudVerb, type Flow, type Identity, textContent } from './effect.ts'
import type { Shell } from './shell/shell.ts'
import { known } from './shell/value.ts'
import { statementVerb } from './sql.ts'

type Args = Readonly<Record<string, unknown>>

const word = (words: string): RegExp => new RegExp(`(^|_)(${words})(_|$)`)

const DESTROYS = word(
  'delete|remove|destroy|drop|purge|truncate|archive|revoke|terminate|wipe|clear|uninstall|trash|ban|deactivate|flush|unpublish|cancel',
)
const GRANTS = word(
  'grant|invite|collaborator|collaborators|member|members|permission|permissions|share|access_key|api_key|visibility|public|publish|policy|role|roles|acl|sharing|webhook|hook|deploy_key',
)
const BYPASSES = word('approve|protection|ruleset|rulesets|bypass|dismiss')
const POSTS = word(
  'send|post|message|messages|comment|comments|reply|email|mail|tweet|notify|announce|broadcast|dm|publish_message',
)
const READS = word(
  'get|list|search|read|fetch|find|query|describe|show|lookup|view|count|check|resolve|navigate|navigate_back|snapshot|screenshot|console|inspect|explain|diff|status|health|tree|info|hover|wait|whoami|logs|log|tail|preview|validate|lint|diagnostics|symbol|symbols|references|docs|outline|analyze|pull|export|download|history|compare|browse|network|tabs|resize|close_page|select_page|emulate|performance',
)
const WRITES = word(
  'create|update|edit|add|set|put|move|copy|rename|assign|transition|upload|push|fork|import|trigger|run|execute|apply|scale|restart|rollback|deploy|install|start|stop|write|insert|patch|fill|click|type|select|press|evaluate|drag|save|append|merge|release|close|reopen|complete|transfer|refund|charge|pay|order|book|disable|enable|toggle|kill|exec|delete',
)

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

interface McpCall {
  readonly tool: string
  readonly server: string
  /** In lower case, words joined by `_`. */
  readonly name: string
  readonly args: Args
  readonly texts: readonly string[]
  readonly sh: Shell
}

function evidenceOf({ tool, texts }: McpCall): string {
  return `${tool} ${texts.join(' ')}`.trim().slice(0, 400)
}

function textsIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null || depth > 4) return []
  return Object.values(value).flatMap(it => textsIn(it, depth + 1))
}

function text(args: Args, ...names: readonly string[]): string {
  for (const name of names) {
    const value = args[name]
    if (typeof value === 'string') return value
    if (typeof value === 'number') return String(value)
  }
  return ''
}

function isRead(name: string): boolean {
  return (
    READS.test(name) &&
    !DESTROYS.test(name) &&
    !(
      WRITES.test(name) &&
      !/^(get|list|search|read|fetch|find|query|describe|show|view|count|check)_/.test(name)
    )
  )
}

function verbOf(name: string): CloudVerb {
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
function namesOf({ name, texts }: McpCall): readonly string[] {
  return [...name.split('_'), ...texts.filter(it => it.length < 80)]
}

function say(call: McpCall, verb: CloudVerb, on: Identity | null, provider = 'mcp'): void {
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

const own = ({ server }: McpCall): Identity => ({ kind: 'mcp', id: `mcp:${server}` })

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

function flowsIn(texts: readonly string[]): readonly Flow[] {
  return texts.some(holdsSecret) ? ['secret'] : []
}

function post(call: McpCall, to: Identity | null): void {
  const { sh, texts } = call
  if (texts.some(it => CHAT_OPS.test(it)))
    sh.emit({ kind: 'cloud', provider: 'github', verb: 'bypass', names: texts, on: to })
  sh.emit({ kind: 'send', to, means: 'post', payload: flowsIn(texts), does: 'write' })
}

function repository({ args, server }: McpCall): Identity | null {
  const host = /gitlab/i.test(server)
    ? 'gitlab.com'
    : /bitbucket/i.test(server)
      ? 'bitbucket.org'
      : 'github.com'
  const owner = text(args, 'owner', 'org', 'workspace')
  const repo = text(args, 'repo', 'repository', 'name', 'repo_slug')
  const path =
    owner !== '' && repo !== ''
      ? `${owner}/${repo}`
      : text(args, 'project_id', 'projectId', 'full_name', 'project')
  return /\//.test(path) ? gitIdentity(`https://${host}/${path}`) : null
}

function forge(call: McpCall): void {
  const { name, args, sh, texts } = call
  const on = repository(call)
  if (isRead(name)) {
    say(call, 'read', own(call))
    return
  }
  if (
    /protection|ruleset/.test(name) ||
    text(args, 'event').toUpperCase() === 'APPROVE' ||
    /approve/.test(name)
  ) {
    sh.emit({ kind: 'cloud', provider: 'github', verb: 'bypass', names: namesOf(call), on })
    return
  }
  if (/gist/.test(name)) {
    const payload: readonly Flow[] = texts.some(holdsSecret) ? ['secret'] : ['project']
    sh.emit({
      kind: 'send',
      to: { kind: 'domain', id: 'gist.github.com' },
      means: 'post',
      payload,
      does: 'write',
    })
    return
  }
  if (/fork/.test(name)) {
    const to = gitIdentity(
      `https://github.com/${text(args, 'organization', 'namespace') || 'nobody'}/${text(args, 'repo') || 'fork'}`,
    )
    sh.emit({ kind: 'send', to, means: 'copy', payload: ['project'], does: 'write' })
    return
  }
  if (
    /(^|_)(push_files|create_or_update_file|update_file|create_file|delete_file|commit)(_|$)/.test(
      name,
    )
  ) {
    commits(call, on)
    return
  }
  if (
    (/merge/.test(name) && !/create|merge_request$/.test(name.replace(/^accept_/, 'merge_'))) ||
    /^merge_|^accept_merge/.test(name)
  ) {
    const number = text(args, 'pull_number', 'pullNumber', 'merge_request_iid', 'number')
    sh.emit({
      kind: 'cloud',
      provider: 'github',
      verb: 'deploy',
      names: ['pr', 'merge', number],
      on,
    })
    return
  }
  const verb = verbOf(name)
  if (
    /(^|_)(issue|pull_request|merge_request|comment|comments|review|discussion|note|branch)(_|$)/.test(
      name,
    ) &&
    verb === 'write'
  ) {
    if (/branch/.test(name)) {
      sh.emit({ kind: 'vcs', op: 'local', to: on, names: [], force: false, deletes: false })
      return
    }
    post(call, on)
    return
  }
  say(call, verb, on ?? own(call), verb === 'write' || verb === 'deploy' ? 'github' : 'mcp')
}

/** Files that are pushed without a checkout: judged as edits, and as the push they are. */
function commits(call: McpCall, on: Identity | null): void {
  const { args, sh, name } = call
  const list: readonly unknown[] = Array.isArray(args.files) ? args.files : [args]
  for (const item of list) {
    if (typeof item !== 'object' || item === null) continue
    // One of the tool's own arguments, checked field by field.
    const file = item as Args
    const path = text(file, 'path', 'file_path')
    if (path !== '')
      sh.write(
        sh.target(known(path)),
        /delete/.test(name) ? 'empty' : 'replace',
        textContent(text(file, 'content')),
      )
  }
  const branch = text(args, 'branch', 'ref', 'target_branch')
  sh.emit({ kind: 'vcs', op: 'push', to: on, names: [branch], force: false, deletes: false })
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

/** Forges by MCP: what is pushed, merged, approved and written there. */

import { gitIdentity } from '../resources/git.ts'
import { holdsSecret } from '../secrets.ts'
import { type Flow, type Identity, textContent } from './effect.ts'
import {
  type Args,
  isRead,
  type McpCall,
  namesOf,
  own,
  post,
  say,
  text,
  verbOf,
} from './mcp-call.ts'
import { known } from './shell/value.ts'

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

export function forge(call: McpCall): void {
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

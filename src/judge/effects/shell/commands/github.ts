/** `gh` and `glab`: what they show, what they post, and what they change for others. */
import { gitIdentity } from '../../../resources/git.ts'
import { CHAT_OPS } from '../../chat-ops.ts'
import {
  type CloudVerb,
  type Content,
  type Flow,
  type Identity,
  mixed,
  SOMETHING,
} from '../../effect.ts'
import type { Call, Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, type Options, optionsOf, valuesOf } from '../value.ts'
import { remote } from './git-remote.ts'

const TAKING =
  'R repo b body F body-file t title B base H head l label a assignee m milestone r reviewer json jq q template L limit s state S search f raw-field field X method hostname p project notes notes-file n target o org remote source d description visibility env e w workflow ref D dir O output subject'

const READS = /^(view|list|ls|status|diff|checks|watch|download|search|show|get|verify)$/
const POSTS =
  /^(create|comment|edit|close|reopen|note|ready|update|review|develop|lock|unlock|pin|unpin|transfer|new)$/

const gh: Handler = (call, sh) => {
  const options = optionsOf(call.args, TAKING)
  const [group = known(''), verb = known('')] = options.rest
  const on = repository(options, sh)
  const names = options.rest.map(arg => arg.text)
  if (!group.known || !verb.known) sh.exec('unknown', call.name.text)
  const say = (what: CloudVerb): Content => {
    sh.emit({ kind: 'cloud', provider: 'github', verb: what, names, on })
    return SOMETHING
  }
  const key = `${group.text} ${verb.text}`
  if (group.text === 'api') return api(options, call, on, sh)
  if (group.text === 'auth') return auth(verb.text, options, sh, say)
  if (/^(help|--help|version|status|search|completion|browse)$/.test(group.text)) return say('read')
  if (READS.test(verb.text) || key === 'repo clone') return say('read')
  if (group.text === 'secret' || group.text === 'variable' || /-key$/.test(group.text))
    return say('secret')
  if (key === 'pr merge' || key === 'mr merge')
    return say(has(options, 'admin') ? 'bypass' : 'deploy')
  if (
    /^(pr|mr) (review|approve)$/.test(key) &&
    (has(options, 'approve', 'a') || verb.text === 'approve')
  )
    return say('bypass')
  if (key === 'workflow disable' || key === 'ruleset delete' || key === 'run cancel')
    return say('bypass')
  if (/^(delete|archive|remove|rm|unarchive|revoke|cancel)$/.test(verb.text)) return say('destroy')
  // What others have opened, or all see.
  if (
    /^(pr|mr|issue)$/.test(group.text) &&
    /^(close|reopen|lock|unlock|transfer|pin|unpin)$/.test(verb.text)
  )
    return say('write')
  if (group.text === 'repo') return repo(verb.text, options, on, sh, say)
  if (group.text === 'gist')
    return post(options, call, { kind: 'domain', id: 'gist.github.com' }, true, sh)
  if (group.text === 'release') return say('deploy')
  if (/^(pr|mr) checkout$/.test(key)) return say('read')
  if (/^(pr|mr|issue)$/.test(group.text) && POSTS.test(verb.text))
    return post(options, call, on, false, sh)
  return say('write')
}

function repository(options: Options, sh: Shell): Identity | null {
  const [given] = valuesOf(options, 'R', 'repo')
  if (given === undefined) return remote('origin', sh)
  return given.known ? named(given.text) : null
}

function named(text: string): Identity | null {
  const parts = text.split('/')
  return gitIdentity(
    parts.length === 2
      ? `https://github.com/${text}`
      : text.includes('://')
        ? text
        : `https://${text}`,
  )
}

function auth(
  verb: string,
  options: Options,
  sh: Shell,
  say: (verb: CloudVerb) => Content,
): Content {
  if (verb === 'token' || (verb === 'status' && has(options, 't', 'show-token'))) {
    sh.emit({
      kind: 'read',
      target: { written: 'gh auth token', path: null, glob: '' },
      credential: true,
    })
    return { text: null, flows: ['secret'], from: [] }
  }
  return say(verb === 'status' ? 'read' : 'grant')
}

function repo(
  verb: string,
  options: Options,
  on: Identity | null,
  sh: Shell,
  say: (verb: CloudVerb) => Content,
): Content {
  const target = options.rest[2]
  const it = target === undefined ? on : named(target.text)
  if (
    has(options, 'public') ||
    valuesOf(options, 'visibility').some(arg => arg.text === 'public')
  ) {
    sh.emit({
      kind: 'cloud',
      provider: 'github',
      verb: 'expose',
      names: options.rest.map(arg => arg.text),
      on: it,
    })
    return SOMETHING
  }
  if (verb === 'create' || verb === 'fork') {
    sh.emit({ kind: 'send', to: null, means: 'copy', payload: ['project'], does: 'write' })
    return SOMETHING
  }
  return say('write')
}

function post(
  options: Options,
  call: Call,
  to: Identity | null,
  whole: boolean,
  sh: Shell,
): Content {
  const texts = valuesOf(options, 'b', 'body', 't', 'title', 'notes', 'd', 'description', 'n')
  if (texts.some(arg => CHAT_OPS.test(arg.text)))
    sh.emit({
      kind: 'cloud',
      provider: 'github',
      verb: 'bypass',
      names: texts.map(arg => arg.text),
      on: to,
    })
  const files = [
    ...valuesOf(options, 'F', 'body-file', 'notes-file'),
    ...(whole ? options.rest.slice(2) : []),
  ]
  const contents = files.map(arg => (arg.text === '-' ? call.stdin : sh.read(arg)))
  const payload: Flow[] = [
    ...texts.flatMap(arg => [...arg.flows, ...(arg.known ? [] : (['unknown'] as const))]),
    ...mixed(contents).flows,
  ]
  sh.emit({ kind: 'send', to, means: 'post', payload: [...new Set(payload)], does: 'write' })
  return SOMETHING
}

function api(options: Options, call: Call, on: Identity | null, sh: Shell): Content {
  const [, path = known('')] = options.rest
  const fields: readonly Arg[] = valuesOf(options, 'f', 'F', 'raw-field', 'field')
  const [method] = valuesOf(options, 'X', 'method')
  const verb =
    method?.text.toUpperCase() ?? (fields.length > 0 || has(options, 'input') ? 'POST' : 'GET')
  const repo = /^\/?repos\/([^/{]+\/[^/]+)/.exec(path.text)?.[1]
  const to = repo === undefined ? on : named(repo)
  const names = [verb, path.text]
  const query = path.text === 'graphql' && !fields.some(arg => /\bmutation\b/.test(arg.text))
  if (path.text === 'graphql' && !query) sh.exec('unknown', names.join(' '))
  else if (verb === 'GET' || query)
    sh.emit({ kind: 'cloud', provider: 'github', verb: 'read', names, on: to })
  else if (
    /protection|rulesets|collaborators|permissions|invitations|memberships|keys|hooks/.test(
      path.text,
    )
  )
    sh.emit({
      kind: 'cloud',
      provider: 'github',
      verb: /protection|rulesets/.test(path.text) ? 'bypass' : 'grant',
      names,
      on: to,
    })
  else if (/secrets/.test(path.text))
    sh.emit({ kind: 'cloud', provider: 'github', verb: 'secret', names, on: to })
  else if (verb === 'DELETE')
    sh.emit({ kind: 'cloud', provider: 'github', verb: 'destroy', names, on: to })
  else {
    sh.emit({ kind: 'cloud', provider: 'github', verb: 'write', names, on: to })
    const flows = mixed([call.stdin]).flows
    sh.emit({
      kind: 'send',
      to,
      means: 'post',
      payload: [
        ...new Set([...fields.flatMap(arg => arg.flows), ...(has(options, 'input') ? flows : [])]),
      ],
      does: 'write',
    })
  }
  return SOMETHING
}

export const github: Handlers = { gh, glab: gh, hub: gh }

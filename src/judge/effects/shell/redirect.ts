/** Redirections: what a command reads and where its output goes. */
import type { Redirection } from 'unbash'
import { placeOf } from '../../paths.ts'
import { hostIdentity } from '../../resources/url.ts'
import { type Content, mixed, NOTHING, SOMETHING, UNKNOWN } from '../effect.ts'
import { foldOne, foldParts } from './fold.ts'
import type { Shell } from './shell.ts'
import { contentOf } from './value.ts'

/** @returns what the command reads from its standard input */
export function applyInputs(redirects: readonly Redirection[], stdin: Content, sh: Shell): Content {
  let input = stdin
  for (const redirect of redirects) {
    if (redirect.type === 'HereString') {
      if (redirect.target === undefined) continue
      const content = contentOf(foldOne(redirect.target, sh))
      input = content.text === null ? content : { ...content, text: `${content.text}\n` }
    } else if (redirect.type === 'HereDoc') {
      const { text, parts } = redirect.body
      input =
        parts === undefined || redirect.delimiter?.quoted
          ? { text, flows: [], from: [] }
          : contentOf(foldParts(parts, sh))
    } else if (redirect.operator === '<&' && redirect.target !== undefined) {
      // What another descriptor leads to is not followed.
      if (!/^0$/.test(foldOne(redirect.target, sh).text)) input = UNKNOWN
    } else if (redirect.operator === '<' || redirect.operator === '<>') {
      if (redirect.target === undefined) continue
      const arg = foldOne(redirect.target, sh)
      if (isDescriptor(arg.text, sh)) {
        input = UNKNOWN
        continue
      }
      if (!network(arg.text, mixed([]), sh)) input = sh.read(arg)
    }
  }
  return input
}

/** @returns what is left for the next in the pipe */
export function applyOutputs(
  redirects: readonly Redirection[],
  output: Content,
  sh: Shell,
): Content {
  let rest = output
  for (const redirect of redirects) {
    if (redirect.type !== 'Redirect' || redirect.target === undefined) continue
    const { operator } = redirect
    if (operator === '<' || operator === '<&') continue
    const arg = foldOne(redirect.target, sh)
    if (operator === '>&' && (/^(\d+-?|-)$/.test(arg.text) || isDescriptor(arg.text, sh))) continue
    const fd = redirect.descriptor?.type === 'FileDescriptor' ? redirect.descriptor.value : 1
    const both = operator === '&>' || operator === '&>>' || operator === '>&'
    const ours = fd === 1 || both
    const content = ours ? output : SOMETHING
    if (!network(arg.text, content, sh)) {
      const target = sh.target(arg)
      const how = operator === '>>' || operator === '&>>' ? 'append' : 'replace'
      // In the project an empty file is as good as any other that is written.
      const own = target.path !== null && placeOf(target.path, sh.facts).kind === 'project'
      sh.write(target, how === 'replace' && content.text === '' && !own ? 'empty' : how, content)
    }
    if (ours) rest = NOTHING
  }
  return rest
}

/** What `coproc` and `{fd}>` leave in a variable, unless this run gave it another value. */
function isDescriptor(text: string, sh: Shell): boolean {
  const [, name = '', index] = /^\$\{?(\w+)(\[[01]\])?\}?$/.exec(text) ?? []
  return (index !== undefined || /fd\d*$/i.test(name)) && sh.variable(name) === undefined
}

/** bash opens `/dev/tcp/host/port` as a connection. */
function network(path: string, content: Content, sh: Shell): boolean {
  const match = /^\/dev\/(tcp|udp)\/([^/]*)\//.exec(path)
  if (match === null) return false
  const to = hostIdentity(match[2] ?? '')
  sh.emit({ kind: 'send', to, means: 'tunnel', payload: content.flows, does: 'write' })
  return true
}

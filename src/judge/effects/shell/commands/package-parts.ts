/** What package managers have in common: registries, new packages, publishing, settings. */
import { posix } from 'node:path'
import { gitIdentity } from '../../../resources/git.ts'
import { parseUrl, registryIdentity } from '../../../resources/url.ts'
import { type Content, SOMETHING } from '../../effect.ts'
import type { Call } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, type Options, valuesOf } from '../value.ts'

export const TAKING =
  'registry index-url i-url extra-index-url index find-links f r requirement c constraint C prefix cwd dir w workspace filter F tag p package e editable t target proxy cert otp access userconfig features manifest-path j jobs python default-index with m k test-timeout G g o'

export const words = (call: Call): string =>
  [call.name.text, ...call.args.map(arg => arg.text)].join(' ')

/** `npm install lodash --registry URL`: from where, and what. */
export function registries(options: Options, call: Call, sh: Shell): void {
  for (const arg of valuesOf(
    options,
    'registry',
    'index-url',
    'i',
    'extra-index-url',
    'index',
    'find-links',
    'default-index',
    'source',
  ))
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: 'write',
      names: [words(call)],
      on: arg.known ? registryIdentity(arg.text) : null,
    })
  if (has(options, 'trusted-host'))
    sh.emit({ kind: 'privilege', what: 'disable-check', names: ['--trusted-host'] })
  if (/--strict-ssl[= ]false|--no-verify-ssl/.test(words(call)))
    sh.emit({ kind: 'privilege', what: 'disable-check', names: ['strict-ssl'] })
}

export function add(packages: readonly Arg[], call: Call, sh: Shell): Content {
  const fresh = packages.filter(arg => !isOwn(arg.text, call, sh))
  if (fresh.length === 0) sh.exec('declared', words(call))
  for (const arg of fresh) {
    const url = parseUrl(arg.text)
    const remote = /^(git\+|https?:|git:|ssh:|github:|gitlab:)|^[\w.-]+\/[\w.-]+$/.test(arg.text)
    const from = remote
      ? (gitIdentity(arg.text.replace(/^git\+/, '')) ??
        (url === null ? null : { kind: 'domain' as const, id: url.place }))
      : null
    sh.exec(remote ? 'network' : 'package', words(call), from === null ? [] : [from], [
      arg.text.replace(/(?<=.)@[^/]*$/, '').replace(/[=<>~![].*$/, ''),
    ])
  }
  return SOMETHING
}

/** A path in the project, or a name that its manifest has. */
function isOwn(text: string, call: Call, sh: Shell): boolean {
  if (/^(\.{0,2}\/|\.$|\.\[|file:|-e)/.test(text)) return !/^(\/|\.\.)/.test(text)
  const name = text.replace(/(?<=.)@[^/]*$/, '').replace(/[=<>~![].*$/, '')
  if (name === '') return false
  const bare = name.replace(/\[.*$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  // As a key, or at the beginning of a requirement.
  const listed = new RegExp(`(^|["'\\s])${bare}(?=["'\\s=<>~!;,[@]|$)`, 'm')
  return manifestsOf(call.name.text).some(manifest => {
    const fact = sh.facts.files[posix.join(sh.scope.cwd ?? sh.facts.projectRoot, manifest)]
    return fact?.kind === 'file' && listed.test(fact.content)
  })
}

function manifestsOf(program: string): readonly string[] {
  if (/^(npm|pnpm|yarn|bun)$/.test(program)) return ['package.json']
  if (/pip|uv|poetry|pdm/.test(program)) return ['pyproject.toml', 'requirements.txt']
  if (/^go$/.test(program)) return ['go.mod']
  if (/^(gem|bundle|bundler)$/.test(program)) return ['Gemfile']
  return program === 'composer' ? ['composer.json'] : ['Cargo.toml']
}

export function unseen(call: Call, sh: Shell): Content {
  sh.exec('unknown', words(call))
  return SOMETHING
}

export function declared(call: Call, sh: Shell): Content {
  sh.exec('declared', words(call))
  return SOMETHING
}

export function globally(call: Call, sh: Shell): Content {
  sh.exec('package', words(call))
  return SOMETHING
}

export function publish(
  verb: string,
  rest: readonly Arg[],
  options: Options,
  call: Call,
  sh: Shell,
): Content {
  if (/^(owner|access|token|team|org|login|logout|adduser)$/.test(verb)) {
    const reads = /^(ls|list|get)$/.test(rest[0]?.text ?? '')
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: reads ? 'read' : 'grant',
      names: [words(call)],
      on: null,
    })
    return SOMETHING
  }
  const to = [
    ...valuesOf(options, 'registry', 'repository-url', 'index', 'publish-url', 'host'),
    ...valuesOf(options, 's', 'source', 'repository').filter(arg => /:\/\//.test(arg.text)),
  ][0]
  const dry = has(options, 'dry-run', 'n')
  if (!dry)
    sh.emit({
      kind: 'send',
      to: to === undefined ? null : registryIdentity(to.text),
      means: 'publish',
      payload: ['project'],
      does: 'write',
    })
  return SOMETHING
}

export function config(rest: readonly Arg[], call: Call, sh: Shell): Content {
  const text = rest.map(arg => arg.text).join(' ')
  if (/^(get|list|ls)\b/.test(text)) return SOMETHING
  if (
    /strict-ssl[= ]+false|ssl.?verify|cafile|https?-proxy|ignore-scripts[= ]+false|trusted-host|audit[= ]+false/i.test(
      text,
    )
  )
    sh.emit({ kind: 'privilege', what: 'disable-check', names: [text] })
  const url = rest
    .map(arg => /(?:^|=)(https?:\/\/\S+)/.exec(arg.text)?.[1])
    .find(found => found !== undefined)
  if (/registry|index-url/.test(text))
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: 'write',
      names: [words(call)],
      on: url === undefined ? null : registryIdentity(url),
    })
  sh.emit({
    kind: 'write',
    target: sh.target(known(`${sh.facts.home}/.npmrc`)),
    how: 'edit',
    content: null,
    replaced: null,
  })
  return SOMETHING
}

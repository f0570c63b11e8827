/** git: what is only local, what is lost, and what leaves for where. */
import { posix } from 'node:path'
import { gitIdentity } from '../../../resources/git.ts'
import { type Content, mixed, NOTHING, SOMETHING, textContent } from '../../effect.ts'
import { type Call, type Handler, type Handlers, program } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'
import { configure, setting } from './git-config.ts'
import { push, remote, aliased as throughSsh } from './git-remote.ts'
import {
  branch,
  checkout,
  clean,
  discard,
  gc,
  localOp,
  messages,
  type Part,
  rebase,
  reflog,
  reset,
  restore,
  rewrite,
  stash,
  switches,
  tag,
  vcs,
} from './git-work.ts'
import { tool } from './tool.ts'

const runGit: Handler = (call, sh) => {
  const options = optionsOf(
    call.args,
    'C c git-dir work-tree namespace exec-path config-env super-prefix',
    true,
  )
  return sh.apart(() => {
    for (const folder of valuesOf(options, 'C')) sh.scope.cwd = sh.target(folder).path
    if (has(options, 'git-dir', 'work-tree', 'exec-path', 'config-env'))
      sh.partial('git with another folder')
    for (const { text } of valuesOf(options, 'c')) {
      const equals = text.indexOf('=')
      setting(
        equals < 0 ? text : text.slice(0, equals),
        equals < 0 ? 'true' : text.slice(equals + 1),
        call,
        sh,
      )
    }
    const [command, ...args] = options.rest
    if (command === undefined) return SOMETHING
    return part(command, args, call, sh)
  })
}

function part(command: Arg, args: readonly Arg[], call: Call, sh: Shell): Content {
  if (!command.known) {
    sh.exec('unknown', `git ${command.text}`)
    return SOMETHING
  }
  const alias = sh.scope.aliases.get(`git ${command.text}`)
  if (alias !== undefined && !Object.hasOwn(PARTS, command.text))
    return aliased(alias, args, call, sh)
  const found = Object.hasOwn(PARTS, command.text) ? PARTS[command.text] : undefined
  if (found === undefined) {
    if (!/^[a-z][a-z0-9-]*$/.test(command.text)) sh.partial(`git ${command.text}`)
    return tool({ ...call, name: known(`git-${command.text}`), args }, sh)
  }
  return found(
    optionsOf(args, Object.hasOwn(TAKING, command.text) ? (TAKING[command.text] ?? '') : 'm F C c'),
    { ...call, name: command, args },
    sh,
  )
}

function aliased(alias: string, args: readonly Arg[], call: Call, sh: Shell): Content {
  if (alias.startsWith('!')) return runShell(alias.slice(1), call.stdin, sh)
  const words = alias.split(/\s+/).map(known)
  return program({ ...call, name: known('git'), args: [...words, ...args] }, sh)
}

const TAKING: Readonly<Record<string, string>> = {
  log: 'n author grep since until S G L format pretty date skip max-count O',
  show: 'format pretty date S G O U',
  diff: 'U S G O stat diff-filter unified',
  commit: 'm F C c message file author date t template fixup squash reuse-message cleanup',
  push: 'o push-option repo receive-pack exec',
  fetch: 'depth j upload-pack',
  clone: 'b branch depth o origin c config reference template u upload-pack filter j',
  checkout: 'b B orphan conflict',
  switch: 'c C orphan create force-create',
  branch: 'u set-upstream-to contains no-contains merged no-merged points-at sort format',
  tag: 'm F u local-user sort format points-at',
  worktree: 'b B reason',
  grep: 'e f A B C m O',
  blame: 'L',
  merge: 'm F s X strategy strategy-option',
  rebase: 'onto x exec s X strategy',
  stash: 'm message',
  reset: 'pathspec-from-file',
  restore: 's source pathspec-from-file',
  clean: 'e exclude',
  bundle: '',
  archive: 'o output format prefix remote exec',
  describe: 'match exclude abbrev',
}

/** What git prints of the repository: harmless to see, its content when it is sent on. */
const reads: Part = (options, call, sh) => {
  for (const file of valuesOf(options, 'output', call.name.text === 'grep' ? '' : 'O'))
    sh.write(sh.target(file), 'replace', SOMETHING)
  for (const code of call.name.text === 'grep' ? valuesOf(options, 'O') : [])
    sh.exec('unknown', code.text)
  if (has(options, 'ext-diff', 'open-files-in-pager')) sh.exec('unknown', 'git with a program')
  vcs('local', sh)
  if (call.name.text === 'rev-parse' && has(options, 'show-toplevel'))
    return textContent(`${sh.facts.projectRoot}\n`)
  const plain = !has(
    options,
    'git-path',
    'sq-quote',
    'prefix',
    'format',
    'pretty',
    'resolve-git-dir',
  )
  if (
    plain &&
    call.args.every(arg => arg.known && arg.text !== '--' && !/\.\.\/|^\//.test(arg.text)) &&
    /^(rev-parse|describe|symbolic-ref|merge-base|rev-list)$/.test(call.name.text)
  )
    return textContent(`${call.name.text}-output\n`)
  const content: Content = { text: null, flows: ['project'], from: [] }
  const names = call.name.text === 'ls-files' || has(options, 'name-only')
  const below = names && sh.scope.cwd !== null ? sh.scope.cwd : undefined
  return below === undefined ? content : { ...content, flows: [], below }
}

const local: Part = (_options, _call, sh) => {
  vcs('local', sh)
  return SOMETHING
}

const commit: Part = (options, _call, sh) => {
  if (has(options, 'no-verify', 'n')) vcs('skip-checks', sh, { names: ['commit', '--no-verify'] })
  if (has(options, 'amend')) vcs('rewrite', sh, { names: ['amend', 'HEAD'] })
  else {
    vcs('local', sh)
    sh.makes('commit:HEAD')
  }
  for (const file of valuesOf(options, 'F', 'file')) sh.read(file)
  messages(options, sh)
  return SOMETHING
}

const fetch: Part = (options, call, sh) => {
  if (has(options, 'upload-pack')) sh.partial('git fetch with a program')
  const [name] = options.rest
  const to = name === undefined ? remote('origin', sh) : remote(name.text, sh)
  vcs('fetch', sh, { to, names: [call.name.text, ...options.rest.map(arg => arg.text)] })
  return SOMETHING
}

const clone: Part = (options, call, sh) => {
  const [url, folder] = options.rest
  for (const code of valuesOf(options, 'u', 'upload-pack')) sh.exec('unknown', code.text)
  for (const { text } of valuesOf(options, 'c', 'config'))
    setting(text.split('=')[0] ?? '', text.split('=').slice(1).join('='), call, sh)
  if (url === undefined) return SOMETHING
  // A token before the host says nothing of where it leads.
  const bare = url.known ? url.text : url.text.replace(/^(https?:\/\/)[^@/]*@/, '$1')
  const to = url.known || !bare.includes('$') ? throughSsh(gitIdentity(bare), sh) : null
  vcs('fetch', sh, { to, names: [url.text] })
  if (to !== null && url.flows.includes('secret'))
    sh.emit({ kind: 'send', to, means: 'auth', payload: ['secret'], does: 'read' })
  const name =
    url.text
      .split('/')
      .at(-1)
      ?.replace(/\.git$/, '') ?? '.'
  const target = sh.target(folder ?? known(name))
  // Beside the project is where another repository goes.
  const beside =
    target.path !== null && posix.dirname(target.path) === posix.dirname(sh.facts.projectRoot)
  if (!beside || sh.facts.files[target.path ?? '']?.kind === 'folder')
    sh.write(target, 'make', NOTHING)
  if (target.path !== null) {
    sh.left.set(target.path, { text: null, flows: ['network'], from: to === null ? [] : [to] })
    sh.makesPath(target, true)
  }
  return SOMETHING
}

const remove: Part = (options, _call, sh) => {
  if (has(options, 'cached', 'n', 'dry-run')) return localOp(sh)
  for (const arg of options.rest)
    sh.emit({
      kind: 'delete',
      target: sh.target(arg),
      recursive: has(options, 'r'),
      filter: '',
      // Git takes away only what it keeps, unless it is forced.
      ...(has(options, 'f', 'force') ? {} : { kept: true as const }),
    })
  return SOMETHING
}

const move: Part = (options, _call, sh) => {
  for (const arg of options.rest) sh.write(sh.target(arg), 'edit', SOMETHING)
  return SOMETHING
}

const worktree: Part = (options, _call, sh) => {
  const [what, folder] = options.rest
  if (what?.text === 'remove' && folder !== undefined) {
    sh.emit({ kind: 'delete', target: sh.target(folder), recursive: true, filter: '' })
    return SOMETHING
  }
  if (what?.text === 'add' && folder !== undefined) {
    sh.makesPath(sh.target(folder), true)
  }
  return localOp(sh)
}

/** `git bisect run command` */
const bisect: Part = (options, call, sh) => {
  const [what, name, ...args] = call.args
  if (what?.text === 'run' && name !== undefined) program({ ...call, name, args }, sh)
  return local(options, call, sh)
}

const submodule: Part = (options, _call, sh) => {
  const [what, first, second] = options.rest
  const verb = what?.text ?? 'status'
  if (/^(status|summary|init|sync|absorbgitdirs|deinit|set-branch)$/.test(verb)) return localOp(sh)
  if (verb === 'update') {
    // As .gitmodules says: an edit of that is judged where it is made.
    sh.exec('declared', 'git submodule update')
    return SOMETHING
  }
  const url = verb === 'add' ? first : verb === 'set-url' ? second : undefined
  if (url !== undefined) {
    const to = url.known ? gitIdentity(url.text) : null
    vcs('fetch', sh, { to, names: ['submodule', url.text] })
    return SOMETHING
  }
  if (verb === 'foreach')
    runShell(
      options.rest
        .slice(1)
        .map(arg => arg.text)
        .join(' '),
      SOMETHING,
      sh,
    )
  sh.partial('git submodule')
  return SOMETHING
}

const add: Part = (options, _call, sh) => {
  vcs('local', sh, { names: ['add', ...options.rest.map(arg => arg.text)] })
  return SOMETHING
}

/** A patch says itself what it changes. */
const patch: Part = (options, call, sh) => {
  const shows = has(
    options,
    'check',
    'stat',
    'numstat',
    'summary',
    'abort',
    'skip',
    'quit',
    'show-current-patch',
  )
  const contents = [call.stdin, ...options.rest.map(arg => sh.read(arg))]
  if (!shows) sh.write(sh.target(known('.')), 'edit', mixed(contents))
  if (!shows && contents.some(content => content.flows.includes('network')))
    sh.partial('a patch from the network')
  return SOMETHING
}

/** A whole copy of the repository, in a file. */
const pack: Part = (options, _call, sh) => {
  const file =
    valuesOf(options, 'o', 'output')[0] ??
    (options.rest[0]?.text === 'create' ? options.rest[1] : undefined)
  const content = mixed([{ text: null, flows: ['project'], from: [] }])
  vcs('local', sh)
  if (has(options, 'remote', 'exec')) sh.partial('git archive of another host')
  if (file === undefined) return content
  sh.write(sh.target(file), 'replace', content)
  return NOTHING
}

const READS =
  'status log show diff blame shortlog describe rev-parse rev-list ls-files ls-tree cat-file name-rev for-each-ref show-ref merge-base cherry range-diff diff-tree diff-index diff-files grep count-objects var version help check-ignore check-attr whatchanged fsck verify-commit verify-tag annotate get-tar-commit-id symbolic-ref'
const LOCAL =
  'init merge cherry-pick revert notes mergetool pack-refs update-index sparse-checkout rerere maintenance prune-packed format-patch commit-tree write-tree merge-tree request-pull cliff lfs instaweb gui difftool show-branch'

const PARTS: Readonly<Record<string, Part>> = {
  ...Object.fromEntries(READS.split(' ').map(name => [name, reads])),
  ...Object.fromEntries(LOCAL.split(' ').map(name => [name, local])),
  add,
  bisect,
  stage: add,
  apply: patch,
  'read-tree': (options, _call, sh) =>
    has(options, 'u', 'reset') ? discard(options.rest, sh) : localOp(sh),
  credential: (_options, _call, sh) => {
    sh.emit({
      kind: 'read',
      target: { written: 'git credential', path: null, glob: '' },
      credential: true,
    })
    return { text: null, flows: ['secret'], from: [] }
  },
  am: patch,
  checkout,
  switch: switches,
  reset,
  restore,
  clean,
  stash,
  branch,
  tag,
  commit,
  rebase,
  'filter-branch': rewrite,
  'filter-repo': rewrite,
  'update-ref': rewrite,
  replace: rewrite,
  reflog,
  gc,
  prune: (options, _call, sh) => discard(options.rest, sh),
  fetch,
  'ls-remote': fetch,
  pull: fetch,
  clone,
  rm: remove,
  mv: move,
  worktree,
  submodule,
  bundle: pack,
  archive: pack,
  push,
  config: configure,
  remote: (options, _call, sh) => {
    const [what, name, url] = options.rest
    if (what === undefined || /^(show|get-url|-v)$/.test(what.text))
      return reads(options, _call, sh)
    if (what.text === 'update' || what.text === 'prune')
      return fetch({ ...options, rest: [] }, _call, sh)
    const to = url === undefined ? null : gitIdentity(url.text)
    if (/^(add|set-url)$/.test(what.text) && name?.known && url?.known)
      sh.makes(`remote:${name.text}=${url.text}`)
    vcs('remote-change', sh, { to, names: options.rest.map(arg => arg.text) })
    if (name !== undefined && url !== undefined)
      sh.scope.variables.set(`git remote ${name.text}`, url)
    return SOMETHING
  },
}

export const git: Handlers = { git: runGit }

/** What git does to the work in a folder and to commits: kept, thrown away, or rewritten. */
import { holdsSecret } from '../../../secrets.ts'
import { type Content, type Identity, SOMETHING, type VcsOp } from '../../effect.ts'
import type { Call } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, type Options, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'

export type Part = (options: Options, call: Call, sh: Shell) => Content

export function vcs(
  op: VcsOp,
  sh: Shell,
  more: Partial<{
    to: Identity | null
    names: readonly string[]
    force: boolean
    deletes: boolean
  }> = {},
): void {
  sh.emit({ kind: 'vcs', op, to: null, names: [], force: false, deletes: false, ...more })
}

/** Throws away work that is not committed, or commits that nothing else holds. */
export function discard(names: readonly Arg[], sh: Shell): Content {
  vcs('discard', sh, { names: names.map(arg => arg.text), force: true })
  return SOMETHING
}

function isThere(arg: Arg, sh: Shell): boolean {
  const fact = sh.facts.files[sh.target(arg).path ?? '']
  return fact?.kind === 'file' || fact?.kind === 'folder'
}

export const checkout: Part = (options, call, sh) => {
  const dashes = call.args.findIndex(arg => arg.text === '--')
  const paths = dashes >= 0 ? call.args.slice(dashes + 1) : []
  const creates = has(options, 'b', 'B', 'orphan', 'track', 't')
  // A single name is a branch, unless it can only be a path.
  const [first, ...more] = dashes >= 0 ? [] : options.rest
  const path =
    first !== undefined &&
    (/^(\.|:|\.?\/)|\/$|\*/.test(first.text) ||
      !first.known ||
      /\.[a-z]\w{0,4}$/i.test(first.text) ||
      isThere(first, sh))
  // One side of a conflict is chosen: both are kept in the commits.
  if (has(options, 'ours', 'theirs')) return localOp(sh)
  if (has(options, 'f', 'force', 'B', 'p', 'm') || paths.length > 0)
    return discard([...options.rest], sh)
  if (!creates && (path || more.length > 0)) return discard(options.rest, sh)
  const name = valuesOf(options, 'b', 'orphan')[0]
  if (name !== undefined) sh.makes(`branch:${name.text}`)
  changesTo(name ?? first, sh)
  vcs('local', sh)
  return SOMETHING
}

function changesTo(name: Arg | undefined, sh: Shell): void {
  if (!name?.known || name.text === '-') return
  sh.head = name.text
  sh.makes(`head:${name.text}`)
}

export const switches: Part = (options, _call, sh) => {
  if (has(options, 'f', 'force', 'discard-changes', 'C', 'force-create'))
    return discard(options.rest, sh)
  const name = valuesOf(options, 'c', 'create', 'orphan')[0]
  if (name !== undefined) sh.makes(`branch:${name.text}`)
  changesTo(name ?? options.rest[0], sh)
  vcs('local', sh)
  return SOMETHING
}

export const reset: Part = (options, _call, sh) =>
  has(options, 'hard', 'merge', 'keep') ? discard(options.rest, sh) : localOp(sh)

export function localOp(sh: Shell): Content {
  vcs('local', sh)
  return SOMETHING
}

export const restore: Part = (options, _call, sh) =>
  has(options, 'staged', 'S') && !has(options, 'worktree', 'W')
    ? localOp(sh)
    : discard(options.rest, sh)

export const clean: Part = (options, call, sh) =>
  has(options, 'n', 'dry-run')
    ? localOp(sh)
    : discard([...options.rest, ...call.args.slice(0, 1)], sh)

export const stash: Part = (options, _call, sh) => {
  const [what] = options.rest
  if (what?.text === 'drop' || what?.text === 'clear') return discard(options.rest, sh)
  return localOp(sh)
}

export const branch: Part = (options, _call, sh) => {
  const names = options.rest.map(arg => arg.text)
  const merged = has(options, 'd', 'delete') && !has(options, 'D', 'f', 'force', 'r', 'remotes')
  // git itself refuses `-d` where something would be lost.
  if (merged) return localOp(sh)
  if (has(options, 'D', 'd', 'delete'))
    vcs('delete-branch', sh, { names, force: has(options, 'D', 'f', 'force'), deletes: true })
  else if (has(options, 'f', 'force', 'M', 'C')) return discard(options.rest, sh)
  else {
    if (names[0] !== undefined) sh.makes(`branch:${names[0]}`)
    vcs('local', sh)
  }
  return SOMETHING
}

/** A message is kept in the history like a file: a secret in it is one in a file. */
export function messages(options: Options, sh: Shell): void {
  const said = valuesOf(options, 'm', 'message')
    .map(arg => arg.text)
    .join('\n')
  if (holdsSecret(said))
    sh.write(sh.target(known('COMMIT_MESSAGE')), 'replace', { ...SOMETHING, text: said })
}

export const tag: Part = (options, _call, sh) => {
  const names = options.rest.map(arg => arg.text)
  if (has(options, 'd', 'delete', 'f', 'force'))
    vcs('delete-branch', sh, { names, deletes: true, force: true })
  else vcs('local', sh)
  messages(options, sh)
  return SOMETHING
}

export const rebase: Part = (options, call, sh) => {
  for (const code of valuesOf(options, 'x', 'exec')) runShell(code.text, call.stdin, sh)
  if (has(options, 'abort', 'continue', 'skip', 'quit', 'show-current-patch', 'edit-todo'))
    return localOp(sh)
  // Onto another branch: the old commits stay in the reflog, and only a forced push shows it.
  const plain = !has(options, 'root', 'exec', 'x') && options.rest.length < 2
  if (plain && !/^HEAD[~^]|@\{/.test(options.rest[0]?.text ?? '')) return localOp(sh)
  vcs('rewrite', sh, { names: ['rebase', ...options.rest.map(arg => arg.text)] })
  return SOMETHING
}

export const rewrite: Part = (options, call, sh) => {
  vcs('rewrite', sh, {
    names: [call.name.text, ...options.rest.map(arg => arg.text)],
    force: true,
  })
  return SOMETHING
}

export const reflog: Part = (options, _call, sh) =>
  options.rest[0]?.text === 'expire' || options.rest[0]?.text === 'delete'
    ? discard(options.rest, sh)
    : localOp(sh)

export const gc: Part = (options, _call, sh) =>
  has(options, 'prune', 'aggressive') ? discard(options.rest, sh) : localOp(sh)

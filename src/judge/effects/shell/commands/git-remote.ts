/** Pushing: to which repository, which refs, and whether something there is lost. */
import { gitIdentity } from '../../../resources/git.ts'
import { hostBehind } from '../../../resources/ssh-config.ts'
import { type Content, type Identity, SOMETHING } from '../../effect.ts'
import type { Call } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { has, type Options, valuesOf } from '../value.ts'

/** What the name of a remote, or a URL in its place, means now. */
export function remote(name: string, sh: Shell): Identity | null {
  const changed = sh.scope.variables.get(`git remote ${name}`)
  if (changed !== undefined) return changed.known ? aliased(gitIdentity(changed.text), sh) : null
  const made = sh.facts.createdByAgent.findLast(it => it.startsWith(`remote:${name}=`))
  if (made !== undefined) return aliased(gitIdentity(made.slice(made.indexOf('=') + 1)), sh)
  const { remotesNow, remotes } = sh.facts
  const now = Object.keys(remotesNow).length > 0 ? remotesNow : remotes
  const url = Object.hasOwn(now, name) ? now[name] : undefined
  return aliased(gitIdentity(url ?? name), sh)
}

/** With the host that ssh is told to go to instead of the one that is written. */
export function aliased(it: Identity | null, sh: Shell): Identity | null {
  if (it?.kind !== 'git') return it
  const [host = '', ...rest] = it.id.split('/')
  const real = hostBehind(host, sh.facts)
  return real === host ? it : (gitIdentity(`ssh://${real}/${rest.join('/')}`) ?? it)
}

export function push(options: Options, _call: Call, sh: Shell): Content {
  const [where, ...refs] = options.rest
  if (has(options, 'receive-pack', 'exec')) sh.exec('unknown', 'git push with a program')
  if (has(options, 'n', 'dry-run')) {
    sh.emit({ kind: 'vcs', op: 'local', to: null, names: [], force: false, deletes: false })
    return SOMETHING
  }
  const given = where ?? valuesOf(options, 'repo')[0]
  const to =
    given === undefined
      ? remote('origin', sh)
      : given.known || /^[a-z]+:\/\//.test(given.text)
        ? remote(given.text, sh)
        : null
  const texts = refs.map(ref => ref.text)
  const all = has(options, 'all', 'branches', 'mirror', 'tags')
  const names =
    texts.length > 0 ? texts.map(target => targetOf(target, sh)) : all ? ['*'] : [sh.head]
  if (texts.some(ref => /%(submit|.*Code-Review|.*Verified)/.test(ref)))
    sh.emit({
      kind: 'vcs',
      op: 'skip-checks',
      to,
      names: ['push', '%submit'],
      force: false,
      deletes: false,
    })
  if (has(options, 'no-verify'))
    sh.emit({
      kind: 'vcs',
      op: 'skip-checks',
      to,
      names: ['push', '--no-verify'],
      force: false,
      deletes: false,
    })
  sh.emit({
    kind: 'vcs',
    op: 'push',
    ...(given?.known === true ? { remote: given.text } : {}),
    to:
      to?.kind === 'path'
        ? {
            kind: 'path',
            id:
              sh.target({
                ...(given ?? { text: to.id, known: true, glob: false, flows: [], from: [] }),
                text: to.id,
              }).path ?? to.id,
          }
        : to,
    names,
    force:
      has(options, 'f', 'force', 'force-with-lease', 'force-if-includes', 'mirror') ||
      texts.some(ref => ref.startsWith('+')),
    deletes:
      has(options, 'd', 'delete', 'mirror', 'prune') ||
      texts.some(ref => /^\+?:/.test(ref)) ||
      refs.some(ref => !ref.known),
  })
  return SOMETHING
}

/** The branch at the other end that `src:dst` names. */
function targetOf(ref: string, sh: Shell): string {
  const name = ref.replace(/^\+/, '').split(':').at(-1) ?? ref
  const plain = name.replace(/^refs\/(heads|tags)\//, '')
  return plain === 'HEAD' || plain === '@' ? sh.head : plain
}

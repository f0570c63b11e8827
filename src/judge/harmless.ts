/** What is known to be harmless. Everything that is not is asked about. */
import { laterOf } from './edits/later.ts'
import type { Effect } from './effects/effect.ts'
import { isCredential, isGitData, placeOf } from './paths.ts'
import { isAddress } from './resources/host.ts'
import { isMade, isMadeThing, lossOf } from './rules/destruction.ts'
import { isExternal, type View } from './rules/rule.ts'
import { hostOf } from './trust.ts'

export type Harmless = 'read-only' | 'in-project'

/** @returns why an effect that no rule finds may happen, or null */
export function harmless(effect: Effect, view: View): Harmless | null {
  // On another machine: who may go there may do there what no rule finds.
  if (effect.realm === 'remote' && /^(read|write|exec|privilege|persist|vcs)$/.test(effect.kind))
    return 'in-project'
  switch (effect.kind) {
    case 'read':
      return effect.target.path === null ||
        !isCredential(effect.target.path) ||
        isProjectFile(effect.target.path, view)
        ? 'read-only'
        : null
    case 'write':
      // What is in a container of one's own is not this machine's.
      if (effect.realm === 'container') return 'in-project'
      if (laterOf(effect, view.facts).cut) return null
      if (isOwnPlace(effect.target.path, view, effect.realm)) return 'in-project'
      return effect.realm === 'local' &&
        effect.target.path !== null &&
        view.trust({ kind: 'path', id: effect.target.path }).trust === 'trusted'
        ? 'in-project'
        : null
    case 'delete':
      if (effect.realm === 'container') return 'in-project'
      return effect.realm === 'local' &&
        (/^(mine|derived)$/.test(lossOf(effect.target, effect.filter, view)) ||
          isKept(effect, view))
        ? 'in-project'
        : null
    case 'exec':
      return exec(effect, view)
    case 'send': {
      if (effect.to === null) return null
      if (effect.to.kind === 'service' && effect.means === 'auth') return 'in-project'
      if (isExternal(view.trust(effect.to))) return null
      // To the project's own server anything may go; where others read it, it must be known.
      return effect.payload.includes('unknown') && effect.means !== 'http' ? null : 'in-project'
    }
    case 'receive':
      return effect.from === null || isAskedHost(hostOf(effect.from.id), effect, view)
        ? null
        : 'read-only'
    case 'vcs':
      return vcs(effect, view)
    case 'cloud':
      return cloud(effect, view)
    case 'privilege':
      return effect.what === 'process' ? 'in-project' : null
    case 'persist':
    case 'guard-config':
      return null
  }
}

/** Out of the folder, and still in the project's history. */
function isKept(effect: Extract<Effect, { kind: 'delete' }>, view: View): boolean {
  return effect.kept === true && lossOf(effect.target, effect.filter, view) === 'project'
}

/** What the project's own scripts do is the project's; what was fetched must come from where it may. */
function exec(effect: Extract<Effect, { kind: 'exec' }>, view: View): Harmless | null {
  switch (effect.origin) {
    case 'project':
    case 'declared':
    case 'installed':
      return effect.realm === 'remote' ? null : 'in-project'
    case 'network':
      return effect.from.length > 0 && !effect.from.some(it => isExternal(view.trust(it)))
        ? 'in-project'
        : null
    case 'decoded':
    case 'unknown':
    case 'hidden':
    case 'package':
      return null
  }
}

function isProjectFile(path: string, view: View): boolean {
  return placeOf(path, view.facts).kind === 'project'
}

function isOwnPlace(path: string | null, view: View, realm: Effect['realm']): boolean {
  if (path === null || realm !== 'local') return false
  const place = placeOf(path, view.facts)
  if (place.kind === 'project') return !isGitData(place.relative)
  return place.kind === 'temp' || place.kind === 'sink' || isMade(path, view)
}

/** Places made to catch what is sent to them, in the very question. */
const CATCHERS =
  /(^|\.)(webhook\.site|requestbin\.(com|net)|pipedream\.net|requestcatcher\.com|interact\.sh|oast\.\w+|burpcollaborator\.net|ngrok(-free)?\.(io|app|dev)|trycloudflare\.com|beeceptor\.com|transfer\.sh|0x0\.st|file\.io|paste\.rs|pastebin\.com|ix\.io|termbin\.com|catbox\.moe)$/

function isAskedHost(
  host: string,
  effect: Extract<Effect, { kind: 'receive' }>,
  view: View,
): boolean {
  const external = effect.from !== null && isExternal(view.trust(effect.from))
  return external && (effect.from?.kind === 'host' || isAddress(host) || CATCHERS.test(host))
}

/** Looking at another repository is harmless; taking its commits into the project is not. */
function fetched({ to, names }: Extract<Effect, { kind: 'vcs' }>, view: View): Harmless | null {
  if (to === null)
    return isOriginUnseen(
      names.filter(name => !/^(fetch|pull|ls-remote)$/.test(name))[0] ?? '',
      view,
    )
      ? 'in-project'
      : null
  if (!isExternal(view.trust(to))) return 'in-project'
  return to.kind === 'git' && !/^(pull|submodule|subtree)$/.test(names[0] ?? '')
    ? 'in-project'
    : null
}

/**
 * The project's own remote, where nobody could say what it is: it was there before the agent, and the
 * agent did not change it.
 */
function isOriginUnseen(name: string, { facts, made }: View): boolean {
  if (Object.keys(facts.remotes).length + Object.keys(facts.remotesNow).length > 0) return false
  if ([...made].some(it => it.startsWith('remote:'))) return false
  return name === '' || name === 'origin' || !/[/:.]/.test(name)
}

function vcs(effect: Extract<Effect, { kind: 'vcs' }>, view: View): Harmless | null {
  switch (effect.op) {
    case 'local':
      return 'in-project'
    case 'fetch':
      return fetched(effect, view)
    case 'push':
      if (effect.to === null) return isOriginUnseen(effect.remote ?? '', view) ? 'in-project' : null
      return isExternal(view.trust(effect.to)) ? null : 'in-project'
    case 'config':
      return effect.names[0] === 'read' ||
        /^(user\.(name|email)|core\.(autocrlf|ignorecase|quotepath)|pull\.rebase|init\.defaultbranch|advice\..*|color\..*|rerere\..*|alias\..*|fetch\.prune|diff\..*|merge\.conflictstyle|branch\.autosetup.*|commit\.(verbose|template)|log\..*|status\..*|blame\..*|help\..*|column\..*|submodule\.recurse|core\.(filemode|longpaths|symlinks|eol|safecrlf|excludesfile|attributesfile|precomposeunicode|untrackedcache)|remote\.origin\.fetch|gc\..*|http\.postbuffer|index\..*|feature\..*|worktree\..*|extensions\..*|lfs\..*)$/i.test(
          effect.names[0] ?? '',
        )
        ? 'in-project'
        : null
    case 'rewrite':
      return effect.names[0] === 'amend' && view.made.has('commit:HEAD') ? 'in-project' : null
    case 'delete-branch':
      return effect.names.every(name => view.made.has(`branch:${name}`)) ? 'in-project' : null
    case 'remote-change':
      return ownRemote(effect, view) ? 'in-project' : null
    case 'discard':
    case 'skip-checks':
      return null
  }
}

/** One that is trusted, or that the agent had added itself. */
function ownRemote({ to, names }: Extract<Effect, { kind: 'vcs' }>, view: View): boolean {
  if (to !== null) return !isExternal(view.trust(to))
  const [what = '', name = ''] = names
  return (
    /^(remove|rm|rename)$/.test(what) && [...view.made].some(it => it.startsWith(`remote:${name}=`))
  )
}

function cloud(effect: Extract<Effect, { kind: 'cloud' }>, view: View): Harmless | null {
  const trusted = effect.on !== null && !isExternal(view.trust(effect.on))
  switch (effect.verb) {
    case 'read':
      return 'read-only'
    case 'destroy':
      if (effect.on?.kind === 'cluster' && view.trust(effect.on).trust === 'project')
        return 'in-project'
      return effect.names.some(name => isMadeThing(name, view)) ? 'in-project' : null
    case 'write':
      return trusted ||
        effect.provider === 'docker' ||
        (effect.provider === 'database' && effect.on === null)
        ? 'in-project'
        : null
    case 'deploy':
      return trusted && effect.provider !== 'mcp' && effect.provider !== 'github'
        ? 'in-project'
        : null
    case 'grant':
    case 'expose':
    case 'secret':
    case 'bypass':
      return null
  }
}

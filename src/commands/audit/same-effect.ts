/** Whether one effect does what another was to do, by whatever tool or command. */
import {
  type Cloud,
  type Effect,
  type Exec,
  identityIn,
  type Send,
  type Vcs,
} from '../../judge/effects/effect.ts'
import { isInside } from '../../judge/paths.ts'

/** @returns what both reach, for people; null when they do not do the same */
export function reachesSame(denied: Effect, later: Effect): string | null {
  if (denied.realm !== later.realm) return null
  const emptied = later.kind === 'write' && later.how === 'empty'
  if (denied.kind === 'delete' && (later.kind === 'delete' || emptied)) return pathOf(denied, later)
  if (denied.kind !== later.kind) return null
  switch (denied.kind) {
    case 'read':
    case 'write':
      return pathOf(denied, later)
    case 'receive':
      return identityOf(denied, later)
    case 'send':
      return later.kind === 'send' && carriesAsMuch(denied, later)
        ? identityOf(denied, later)
        : null
    case 'vcs':
      return later.kind === 'vcs' && isSameOp(denied, later) ? branchOf(denied, later) : null
    case 'cloud':
      return later.kind === 'cloud' && denied.verb === later.verb ? thingOf(denied, later) : null
    case 'exec':
      return later.kind === 'exec' ? codeOf(denied, later) : null
    case 'privilege':
      return later.kind === 'privilege' && denied.what === later.what
        ? wordsOf(denied, later)
        : null
    case 'persist':
    case 'guard-config':
      return 'what' in later && later.what === denied.what ? denied.what : null
    case 'delete':
      return null // was looked at before
  }
}

/** The same thing, or a part of it. */
function pathOf(denied: Effect, later: Effect): string | null {
  const [was, is] = [targetOf(denied), targetOf(later)]
  return was !== null && is !== null && isInside(is, was) ? is : null
}

const targetOf = (effect: Effect): string | null =>
  'target' in effect && effect.target.path !== '/' ? effect.target.path : null

function identityOf(denied: Effect, later: Effect): string | null {
  const [was, is] = [identityIn(denied), identityIn(later)]
  return was !== null && was.id !== '' && was.id === is?.id && was.kind === is.kind ? is.id : null
}

/** A secret was not to go there: what holds none is something else. */
function carriesAsMuch(denied: Send, later: Send): boolean {
  const hidden = later.payload.some(flow => /^(secret|decoded|unknown)$/.test(flow))
  return denied.does === later.does && (!denied.payload.includes('secret') || hidden)
}

/** By force is more than without it. */
function isSameOp(denied: Vcs, later: Vcs): boolean {
  const asMuch = (!denied.force || later.force) && (!denied.deletes || later.deletes)
  return denied.op === later.op && asMuch && haveOneName(denied.names, later.names)
}

/** Where a remote leads is what counts, not what it is called. */
function branchOf(denied: Vcs, later: Vcs): string | null {
  if (denied.to !== null) return identityOf(denied, later)
  const isSameRemote = later.to === null && denied.remote === later.remote
  return isSameRemote ? nameOf(denied, later) : null
}

/** A thing with a name of its own; in a cluster, or of a provider, what is named last. */
function thingOf(denied: Cloud, later: Cloud): string | null {
  const same = identityOf(denied, later)
  if (same !== null && denied.on?.kind !== 'cluster') return same
  const isElsewhere = same === null && denied.on !== null && later.on !== null
  if (isElsewhere || denied.provider !== later.provider) return null
  const [was, is] = [lastOf(denied), lastOf(later)]
  return was === is ? was : null
}

const lastOf = ({ names }: Named): string | null =>
  names.findLast(name => !name.startsWith('-')) ?? null

/** Remotes that a call makes itself, and then pushes to, lead where it says. */
export function withOwnRemotes(effects: readonly Effect[]): readonly Effect[] {
  return effects.map((effect, i) => {
    if (effect.kind !== 'vcs' || effect.to !== null || effect.remote === undefined) return effect
    const { remote } = effect
    const made = effects
      .slice(0, i)
      .findLast(it => it.kind === 'vcs' && it.op === 'remote-change' && it.names.includes(remote))
    return made?.kind === 'vcs' ? { ...effect, to: made.to } : effect
  })
}

type Named = { readonly names: readonly string[] }

function nameOf(denied: Effect & Named, later: Effect & Named): string | null {
  if (denied.names.length === 0) return null
  return later.names.find(name => denied.names.includes(name)) ?? null
}

/** What is run as another user, word for word; its options may be others. */
function wordsOf(denied: Named, later: Named): string | null {
  const [was, is] = [denied, later].map(({ names }) => names.filter(it => !it.startsWith('-')))
  const words = was?.join(' ') ?? ''
  return words !== '' && words === is?.join(' ') ? words : null
}

/** Where one of them names nothing, it may mean what the other names. */
const haveOneName = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === 0 || others.length === 0 || others.some(name => some.includes(name))

/** Code from the same place, or the same package. */
function codeOf(denied: Exec, later: Exec): string | null {
  const place = later.from.find(it => denied.from.some(from => from.id === it.id && it.id !== ''))
  if (place !== undefined) return place.id
  return later.names?.find(name => denied.names?.includes(name)) ?? null
}

/** What is told to other machines, and who may act from there: the managed policy settles each that it names. */
import { builtInPolicy } from './built-in-policy.ts'
import { BUILT_IN, type Locked, type Note, originOf } from './layers.ts'
import type { Part } from './merge-trust.ts'
import { type Fleet, type Origin, REMOTE_RIGHTS, type RemoteIdentity } from './policy.ts'

export function mergeFleet(
  managed: Part | null,
  user: Part | null,
  locked: Locked,
  note: Note,
  origins: Record<string, Origin>,
): Fleet {
  const parts = [managed, user].filter(part => part !== null)
  const [share, lower] = parts.filter(part => part.file.value.fleet?.share)
  if (lower)
    note(
      originOf(lower.layer, lower.file, 'fleet', 'share'),
      'fleet.share is settled by the managed policy',
    )
  origins['fleet.share'] = share ? originOf(share.layer, share.file, 'fleet', 'share') : BUILT_IN
  const bounds = parts.flatMap(part => part.file.value.fleet?.remote_may ?? [])
  const isBound = parts.some(part => part.file.value.fleet?.remote_may)
  const all = parts.map(part => part.file.value.fleet?.remote_may ?? REMOTE_RIGHTS)
  return {
    share: share?.file.value.fleet?.share ?? builtInPolicy.fleet.share,
    remote: remoteIn(managed, user, locked, note),
    remoteMay: isBound
      ? [...new Set(bounds)].filter(it => all.every(may => may.includes(it)))
      : [...REMOTE_RIGHTS],
  }
}

function remoteIn(
  managed: Part | null,
  user: Part | null,
  locked: Locked,
  note: Note,
): readonly RemoteIdentity[] {
  const isSettled = Boolean(managed?.file.value.fleet?.remote)
  const isLocked = locked.has('remote')
  if (user?.file.value.fleet?.remote && (isSettled || isLocked))
    note(
      originOf('user', user.file, 'fleet', 'remote'),
      isSettled
        ? 'who may act from elsewhere is settled by the managed policy'
        : "'remote' is locked by the managed policy",
    )
  const part = isSettled || isLocked ? managed : user
  return (part?.file.value.fleet?.remote ?? []).map(({ nkey, name, may }, i) => ({
    nkey,
    name,
    may: may ?? REMOTE_RIGHTS,
    origin: part === null ? BUILT_IN : originOf(part.layer, part.file, 'fleet', 'remote', i),
  }))
}

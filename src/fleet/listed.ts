/** Who a machine's policy lists, and what they may from elsewhere. */
import type { ScreenName } from '../action/command.ts'
import type { Fleet, RemoteIdentity, RemoteRight } from '../config/policy.ts'

export const listedIn = ({ remote }: Fleet, nkey: string): RemoteIdentity | undefined =>
  remote.find(it => it.nkey === nkey)

export const may = ({ remoteMay }: Fleet, who: RemoteIdentity, right: RemoteRight): boolean =>
  who.may.includes(right) && remoteMay.includes(right)

/** `Dana (UABCDE…)` */
export const screenOf = ({ name, nkey }: RemoteIdentity): ScreenName => ({
  name: `${name.slice(0, 60)} (${nkey.slice(0, 6)}…)`,
  pid: 0,
  tty: 'fleet',
})

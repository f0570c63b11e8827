/** Where commands from elsewhere come in: who is listed may do what the policy says, and no more. */
import type { Command, CommandReply, ScreenName } from '../action/command.ts'
import type { Policy, RemoteRight } from '../config/policy.ts'
import { type RemoteCommand, remoteCommandIn } from './remote-command.ts'

export interface DoorOptions {
  readonly machine: string
  /** As it is now. */
  readonly policy: () => Policy
  /** Asks the gate of this machine, which has the last word. */
  readonly send: (command: Command, by: ScreenName) => Promise<CommandReply>
  /** Unix ms */
  readonly clock: () => number
}

/** A command that was on its way for longer is not carried out: things are others by then. */
const FRESH_MS = 30_000

export class Door {
  readonly #options: DoorOptions
  /** Those that were carried out, until they are too old anyway. */
  readonly #seen = new Map<string, number>()

  constructor(options: DoorOptions) {
    this.#options = options
  }

  /** @param text as it came. @returns what became of it, for who asked */
  async answer(text: string): Promise<CommandReply> {
    const asked = remoteCommandIn(text)
    if (asked === null) return refused('it is not signed by who it says')
    const { machine, policy, send } = this.#options
    if (asked.machine !== machine) return refused('it is for another machine')
    const { fleet } = policy()
    const who = fleet.remote.find(it => it.nkey === asked.identity)
    if (who === undefined) return refused(`${machine} does not list ${asked.identity}`)
    if (!this.#isFresh(asked)) return refused('it is too old, or came before')
    const right = rightFor(asked.command)
    if (right === null) return refused('that is done on the machine itself')
    if (!who.may.includes(right) || !fleet.remoteMay.includes(right))
      return refused(`${who.name} may not ${right} on ${machine}`)
    return send(asked.command, { name: nameOf(who), pid: 0, tty: 'fleet' })
  }

  #isFresh({ at, nonce, identity }: RemoteCommand): boolean {
    const now = this.#options.clock()
    for (const [key, until] of this.#seen) if (until < now) this.#seen.delete(key)
    const key = `${identity} ${nonce}`
    if (Math.abs(now - at) > FRESH_MS || this.#seen.has(key)) return false
    this.#seen.set(key, now + 2 * FRESH_MS)
    return true
  }
}

const refused = (why: string): CommandReply => ({ done: false, text: `refused: ${why}` })

/** `Dana (UABCDE…)` */
const nameOf = ({ name, nkey }: { name: string; nkey: string }): string =>
  `${name.slice(0, 60)} (${nkey.slice(0, 6)}…)`

/** Null: nobody may from elsewhere. */
function rightFor(command: Command): RemoteRight | null {
  switch (command.type) {
    case 'approve':
      return 'approve'
    case 'deny':
      return 'deny'
    case 'override':
    case 'revoke':
      return 'override'
    case 'pause':
    case 'resume':
      // All sessions of a machine are its owner's.
      return command.session === undefined ? null : 'pause'
    case 'trust':
    case 'untrust':
    case 'undo':
      return null
  }
}

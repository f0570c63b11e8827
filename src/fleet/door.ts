/** Where commands from elsewhere come in: who is listed may do what the policy says, and no more. */
import type { Command, CommandReply, ScreenName } from '../action/command.ts'
import type { Policy, RemoteRight } from '../config/policy.ts'
import { listedIn, may, screenOf } from './listed.ts'
import { type Place, type RemoteCommand, remoteCommandIn } from './remote-command.ts'
import type { Seen } from './seen.ts'

export interface DoorOptions {
  readonly place: Place
  /** As it is now. */
  readonly policy: () => Policy
  /** Asks the gate of this machine, which has the last word. */
  readonly send: (command: Command, by: ScreenName) => Promise<CommandReply>
  /** What was carried out. */
  readonly seen: Seen
  /** Unix ms */
  readonly clock: () => number
}

/** What was on its way for longer does not count: things are others by then. */
export const FRESH_MS = 30_000

export class Door {
  readonly #options: DoorOptions

  constructor(options: DoorOptions) {
    this.#options = options
  }

  /** @param text as it came. @returns what became of it, for who asked */
  async answer(text: string): Promise<CommandReply> {
    const asked = remoteCommandIn(text)
    if (asked === null) return refused('it is not signed by who it says')
    const { place, policy, send } = this.#options
    const { organisation, machine } = place
    if (asked.organisation !== organisation) return refused('it is for another organisation')
    if (asked.machine !== machine) return refused('it is for another machine')
    const { fleet } = policy()
    const who = listedIn(fleet, asked.identity)
    if (who === undefined) return refused(`${machine} does not list ${asked.identity}`)
    if (!this.#isFresh(asked)) return refused('it is too old, or came before')
    const right = rightFor(asked.command)
    if (right === null) return refused('that is done on the machine itself')
    if (!may(fleet, who, right)) return refused(`${who.name} may not ${right} on ${machine}`)
    return send(asked.command, screenOf(who))
  }

  #isFresh({ at, nonce, identity }: RemoteCommand): boolean {
    const { clock, seen } = this.#options
    const now = clock()
    if (Math.abs(now - at) > FRESH_MS) return false
    return seen.isFirst(`${identity} ${nonce}`, now, now + 2 * FRESH_MS)
  }
}

const refused = (why: string): CommandReply => ({ done: false, text: `refused: ${why}` })

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
      // All sessions of a machine are its owner's.
      return command.session === undefined ? null : 'pause'
    case 'resume':
      // Who may only pause must not take back what somebody else paused.
      return command.session === undefined ? null : 'resume'
    case 'propose':
      return 'propose'
    case 'trust':
    case 'untrust':
    case 'undo':
      return null
  }
}

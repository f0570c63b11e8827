/** Commands to other machines, and the door of this one. */

import type { Msg } from '@nats-io/transport-node'
import * as v from 'valibot'
import { COMMAND_REPLY, type CommandInput, type CommandReply } from '../action/command.ts'
import type { Broker } from './broker.ts'
import type { Door } from './door.ts'
import type { keyPairIn } from './identity.ts'
import { signed } from './remote-command.ts'
import { controlSubject } from './subjects.ts'

const ANSWER_MS = 15_000

export interface RemoteOptions {
  readonly broker: Broker
  readonly organisation: string
  readonly by: ReturnType<typeof keyPairIn>
  readonly machineOf: (session: string) => string | undefined
}

/** Sends each command to the machine whose session it is about. Rejects with one line for people. */
export function remoteSend({ broker, organisation, by, machineOf }: RemoteOptions) {
  return async (command: CommandInput): Promise<CommandReply> => {
    const session = 'session' in command ? command.session : undefined
    if (session === undefined) return { done: false, text: 'that is done on the machine itself' }
    const machine = machineOf(session)
    if (machine === undefined) return { done: false, text: 'it is not known whose session it is' }
    const subject = controlSubject(organisation, machine)
    const text = signed(by, machine, command, Date.now())
    try {
      const reply = await broker.connection.request(subject, text, { timeout: ANSWER_MS })
      return v.parse(COMMAND_REPLY, reply.json())
    } catch {
      throw new Error(`${machine} does not answer: its relay or the broker is away`)
    }
  }
}

/** Opens a machine to who its policy lists. Ends with the broker's connection. */
export function openDoor(broker: Broker, organisation: string, machine: string, door: Door): void {
  const answer = async (asked: Msg): Promise<void> => {
    const reply = await door
      .answer(asked.string())
      .catch(() => ({ done: false, text: 'the gate of that machine does not answer' }))
    asked.respond(JSON.stringify(reply))
  }
  broker.connection.subscribe(controlSubject(organisation, machine), {
    callback: (error, asked) => {
      if (error === null) void answer(asked)
    },
  })
}

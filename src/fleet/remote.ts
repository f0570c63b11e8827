/** Commands to other machines, and the door of this one. */
import { type Msg, PermissionViolationError } from '@nats-io/transport-node'
import * as v from 'valibot'
import { COMMAND_REPLY, type CommandInput, type CommandReply } from '../action/command.ts'
import type { Broker } from './broker.ts'
import type { Door } from './door.ts'
import type { keyPairIn } from './identity.ts'
import type { Presence } from './presence.ts'
import { signed } from './remote-command.ts'
import { controlSubject, presenceSubject } from './subjects.ts'

const ANSWER_MS = 15_000

export interface RemoteOptions {
  readonly broker: Broker
  readonly by: ReturnType<typeof keyPairIn>
  readonly machineOf: (session: string) => string | undefined
}

/** Sends each command to the machine whose session it is about. Rejects with one line for people. */
export function remoteSend({ broker, by, machineOf }: RemoteOptions) {
  return async (command: CommandInput): Promise<CommandReply> => {
    const session = 'session' in command ? command.session : undefined
    if (session === undefined) return { done: false, text: 'that is done on the machine itself' }
    const machine = machineOf(session)
    if (machine === undefined) return { done: false, text: 'it is not known whose session it is' }
    const { organisation, connection } = broker
    const subject = controlSubject(organisation, machine)
    const text = signed(by, { organisation, machine }, command, Date.now())
    try {
      const reply = await connection.request(subject, text, { timeout: ANSWER_MS })
      return v.parse(COMMAND_REPLY, reply.json())
    } catch (error) {
      if (error instanceof Error && error.cause instanceof PermissionViolationError)
        throw new Error(`the broker does not let you act on ${machine}`)
      throw new Error(`${machine} does not answer: its relay or the broker is away`)
    }
  }
}

/**
 * Opens a machine to who its policy lists. Ends with the broker's connection.
 * @param say told when the broker does not let it
 */
export function openDoor(
  { connection, organisation }: Broker,
  machine: string,
  door: Door,
  presence: Presence,
  say: (text: string) => void,
): void {
  const answer = async (asked: Msg): Promise<void> => {
    const reply = await door
      .answer(asked.string())
      .catch(() => ({ done: false, text: 'the gate of that machine does not answer' }))
    if (!connection.isClosed()) asked.respond(JSON.stringify(reply))
  }
  const hear = (
    subject: string,
    what: string,
    told: (message: Msg) => void,
    queue: object,
  ): void => {
    connection.subscribe(subject, {
      ...queue,
      callback: (error, message) => {
        if (error === null) told(message)
        else say(`${what} (${error.message})`)
      },
    })
  }
  const deaf = 'no commands come in: the broker does not let this relay hear them'
  // Of two relays of one machine one carries a command out.
  hear(controlSubject(organisation, machine), deaf, asked => void answer(asked), { queue: 'relay' })
  const blind = 'who is at a screen elsewhere is not known: the broker does not tell this relay'
  hear(presenceSubject(organisation), blind, sign => presence.heard(sign.string()), {})
}

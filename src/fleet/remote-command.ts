/** A command on its way to another machine: signed by who gives it, for one machine, once, and soon. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { COMMAND, type CommandInput } from '../action/command.ts'
import { IDENTITY, type Signer, sealed, unsealed } from './sealed.ts'

/** A machine of the same name in another organisation is another. */
export interface Place {
  readonly organisation: string
  readonly machine: string
}

const BODY = v.object({
  identity: IDENTITY,
  organisation: v.string(),
  machine: v.string(),
  /** Unix ms */
  at: v.number(),
  nonce: v.pipe(v.string(), v.maxLength(100)),
  command: COMMAND,
})
export type RemoteCommand = v.InferOutput<typeof BODY>

export const signed = (by: Signer, to: Place, command: CommandInput, at: number): string =>
  sealed(by, { ...to, at, nonce: randomUUID(), command })

/** @returns null for what is none, or was not signed by who it says */
export const remoteCommandIn = (text: string): RemoteCommand | null => unsealed(text, BODY)

/** A command on its way to another machine: signed by who gives it, for one machine, once, and soon. */
import { randomUUID } from 'node:crypto'
import { nkeys } from '@nats-io/transport-node'
import * as v from 'valibot'
import { COMMAND, type CommandInput } from '../action/command.ts'

const BODY = v.object({
  /** The public nkey of a user. */
  identity: v.pipe(v.string(), v.regex(/^U[A-Z2-7]{55}$/)),
  machine: v.string(),
  /** Unix ms */
  at: v.number(),
  nonce: v.pipe(v.string(), v.maxLength(100)),
  command: COMMAND,
})
export type RemoteCommand = v.InferOutput<typeof BODY>

const SIGNED = v.object({ body: v.string(), signature: v.string() })

interface Signer {
  getPublicKey(): string
  sign(bytes: Uint8Array): Uint8Array
}

export function signed(by: Signer, machine: string, command: CommandInput, at: number): string {
  const identity = by.getPublicKey()
  const body = JSON.stringify({ identity, machine, at, nonce: randomUUID(), command })
  const signature = Buffer.from(by.sign(Buffer.from(body))).toString('base64')
  return JSON.stringify({ body, signature })
}

/** @returns null for what is none, or was not signed by who it says */
export function remoteCommandIn(text: string): RemoteCommand | null {
  try {
    const { body, signature } = v.parse(SIGNED, JSON.parse(text))
    const command = v.parse(BODY, JSON.parse(body))
    const key = nkeys.fromPublic(command.identity)
    return key.verify(Buffer.from(body), Buffer.from(signature, 'base64')) ? command : null
  } catch {
    return null
  }
}

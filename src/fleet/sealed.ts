/** What somebody says, signed with the nkey of who says it. */
import { nkeys } from '@nats-io/transport-node'
import * as v from 'valibot'

export const IDENTITY = v.pipe(v.string(), v.regex(/^U[A-Z2-7]{55}$/))

const SEALED = v.object({ body: v.string(), signature: v.string() })
/** No command is longer; to look into what is would be work for anybody who asks. */
const MOST_CHARACTERS = 1 << 16

export interface Signer {
  getPublicKey(): string
  sign(bytes: Uint8Array): Uint8Array
}

export function sealed(by: Signer, said: object): string {
  const body = JSON.stringify({ identity: by.getPublicKey(), ...said })
  const signature = Buffer.from(by.sign(Buffer.from(body))).toString('base64')
  return JSON.stringify({ body, signature })
}

/** @returns null for what has another form, or was not signed by who it says */
export function unsealed<T extends { readonly identity: string }>(
  text: string,
  form: v.GenericSchema<unknown, T>,
): T | null {
  if (text.length > MOST_CHARACTERS) return null
  try {
    const { body, signature } = v.parse(SEALED, JSON.parse(text))
    const said = v.parse(form, JSON.parse(body))
    const key = nkeys.fromPublic(said.identity)
    return key.verify(Buffer.from(body), Buffer.from(signature, 'base64')) ? said : null
  } catch {
    return null
  }
}

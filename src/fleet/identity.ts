/** Who somebody is on the broker: the key pair in a credentials file, or the seed of an nkey. */
import { readFileSync } from 'node:fs'
import { nkeys } from '@nats-io/transport-node'
import { codeOf } from '../config/error-code.ts'
import { UsageError } from '../config/usage-error.ts'

type KeyPair = ReturnType<typeof nkeys.fromSeed>

const SEED = /\bSU[A-Z2-7]{56}\b/

/** @throws UsageError when there is none in it */
export function keyPairIn(file: string): KeyPair {
  const [seed] = SEED.exec(credentialsText(file)) ?? []
  try {
    if (seed !== undefined) return nkeys.fromSeed(new TextEncoder().encode(seed))
  } catch {
    // Told below: what stands there is a secret.
  }
  throw new UsageError(`${file}: holds no seed of a user's nkey (SU…)`)
}

/** @throws UsageError when it cannot be read */
export function credentialsText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file}: cannot be read (${codeOf(error)})`)
  }
}

/**
 * Who is at a screen elsewhere counts as somebody at this machine's gate, if they may approve here: then
 * it holds what nobody at the machine would answer. Signs come every few seconds, and end with the screen.
 */
import * as v from 'valibot'
import type { ScreenName } from '../action/command.ts'
import type { Policy } from '../config/policy.ts'
import type { Broker } from './broker.ts'
import { FRESH_MS } from './door.ts'
import { listedIn, may, screenOf } from './listed.ts'
import { IDENTITY, type Signer, sealed, unsealed } from './sealed.ts'
import { presenceSubject } from './subjects.ts'

const SIGN = v.object({
  identity: IDENTITY,
  organisation: v.string(),
  here: v.literal(true),
  /** Unix ms */
  at: v.number(),
})

const SIGN_MS = 3000
/** Three signs may be lost. */
const GONE_MS = 3 * SIGN_MS + 1000

export const signOfLife = (by: Signer, organisation: string, at: number): string =>
  sealed(by, { organisation, here: true, at })

/** Gives signs until the signal. */
export function giveSigns(
  { connection, organisation }: Broker,
  by: Signer,
  signal: AbortSignal,
): void {
  const give = (): void => {
    if (connection.isClosed()) return
    connection.publish(presenceSubject(organisation), signOfLife(by, organisation, Date.now()))
  }
  give()
  const timer = setInterval(give, SIGN_MS).unref()
  signal.addEventListener('abort', () => clearInterval(timer))
}

export interface PresenceOptions {
  readonly organisation: string
  /** As it is now. */
  readonly policy: () => Policy
  /** Tells the gate of a screen, until the signal. */
  readonly attach: (screen: ScreenName, until: AbortSignal) => void
  /** Unix ms */
  readonly clock: () => number
}

interface Here {
  readonly leave: AbortController
  readonly timer: NodeJS.Timeout
}

export class Presence {
  readonly #options: PresenceOptions
  readonly #here = new Map<string, Here>()
  /** When the last sign of each was given: an older one is somebody's who heard it. Listed identities alone. */
  readonly #last = new Map<string, number>()

  constructor(options: PresenceOptions) {
    this.#options = options
  }

  /** @param text as it came */
  heard(text: string): void {
    const { organisation, policy, clock, attach } = this.#options
    const sign = unsealed(text, SIGN)
    if (sign === null || sign.organisation !== organisation) return
    const { identity, at } = sign
    const { fleet } = policy()
    const who = listedIn(fleet, identity)
    if (who === undefined || !may(fleet, who, 'approve')) return
    if (Math.abs(clock() - at) > FRESH_MS || at <= (this.#last.get(identity) ?? 0)) return
    this.#last.set(identity, at)
    const known = this.#here.get(identity)
    if (known !== undefined) {
      known.timer.refresh()
      return
    }
    const leave = new AbortController()
    const timer = setTimeout(() => this.#gone(identity), GONE_MS)
    this.#here.set(identity, { leave, timer })
    attach(screenOf(who), leave.signal)
  }

  /** Nobody is there any more. */
  end(): void {
    for (const identity of [...this.#here.keys()]) this.#gone(identity)
  }

  #gone(identity: string): void {
    const here = this.#here.get(identity)
    this.#here.delete(identity)
    clearTimeout(here?.timer)
    here?.leave.abort()
  }
}

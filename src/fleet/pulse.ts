/**
 * A relay says every few seconds that it is there, and how long what the broker does not have yet has
 * waited. It goes past the stream: what is old says nothing.
 */
import * as v from 'valibot'
import type { RelaySign } from '../action/event.ts'
import type { Broker } from './broker.ts'
import { relaySubject, relaySubjects } from './subjects.ts'

const PULSE = v.object({
  machine: v.string(),
  waitingMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
  ends: v.boolean(),
})

const PULSE_MS = 3000
/** For the last one to be on its way; a broker that is away is not waited for. */
const LAST_MS = 500

export class Pulse {
  readonly #broker: Broker
  readonly #machine: string
  readonly #clock: () => number
  readonly #timer: NodeJS.Timeout
  #since: number | null = null

  /** Beats until `end`. @param clock Unix ms */
  constructor(broker: Broker, machine: string, clock: () => number) {
    this.#broker = broker
    this.#machine = machine
    this.#clock = clock
    this.#timer = setInterval(() => this.#beat(false), PULSE_MS).unref()
    this.#beat(false)
  }

  /** @param since when the oldest entry was made that the broker does not have, Unix ms; null: it has all */
  waits(since: number | null): void {
    this.#since = since
  }

  async end(): Promise<void> {
    clearInterval(this.#timer)
    this.#beat(true)
    const waited = new Promise(resolve => setTimeout(resolve, LAST_MS))
    await Promise.race([this.#broker.connection.flush().catch(() => {}), waited])
  }

  #beat(ends: boolean): void {
    const { connection, organisation } = this.#broker
    if (connection.isClosed()) return
    const waitingMs = this.#since === null ? 0 : Math.max(0, this.#clock() - this.#since)
    const text = JSON.stringify({ machine: this.#machine, waitingMs, ends })
    connection.publish(relaySubject(organisation, this.#machine), text)
  }
}

/** Ends with the broker's connection. Where the broker does not let it, nothing is heard. */
export function hearPulses(
  { connection, organisation }: Broker,
  heard: (sign: Omit<RelaySign, 'at'>) => void,
): void {
  connection.subscribe(relaySubjects(organisation), {
    callback: (error, message) => {
      const sign = error === null ? pulseIn(message.string()) : null
      // Under whose name it comes, the broker knows.
      if (sign !== null && message.subject === relaySubject(organisation, sign.name)) heard(sign)
    },
  })
}

function pulseIn(text: string): Omit<RelaySign, 'at'> | null {
  try {
    const { machine: name, waitingMs, ends } = v.parse(PULSE, JSON.parse(text))
    return { name, waitingMs, ends }
  } catch {
    return null
  }
}

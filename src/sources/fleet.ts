/** Journals of many machines, from the broker: history from the stream, then what comes. */
import { setTimeout as rest } from 'node:timers/promises'
import {
  type ConsumerMessages,
  DeliverPolicy,
  type OrderedConsumerOptions,
} from '@nats-io/jetstream'
import type { Entry } from '../action/entry.ts'
import type { Event } from '../action/event.ts'
import type { GateEvent } from '../action/gate-event.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import type { Broker } from '../fleet/broker.ts'
import { type Envelope, type Message, messageIn, sessionOf } from '../fleet/message.ts'
import { hearPulses } from '../fleet/pulse.ts'
import { reducedText } from '../fleet/reduce.ts'
import { eventOf } from './journal-event.ts'
import { Queue } from './queue.ts'

export interface FleetOptions {
  readonly broker: Broker
  readonly loadPrice: () => Promise<Price>
  /** Go on with what comes, until `signal`; else end with what was there. */
  readonly follow: boolean
  /** Of the history only what came since then, Unix ms. */
  readonly since?: number
  readonly signal?: AbortSignal
}

/** What a relay that was killed sends once more came not long before. */
const KNOWN_IDS = 20_000

export interface Fleet {
  readonly events: AsyncIterable<readonly Event[]>
  /** Whose a session is; undefined while nothing was told of it. */
  readonly machineOf: (session: string) => string | undefined
}

export function fleet(options: FleetOptions): Fleet {
  const source = new FleetSource(options)
  void source.run()
  return { events: source.queue, machineOf: session => source.machines.get(session) }
}

const AGAIN_MS = 1000
/**
 * A broker that was killed and came back knows no reader, and one whose stream was deleted none either:
 * noticed when two heartbeats are missing. Then it is read anew, from where it was.
 */
const CONSUME = {
  max_messages: 1000,
  idle_heartbeat: 2000,
  abort_on_missing_resource: true,
} as const

class FleetSource {
  readonly queue = new Queue<Event>()
  /** By the session. */
  readonly machines = new Map<string, string>()
  readonly #options: FleetOptions
  #told: Told | null = null
  /** When the stream was made that is read. */
  #made = ''
  /** Where it goes on. */
  #next = 1
  #historyIn = false

  constructor(options: FleetOptions) {
    this.#options = options
  }

  async run(): Promise<void> {
    const { broker, loadPrice, follow, signal } = this.#options
    if (follow)
      hearPulses(broker, sign => this.queue.push({ type: 'relay', at: Date.now(), ...sign }))
    this.#told = new Told(this.queue, this.machines, await loadPrice())
    this.queue.push({ type: 'progress', doneBytes: 0, totalBytes: 1 })
    while (signal?.aborted !== true) {
      try {
        await this.#read()
        if (!follow) break
      } catch (error) {
        if (!follow) {
          this.queue.fail(error)
          return
        }
        // The broker is away: what it had is still there when it comes back.
        await rest(AGAIN_MS, undefined, signal === undefined ? {} : { signal }).catch(() => {})
      }
    }
    this.queue.close()
  }

  /** Until the signal, or the stream may be another one; without `follow` to its end. */
  async #read(): Promise<void> {
    const { broker, follow, since = 0, signal } = this.#options
    const { state, created } = await broker.manager.streams.info(broker.stream)
    // Made anew, it counts from 1.
    if (created !== this.#made) this.#next = 1
    this.#made = created
    const isEmpty = state.messages === 0 || state.last_seq < this.#next
    if (isEmpty || Date.parse(state.last_ts) < since) this.#historyDone()
    if (this.#historyIn && !follow) return
    const consumer = await broker.js.consumers.get(broker.stream, this.#from(since))
    // It may have been made anew meanwhile.
    const info = await broker.manager.streams.info(broker.stream)
    if (follow && info.created !== created) return
    const messages = await consumer.consume(CONSUME)
    void stopWhenRecreated(messages)
    const stop = (): void => messages.stop()
    signal?.addEventListener('abort', stop)
    try {
      for await (const one of messages) {
        const { organisation } = broker
        const at = one.time.getTime()
        this.#told?.take(one.string(), one.seq, { organisation, subject: one.subject, at })
        this.#next = one.seq + 1
        if (one.info.pending === 0) this.#historyDone()
        if (this.#historyIn && !follow) break
      }
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  #from(since: number): Partial<OrderedConsumerOptions> {
    return since > 0 && this.#next === 1
      ? {
          deliver_policy: DeliverPolicy.StartTime,
          opt_start_time: new Date(since).toISOString(),
        }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: this.#next }
  }

  #historyDone(): void {
    if (this.#historyIn) return
    this.#historyIn = true
    this.queue.push({ type: 'progress', doneBytes: 1, totalBytes: 1 })
    this.queue.push({ type: 'journal-read', at: Date.now() })
  }
}

/** The library goes on where it was by the number, in whatever stream has that name by now. */
async function stopWhenRecreated(messages: ConsumerMessages): Promise<void> {
  for await (const { type } of messages.status())
    if (type === 'ordered_consumer_recreated') messages.stop()
}

/** Each entry once, whatever the broker tells again. */
class Told {
  readonly #queue: Queue<Event>
  readonly #machines: Map<string, string>
  readonly #price: Price
  readonly #ids = new Set<string>()

  constructor(queue: Queue<Event>, machines: Map<string, string>, price: Price) {
    this.#queue = queue
    this.#machines = machines
    this.#price = price
  }

  take(text: string, seq: number, envelope: Envelope): void {
    try {
      const message = messageIn(text, envelope)
      if (message === null || !this.#isNew(message)) return
      if (this.#isOwners(message)) this.#tell(message, seq, envelope.at)
      else this.#skip(seq, `${message.machine} tells of another machine's session`)
    } catch {
      this.#skip(seq, 'not a message of Signalbox')
    }
  }

  #skip(line: number, why: string): void {
    this.#queue.push({ type: 'skipped', file: 'the stream', line, why })
  }

  /** A session is whose it was at first: nobody else speaks for it, and is sent its commands. */
  #isOwners({ machine, entry }: Message): boolean {
    const session = sessionOf(entry)
    if (session === '') return true
    const owner = this.#machines.get(session) ?? machine
    this.#machines.set(session, owner)
    return owner === machine
  }

  #isNew({ machine, id }: Message): boolean {
    const key = `${machine} ${id}`
    if (this.#ids.has(key)) return false
    this.#ids.add(key)
    const [oldest] = this.#ids
    if (this.#ids.size > KNOWN_IDS && oldest !== undefined) this.#ids.delete(oldest)
    return true
  }

  /** @param arrivedAt when the broker had it, Unix ms */
  #tell({ machine, entry }: Message, seq: number, arrivedAt: number): void {
    const session = sessionOf(entry)
    this.#queue.push({ type: 'machine', name: machine, session, at: entry.at, arrivedAt })
    const line = { file: '', offset: seq, length: 0 }
    const event = eventOf(entry, line, this.#price)
    const told = event === null ? null : ofMachine(withReduced(event, entry), machine)
    if (told !== null) this.#queue.push(told)
    // No client of this machine says when a session of another one ends.
    if (entry.type === 'session-ended')
      this.#queue.push({ type: 'presence', session, at: entry.at, status: 'ended' })
  }
}

function withReduced(event: GateEvent, entry: Entry): GateEvent {
  if (event.type !== 'judged' || entry.type !== 'judged') return event
  return { ...event, summary: reducedText(entry.input) ?? event.summary }
}

/** Whose it is stands with what would else be taken for all machines'. */
function ofMachine(event: GateEvent, machine: string): GateEvent | null {
  switch (event.type) {
    case 'gated':
    case 'judged':
      return { ...event, cwd: `${machine}:${event.cwd}` }
    case 'alert':
      return { ...event, text: `${machine}: ${event.text}` }
    // Whether a machine is heard, the signs of its relay say.
    case 'gate-started':
    case 'gate-stopped':
      return null
    case 'policy': {
      // That of one machine says nothing of the others'.
      if (event.error === '') return null
      const text = `${machine}: policy refused: ${event.error}`
      return { type: 'alert', at: event.at, session: '', action: '', what: 'policy', text }
    }
    case 'paused':
    case 'resumed': {
      if (event.session !== '') return event
      // All of one machine are not all that are shown.
      const text = `${machine}: all sessions are ${event.type}`
      return { type: 'alert', at: event.at, session: '', action: '', what: 'policy', text }
    }
    default:
      return event
  }
}

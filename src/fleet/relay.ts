/** Sends what the journal tells to the broker, in order, for as long as it takes. */
import { setTimeout as rest } from 'node:timers/promises'
import { JetStreamApiError } from '@nats-io/jetstream'
import { InvalidArgumentError } from '@nats-io/transport-node'
import { type Entry, isProbe, parseEntry } from '../action/entry.ts'
import { hashLine } from '../gate/chain.ts'
import type { Broker } from './broker.ts'
import { FolderWatch } from './folder-watch.ts'
import { messageText, sessionOf } from './message.ts'
import type { Outbox } from './outbox.ts'
import { reduced } from './reduce.ts'
import { journalSubject } from './subjects.ts'

export interface RelayOptions {
  readonly broker: Broker
  readonly outbox: Outbox
  readonly folder: string
  readonly organisation: string
  readonly machine: string
  /** What leaves the machine of an entry, as it is settled now. */
  readonly share: () => (entry: Entry) => Entry
  readonly signal: AbortSignal
  /** Told since when, Unix ms, the oldest entry waits that is not sent yet; null: none waits. */
  readonly waits: (since: number | null) => void
  /** Told of trouble, and when it is over. */
  readonly say: (text: string) => void
}

/** One round trip for so many. */
const BATCH = 500
/** Where a change is not heard. */
const LOOK_MS = 500
const AGAIN_MS = 1000
const ACK_MS = 5000

export async function relay(options: RelayOptions): Promise<void> {
  const { outbox, signal, say, waits } = options
  const journal = new FolderWatch(options.folder)
  let trouble = ''
  while (!signal.aborted) {
    const waiting = outbox.next(BATCH)
    waits(madeAt(waiting.lines))
    if (waiting.lines.length === 0) {
      await journal.changed(LOOK_MS, signal)
      continue
    }
    try {
      const share = options.share()
      await Promise.all(waiting.lines.map(line => send(line, share, options)))
      waiting.done()
      if (trouble !== '') say('the broker has all again')
      trouble = ''
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error)
      if (trouble === '') say(`the broker does not take what is sent (${what}); it waits`)
      trouble = what
      await rest(AGAIN_MS, undefined, { signal }).catch(() => {})
    }
  }
  journal.close()
  outbox.keep()
}

/** Of the first that can be read. */
function madeAt(lines: readonly string[]): number | null {
  for (const line of lines) {
    const entry = entryOf(line)
    if (entry !== null) return entry.at
  }
  return null
}

async function send(
  line: string,
  share: (entry: Entry) => Entry,
  { broker, organisation, machine, say }: RelayOptions,
): Promise<void> {
  const entry = entryOf(line)
  // A newer gate's, or one that was cut: nobody could read it.
  if (entry === null || isProbe(entry)) return
  const id = hashLine(line)
  const subject = journalSubject(organisation, machine, sessionOf(entry))
  const options = { msgID: `${machine} ${id}`, timeout: ACK_MS }
  // One that is too long must not keep the others waiting for ever.
  for (const form of [share, reduced])
    try {
      await broker.js.publish(subject, messageText({ machine, id, entry: form(entry) }), options)
      return
    } catch (error) {
      if (!isTooLong(error)) throw error
    }
  say(`entry ${entry.seq} of the journal is too long for the broker: it stays here`)
}

const LONGER_THAN_THE_STREAM_TAKES = 10054

/** For the server (`max_payload`), or for the stream (`max_msg_size`). */
const isTooLong = (error: unknown): boolean =>
  error instanceof JetStreamApiError
    ? error.code === LONGER_THAN_THE_STREAM_TAKES
    : error instanceof InvalidArgumentError && error.message.includes('max_payload')

function entryOf(line: string): Entry | null {
  try {
    return parseEntry(line)
  } catch {
    return null
  }
}

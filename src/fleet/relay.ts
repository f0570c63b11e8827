/** Sends what the journal tells to the broker, in order, for as long as it takes. */
import { watch } from 'node:fs'
import { setTimeout as rest } from 'node:timers/promises'
import type { Entry } from '../action/entry.ts'
import { parseEntry } from '../action/entry.ts'
import { hashLine } from '../gate/chain.ts'
import type { Broker } from './broker.ts'
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
  /** What leaves the machine of an entry. */
  readonly share: (entry: Entry) => Entry
  readonly signal: AbortSignal
  /** Told of trouble, and when it is over. */
  readonly say: (text: string) => void
}

/** One round trip for so many. */
const BATCH = 500
const LOOK_MS = 500
const AGAIN_MS = 1000
const ACK_MS = 5000

export async function relay(options: RelayOptions): Promise<void> {
  const { outbox, signal, say } = options
  let trouble = ''
  while (!signal.aborted) {
    const waiting = outbox.next(BATCH)
    if (waiting.lines.length === 0) {
      await changed(options.folder, signal)
      continue
    }
    try {
      await Promise.all(waiting.lines.map(line => send(line, options)))
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
}

async function send(line: string, options: RelayOptions): Promise<void> {
  const { broker, organisation, machine, share, say } = options
  const entry = entryOf(line)
  // A newer gate's, or one that was cut: nobody could read it.
  if (entry === null) return
  const id = hashLine(line)
  const whole = messageText({ machine, id, entry: share(entry) })
  // What the broker never takes must not keep all that comes after it.
  const { max_payload: most = Number.POSITIVE_INFINITY } = broker.connection.info ?? {}
  const isTooLong = (text: string): boolean => Buffer.byteLength(text) > most
  const text = isTooLong(whole) ? messageText({ machine, id, entry: reduced(entry) }) : whole
  if (isTooLong(text)) {
    say(`entry ${entry.seq} of the journal is longer than the broker takes: it is left out`)
    return
  }
  await broker.js.publish(journalSubject(organisation, machine, sessionOf(entry)), text, {
    msgID: `${machine} ${id}`,
    timeout: ACK_MS,
  })
}

function entryOf(line: string): Entry | null {
  try {
    return parseEntry(line)
  } catch {
    return null
  }
}

/** Something was written, or it is time to look all the same. */
async function changed(folder: string, signal: AbortSignal): Promise<void> {
  const end = new AbortController()
  const either = AbortSignal.any([signal, end.signal])
  try {
    const watcher = watch(folder, { signal: either }, () => end.abort())
    watcher.on('error', () => {})
  } catch {
    // Not there yet, or no watches are left: looked at by the clock.
  }
  await rest(LOOK_MS, undefined, { signal: either }).catch(() => {})
  end.abort()
}

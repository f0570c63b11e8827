/** One entry of a machine's journal on its way to the others. */
import * as v from 'valibot'
import { type Entry, parseEntry } from '../action/entry.ts'
import { journalSubject } from './subjects.ts'

const MESSAGE = v.object({
  machine: v.string(),
  /** The hash of the line as it stands in the journal: the same however often it is sent. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  entry: v.unknown(),
})

export interface Message {
  readonly machine: string
  readonly id: string
  readonly entry: Entry
}

export const messageText = (message: Message): string => JSON.stringify(message)

/** How a message came. */
export interface Envelope {
  readonly organisation: string
  /** Who may write under which, the broker knows: what the message says of itself, anybody can say. */
  readonly subject: string
  /** When the broker had it, Unix ms. */
  readonly at: number
}

const DAY_MS = 86_400_000

/** @returns null for an entry of a kind that is not known; throws on what is no message of that sender's */
export function messageIn(text: string, { organisation, subject, at }: Envelope): Message | null {
  const { machine, id, entry } = v.parse(MESSAGE, JSON.parse(text))
  const known = parseEntry(JSON.stringify(entry))
  if (known === null) return null
  if (subject !== journalSubject(organisation, machine, sessionOf(known)))
    throw new Error('it came under the name of another')
  // Clocks differ, but no time is that far off: some are none at all.
  const told = Math.min(Math.max(known.at, 0), at + DAY_MS)
  return { machine, id, entry: { ...known, at: told } }
}

/** `''` for what is of the whole machine. */
export const sessionOf = (entry: Entry): string => ('session' in entry ? (entry.session ?? '') : '')

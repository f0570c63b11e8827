/** One entry of a machine's journal on its way to the others. */
import * as v from 'valibot'
import { type Entry, parseEntry } from '../action/entry.ts'

const MESSAGE = v.object({
  machine: v.string(),
  /** The hash of the line as it stands in the journal: the same however often it is sent. */
  id: v.string(),
  entry: v.unknown(),
})

export interface Message {
  readonly machine: string
  readonly id: string
  readonly entry: Entry
}

export const messageText = (message: Message): string => JSON.stringify(message)

/** @returns null for an entry of a kind that is not known; throws on what is no message */
export function messageIn(text: string): Message | null {
  const { machine, id, entry } = v.parse(MESSAGE, JSON.parse(text))
  const known = parseEntry(JSON.stringify(entry))
  return known === null ? null : { machine, id, entry: known }
}

/** The journal's chain: every line holds the hash of the line before. */
import { createHash } from 'node:crypto'
import type { EntryBody } from '../action/entry.ts'

/** SHA-256 of a line without its newline, in hex. */
export const hashLine = (line: string | Buffer): string =>
  createHash('sha256').update(line).digest('hex')

/** The line of an entry, without its newline. */
export const lineOf = (body: EntryBody, seq: number, prev: string): string =>
  JSON.stringify({ seq, ...body, prev })

/** How far the chain reaches: the last line's number and hash, and the file it stands in. */
export interface Head {
  readonly seq: number
  readonly hash: string
  readonly file: string
}

/** Before the first line. */
export const NO_HEAD: Head = { seq: 0, hash: '', file: '' }

/** Where a broken chain breaks, for people; null when it is whole. */
export function breakIn(lines: Iterable<string>, before: Head | null): string | null {
  let prev = before
  let number = 0
  for (const line of lines) {
    number++
    let link: { seq?: unknown; prev?: unknown }
    try {
      // Only the two fields are looked at, and as unknowns.
      link = JSON.parse(line) as { seq?: unknown; prev?: unknown }
    } catch {
      return `line ${number} is no JSON`
    }
    if (prev !== null && link.prev !== prev.hash)
      return `line ${number} does not follow the one before`
    if (prev !== null && link.seq !== prev.seq + 1) return `line ${number} has the wrong number`
    prev = { seq: Number(link.seq), hash: hashLine(line), file: '' }
  }
  return null
}

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

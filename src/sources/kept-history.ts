/** The file of an index: which transcripts were read, how far, and the tables that came of it. */
import { deserialize, serialize } from 'node:v8'
import type { KeptWorld } from '../action/kept-world.ts'
import { version } from '../config/version.ts'
import { type FileMark, markOf } from './file-mark.ts'
import { keepBytes, readKeptBytes } from './kept-file.ts'

/** Changes whenever the tables of a world do. */
const FORM = 6

export interface Indexed extends FileMark {
  readonly path: string
  /** Bytes that were read, all of them whole lines. */
  readonly to: number
}

export interface KeptHistory {
  readonly files: readonly Indexed[]
  /** @returns how far a transcript was read; 0: not at all */
  readonly toOf: (path: string) => number
  /** The tables take longer than the list of files. @returns null when they are broken */
  readonly raw: () => KeptWorld | null
}

/** @returns null when there is none, or none of this form */
export function openHistory(file: string): KeptHistory | null {
  try {
    const bytes = readKeptBytes(file)
    if (bytes === null) return null
    const length = bytes.readUInt32LE(0)
    // Written by this program, in this very form, or it is not taken.
    const head = deserialize(bytes.subarray(4, 4 + length)) as Head
    if (head.form !== form()) return null
    const to = new Map(head.files.map(it => [it.path, it.to]))
    return {
      files: head.files,
      toOf: path => to.get(path) ?? 0,
      raw: () => rawIn(bytes.subarray(4 + length)),
    }
  } catch {
    return null
  }
}

interface Head {
  readonly form: string
  readonly files: readonly Indexed[]
}

function rawIn(bytes: Buffer): KeptWorld | null {
  try {
    return deserialize(bytes) as KeptWorld // as above
  } catch {
    return null
  }
}

export function keepHistory(file: string, files: readonly Indexed[], raw: KeptWorld): void {
  const head = serialize({ form: form(), files } satisfies Head)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  keepBytes(file, [length, head, serialize(raw)])
}

/** The transcript still begins with what was read of it. */
export function isSame({ path, to, inode, mark }: Indexed): boolean {
  const now = markOf(path, to)
  return now !== null && now.inode === inode && now.mark === mark
}

const form = (): string => `${version()} ${FORM}`

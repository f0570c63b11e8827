/**
 * The client's settings.json as bytes. It is the user's and other programs' as well: all of it is
 * read, and it is replaced as a whole, or not at all.
 */
import { readFileSync, readlinkSync, unlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { codeOf } from '../../config/error-code.ts'
import { UsageError } from '../../config/usage-error.ts'
import { writeWhole } from '../../config/whole-file.ts'

export interface SettingsFile {
  /** As the client knows it. */
  readonly path: string
  /** The file itself, where the path is a link (dotfiles often are, and must stay links). */
  readonly target: string
  /** Null when there is no file. */
  readonly bytes: Buffer | null
}

/** @throws UsageError when it is there and cannot be read */
export function readSettingsFile(path: string): SettingsFile {
  const target = followed(path)
  return { path, target, bytes: bytesOf(target) }
}

const LINKS = 40

/** Where links end, also when nothing is there yet. */
function followed(path: string): string {
  let at = resolve(path)
  for (let i = 0; i < LINKS; i++) {
    try {
      at = resolve(dirname(at), readlinkSync(at))
    } catch {
      return at // no link, or nothing at all
    }
  }
  throw new UsageError(`${path}: is a link to itself`)
}

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new UsageError(`${path}: cannot be read (${codeOf(error)})`)
  }
}

export interface Text {
  readonly bom: string
  readonly text: string
}

/** @throws UsageError when the bytes are no text: what is not understood is not changed */
export function textOf({ path, bytes }: SettingsFile): Text {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes ?? EMPTY)
    return text.startsWith('\uFEFF') ? { bom: '\uFEFF', text: text.slice(1) } : { bom: '', text }
  } catch {
    throw new UsageError(`${path}: is not UTF-8; save it as UTF-8 first`)
  }
}

const EMPTY = Buffer.alloc(0)
export const bytesFor = ({ bom, text }: Text): Buffer => Buffer.from(bom + text)

/** Null takes the file away. @throws UsageError when that fails, or somebody else was faster */
export function replaceSettingsFile(file: SettingsFile, bytes: Buffer | null): void {
  const { path, target } = file
  if (!same(bytesOf(target), file.bytes))
    throw new UsageError(`${path}: was changed meanwhile; nothing was written, start again`)
  try {
    if (bytes === null) unlinkSync(target)
    else writeWhole(target, bytes)
  } catch (error) {
    throw new UsageError(`${path}: cannot be written (${codeOf(error)}); it is as it was`)
  }
}

const same = (a: Buffer | null, b: Buffer | null): boolean =>
  a === null || b === null ? a === b : a.equals(b)

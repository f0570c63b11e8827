/**
 * Our hooks in the client's settings file, and the way through a checkpoint: what would change, and the
 * change. What the file was before is kept in the state folder, so that taking it out gives the same
 * bytes again.
 */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Install } from '../../config/install.ts'
import { writePrivate } from '../../config/whole-file.ts'
import {
  BASE_URL_PUT,
  type BaseUrlPut,
  baseUrlIn,
  withBaseUrl,
  withoutBaseUrl,
} from './base-url.ts'
import { isHookCommand, quoted } from './hook-command.ts'
import {
  HOOKS_PUT,
  type HooksPut,
  hooksAreUpToDate,
  hooksOf,
  withHooks,
  withoutHooks,
} from './settings.ts'
import {
  bytesFor,
  readSettingsFile,
  replaceSettingsFile,
  type SettingsFile,
  textOf,
} from './settings-file.ts'
import { plainValue } from './settings-text.ts'

const RECORD = v.object({
  ...HOOKS_PUT.entries,
  baseUrl: v.optional(v.nullable(BASE_URL_PUT), null),
  settings: v.string(),
  /** There was such a file before. Its bytes are in `BEFORE`. */
  existed: v.boolean(),
  /** SHA-256 of the bytes before and after. */
  before: v.string(),
  after: v.string(),
})
type Kept = v.InferOutput<typeof RECORD>

const RECORD_NAME = 'hooks.json'
const BEFORE = 'settings.before.json'

export interface Plan {
  readonly file: SettingsFile
  /** What the file will be; null takes it away. */
  readonly next: Buffer | null
  /** What is remembered of it; null when nothing is put in. */
  readonly put: {
    readonly base: Buffer | null
    readonly pieces: HooksPut
    readonly baseUrl: BaseUrlPut | null
  } | null
}

export const settingsOf = (client: string): string => join(client, 'settings.json')

/** Is it a hook of the install with this state folder? Another one's is left alone. */
const isHookOf =
  (state: string) =>
  (command: string): boolean =>
    isHookCommand(command) && command.includes(` ${quoted(join(state, 'install.json'))} `)

export const changes = ({ file, next }: Plan): boolean =>
  file.bytes === null || next === null ? file.bytes !== next : !file.bytes.equals(next)

/** Puts this install's hooks in, in the place of those it had before. Changes nothing yet. */
export function planHooks(install: Install): Plan {
  const path = settingsOf(install.client)
  const file = readSettingsFile(path)
  const { text } = textOf(file)
  const own = hooksOf(path, text).filter(({ command }) => isHookOf(install.state)(command))
  const url = baseUrlFor(install)
  if (hooksAreUpToDate(own, install) && isThrough(path, text, url, install.state))
    return { file, next: file.bytes, put: null }
  const base = baseOf(file, install.state)
  const { bom, text: clean } = textOf({ ...file, bytes: base })
  const { text: hooked, ...pieces } = withHooks(path, clean, install)
  const { text: full, put: baseUrl } =
    url === null ? { text: hooked, put: null } : withBaseUrl(path, hooked, url)
  return { file, next: bytesFor({ bom, text: full }), put: { base, pieces, baseUrl } }
}

/** What clients take for the API's base URL; null: what they took before. */
export const baseUrlFor = ({ checkpoint }: Install): string | null =>
  checkpoint === null ? null : `http://${checkpoint.listen}`

/** The settings lead to the checkpoint that is wanted, or to none of ours. */
function isThrough(path: string, text: string, url: string | null, state: string): boolean {
  const now = baseUrlIn(path, text)
  return url === null ? now === null || now !== readRecord(state)?.baseUrl?.url : now === url
}

/** Takes this install's hooks out. Changes nothing yet. */
export function planRemoval(client: string, state: string): Plan {
  const file = readSettingsFile(settingsOf(client))
  return { file, next: baseOf(file, state), put: null }
}

/** Null takes the file away: it was not there, and nobody has written to it since. */
function baseOf(file: SettingsFile, state: string): Buffer | null {
  if (file.bytes === null) return null
  const record = readRecord(state)
  const known = record?.settings === file.path ? record : null
  if (known !== null && known.after === hashOf(file.bytes)) {
    const before = known.existed ? bytesBefore(state, known) : null
    if (before !== null || !known.existed) return before
  }
  const { bom, text } = textOf(file)
  const direct = known?.baseUrl ? withoutBaseUrl(file.path, text, known.baseUrl) : text
  const rest = withoutHooks(file.path, direct, isHookOf(state), known)
  if (rest === text) return file.bytes
  const left = plainValue(rest)
  const emptied = known?.existed === false && JSON.stringify(left) === '{}' && !/\/[/*]/.test(rest)
  return emptied ? null : bytesFor({ bom, text: rest })
}

export function carryOut(plan: Plan, state: string): void {
  const { file, next, put } = plan
  if (!changes(plan)) return
  if (put !== null && next !== null) {
    const record: Kept = {
      ...put.pieces,
      baseUrl: put.baseUrl,
      settings: file.path,
      existed: put.base !== null,
      before: put.base === null ? '' : hashOf(put.base),
      after: hashOf(next),
    }
    if (put.base !== null) writePrivate(join(state, BEFORE), put.base)
    writePrivate(join(state, RECORD_NAME), `${JSON.stringify(record, null, 2)}\n`)
  }
  replaceSettingsFile(file, next)
}

/** Once the hooks are out, what was kept to take them out is of no use. */
export function forget(state: string): void {
  for (const name of [RECORD_NAME, BEFORE]) rmSync(join(state, name), { force: true })
}

function readRecord(state: string): Kept | null {
  try {
    return v.parse(RECORD, JSON.parse(readFileSync(join(state, RECORD_NAME), 'utf8')))
  } catch {
    return null // none, or a broken one: the hooks are found without it
  }
}

function bytesBefore(state: string, record: Kept): Buffer | null {
  try {
    const bytes = readFileSync(join(state, BEFORE))
    return hashOf(bytes) === record.before ? bytes : null
  } catch {
    return null
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

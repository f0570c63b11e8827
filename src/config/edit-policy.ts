/** Changes to the user's config.yaml that keep its comments, order and foreign keys. */
import { createHash } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import * as v from 'valibot'
import type { Role } from '../action/entry.ts'
import { SLOTS, type Slot } from '../action/slot.ts'
import { readText, realFile, withLock, writeAtomically } from './atomic-file.ts'
import { DATE, type WrittenEntry } from './entry-schema.ts'
import { slotProblem } from './entry-slot.ts'
import { folderOf } from './layers.ts'
import { platformKey } from './merge-lists.ts'
import { partsOf } from './merge-trust.ts'
import { isPlatform, USER_FILE, type UserFile } from './policy-schema.ts'
import { UsageError } from './usage-error.ts'
import { insertItem, removeItem, replaceValue, setKey } from './yaml-edit.ts'
import { parseYaml } from './yaml-file.ts'

/** Where an entry stands. */
export interface TrustPlace {
  readonly slot: Slot
  readonly entry: string
  /** The folder it is good for, absolute; everywhere without it. */
  readonly project?: string | undefined
}

export interface NewTrust extends TrustPlace {
  readonly note?: string | undefined
  /** ISO date, the last day it counts. */
  readonly expires?: string | undefined
}

const DETAILS = v.nullable(v.object({ note: v.string(), expires: v.string() }))

/** What was done to a file, and all that is needed to take it back. */
export const POLICY_EDIT = v.object({
  /** False: it was so already, and nothing was written. */
  done: v.boolean(),
  file: v.string(),
  slot: v.picklist(SLOTS),
  entry: v.string(),
  /** `''`: everywhere. */
  project: v.string(),
  /** The entry's note and expiry before and after; null where there was or is no such entry. */
  before: DETAILS,
  after: DETAILS,
  /** The change in the text, to take it back to the byte. */
  splice: v.object({ at: v.number(), removed: v.string(), inserted: v.string() }),
  /** Of the text after the change; another one means that somebody else changed it since. */
  hash: v.string(),
  /** There was no file before. */
  created: v.boolean(),
})
export type PolicyEdit = v.InferOutput<typeof POLICY_EDIT>
type Details = PolicyEdit['before']

/**
 * Adds a trust entry, or gives one that is there another note or expiry.
 * @throws UsageError on an entry that cannot be trusted, and on a file that does not fit: that is
 * never overwritten
 */
export function addTrust(file: string, trust: NewTrust): PolicyEdit {
  const { slot, entry, note = '', expires = '' } = trust
  const problem = slotProblem(slot, entry)
  if (problem !== null) throw new UsageError(`'${entry}' ${problem}`)
  if (expires !== '' && !v.is(DATE, expires))
    throw new UsageError(`'${expires}' is no date; write it like 2026-12-31`)
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(note))
    throw new UsageError('the note holds a line break or a control character; write one line')
  return editTrust(file, trust, ({ text, found, path, index, before }) => {
    const after = { note, expires }
    if (before !== null && before.note === note && before.expires === expires)
      return { text, before, after }
    const item = itemOf(entry, after)
    return {
      text: found ? replaceValue(text, [...path, index], item) : insertItem(text, path, item),
      before,
      after,
    }
  })
}

/** @throws UsageError on a file that does not fit */
export function removeTrust(file: string, place: TrustPlace): PolicyEdit {
  return editTrust(file, place, it => ({
    text: it.found ? removeItem(it.text, it.path, it.index) : it.text,
    before: it.before,
    after: null,
  }))
}

/** Takes an edit back: to the byte, or by its meaning where the file was changed since. */
export function undoEdit(edit: PolicyEdit): PolicyEdit {
  const { file, slot, entry, project, before, after, splice } = edit
  const back = withLock(realFile(file), (): PolicyEdit | null => {
    const text = readText(realFile(file)) ?? ''
    if (hashOf(text) !== edit.hash) return null
    const { at, removed, inserted } = splice
    const result = text.slice(0, at) + removed + text.slice(at + inserted.length)
    if (edit.created && result === '') unlinkSync(realFile(file))
    else writeAtomically(realFile(file), result)
    return {
      ...edit,
      before: after,
      after: before,
      splice: { at, removed: inserted, inserted: removed },
      hash: hashOf(result),
      created: false,
    }
  })
  if (back !== null) return back
  return before === null
    ? removeTrust(file, { slot, entry, project })
    : addTrust(file, { slot, entry, project, ...before })
}

/** Writes down who enabled auto mode, and when (ISO date). */
export function enableAutoMode(file: string, { by, on }: { by: string; on: string }): void {
  if (by.trim() === '' || /\p{C}/u.test(by))
    throw new UsageError('who enables auto mode needs a name of one line')
  if (!v.is(DATE, on)) throw new UsageError(`'${on}' is no date; write it like 2026-12-31`)
  change(file, ({ text }) => ({
    text: setKey(text, 'auto_mode', { enabled_by: by, enabled_on: on }),
  }))
}

/** Lists a platform (`bedrock`, a gateway's base URL, …) with the role to take there. */
export function setPlatform(file: string, platform: string, role: Role | null): void {
  if (!isPlatform(platform))
    throw new UsageError(
      `'${platform}' is no platform; write anthropic, bedrock, vertex, foundry or a base URL without user and query`,
    )
  const item = role === null ? platform : { platform, role }
  change(file, ({ text, value }) => {
    const listed = (value.platforms ?? []).map(it => (typeof it === 'string' ? it : it.platform))
    const index = listed.findIndex(it => platformKey(it) === platformKey(platform))
    if (index !== -1) return { text: replaceValue(text, ['platforms', index], item) }
    // A list replaces the built-in one, which is the client's own API: that stays.
    const builtIn = value.platforms || platform === 'anthropic'
    const first = builtIn ? text : insertItem(text, ['platforms'], 'anthropic')
    return { text: insertItem(first, ['platforms'], item) }
  })
}

/** Keeps a filter of the screen under a name. */
export function keepFilter(file: string, name: string, filter: string): void {
  if (/\p{C}/u.test(name + filter)) throw new UsageError('a filter and its name are one line each')
  change(file, ({ text, value }) => ({
    text: setKey(text, 'filters', { ...value.filters, [name]: filter }),
  }))
}

interface Found {
  readonly text: string
  readonly path: readonly string[]
  readonly found: boolean
  readonly index: number
  readonly before: Details
}
interface Result {
  readonly text: string
  readonly before: Details
  readonly after: Details
}

function editTrust(
  file: string,
  { slot, entry, ...given }: TrustPlace,
  work: (found: Found) => Result,
): PolicyEdit {
  const project = projectOf(given.project)
  const { before, after, created, result } = change(file, ({ text, value }) => {
    const projects = Object.entries(value.projects ?? {})
    const [key = project, own] = projects.find(([path]) => folderOf(path) === project) ?? []
    const path = project === '' ? ['trust', slot] : ['projects', key, 'trust', slot]
    const listed = (project === '' ? value : own)?.trust?.[slot] ?? []
    return work({ text, path, ...find(listed, entry) })
  })
  return {
    done: before !== after,
    file,
    slot,
    entry,
    project,
    before: result.before,
    after: result.after,
    splice: spliceOf(before, after),
    hash: hashOf(after),
    created,
  }
}

function find(
  listed: readonly WrittenEntry[],
  entry: string,
): Pick<Found, 'found' | 'index' | 'before'> {
  const index = listed.findIndex(it => partsOf(it).entry === entry)
  const it = listed[index]
  if (it === undefined) return { found: false, index, before: null }
  const { note, expires } = partsOf(it)
  return { found: true, index, before: { note, expires } }
}

function itemOf(
  entry: string,
  { note, expires }: NonNullable<Details>,
): string | Record<string, string> {
  if (note === '' && expires === '') return entry
  return { entry, ...(note !== '' && { note }), ...(expires !== '' && { expires }) }
}

/** Reads, changes and writes while nobody else does; what does not fit is never written. */
function change<R extends { readonly text: string }>(
  file: string,
  work: (it: { text: string; value: UserFile }) => R,
): { before: string; after: string; created: boolean; result: R } {
  const real = realFile(file)
  return withLock(real, () => {
    const text = readText(real)
    const before = text ?? ''
    const { value } = parseYaml(file, before, USER_FILE)
    const result = named(file, () => work({ text: before, value }))
    const after = result.text
    parseYaml(file, after, USER_FILE)
    if (after !== before) writeAtomically(real, after)
    return { before, after, created: text === null, result }
  })
}

/** Says which file it is that cannot be changed. */
function named<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${file}: ${error.message}`)
    throw error
  }
}

/** The smallest stretch in which two texts differ. */
function spliceOf(before: string, after: string): PolicyEdit['splice'] {
  const most = Math.min(before.length, after.length)
  let at = 0
  while (at < most && before[at] === after[at]) at++
  let tail = 0
  while (tail < most - at && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  return {
    at,
    removed: before.slice(at, before.length - tail),
    inserted: after.slice(at, after.length - tail),
  }
}

function projectOf(project: string | undefined): string {
  if (project === undefined || project === '') return ''
  if (!project.startsWith('/'))
    throw new UsageError(`'${project}' is no absolute path of a project`)
  return folderOf(project)
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

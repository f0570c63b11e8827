/**
 * Tells the client's own classifier what is trusted: `autoMode.environment` in its user settings.
 * Only lines that were written here before are taken out; every other byte of the file stays.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Node, type ParseError, parse, parseTree, printParseErrorCode } from 'jsonc-parser'
import * as v from 'valibot'
import { readText, realFile, withLock, writeAtomically } from '../../config/atomic-file.ts'
import { FileError, UsageError } from '../../config/usage-error.ts'

export interface SyncPlan {
  readonly file: string
  /** Lines that go in, in order, and that go out. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** The file as it is (null: there is none) and as it will be. */
  readonly before: string | null
  readonly after: string
  /** All lines that are ours afterwards. */
  readonly own: readonly string[]
}

/** Lines that were written to each settings file. */
const WRITTEN = v.record(v.string(), v.array(v.string()))

/**
 * What has to change for the client to know exactly these lines of ours.
 * @throws UsageError with file, line and column when the settings cannot be understood
 */
export function planSync(client: string, state: string, lines: readonly string[]): SyncPlan {
  const file = join(client, 'settings.json')
  const before = readText(realFile(file))
  const bom = before?.startsWith('\uFEFF') ? '\uFEFF' : ''
  const text = (before ?? '').slice(bom.length)
  const ours = readWritten(state)[file] ?? []
  const present = environmentOf(file, text)
  const wanted = [...new Set(lines)]
  const removed = (present ?? []).filter(line => ours.includes(line) && !wanted.includes(line))
  const added = wanted.filter(line => !present?.includes(line))
  // A line that the user wrote is the user's, also when the policy says the same.
  const own = wanted.filter(line => added.includes(line) || ours.includes(line))
  const after = added.length + removed.length === 0 ? text : edited(file, text, added, removed)
  return { file, added, removed, before, after: bom + after, own }
}

/** Writes a plan down: the file that was there is kept beside it. */
export function applySync(plan: SyncPlan, state: string): void {
  const file = realFile(plan.file)
  withLock(join(state, 'trust-sync.json'), () => {
    if (plan.before !== plan.after && plan.added.length + plan.removed.length > 0) {
      if (readText(file) !== plan.before)
        throw new UsageError(
          `${plan.file}: was changed meanwhile; nothing was written, start again`,
        )
      const mode = plan.before === null ? 0o600 : statSync(file).mode & 0o777
      if (plan.before !== null) writeAtomically(backupOf(file), plan.before)
      writeAtomically(file, plan.after, mode)
    }
    const written = { ...readWritten(state), [plan.file]: [...plan.own] }
    writeAtomically(join(state, 'trust-sync.json'), `${JSON.stringify(written)}\n`)
  })
}

export function backupOf(file: string): string {
  return `${file}.before-trust-sync`
}

function readWritten(state: string): v.InferOutput<typeof WRITTEN> {
  const path = join(state, 'trust-sync.json')
  const text = readText(path)
  if (text === null) return {}
  try {
    return v.parse(WRITTEN, JSON.parse(text))
  } catch {
    throw new UsageError(`${path}: is not what sync wrote; remove it, and our old lines are yours`)
  }
}

function treeOf(file: string, text: string): Node | undefined {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true })
  const [first] = errors
  if (first)
    throw misfit(
      file,
      text,
      first.offset,
      `is not valid JSON (${printParseErrorCode(first.error)})`,
    )
  if (root && root.type !== 'object') throw misfit(file, text, root.offset, 'must be an object')
  return root
}

function misfit(file: string, text: string, offset: number, what: string): FileError {
  const lines = text.slice(0, offset).split('\n')
  return new FileError({ file, line: lines.length, column: (lines.at(-1) ?? '').length + 1 }, what)
}

/** Of several properties of a name the last counts, as for every reader. */
function member(object: Node | undefined, name: string): Node | undefined {
  return object?.children?.findLast(it => it.children?.[0]?.value === name)?.children?.[1]
}

function environmentNode(file: string, text: string): { root?: Node; mode?: Node; list?: Node } {
  const root = treeOf(file, text)
  if (root === undefined) return {}
  const mode = member(root, 'autoMode')
  if (mode === undefined) return { root }
  if (mode.type !== 'object') throw misfit(file, text, mode.offset, 'autoMode must be an object')
  const list = member(mode, 'environment')
  if (list === undefined) return { root, mode }
  if (list.type !== 'array' || list.children?.some(it => it.type !== 'string'))
    throw misfit(file, text, list.offset, 'autoMode.environment must be a list of texts')
  return { root, mode, list }
}

function environmentOf(file: string, text: string): string[] | null {
  const { list } = environmentNode(file, text)
  return list === undefined ? null : (list.children ?? []).map(it => String(it.value))
}

/** The client's own lines, which a list without it would replace. */
const DEFAULTS = '$defaults'

function edited(
  file: string,
  text: string,
  added: readonly string[],
  removed: readonly string[],
): string {
  let result = text
  for (const line of removed) result = withoutLine(file, result, line)
  if (added.length > 0) result = withLines(file, result, added)
  const wanted = plainEnvironment(text, added, removed)
  if (!isDeepStrictEqual(parse(result, [], { allowTrailingComma: true }), wanted))
    throw new UsageError(`${file}: cannot be changed without changing other parts; edit it by hand`)
  return result
}

/** What the settings must say afterwards, for a check of the text. */
function plainEnvironment(
  text: string,
  added: readonly string[],
  removed: readonly string[],
): unknown {
  const loose = v.looseObject({
    autoMode: v.optional(v.looseObject({ environment: v.optional(v.array(v.string())) })),
  })
  const settings = v.parse(loose, parse(text, [], { allowTrailingComma: true }) ?? {})
  const before = settings.autoMode?.environment ?? [DEFAULTS]
  const environment = [...before.filter(line => !removed.includes(line)), ...added]
  return { ...settings, autoMode: { ...settings.autoMode, environment } }
}

function withoutLine(file: string, text: string, line: string): string {
  const items = environmentNode(file, text).list?.children ?? []
  const index = items.findIndex(it => it.value === line)
  const [before, item, next] = [items[index - 1], items[index], items[index + 1]]
  if (item === undefined) return text
  const end = item.offset + item.length
  if (before !== undefined) {
    const from = before.offset + before.length
    const between = text.slice(from, item.offset)
    // A comment between the two belongs to somebody: then only the comma and the line itself go.
    if (/^[\s,]*$/.test(between)) return text.slice(0, from) + text.slice(end)
    const comma = from + between.indexOf(',')
    return text.slice(0, comma) + text.slice(comma + 1, item.offset) + text.slice(end)
  }
  const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0
  const gap = next && /^[\s,]*$/.test(text.slice(end, next.offset)) ? next.offset : end + comma
  return text.slice(0, item.offset) + text.slice(gap)
}

function withLines(file: string, text: string, added: readonly string[]): string {
  const { root, mode, list } = environmentNode(file, text)
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n'
  const unit = unitOf(text, root)
  if (list === undefined) {
    const depth = mode === undefined ? 1 : 2
    const pad = (steps: number): string => eol + unit.repeat(depth + steps)
    const items = [DEFAULTS, ...added].map(line => `${pad(mode ? 1 : 2)}${JSON.stringify(line)}`)
    const array = `"environment": [${items.join(',')}${pad(mode ? 0 : 1)}]`
    const addition = mode ? array : `"autoMode": {${pad(1)}${array}${pad(0)}}`
    if (root === undefined) return `${text}{${eol}${unit}${addition}${eol}}${eol}`
    return withMember(text, mode ?? root, addition, eol, unit.repeat(depth))
  }
  const items = list.children ?? []
  const last = items.at(-1)
  if (last === undefined) {
    const at = list.offset + 1
    return text.slice(0, at) + added.map(line => JSON.stringify(line)).join(', ') + text.slice(at)
  }
  const at = last.offset + last.length
  const indent = ownLine(text, last.offset)
  const separator = indent === null ? ', ' : `,${eol}${indent}`
  return (
    text.slice(0, at) +
    added.map(line => separator + JSON.stringify(line)).join('') +
    text.slice(at)
  )
}

function withMember(
  text: string,
  object: Node,
  member: string,
  eol: string,
  indent: string,
): string {
  const last = object.children?.at(-1)
  if (last !== undefined) {
    const at = last.offset + last.length
    const own = ownLine(text, last.offset)
    return `${text.slice(0, at)},${eol}${own ?? indent}${member}${text.slice(at)}`
  }
  const at = object.offset + 1
  const close = object.offset + object.length - 1
  const open = /[\r\n]/.test(text.slice(at, close)) ? '' : eol + indent.slice(0, indent.length / 2)
  return `${text.slice(0, at)}${eol}${indent}${member}${open}${text.slice(at)}`
}

/** The white space before a place, or null when something else stands before it on its line. */
function ownLine(text: string, offset: number): string | null {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  return /^[ \t]*$/.test(before) ? before : null
}

/** One step of indentation, as the file has it. */
function unitOf(text: string, root: Node | undefined): string {
  const first = root?.children?.[0]
  return (first && ownLine(text, first.offset)) || '  '
}

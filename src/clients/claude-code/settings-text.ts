/**
 * Changes to a JSON text (with comments, as people write it) that leave every other byte alone. The
 * library's own edits are not used: they format neighbours, and a removal is not an insert's inverse.
 */
import {
  createScanner,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { UsageError } from '../../config/usage-error.ts'

/** What goes in where, in the order of the text. */
export interface Insert {
  readonly at: number
  readonly text: string
}

export interface Style {
  readonly eol: string
  /** One step of indentation. */
  readonly unit: string
}

const READ = { allowTrailingComma: true, allowEmptyContent: true }

/** @returns undefined for a text with nothing but white space and comments */
export function treeOf(path: string, text: string): Node | undefined {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, READ)
  const [first] = errors
  if (first !== undefined) {
    const what = printParseErrorCode(first.error).replace(/[A-Z]/g, c => ` ${c.toLowerCase()}`)
    throw misfit(path, text, first.offset, `is not valid JSON:${what}`)
  }
  if (root !== undefined && root.type !== 'object')
    throw misfit(path, text, root.offset, 'must be an object ({…})')
  return root
}

/** What a text says, after `treeOf` has found nothing wrong with it. */
export function plainValue(text: string): unknown {
  const value: unknown = parse(text, [], READ)
  return value
}

export function misfit(path: string, text: string, offset: number, what: string): UsageError {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/)
  return new UsageError(`${path}:${before.length}:${(before.at(-1) ?? '').length + 1}: ${what}`)
}

/** The property of a name; of several the last, as every reader takes it. */
export function propertyOf(object: Node, name: string): Node | undefined {
  return object.children?.findLast(property => property.children?.[0]?.value === name)
}

export function styleOf(text: string, root: Node | undefined): Style {
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n'
  const first = root?.children?.[0]
  const unit = first === undefined ? '' : indentAt(text, first.offset)
  return { eol, unit: unit === '' ? '  ' : unit }
}

/** The white space before a place, when nothing else stands before it on its line. */
function indentAt(text: string, offset: number): string {
  return /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(0, offset))?.[1] ?? ''
}

/** The white space that the line of a place begins with. */
function lineIndent(text: string, offset: number): string {
  return /(?:^|[\r\n])([ \t]*)[^\r\n]*$/.exec(text.slice(0, offset))?.[1] ?? ''
}

/** Puts members (`"name": value`, or values) behind the last one of an object or array. */
export function insertsInto(
  text: string,
  node: Node,
  members: readonly string[],
  { eol, unit }: Style,
): Insert[] {
  const last = node.children?.at(-1)
  const close = node.offset + node.length - 1
  const filled = last === undefined ? node.offset + 1 : last.offset + last.length
  const { end, comma } = endOfTrivia(text, filled, close)
  const outer = lineIndent(text, node.offset)
  const own = last === undefined ? '' : indentAt(text, last.offset)
  const indent = own === '' ? outer + unit : own
  const body = members.map(m => eol + indent + m.replaceAll('\n', eol + indent)).join(',')
  const tail = /[\r\n]/.test(text.slice(end, close)) ? '' : eol + outer
  if (last === undefined || comma) return [{ at: end, text: body + tail }]
  if (end === filled) return [{ at: end, text: `,${body}${tail}` }]
  return [
    { at: filled, text: ',' },
    { at: end, text: body + tail },
  ]
}

/** Where comments (and a comma) behind the last member end, so that they stay with it. */
function endOfTrivia(text: string, from: number, to: number): { end: number; comma: boolean } {
  const scanner = createScanner(text)
  scanner.setPosition(from)
  let end = from
  let comma = false
  for (scanner.scan(); scanner.getTokenOffset() < to; scanner.scan()) {
    const start = scanner.getTokenOffset()
    const token = text.slice(start, start + scanner.getTokenLength())
    if (token.trim() === '') continue
    comma ||= token === ','
    end = start + token.length
  }
  return { end, comma }
}

export function inserted(text: string, inserts: readonly Insert[]): string {
  let result = ''
  let from = 0
  for (const { at, text: piece } of inserts) {
    result += text.slice(from, at) + piece
    from = at
  }
  return result + text.slice(from)
}

/** Takes a member out, with one comma, and its line where it stood alone on it. */
export function removed(text: string, node: Node): string {
  const siblings = node.parent?.children ?? []
  const i = siblings.indexOf(node)
  const end = node.offset + node.length
  const next = siblings[i + 1]
  const before = siblings[i - 1]
  const close = (node.parent?.offset ?? 0) + (node.parent?.length ?? 0) - 1
  const behind = commaIn(text, end, next?.offset ?? close)
  const ahead =
    behind === null && before !== undefined
      ? commaIn(text, before.offset + before.length, node.offset)
      : null
  const [from, to] = wholeLines(text, node.offset, behind === end ? end + 1 : end)
  const cuts: (readonly [number, number])[] = [[from, to]]
  if (ahead !== null && ahead < from) cuts.unshift([ahead, ahead + 1])
  if (behind !== null && behind >= to) cuts.push([behind, behind + 1])
  return cuts.reduceRight((rest, [a, b]) => rest.slice(0, a) + rest.slice(b), text)
}

function commaIn(text: string, from: number, to: number): number | null {
  const scanner = createScanner(text, true)
  scanner.setPosition(from)
  scanner.scan()
  const at = scanner.getTokenOffset()
  return text[at] === ',' && at < to ? at : null
}

/** With the line break before it, when nothing else is on the line behind it. */
function wholeLines(text: string, from: number, to: number): readonly [number, number] {
  const blank = /(?:\r?\n)?[ \t]*$/.exec(text.slice(0, from))?.[0] ?? ''
  return /^[ \t]*(?:[\r\n]|$)/.test(text.slice(to)) ? [from - blank.length, to] : [from, to]
}

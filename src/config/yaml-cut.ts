/** Where a YAML text is cut to add an item to a list or to take one out, and what is put there. */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

export type Item = string | Readonly<Record<string, string>>
export type Path = readonly string[]
export interface Cut {
  readonly from: number
  readonly to: number
  readonly text: string
}

export function insertion(
  document: Document.Parsed,
  body: string,
  path: Path,
  item: Item,
): Cut | null {
  let node: unknown = document.contents
  if (node === null) return appended(body, chain(path, 0, item, body))
  for (const [i, key] of path.entries()) {
    if (!isMap(node)) return null
    const pair = pairOf(node, key)
    const rest = path.slice(i + 1)
    if (pair === undefined) return newKey(body, node, [key, ...rest], item, i === 0)
    const value = pair.value
    if (isScalar(value) && value.value === null) return underKey(body, node, pair, rest, item)
    node = value
  }
  return isSeq(node) ? newItem(body, node, item) : null
}

function newKey(body: string, map: YAMLMap, path: Path, item: Item, root: boolean): Cut | null {
  if (map.flow) {
    const [key = '', ...rest] = path
    const inside = rest.reduceRight(
      (inner, name) => `{${scalar(name, true)}: ${inner}}`,
      `[${written(item, true)}]`,
    )
    return intoFlow(map, `${scalar(key, true)}: ${inside}`)
  }
  const lines = chain(path, columnOf(body, map), item, body)
  return root ? appended(body, lines) : after(body, endOf(map), lines)
}

/**
 * Below a key that has no value. The columns differ from those of a list that is made with its key,
 * so that taking the item out again knows whose the key was.
 */
function underKey(body: string, map: YAMLMap, pair: Pair, rest: Path, item: Item): Cut | null {
  const { key, value } = pair
  if (map.flow || !isScalar(key) || !isScalar(value) || !key.range) return null
  if (value.source !== undefined && value.source !== '') return null
  const column = key.range[0] - lineStart(body, key.range[0])
  return after(body, key.range[1], chain(rest, rest.length === 0 ? column : column + 4, item, body))
}

function newItem(body: string, list: YAMLSeq, item: Item): Cut | null {
  if (list.flow) return intoFlow(list, written(item, true))
  const start = list.range?.[0] ?? 0
  const column = start - lineStart(body, start)
  return after(body, endOf(list), `${' '.repeat(column)}- ${written(item, false)}`)
}

function intoFlow(node: YAMLMap | YAMLSeq, text: string): Cut {
  const at = node.items.length === 0 ? (node.range?.[0] ?? 0) + 1 : endOf(node, true)
  return { from: at, to: at, text: node.items.length === 0 ? text : `, ${text}` }
}

export function removal(
  document: Document.Parsed,
  body: string,
  path: Path,
  index: number,
): Cut | null {
  const list = document.getIn(path)
  if (!isSeq(list)) return null
  const item = list.items[index]
  if (list.flow) return outOfFlow(body, list, index)
  const token = list.srcToken?.type === 'block-seq' ? list.srcToken.items[index] : undefined
  const dash = token?.start.find(part => part.type === 'seq-item-ind')?.offset
  if (dash === undefined) return null
  const only = list.items.length === 1
  const from = only ? emptied(document, body, path, dash) : lineStart(body, dash)
  return lines(body, from, lineEnd(body, endOf(item)))
}

/** Where to cut so that keys which were made for the only item of a list go with it. */
function emptied(document: Document.Parsed, body: string, path: Path, dash: number): number {
  let from = lineStart(body, dash)
  let column = dash - from
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const map = depth === 0 ? document.contents : document.getIn(path.slice(0, depth))
    const key = isMap(map) ? pairOf(map, path[depth] ?? '')?.key : undefined
    if (!isMap(map) || map.flow || !isScalar(key) || !key.range) return from
    const start = lineStart(body, key.range[0])
    const between = body.slice(key.range[1], from)
    const made = column === key.range[0] - start + 2 && /^: *\r?\n$/.test(between)
    if (!made || body.slice(start, key.range[0]).trim() !== '') return from
    from = start
    column = key.range[0] - start
    if (map.items.length > 1) return from
  }
  return from
}

function outOfFlow(body: string, list: YAMLSeq, index: number): Cut | null {
  const [before, item, next] = [list.items[index - 1], list.items[index], list.items[index + 1]]
  const [start, end] = [startOf(item), endOf(item)]
  if (start === null) return null
  const closing = list.range?.[1] ?? end
  const [from, to] =
    before !== undefined
      ? [endOf(before), end]
      : next !== undefined
        ? [start, startOf(next) ?? end]
        : [start, end + (/^\s*,/.exec(body.slice(end, closing))?.[0].length ?? 0)]
  return body.slice(from, to).includes('#') && !body.slice(start, end).includes('#')
    ? null
    : { from, to, text: '' }
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find(({ key: it }) => isScalar(it) && it.value === key)
}

export function isBlockMap(node: unknown): node is YAMLMap {
  return isMap(node) && !node.flow
}

export function startOf(node: unknown): number | null {
  return (isScalar(node) || isMap(node) || isSeq(node)) && node.range ? node.range[0] : null
}

/** Where the last thing of a node ends, without the comments and empty lines behind it. */
function endOf(node: unknown, inside = false): number {
  if (isMap(node) && (inside || !node.flow)) {
    const last = node.items.at(-1)
    return Math.max(endOf(last?.key), endOf(last?.value))
  }
  if (isSeq(node) && (inside || !node.flow)) return endOf(node.items.at(-1))
  if (isScalar(node) && node.value === null) return node.range?.[0] ?? 0
  return (node as Node | null | undefined)?.range?.[1] ?? 0 // scalars, aliases and flow lists have one
}

export function columnOf(body: string, map: Node | null): number {
  const start = map?.range?.[0] ?? 0
  return isBlockMap(map) ? start - lineStart(body, start) : 0
}

function lineStart(body: string, offset: number): number {
  return body.lastIndexOf('\n', offset - 1) + 1
}

/** Behind the end of the line; a block text already ends there. */
function lineEnd(body: string, offset: number): number {
  if (offset > 0 && body[offset - 1] === '\n') return offset
  const end = body.indexOf('\n', offset)
  return end === -1 ? body.length : end + 1
}

function eolOf(body: string): string {
  return /\r?\n/.exec(body)?.[0] ?? '\n'
}

/** Whole lines behind the line that holds an offset. */
function after(body: string, offset: number, text: string): Cut {
  const at = lineEnd(body, offset)
  const open = at === body.length && body !== '' && !body.endsWith('\n')
  const eol = eolOf(body)
  return { from: at, to: at, text: open ? `${eol}${text}` : `${text}${eol}` }
}

export function appended(body: string, text: string): Cut {
  return after(body, body.length, text)
}

/** Whole lines; with the line break before them where none comes after. */
function lines(body: string, from: number, to: number): Cut {
  const open = to === body.length && !body.endsWith('\n')
  const eol = open ? (/\r?\n$/.exec(body.slice(0, from))?.[0].length ?? 0) : 0
  return { from: from - eol, to, text: '' }
}

/** The keys of a path below each other, and the item. */
function chain(path: Path, column: number, item: Item, body: string): string {
  const keys = path.map((key, i) => `${' '.repeat(column + 2 * i)}${scalar(key, false)}:`)
  const last = `${' '.repeat(column + 2 * path.length)}- ${written(item, false)}`
  return [...keys, last].join(eolOf(body))
}

export function written(item: Item, flow: boolean): string {
  if (typeof item === 'string') return scalar(item, flow)
  const pairs = Object.entries(item).map(([key, value]) => `${key}: ${scalar(value, true)}`)
  return `{ ${pairs.join(', ')} }`
}

/** Without quotes only where no reader can take it for anything but a text. */
function scalar(text: string, flow: boolean): string {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const word = /^[a-z][a-z_]+$/.test(text) && !/^(true|false|null|yes|no|on|off)$/.test(text)
  const name = /^[a-z/][\w./@-]*[./@-][\w./@-]*$/i.test(text)
  const url = !flow && /^[a-z][a-z0-9]*:(\/\/)?[a-z0-9][\w./-]*$/i.test(text)
  return date || word || name || url ? text : JSON.stringify(text)
}

/**
 * Changes to a list in a YAML text that leave every other byte alone. The Document API says where
 * things stand; the text itself is cut there. Adding an item and taking it out again gives the same
 * bytes. A result is used only when it means what was asked for; where the text cannot be cut so
 * (explicit document ends, aliases, comments inside flow lists), the document is printed anew, with
 * its comments.
 */
import { isDeepStrictEqual } from 'node:util'
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, visit } from 'yaml'
import { UsageError } from './usage-error.ts'
import {
  appended,
  type Cut,
  columnOf,
  type Item,
  insertion,
  isBlockMap,
  type Path,
  removal,
  startOf,
  written,
} from './yaml-cut.ts'
import { documentOf, plainOf } from './yaml-file.ts'

/** Adds an item at the end of the list at a path, which is made where there is none. */
export function insertItem(text: string, path: Path, item: Item): string {
  return edit(text, {
    cut: (document, body) => insertion(document, body, path, item),
    change: plain => listAt(plain, path).push(item),
    anew: document => {
      const list = document.getIn(path)
      if (isSeq(list)) list.add(document.createNode(item))
      else document.setIn(path, document.createNode([item]))
    },
  })
}

/** Takes the item at an index out of the list at a path. */
export function removeItem(text: string, path: Path, index: number): string {
  return edit(text, {
    cut: (document, body) => removal(document, body, path, index),
    change: plain => listAt(plain, path).splice(index, 1),
    anew: document => document.deleteIn([...path, index]),
  })
}

/**
 * Takes out the one item of a list that begins on a line (from 1).
 * @returns null when none does, or more than one
 */
export function removeItemOn(text: string, line: number): string | null {
  const lines = new LineCounter()
  const document = documentOf(text, { lineCounter: lines })
  const found: { path: string[]; index: number }[] = []
  visit(document, {
    Seq: (_, list, above) => {
      const keys = above.flatMap(it => (isPair(it) ? [it.key] : []))
      // A list within a list is no part of a policy.
      if (above.some(it => isSeq(it)) || !keys.every(it => isScalar(it))) return visit.SKIP
      const path = keys.map(it => String(it.value))
      for (const [index, item] of list.items.entries())
        if (lines.linePos(startOf(item) ?? 0).line === line) found.push({ path, index })
      return undefined
    },
  })
  const [only, ...more] = found
  return only === undefined || more.length > 0 ? null : removeItem(text, only.path, only.index)
}

/** Puts something else in the place of the value at a path. */
export function replaceValue(text: string, path: readonly (string | number)[], item: Item): string {
  const [last = '', ...above] = [...path].reverse()
  return edit(text, {
    cut: document => {
      const node = document.getIn(path, true)
      if (!isScalar(node) && !(isMap(node) && node.flow)) return null
      const [from, to] = node.range ?? [0, 0]
      return from < to ? { from, to, text: written(item, true) } : null
    },
    change: plain => {
      const around = above.reverse().reduce(childOf, plain)
      if (Array.isArray(around)) around[Number(last)] = item
      else if (isRecord(around)) around[last] = item
    },
    anew: document => document.setIn(path, document.createNode(item)),
  })
}

/** Sets a key of the whole file. */
export function setKey(text: string, key: string, value: Readonly<Record<string, string>>): string {
  const document = documentOf(text)
  const present = document.has(key)
  const own = document.get(key)
  // A block keeps its lines and comments: only the values in it are replaced.
  if (isBlockMap(own) && Object.keys(value).every(name => own.has(name)))
    return Object.entries(value).reduce((t, [name, it]) => replaceValue(t, [key, name], it), text)
  if (own !== null && own !== undefined) return replaceValue(text, [key], value)
  return edit(text, {
    cut: (document, body) =>
      present || (document.contents !== null && !isBlockMap(document.contents))
        ? null
        : appended(
            body,
            `${' '.repeat(columnOf(body, document.contents))}${key}: ${written(value, true)}`,
          ),
    change: plain => {
      if (isRecord(plain)) plain[key] = value
    },
    anew: document => document.set(key, document.createNode(value)),
  })
}

interface Change {
  readonly cut: (document: Document.Parsed, body: string) => Cut | null
  /** The same on the plain value, to check the result against. */
  readonly change: (plain: unknown) => void
  readonly anew: (document: Document.Parsed) => void
}

function edit(text: string, { cut, change, anew }: Change): string {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const body = text.slice(bom.length)
  const document = documentOf(body, { keepSourceTokens: true })
  const expected = plain(document) ?? {}
  change(expected)
  const means = (result: string): boolean => {
    const again = documentOf(result)
    return again.errors.length === 0 && isDeepStrictEqual(bare(plain(again)), bare(expected))
  }
  const place = cut(document, body)
  if (place !== null) {
    const result = body.slice(0, place.from) + place.text + body.slice(place.to)
    if (means(result)) return bom + result
  }
  const result = printed(document, anew)
  if (result !== null && means(result)) return bom + result
  throw new UsageError(
    'cannot be changed without changing other parts of the file; edit it by hand',
  )
}

/** Null where the library refuses: a document of an anchor alone, say, takes nothing in. */
function printed(document: Document.Parsed, change: Change['anew']): string | null {
  try {
    change(document)
    return document.toString({ lineWidth: 0 })
  } catch {
    return null
  }
}

/** What a document says, as a value of its own. */
function plain(document: Document): unknown {
  const read = plainOf(document)
  if ('broken' in read) throw new UsageError(read.broken)
  return structuredClone(read.value)
}

/** Without the keys that hold nothing: an empty list and no list mean the same. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(bare)
  if (!isRecord(value)) return value ?? undefined
  const filled = Object.entries(value)
    .map(([key, inner]) => [key, bare(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
  return filled.length === 0 ? undefined : Object.fromEntries(filled)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function childOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)]
  return isRecord(value) ? value[key] : undefined
}

/** The list at a path of a plain value; made on the way. */
function listAt(plain: unknown, path: Path): unknown[] {
  let around: unknown = plain
  for (const [i, key] of path.entries()) {
    if (!isRecord(around)) break
    around[key] ??= i === path.length - 1 ? [] : {}
    around = around[key]
  }
  if (!Array.isArray(around)) throw new UsageError(`${path.join('.')}: is no list`)
  return around
}

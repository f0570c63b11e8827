import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import {
  type Document,
  type DocumentOptions,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParseOptions,
  parseDocument,
} from 'yaml'
import { codeOf } from './error-code.ts'
import { FileError, UsageError } from './usage-error.ts'

/** A file that fits its schema, and where each part of it stands. */
export interface YamlFile<T> {
  readonly path: string
  readonly value: T
  /** The line of what stands at these keys, or of the nearest thing around it. */
  readonly lineOf: (...keys: readonly (string | number)[]) => number
  /** That what stands at these keys does not fit after all. */
  readonly problemAt: (keys: readonly (string | number)[], what: string) => FileError
}

/**
 * Reads a YAML file that must fit a schema.
 * @throws UsageError with file, line and column on the first thing that does not fit.
 */
export function readYaml<S extends v.GenericSchema>(
  path: string,
  schema: S,
): YamlFile<v.InferOutput<S>> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${codeOf(error)})`)
  }
  return parseYaml(path, text, schema)
}

/** @throws FileError on the first thing that does not fit. */
export function parseYaml<S extends v.GenericSchema>(
  path: string,
  text: string,
  schema: S,
): YamlFile<v.InferOutput<S>> {
  const { file, problems } = inspectYaml(path, text, schema)
  if (file === null) throw problems[0]
  return file
}

type Inspected<T> =
  | { readonly file: YamlFile<T>; readonly problems: readonly [] }
  | { readonly file: null; readonly problems: readonly [FileError, ...FileError[]] }

/** Like `parseYaml`, with everything that does not fit. */
export function inspectYaml<S extends v.GenericSchema>(
  path: string,
  text: string,
  schema: S,
): Inspected<v.InferOutput<S>> {
  const lines = new LineCounter()
  const document = documentOf(text, { lineCounter: lines, prettyErrors: false })
  const error = (offset: number, what: string): FileError => {
    const { line, col } = lines.linePos(offset)
    return new FileError(
      { file: path, line: Math.max(line, 1), column: Math.max(col, 1) },
      shortened(what),
    )
  }
  const broken = document.errors[0]
  if (broken !== undefined) {
    const what = broken.message.split('\n')[0] ?? 'is no YAML'
    return { file: null, problems: [error(broken.pos[0], what)] }
  }
  const read = plainOf(document)
  if ('broken' in read) return { file: null, problems: [error(0, read.broken)] }
  const result = v.safeParse(schema, read.value ?? {})
  const offsetOf = (keys: readonly unknown[]): number =>
    nodeAt(document.contents, keys)?.range?.[0] ?? 0
  if (result.success) {
    const lineOf = (...keys: readonly (string | number)[]): number =>
      Math.max(lines.linePos(offsetOf(keys)).line, 1)
    const problemAt: YamlFile<unknown>['problemAt'] = (keys, what) =>
      error(offsetOf(keys), `${keys.join('.')}: ${what}`)
    return { file: { path, value: result.output, lineOf, problemAt }, problems: [] }
  }
  const [first, ...rest] = result.issues
  const problem = (issue: v.BaseIssue<unknown>): FileError => {
    const { keys, what, ofKey } = complaint(issue)
    const key = ofKey ? keyAt(document, keys) : null
    return error(key?.range?.[0] ?? offsetOf(keys), `${keys.join('.') || 'file'}: ${what}`)
  }
  return { file: null, problems: [problem(first), ...rest.map(problem)] }
}

/**
 * The library's warnings quote the file as it is, on standard error: there they would tear the screen,
 * or steer the terminal. What matters of them is an error here, or means nothing.
 */
export function documentOf(
  text: string,
  options: ParseOptions & DocumentOptions = {},
): Document.Parsed {
  return parseDocument(text, { ...options, logLevel: 'error' })
}

/** Aliases are resolved only here, and can fail: one to nothing, or a few that multiply. */
export function plainOf(document: Document): { value: unknown } | { broken: string } {
  try {
    return { value: document.toJS() }
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) }
  }
}

interface Complaint {
  /** What the issue is about. */
  readonly keys: unknown[]
  readonly what: string
  /** The last key itself is wrong, and not what stands there. */
  readonly ofKey: boolean
}

function complaint(issue: v.BaseIssue<unknown>): Complaint {
  const keys = (issue.path ?? []).map(step => step.key)
  const nearest = nearestOption(issue)
  if (nearest !== null) {
    const inner = complaint(nearest)
    return { ...inner, keys: [...keys, ...inner.keys] }
  }
  // The schema library's own words for a key too many are for programmers.
  const unnamed = issue.message.startsWith('Invalid key')
  const ofKey = issue.type === 'strict_object' && issue.expected === 'never'
  if (ofKey) return { keys, what: unnamed ? UNKNOWN : issue.message, ofKey }
  return { keys, what: unnamed && issue.received === 'undefined' ? MISSING : issue.message, ofKey }
}

const MISSING = 'is missing'
const UNKNOWN = 'is not known here; mend its spelling or take it out'

/** Where a choice of forms failed: the issue of the form that was nearly met. */
function nearestOption(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> | null {
  if (issue.type !== 'union') return null
  return issue.issues?.find(option => (option.path?.length ?? 0) > 0) ?? null
}

/** What is quoted may be the whole file. */
const shortened = (text: string): string => (text.length > 300 ? `${text.slice(0, 299)}…` : text)

/** The node at a path, or the deepest one on the way to it; a key where that is what is wrong. */
function nodeAt(node: unknown, keys: readonly unknown[]): Node | null {
  const [key, ...rest] = keys
  if (isSeq(node)) {
    const item = typeof key === 'number' ? node.items[key] : undefined
    return nodeAt(item, rest) ?? node
  }
  if (!isMap(node)) return isScalar(node) ? node : null
  const pair = node.items.find(item => isScalar(item.key) && item.key.value === key)
  if (pair === undefined) return node
  const value = nodeAt(pair.value, rest)
  const empty = isScalar(value) && value.value === null
  return value !== null && !empty ? value : isScalar(pair.key) ? pair.key : node
}

/** The key itself at a path, where it is the key that is wrong. */
function keyAt(document: Document.Parsed, keys: readonly unknown[]): Node | null {
  const around = keys.length > 1 ? document.getIn(keys.slice(0, -1)) : document.contents
  const pair = isMap(around)
    ? around.items.find(({ key }) => isScalar(key) && key.value === keys.at(-1))
    : undefined
  return isScalar(pair?.key) ? pair.key : null
}

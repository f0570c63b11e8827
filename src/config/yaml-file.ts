import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { UsageError } from './usage-error.ts'

/**
 * Reads a YAML file that must fit a schema.
 * @throws UsageError with file, line and column on the first thing that does not fit.
 */
export function readYaml<S extends v.GenericSchema>(path: string, schema: S): v.InferOutput<S> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${codeOf(error)})`)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors[0]
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0])
    throw new UsageError(`${path}:${line}:${col}: ${broken.message.split('\n')[0]}`)
  }
  const result = v.safeParse(schema, document.toJS() ?? {})
  if (result.success) return result.output
  const [issue] = result.issues
  const keys = (issue.path ?? []).map(step => step.key)
  const offset = nodeAt(document.contents, keys)?.range?.[0] ?? 0
  const { line, col } = lines.linePos(offset)
  throw new UsageError(`${path}:${line}:${col}: ${keys.join('.') || 'file'}: ${complaint(issue)}`)
}

/** The schema library's own words for a key too many are for programmers. */
function complaint(issue: v.BaseIssue<unknown>): string {
  const unknownKey = issue.type === 'strict_object' && issue.expected === 'never'
  return unknownKey ? 'is not known here; mend its spelling or take it out' : issue.message
}

/** The node at a path, or the deepest one on the way to it. */
function nodeAt(node: unknown, keys: readonly unknown[]): Node | null {
  if (!isMap(node)) return isScalar(node) ? node : null
  const [key, ...rest] = keys
  const pair = node.items.find(item => isScalar(item.key) && item.key.value === key)
  if (pair === undefined) return node
  return nodeAt(pair.value, rest) ?? (isScalar(pair.key) ? pair.key : node)
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

/** `env.ANTHROPIC_BASE_URL` in the text of the client's settings: put in, and taken back. */
import type { Node } from 'jsonc-parser'
import * as v from 'valibot'
import {
  inserted,
  insertsInto,
  misfit,
  plainValue,
  propertyOf,
  removed,
  styleOf,
  treeOf,
} from './settings-text.ts'

const NAME = 'ANTHROPIC_BASE_URL'

/** What was put in, to take it back when others have changed the file. */
export const BASE_URL_PUT = v.object({
  url: v.string(),
  /** The value that stood there, as JSON; null when there was none. */
  before: v.nullable(v.string()),
  /** `env` itself was not there. */
  createdEnv: v.boolean(),
})
export type BaseUrlPut = v.InferOutput<typeof BASE_URL_PUT>

/** What the settings say now; null when nothing. */
export function baseUrlIn(path: string, text: string): string | null {
  treeOf(path, text)
  const value: unknown = Object(Object(plainValue(text)).env)[NAME]
  return value === undefined ? null : String(value)
}

/**
 * @param text with our hooks in it, so that it is an object
 * @throws UsageError where something stands in the way
 */
export function withBaseUrl(
  path: string,
  text: string,
  url: string,
): { readonly text: string; readonly put: BaseUrlPut } {
  const root = treeOf(path, text)
  const style = styleOf(text, root)
  const member = `"${NAME}": ${JSON.stringify(url)}`
  const env = root && propertyOf(root, 'env')?.children?.[1]
  if (root === undefined) throw misfit(path, text, 0, 'must be an object ({…})')
  if (env === undefined) {
    const whole = `"env": {\n${style.unit}${member}\n}`
    const next = inserted(text, insertsInto(text, root, [whole], style))
    return { text: next, put: { url, before: null, createdEnv: true } }
  }
  if (env.type !== 'object') throw misfit(path, text, env.offset, 'env must be an object')
  const known = propertyOf(env, NAME)?.children?.[1]
  if (known === undefined) {
    const next = inserted(text, insertsInto(text, env, [member], style))
    return { text: next, put: { url, before: null, createdEnv: false } }
  }
  const before = text.slice(known.offset, known.offset + known.length)
  return {
    text: replaced(text, known, JSON.stringify(url)),
    put: { url, before, createdEnv: false },
  }
}

/** Takes it back where it still is what was put in; what others set meanwhile stays. */
export function withoutBaseUrl(path: string, text: string, put: BaseUrlPut): string {
  const root = treeOf(path, text)
  const entry = root && propertyOf(root, 'env')
  const env = entry?.children?.[1]
  const member = env?.type === 'object' ? propertyOf(env, NAME) : undefined
  const value = member?.children?.[1]
  if (entry === undefined || member === undefined || value?.value !== put.url) return text
  if (put.before !== null) return replaced(text, value, put.before)
  const alone = put.createdEnv && env?.children?.length === 1
  return removed(text, alone ? entry : member)
}

function replaced(text: string, { offset, length }: Node, value: string): string {
  return text.slice(0, offset) + value + text.slice(offset + length)
}

/**
 * The check that the client asks its API for: what a request says (`safeguards`) and what a response
 * answers (`safeguard_results`). Seen with 2.1.330 (VERIFIED, "can be answered by a gateway").
 */
import { isDeepStrictEqual } from 'node:util'
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser'
import * as v from 'valibot'

const NAME = 'dangerous_tool_use'
const FIELD = 'safeguard_results'

/** What is answered about one tool call. */
export type Checked =
  | { readonly type: 'evaluated'; readonly outcome: 'not_flagged' }
  | { readonly type: 'evaluated'; readonly outcome: 'flagged'; readonly explanation: string }
  | { readonly type: 'skipped' }
  | { readonly type: 'unavailable'; readonly reason: string }

/** By the call's id. */
export type Results = Readonly<Record<string, Checked>>

const ENTRY = v.looseObject({ type: v.literal(NAME), status: v.optional(v.unknown()) })
const STATUS = v.looseObject({
  type: v.string(),
  tool_uses: v.optional(v.record(v.string(), v.unknown()), {}),
})
const USE = v.object({
  type: v.literal('evaluated'),
  outcome: v.picklist(['flagged', 'not_flagged']),
})

/** What an API said about each call: `flagged`, `not_flagged`, or nothing that is known (`''`). */
export type Answered = Readonly<Record<string, 'flagged' | 'not_flagged' | ''>>

/**
 * @param holder the object that has the field: a `message_delta`'s delta, or a whole message
 * @returns null when the API does not do this check; a form that nobody knows counts as an answer
 */
export function answeredIn(holder: object): Answered | null {
  const field: unknown = Reflect.get(holder, FIELD)
  if (field === undefined || field === null) return null
  if (!Array.isArray(field)) return {}
  const entries = field.filter((it: unknown) => v.is(ENTRY, it))
  if (entries.every(({ status }) => isUnsupported(status))) return null
  return entries.reduce<Answered>((all, { status }) => stricter(all, usesIn(status)), {})
}

/** Of two answers about a call a refusal stands. */
export function stricter(one: Answered, other: Answered): Answered {
  const calls = Object.entries(other).filter(([id]) => one[id] !== 'flagged')
  return { ...one, ...Object.fromEntries(calls) }
}

function isUnsupported(status: unknown): boolean {
  const parsed = v.safeParse(STATUS, status)
  if (!parsed.success || parsed.output.type !== 'unsupported') return false
  return Object.keys(parsed.output.tool_uses).length === 0
}

function usesIn(status: unknown): Answered {
  const parsed = v.safeParse(STATUS, status)
  const uses = parsed.success ? Object.entries(parsed.output.tool_uses) : []
  return Object.fromEntries(
    uses.map(([id, use]) => [id, v.is(USE, use) ? v.parse(USE, use).outcome : '']),
  )
}

/**
 * Puts results into a JSON text, and leaves every other byte of it alone.
 * @param path where the object is that gets them, from the top
 * @returns null when it is not in a form in which they would surely be read
 */
export function withResults(
  json: string,
  path: readonly string[],
  results: Results,
): string | null {
  const root = parseTree(json)
  const holder = root && (path.length === 0 ? root : findNodeAtLocation(root, [...path]))
  const amended = holder?.type === 'object' ? edited(json, holder, results) : null
  return amended !== null && says(amended, path, results) ? amended : null
}

function edited(json: string, holder: Node, results: Results): string | null {
  const fresh = JSON.stringify({ type: NAME, status: { type: 'available', tool_uses: results } })
  const old = findNodeAtLocation(holder, [FIELD])
  if (old === undefined) return added(json, holder, `"${FIELD}":[${fresh}]`)
  if (old.type === 'null') return replaced(json, old, `[${fresh}]`)
  if (old.type !== 'array') return null
  const [entry, ...more] = (old.children ?? []).filter(
    it => findNodeAtLocation(it, ['type'])?.value === NAME,
  )
  if (entry === undefined) return added(json, old, fresh)
  if (more.length > 0) return null
  const status = findNodeAtLocation(entry, ['status', 'type'])?.value
  if (status === 'unsupported') return replaced(json, entry, fresh)
  const uses = findNodeAtLocation(entry, ['status', 'tool_uses'])
  return status === 'available' && uses?.type === 'object' ? withUses(json, uses, results) : null
}

/** Whether a reader of the text finds exactly these: of a key that stands twice the last one counts. */
function says(json: string, path: readonly string[], results: Results): boolean {
  const found = path.reduce<unknown>((it, name) => Object(it)[name], JSON.parse(json))
  const entries: unknown = Object(found)[FIELD]
  const [entry, ...more] = (Array.isArray(entries) ? entries : []).filter(it => v.is(ENTRY, it))
  const uses: unknown = Object(Object(entry).status).tool_uses
  return (
    more.length === 0 &&
    Object.entries(results).every(([id, it]) => isDeepStrictEqual(Object(uses)[id], it))
  )
}

function withUses(json: string, uses: Node, results: Results): string {
  return Object.entries(results).reduceRight(
    (text, [id, checked]) => {
      const known = findNodeAtLocation(uses, [id])
      const value = JSON.stringify(checked)
      // The ones behind are put in first, so that the places of those before still hold.
      return known === undefined ? text : replaced(text, known, value)
    },
    withNewUses(json, uses, results),
  )
}

function withNewUses(json: string, uses: Node, results: Results): string {
  const fresh = Object.entries(results)
    .filter(([id]) => findNodeAtLocation(uses, [id]) === undefined)
    .map(([id, checked]) => `${JSON.stringify(id)}:${JSON.stringify(checked)}`)
  return fresh.length === 0 ? json : added(json, uses, fresh.join(','))
}

function replaced(json: string, { offset, length }: Node, text: string): string {
  return json.slice(0, offset) + text + json.slice(offset + length)
}

function added(json: string, holder: Node, member: string): string {
  const close = holder.offset + holder.length - 1
  const comma = (holder.children?.length ?? 0) > 0 ? ',' : ''
  return json.slice(0, close) + comma + member + json.slice(close)
}

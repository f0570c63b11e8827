/**
 * The check that the client asks its API for: what a request says (`safeguards`) and what a response
 * answers (`safeguard_results`). Seen with 2.1.330 (VERIFIED, "can be answered by a gateway").
 */
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

const ENTRY = v.object({
  type: v.literal(NAME),
  status: v.looseObject({
    type: v.string(),
    tool_uses: v.optional(
      v.record(v.string(), v.looseObject({ type: v.string(), outcome: v.optional(v.string()) })),
      {},
    ),
  }),
})
const RESULTS = v.array(v.unknown())

/** What an API said about each call: `flagged`, `not_flagged`, or neither (`''`). */
export type Answered = Readonly<Record<string, 'flagged' | 'not_flagged' | ''>>

/**
 * @param holder the object that has the field: a `message_delta`'s delta, or a whole message
 * @returns null when the API does not do this check
 */
export function answeredIn(holder: object): Answered | null {
  const results = v.safeParse(RESULTS, Reflect.get(holder, FIELD))
  if (!results.success) return null
  const entry = results.output.map(it => v.safeParse(ENTRY, it)).find(it => it.success)
  if (entry?.success !== true || entry.output.status.type === 'unsupported') return null
  const uses = Object.entries(entry.output.status.tool_uses)
  return Object.fromEntries(
    uses.map(([id, { type, outcome }]) => {
      const known = outcome === 'flagged' || outcome === 'not_flagged' ? outcome : ''
      return [id, type === 'evaluated' ? known : '']
    }),
  )
}

/**
 * Puts results into a JSON text, and leaves every other byte of it alone.
 * @param path where the object is that gets them, from the top
 * @returns null when there is no such object
 */
export function withResults(
  json: string,
  path: readonly string[],
  results: Results,
): string | null {
  const root = parseTree(json)
  const holder = root && (path.length === 0 ? root : findNodeAtLocation(root, [...path]))
  if (holder?.type !== 'object') return null
  const old = findNodeAtLocation(holder, [FIELD])
  const entry = old && entryIn(old)
  const uses = entry && findNodeAtLocation(entry, ['status', 'tool_uses'])
  if (uses?.type === 'object') return withUses(json, uses, results)
  const fresh = JSON.stringify({ type: NAME, status: { type: 'available', tool_uses: results } })
  // Of an API that does not know this check the others stay.
  if (entry !== undefined) return replaced(json, entry, fresh)
  if (old?.type === 'array') return added(json, old, fresh)
  if (old !== undefined) return replaced(json, old, `[${fresh}]`)
  return added(json, holder, `"${FIELD}":[${fresh}]`)
}

function entryIn(results: Node): Node | undefined {
  return results.children?.find(it => findNodeAtLocation(it, ['type'])?.value === NAME)
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

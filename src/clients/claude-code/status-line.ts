/** What the client tells a program that its `statusLine` setting names, as JSON on standard input. */
import * as v from 'valibot'

const text = v.optional(v.fallback(v.string(), ''), '')

const STATUS = v.object({
  session_id: text,
  transcript_path: text,
  cost: v.optional(
    v.fallback(v.object({ total_cost_usd: v.pipe(v.number(), v.finite()) }), {
      total_cost_usd: -1,
    }),
    { total_cost_usd: -1 },
  ),
})

export interface ClientStatus {
  readonly session: string
  /** The session's own transcript; it may not be there yet. `''` when not told. */
  readonly transcript: string
  /** The client's own total of the session, US dollars; null when not told. */
  readonly costUsd: number | null
}

/** Of what does not fit, as much as does: a status bar shows what is known. Never throws. */
export function parseStatus(json: string): ClientStatus {
  const { session_id, transcript_path, cost } = v.parse(STATUS, objectIn(json))
  const costUsd = cost.total_cost_usd < 0 ? null : cost.total_cost_usd
  return { session: session_id, transcript: transcript_path, costUsd }
}

function objectIn(json: string): object {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

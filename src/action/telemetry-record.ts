/**
 * What the client itself tells of a request to the model, a decision or a tool's run, as far as it is
 * kept: no prompt, no command, nobody's name.
 */
import * as v from 'valibot'

const text = v.string()
const count = v.number()

const BASE = {
  /** Unix milliseconds. */
  at: v.number(),
  session: text,
  /** The client's id of the prompt that it belongs to; `''` when not told. */
  prompt: text,
  /** Counts within one process of the client; -1 when not told. */
  sequence: count,
}

export const TELEMETRY_RECORD = v.variant('type', [
  v.object({
    type: v.literal('request'),
    ...BASE,
    /** The API's id of it; `''` where it gave none. */
    request: text,
    model: text,
    /**
     * What the client asked for: `sdk`, `repl_main_thread`, `agent:…`, `compact`, `auto_mode` (its own
     * classifier), in its words.
     */
    querySource: text,
    /** US dollars, as the client reckons; null when not told, as of `auto_mode`. */
    costUsd: v.nullable(count),
    ms: v.nullable(count),
    /** Until the first token came; null when not told (2.1.330 does, 2.1.150 does not). */
    firstTokenMs: v.nullable(count),
    tokens: v.object({
      input: count,
      output: count,
      cacheRead: count,
      /** For five minutes and for an hour: the client does not tell them apart. */
      cacheWrite: count,
    }),
    /** Of the HTTP answer; 0 when there was none. */
    status: count,
    /** The API's word for what went wrong; `''` when nothing. */
    error: text,
    /** How often it had been tried before. */
    retry: count,
  }),
  v.object({
    type: v.literal('decision'),
    ...BASE,
    /** The client's `tool_use_id`. */
    action: text,
    tool: text,
    accepted: v.boolean(),
    /** Who decided, in the client's words: `config`, `hook`, `user_temporary`, … */
    source: text,
    /** What the client's own classifier said, in its words; `''` when not told (so by 2.1.150). */
    classifier: text,
    /** The client's permission mode, and the API's id of the request that asked for it; likewise. */
    mode: text,
    request: text,
  }),
  v.object({
    type: v.literal('result'),
    ...BASE,
    action: text,
    tool: text,
    ok: v.boolean(),
    /** How long the tool ran. */
    ms: v.nullable(count),
    /** The kind of error; `''` when none. */
    error: text,
  }),
  /** What requests cost that are told one by one nowhere, with those of `auto_mode` among them. */
  v.object({
    type: v.literal('cost'),
    ...BASE,
    model: text,
    /** The client's word for all of them: `auxiliary`. */
    querySource: text,
    /** US dollars since the last such sum, as the client reckons. */
    costUsd: count,
  }),
])
export type TelemetryRecord = v.InferOutput<typeof TELEMETRY_RECORD>
export type RecordOf<T extends TelemetryRecord['type']> = Extract<TelemetryRecord, { type: T }>

/** @returns null for what is no record, or of a kind that is not known. Throws on no JSON. */
export function parseRecord(json: string): TelemetryRecord | null {
  const parsed = v.safeParse(TELEMETRY_RECORD, JSON.parse(json))
  return parsed.success ? parsed.output : null
}

/** The same for a record and its copy: an export that was not answered is sent again. */
export function recordKey(record: TelemetryRecord): string {
  const { type, session, sequence, at } = record
  return JSON.stringify([type, session, aboutWhat(record), sequence, at])
}

function aboutWhat(record: TelemetryRecord): string {
  switch (record.type) {
    case 'request':
      return record.request
    case 'cost':
      return record.model
    default:
      return record.action
  }
}

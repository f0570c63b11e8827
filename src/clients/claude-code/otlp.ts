/**
 * What the client exports by OpenTelemetry (HTTP with JSON; 2.1.150 and 2.1.330, seen) → records. Its logs tell
 * of requests, decisions and runs; of its own classifier's requests only the traces (a beta, 2.1.330) and, in
 * sums, the metrics. The attributes of an event are strings in one release and numbers in the next. Texts of people and agents
 * (prompts, commands, inputs, errors) and whose account it is are passed over.
 */
import * as v from 'valibot'
import type { TelemetryRecord } from '../../action/telemetry-record.ts'

const MANY = v.fallback(v.array(v.unknown()), [])
const BODY = v.object({
  resourceLogs: v.optional(MANY, []),
  resourceSpans: v.optional(MANY, []),
  resourceMetrics: v.optional(MANY, []),
})
const LOGS = v.object({ scopeLogs: MANY })
const LOG_SCOPE = v.object({ logRecords: MANY })
const SPANS = v.object({ scopeSpans: MANY })
const SPAN_SCOPE = v.object({ spans: MANY })
const METRICS = v.object({ scopeMetrics: MANY })
const METRIC_SCOPE = v.object({ metrics: MANY })
const NUMBER = v.union([v.number(), v.string()])
const TIME = v.optional(v.fallback(NUMBER, 0), 0)
const LOG = v.object({
  body: v.object({ stringValue: v.string() }),
  timeUnixNano: TIME,
  attributes: MANY,
})
const SPAN = v.object({
  name: v.literal('claude_code.llm_request'),
  endTimeUnixNano: TIME,
  attributes: MANY,
})
/** Sums since the last ones (1), as the client's metrics are unless they are told otherwise. */
const COST = v.object({
  name: v.literal('claude_code.cost.usage'),
  sum: v.object({ aggregationTemporality: v.literal(1), dataPoints: MANY }),
})
const POINT = v.object({
  timeUnixNano: TIME,
  asDouble: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0)), 0),
  attributes: MANY,
})
const ATTRIBUTE = v.object({
  key: v.string(),
  value: v.union([
    v.object({ stringValue: v.string() }),
    v.object({ intValue: NUMBER }),
    v.object({ doubleValue: NUMBER }),
    v.object({ boolValue: v.boolean() }),
  ]),
})

/** Ids and names are shorter; what is longer is none. */
const LONGEST = 200
const PREFIX = 'claude_code.'
/** A clock may be a little ahead, and not a day. */
const AHEAD_MS = 86_400_000

/** What the logs do not tell of: requests of the classifier, and the sum of all such. */
const CLASSIFIER = 'auto_mode'
const AUXILIARY = 'auxiliary'

/**
 * The records in the body of a `POST /v1/logs`, `/v1/traces` or `/v1/metrics`, in its order. Of traces and
 * metrics only what no log tells. Never throws.
 * @param now Unix ms, for what tells no time, or none that can be
 */
export function telemetryIn(body: unknown, now: number): TelemetryRecord[] {
  const [sent] = inside(BODY, body)
  if (sent === undefined) return []
  const logs = sent.resourceLogs
    .flatMap(it => inside(LOGS, it).flatMap(found => found.scopeLogs))
    .flatMap(it => inside(LOG_SCOPE, it).flatMap(found => found.logRecords))
    .flatMap(it => inside(LOG, it))
  const spans = sent.resourceSpans
    .flatMap(it => inside(SPANS, it).flatMap(found => found.scopeSpans))
    .flatMap(it => inside(SPAN_SCOPE, it).flatMap(found => found.spans))
    .flatMap(it => inside(SPAN, it))
  const points = sent.resourceMetrics
    .flatMap(it => inside(METRICS, it).flatMap(found => found.scopeMetrics))
    .flatMap(it => inside(METRIC_SCOPE, it).flatMap(found => found.metrics))
    .flatMap(it => inside(COST, it).flatMap(found => found.sum.dataPoints))
    .flatMap(it => inside(POINT, it))
  return [
    ...logs.flatMap(log => recordOf(log, now) ?? []),
    ...spans.flatMap(span => spanOf(span, now) ?? []),
    ...points.flatMap(point => costOf(point, now) ?? []),
  ]
}

/** What of it fits: one or none. */
function inside<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S>[] {
  const parsed = v.safeParse(schema, value)
  return parsed.success ? [parsed.output] : []
}

function recordOf(log: v.InferOutput<typeof LOG>, now: number): TelemetryRecord | null {
  const name = log.body.stringValue
  if (!name.startsWith(PREFIX)) return null
  const told = new Attributes(log.attributes)
  const base = baseOf(told, timeOf(log.timeUnixNano, now))
  if (base.session === '') return null
  switch (name.slice(PREFIX.length)) {
    case 'api_request':
      return { type: 'request', ...base, ...requestOf(told), status: 200, error: '' }
    case 'api_error':
      return {
        type: 'request',
        ...base,
        ...requestOf(told),
        status: told.count('status_code'),
        error: errorWord(told.long('error')),
      }
    case 'tool_decision':
      // A word that nobody knows yet is neither.
      if (!/^(accept|reject)$/.test(told.text('decision'))) return null
      return actionOf(told, action => ({
        type: 'decision',
        ...base,
        ...action,
        accepted: told.text('decision') === 'accept',
        source: told.text('source'),
        classifier: told.text('classifier_verdict'),
        mode: told.text('permission_mode'),
        request: told.text('request_id'),
      }))
    case 'tool_result':
      return actionOf(told, action => ({
        type: 'result',
        ...base,
        ...action,
        ok: told.text('success') === 'true',
        ms: told.number('duration_ms'),
        error: told.text('error_type'),
      }))
    default:
      return null
  }
}

function spanOf(span: v.InferOutput<typeof SPAN>, now: number): TelemetryRecord | null {
  const told = new Attributes(span.attributes)
  const base = baseOf(told, timeOf(span.endTimeUnixNano, now))
  const querySource = told.text('query_source_safe') || told.text('query_source')
  if (base.session === '' || querySource !== CLASSIFIER) return null
  const ok = told.text('success') === 'true'
  return {
    type: 'request',
    ...base,
    ...requestOf(told),
    querySource,
    status: ok ? 200 : told.count('status_code'),
    error: ok ? '' : errorWord(told.long('error')),
  }
}

function costOf(point: v.InferOutput<typeof POINT>, now: number): TelemetryRecord | null {
  const told = new Attributes(point.attributes)
  const base = baseOf(told, timeOf(point.timeUnixNano, now))
  const querySource = told.text('query_source')
  if (base.session === '' || querySource !== AUXILIARY || point.asDouble === 0) return null
  return { type: 'cost', ...base, model: told.text('model'), querySource, costUsd: point.asDouble }
}

const baseOf = (told: Attributes, at: number) => ({
  at,
  session: told.text('session.id'),
  prompt: told.text('prompt.id'),
  sequence: told.number('event.sequence') ?? -1,
})

function requestOf(told: Attributes) {
  return {
    request: told.text('request_id'),
    model: told.text('model'),
    querySource: told.text('query_source'),
    costUsd: told.number('cost_usd'),
    ms: told.number('duration_ms'),
    firstTokenMs: told.number('ttft_ms'),
    tokens: {
      input: told.count('input_tokens'),
      output: told.count('output_tokens'),
      cacheRead: told.count('cache_read_tokens'),
      cacheWrite: told.count('cache_creation_tokens'),
    },
    retry: Math.max(0, told.count('attempt') - 1), // the first attempt is 1
  }
}

/** A record of no action says nothing. */
function actionOf(
  told: Attributes,
  make: (of: { action: string; tool: string }) => TelemetryRecord,
): TelemetryRecord | null {
  const action = told.text('tool_use_id')
  return action === '' ? null : make({ action, tool: told.text('tool_name') })
}

/** The API's own word in a message that may quote anything; `error` when it has none. */
const errorWord = (message: string): string =>
  /\b[a-z]{1,40}(?:_[a-z]{1,40})*_error\b/.exec(message)?.[0] ?? 'error'

function timeOf(nanos: string | number, now: number): number {
  const at = Math.round(Number(nanos) / 1e6)
  return at > 0 && at < now + AHEAD_MS ? at : now
}

class Attributes {
  readonly #told = new Map<string, string | number | boolean>()

  constructor(attributes: readonly unknown[]) {
    for (const { key, value } of attributes.flatMap(it => inside(ATTRIBUTE, it))) {
      if ('stringValue' in value) this.#told.set(key, value.stringValue)
      else if ('intValue' in value) this.#told.set(key, value.intValue)
      else if ('doubleValue' in value) this.#told.set(key, value.doubleValue)
      else this.#told.set(key, value.boolValue)
    }
  }

  /** `''` when it is not told, or too long for what it is. */
  text(name: string): string {
    const text = this.long(name)
    return text.length > LONGEST ? '' : text
  }

  long(name: string): string {
    return String(this.#told.get(name) ?? '')
  }

  /** Null when it is not told, or no number; never less than 0, nor a 0 with a sign, which JSON does not keep. */
  number(name: string): number | null {
    const told = this.#told.get(name)
    if (told === undefined || told === '' || typeof told === 'boolean') return null
    const number = Number(told)
    return Number.isFinite(number) && number >= 0 ? Math.abs(number) : null
  }

  count(name: string): number {
    return this.number(name) ?? 0
  }
}

/** Whether a request was for the client's own safety check: 2.1.330 traces those, 2.1.150 tells of none. */
export const isForCheck = (querySource: string): boolean => querySource === 'auto_mode'

/** What the client exported of itself, as `signalbox otlp` keeps it: as events, or as records. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { noTokens, totalTokens } from '../action/action.ts'
import type { Event } from '../action/event.ts'
import {
  parseRecord,
  type RecordOf,
  recordKey,
  type TelemetryRecord,
} from '../action/telemetry-record.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { AppendedFile } from './appended-file.ts'
import { type DayFilesOptions, dayFiles } from './day-files.ts'

/** The folder of day files in the state folder. */
export const otlpFolder = (state: string): string => join(state, 'otlp')

export interface OtlpOptions extends DayFilesOptions {
  /** For requests of which the client tells no cost. */
  readonly loadPrice: () => Promise<Price>
}

/** The last days first, then what comes. */
export function otlp(options: OtlpOptions): AsyncIterable<readonly Event[]> {
  const { since = 0 } = options
  return dayFiles(options, {
    opener: async push => {
      const price = await options.loadPrice()
      const take = (record: TelemetryRecord): void => {
        const event = record.at < since ? null : eventOf(record, price)
        if (event !== null) push(event)
      }
      return path => recordsOf(path, take, push)
    },
  })
}

export interface Range {
  /** Unix ms; the first that counts, and the first that does not. */
  readonly from: number
  readonly to: number
}

/**
 * The records of a time, in the order in which they came, each once; lines that are none are passed
 * over. A folder that is not there has none.
 */
export function* readOtlp(folder: string, { from, to }: Range): Generator<TelemetryRecord> {
  const known = new Set<string>()
  for (const name of daysIn(folder)) {
    if (name < dayOf(from)) continue // what is kept on a day happened then, or before
    const records: TelemetryRecord[] = []
    recordsOf(join(folder, name), record => records.push(record)).read(Number.POSITIVE_INFINITY)
    for (const record of records) {
      const key = recordKey(record)
      if (record.at < from || record.at >= to || known.has(key)) continue
      known.add(key)
      yield record
    }
  }
}

const dayOf = (at: number): string =>
  Number.isFinite(at) && at > 0 ? new Date(at).toISOString().slice(0, 10) : ''

function daysIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => /^\d{4}-\d{2}-\d{2}\.jsonl$/.test(name))
      .sort()
  } catch {
    return []
  }
}

function recordsOf(
  path: string,
  take: (record: TelemetryRecord) => void,
  complain: (event: Event) => void = () => {},
): AppendedFile {
  return new AppendedFile(path, (line, _, number) => {
    const json = line.toString()
    if (json.trim() === '') return
    try {
      const record = parseRecord(json)
      if (record !== null) take(record)
    } catch {
      complain({ type: 'skipped', file: path, line: number, why: 'not JSON' })
    }
  })
}

/** Null for what other records tell of. */
export function eventOf(record: TelemetryRecord, price: Price): Event | null {
  const { at, session } = record
  switch (record.type) {
    case 'request':
      return requestEvent(record, price)
    case 'cost': // a sum over requests that other records tell of, as far as the client does
      return null
    case 'decision': {
      const { action, source, classifier } = record
      const decision = record.accepted ? 'accept' : 'reject'
      return { type: 'client-told', at, session, action, decision, source, classifier, runMs: null }
    }
    case 'result': {
      const { action, ms: runMs } = record
      const undecided = { decision: null, source: '', classifier: '' }
      return { type: 'client-told', at, session, action, ...undecided, runMs }
    }
  }
}

function requestEvent(record: RecordOf<'request'>, price: Price): Event {
  const { at, session, request, model, status, error, retry, querySource } = record
  const { input, output, cacheRead, cacheWrite } = record.tokens
  const tokens = { ...noTokens(), input, output, cacheRead, cacheWrite5m: cacheWrite }
  return {
    type: 'request',
    origin: 'telemetry',
    at,
    session,
    agent: '',
    model,
    upstream: '',
    request,
    message: '',
    status,
    error,
    retry,
    tokens,
    costUsd: record.costUsd ?? (totalTokens(tokens) === 0 ? null : price(model, tokens, at)),
    firstMs: null,
    ms: record.ms ?? 0,
    actions: [],
    checked: 'not asked',
    querySource,
  }
}

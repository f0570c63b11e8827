/** What an exporter sends (OTLP/HTTP with JSON): each request is answered, and what is kept can be read. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { crc32, gzipSync } from 'node:zlib'
import { noTokens } from '../../../../src/action/action.ts'
import { parseRecord, type TelemetryRecord } from '../../../../src/action/telemetry-record.ts'
import { telemetryIn } from '../../../../src/clients/claude-code/otlp.ts'
import { priceList } from '../../../../src/clients/claude-code/prices.ts'
import { Monitor } from '../../../../src/monitor/monitor.ts'
import { snapshotOf } from '../../../../src/monitor/snapshot.ts'
import { terminalSafeJson } from '../../../../src/monitor/terminal-json.ts'
import { createReceiver } from '../../../../src/otlp/receiver.ts'
import { eventOf } from '../../../../src/sources/otlp.ts'
import { createRandom } from '../../../random.ts'
import { checkScreen, checkText, frameOf } from '../drawn.ts'
import { type Bench, must, type Target } from '../target.ts'
import { answersIn, exchange, requestOf } from '../wire.ts'

const FIXTURES = join(import.meta.dirname, '../../../../test/fixtures')
const NOW = Date.parse('2026-11-30T12:00:00.000Z')
const AHEAD_MS = 86_400_000
const STATUSES = [200, 400, 403, 404, 405, 413, 415, 431]
const MOST = 12 << 10
const HEAD = ['host: 127.0.0.1:4318', 'content-type: application/json', 'connection: close']

/** Each record that the client sent, as a request of its own, and some as gzip. */
function seeds(): Buffer[] {
  const requests = ['otlp-2.1.150', 'otlp-2.1.330'].flatMap(name =>
    readFileSync(join(FIXTURES, name, 'requests.jsonl'), 'utf8')
      .trim()
      .split('\n'),
  )
  return [...requests, ERROR].flatMap(line => {
    // As `test/client/otlp.test.ts` keeps them.
    const { url, body } = JSON.parse(line) as { url: string; body: Record<string, unknown> }
    return singles(body)
      .map(one => requestOf([`POST ${url} HTTP/1.1`, ...HEAD], JSON.stringify(one)))
      .filter(it => it.length < 5000)
  })
}

/** None was recorded. */
const ERROR = JSON.stringify({
  url: '/v1/logs',
  body: {
    resourceLogs: [
      {
        scopeLogs: [
          {
            logRecords: [
              {
                timeUnixNano: '1795426743781000000',
                body: { stringValue: 'claude_code.api_error' },
                attributes: Object.entries({
                  'session.id': 's1',
                  error: '529 {"type":"error","error":{"type":"overloaded_error"}}',
                  status_code: '529',
                  attempt: '2',
                  model: 'claude-opus-4-6',
                }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
              },
            ],
          },
        ],
      },
    ],
  },
})

/** Resources, scopes and records are lists. */
const LEVELS = 3

/** The same with one thing in each of these lists. */
function singles(value: unknown, depth = 0): unknown[] {
  if (Array.isArray(value) && depth < LEVELS)
    return value.flatMap(it => singles(it, depth + 1).map(one => [one]))
  if (typeof value !== 'object' || value === null || depth >= LEVELS) return [value]
  const lists = Object.entries(value).filter(([, inner]) => Array.isArray(inner))
  const [name, list] = lists.at(-1) ?? []
  if (name === undefined) return [value]
  return singles(list, depth).map(one => ({ ...value, [name]: one }))
}

const price = priceList()

class Otlp implements Bench {
  #taken: TelemetryRecord[] = []
  #complaint = ''
  readonly #server = createReceiver({
    take: body => {
      this.#taken.push(...telemetryIn(body, NOW))
    },
    complain: text => {
      this.#complaint = text
    },
    maxBytes: MOST,
  })

  async try(input: Buffer): Promise<string> {
    const random = createRandom(crc32(input))
    this.#taken = []
    const request = random.chance(0.1) ? zipped(input) : input
    const at = random.int(0, request.length)
    const pieces = random.chance(0.2) ? [request.subarray(0, at), request.subarray(at)] : [request]
    const answers = answersIn(await exchange(this.#server, pieces, () => false))
    must(this.#complaint === '', `it complains: ${this.#complaint}`)
    for (const { status, body } of answers) {
      must(STATUSES.includes(status), `it answers ${status}`)
      if (body !== '') JSON.parse(body)
    }
    for (const record of this.#taken) check(record)
    if (this.#taken.length > 0 && random.chance(0.2)) shown(this.#taken)
    const kinds = this.#taken.map(it => Object.values(it).map(kindOf).join(''))
    return [answers.map(it => `${it.status}${it.body.slice(0, 20)}`), kinds.slice(0, 4)].join(' ')
  }

  close(): void {
    this.#server.closeAllConnections()
  }
}

const kindOf = (value: unknown): string =>
  value === null
    ? '-'
    : typeof value === 'string'
      ? value === ''
        ? '.'
        : 's'
      : ((typeof value)[0] ?? '')

/** The body packed, as exporters do that are told to. */
function zipped(request: Buffer): Buffer {
  const end = request.indexOf('\r\n\r\n')
  const body = gzipSync(request.subarray(end + 4))
  const head = request.toString('latin1', 0, Math.max(0, end))
  const said = `${head.replace(/content-length: *\d+/i, `content-length: ${body.length}`)}\r\ncontent-encoding: gzip\r\n\r\n`
  return Buffer.concat([Buffer.from(said, 'latin1'), body])
}

/** What is written to the day's file is read again as it was. */
function check(record: TelemetryRecord): void {
  must(record.at > 0 && record.at < NOW + AHEAD_MS, `a time of ${record.at}`)
  must(record.session !== '', 'no session')
  const again = parseRecord(JSON.stringify(record))
  must(isDeepStrictEqual(again, record), `read again it is another: ${JSON.stringify(record)}`)
  for (const value of Object.values(record))
    must(typeof value !== 'string' || value.length <= 200, `a text of ${String(value).length}`)
}

function shown(records: readonly TelemetryRecord[]): void {
  const monitor = new Monitor({ place: '/x', readInput: () => null, clock: () => NOW })
  const { session } = records[0] ?? { session: '' }
  const actor = { session, agent: '' }
  const message = { id: 'm', model: 'claude-opus-4-6', tokens: noTokens(), costUsd: 1, turnMs: 1 }
  monitor.take([{ type: 'message', ...actor, at: NOW, ...message }])
  monitor.take(records.flatMap(record => eventOf(record, price) ?? []))
  monitor.publish()
  for (const screen of ['live', 'sessions', 'insights'] as const) {
    monitor.setView(view => ({ ...view, screen }))
    checkScreen(frameOf(monitor, { columns: 90, rows: 24 }))
  }
  checkText(terminalSafeJson(snapshotOf(monitor.current().world)), 'the JSON')
  monitor.stop()
}

export const otlp: Target = {
  name: 'otlp',
  shape: 'http',
  seeds,
  words: [
    'content-encoding: gzip\r\n',
    'transfer-encoding: chunked\r\n',
    'origin: http://x\r\n',
    'expect: 100-continue\r\n',
    'GET ',
    '/v1/traces',
    'claude_code.llm_request',
    'auxiliary',
  ],
  open: async () => new Otlp(),
}

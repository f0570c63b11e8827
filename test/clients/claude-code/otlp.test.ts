import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRecord } from '../../../src/action/telemetry-record.ts'
import { telemetryIn } from '../../../src/clients/claude-code/otlp.ts'
import { EXPORTED_SESSION, exported } from '../../helpers/otlp.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const all = () => exported().flatMap(({ body }) => telemetryIn(body, NOW))

type Value = string | number | boolean | { intValue: string } | { doubleValue: string }

/** One event as the client exports it. */
function log(
  name: string,
  attributes: Record<string, Value>,
  timeUnixNano: unknown = '1',
): unknown {
  const wrapped = (value: Value): object => {
    if (typeof value === 'object') return value
    if (typeof value === 'string') return { stringValue: value }
    if (typeof value === 'boolean') return { boolValue: value }
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value }
  }
  const told = Object.entries({ 'session.id': 's1', ...attributes }).map(([key, value]) => ({
    key,
    value: wrapped(value),
  }))
  const record = { timeUnixNano, body: { stringValue: name }, attributes: told }
  return { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }
}

describe('what a real client exported', () => {
  test('is requests, decisions and results of one session', () => {
    const records = all()
    const counts = Object.groupBy(records, it => it.type)
    expect(Object.entries(counts).map(([type, some]) => [type, some?.length])).toEqual([
      ['request', 15],
      ['decision', 12],
      ['result', 9],
    ])
    expect(new Set(records.map(it => it.session))).toEqual(new Set([EXPORTED_SESSION]))
    expect(records[0]).toEqual({
      type: 'request',
      at: Date.parse('2026-11-23T09:39:04.008Z'),
      session: EXPORTED_SESSION,
      prompt: '83d8083b-816d-4bd3-b8f1-ae9bf7e8cd80',
      sequence: 17,
      request: 'req_2',
      model: 'claude-opus-4-6',
      querySource: 'sdk',
      costUsd: 0.03775,
      ms: 29,
      firstTokenMs: null,
      tokens: { input: 1200, output: 220, cacheRead: 15000, cacheWrite: 3000 },
      retry: 0,
      status: 200,
      error: '',
    })
    expect(records.find(it => it.type === 'result' && !it.ok)).toMatchObject({
      action: 'toolu_6_0',
      tool: 'Bash',
      ms: 229,
      error: 'ShellError',
    })
    expect(records.find(it => it.type === 'decision' && !it.accepted)).toMatchObject({
      action: 'toolu_9_0',
      source: 'config',
    })
  })

  test('tells of no request of the client’s own classifier', () => {
    const sources = all().flatMap(it => (it.type === 'request' ? [it.querySource] : []))
    expect(new Set(sources)).toEqual(new Set(['sdk', 'agent:builtin:general-purpose']))
  })

  test('by 2.1.330 has its classifier’s requests in the traces, and what they cost in the metrics', () => {
    const records = exported('2.1.330').flatMap(({ body }) => telemetryIn(body, Date.now()))
    const requests = records.filter(it => it.type === 'request')
    const purposes = Object.groupBy(requests, it => it.querySource)
    expect(Object.entries(purposes).map(([name, some]) => [name, some?.length])).toEqual([
      ['sdk', 3],
      ['agent:builtin:general-purpose', 5],
      ['auto_mode', 10],
    ])
    expect(purposes.auto_mode?.[0]).toMatchObject({
      session: 'dbbe5f49-b028-42bb-a93f-78c95c2616bd',
      model: 'claude-sonnet-5',
      request: 'req_8',
      costUsd: null,
      ms: 7,
      tokens: { input: 1200, output: 220, cacheRead: 15000, cacheWrite: 3000 },
      status: 200,
      error: '',
      retry: 0,
    })
    const costs = records.filter(it => it.type === 'cost')
    expect(new Set(costs.map(it => `${it.querySource} ${it.model}`))).toEqual(
      new Set(['auxiliary claude-sonnet-5']),
    )
    expect(costs.reduce((sum, it) => sum + it.costUsd, 0)).toBeCloseTo(0.151, 9)
  })

  test('leaves prompts, commands, inputs and accounts behind', () => {
    const kept = JSON.stringify(all())
    for (const text of ['git status', 'hello.txt', 'REDACTED', 'user.id', 'a54aec5deb93', 'xterm'])
      expect(kept).not.toContain(text)
  })
})

describe('an event', () => {
  test.each([
    { duration_ms: 12, cost_usd: 0.5, input_tokens: 7 },
    { duration_ms: '12', cost_usd: '0.5', input_tokens: '7' },
    {
      duration_ms: { intValue: '12' },
      cost_usd: { doubleValue: '0.5' },
      input_tokens: { intValue: '7' },
    },
  ] satisfies Record<string, Value>[])('may have its numbers as %j', attributes => {
    const [request] = telemetryIn(log('claude_code.api_request', attributes), NOW)
    expect(request).toMatchObject({ ms: 12, costUsd: 0.5, tokens: { input: 7 } })
  })

  test('of 2.1.330 tells what the classifier said, and when the first token came', () => {
    const decided = { tool_use_id: 't', decision: 'reject', source: 'config' }
    const more = { classifier_verdict: 'block', permission_mode: 'auto', request_id: 'req_1' }
    expect(
      telemetryIn(log('claude_code.tool_decision', { ...decided, ...more }), NOW),
    ).toMatchObject([{ accepted: false, classifier: 'block', mode: 'auto', request: 'req_1' }])
    expect(telemetryIn(log('claude_code.api_request', { ttft_ms: 57 }), NOW)).toMatchObject([
      { firstTokenMs: 57 },
    ])
  })

  test('of an error keeps the API’s word, and not what it quotes', () => {
    const error = '529 {"type":"overloaded_error","message":"my secret prompt"}'
    const told = { error, status_code: '529', attempt: 3, model: 'm' }
    const [request] = telemetryIn(log('claude_code.api_error', told), NOW)
    expect(request).toMatchObject({
      type: 'request',
      status: 529,
      error: 'overloaded_error',
      retry: 2,
      costUsd: null,
    })
    expect(JSON.stringify(request)).not.toContain('secret')
    const [other] = telemetryIn(log('claude_code.api_error', { error: 'my secret' }), NOW)
    expect(other).toMatchObject({ status: 0, error: 'error' })
  })

  test('of no cost with a sign is a 0 like any other', () => {
    const [request] = telemetryIn(log('claude_code.api_request', { cost_usd: '-0' }), NOW)
    expect(request).toMatchObject({ costUsd: 0 })
  })

  test.each(['0', 0, 'x', null, `${(NOW + 9e8) * 1e6}`, -5])(
    'with the time %j happened when it came',
    time => {
      const [record] = telemetryIn(log('claude_code.api_request', {}, time), NOW)
      expect(record?.at).toBe(NOW)
    },
  )

  test.each([
    ['of no session', log('claude_code.api_request', { 'session.id': '' })],
    [
      'with an id that is too long',
      log('claude_code.api_request', { 'session.id': 'x'.repeat(201) }),
    ],
    ['of no action', log('claude_code.tool_result', { success: 'true' })],
    ['of another program', log('api_request', {})],
    ['that nobody knows', log('claude_code.hook_registered', {})],
  ])('%s is none', (_, body) => {
    expect(telemetryIn(body, NOW)).toEqual([])
  })
})

test('whatever is sent, it comes to records that are read again as they were', () => {
  const anything = fc.anything({ withBigInt: false })
  const keys = ['session.id', 'tool_use_id', 'cost_usd', 'duration_ms', 'attempt', 'error']
  const value = fc.oneof(
    fc.record({ stringValue: fc.oneof(fc.string(), fc.double().map(String)) }),
    fc.record({ intValue: fc.oneof(fc.integer(), fc.string()) }),
    fc.record({ doubleValue: fc.double() }),
    fc.jsonValue(),
  )
  const attribute = fc.oneof(
    fc.record({ key: fc.constantFrom(...keys), value }),
    fc.constant({ key: 'session.id', value: { stringValue: 's' } }),
    fc.jsonValue(),
  )
  const names = ['api_request', 'api_error', 'tool_decision', 'tool_result', 'x']
  const record = fc.record({
    timeUnixNano: fc.oneof(fc.string(), fc.double(), fc.jsonValue()),
    body: fc.record({ stringValue: fc.constantFrom(...names.map(it => `claude_code.${it}`)) }),
    attributes: fc.oneof(fc.array(attribute), fc.jsonValue()),
  })
  const attributes = fc.array(attribute)
  const span = fc.record({
    name: fc.constant('claude_code.llm_request'),
    endTimeUnixNano: fc.oneof(fc.double(), fc.jsonValue()),
    attributes: attributes.map(some => [
      ...some,
      { key: 'query_source_safe', value: { stringValue: 'auto_mode' } },
    ]),
  })
  const point = fc.record({ asDouble: fc.double(), attributes })
  const metric = fc.record({
    name: fc.constant('claude_code.cost.usage'),
    sum: fc.record({ aggregationTemporality: fc.constantFrom(1, 2), dataPoints: fc.array(point) }),
  })
  const some = (of: fc.Arbitrary<unknown>) => fc.array(fc.oneof(of, anything))
  const body = fc
    .tuple(some(record), some(span), some(metric))
    .map(([logRecords, spans, metrics]) => ({
      resourceLogs: [{ scopeLogs: [{ logRecords }, null] }, 3],
      resourceSpans: [{ scopeSpans: [{ spans }, null] }, 'x'],
      resourceMetrics: [{ scopeMetrics: [{ metrics }, []] }, {}],
    }))
  fc.assert(
    fc.property(fc.oneof(body, anything), sent => {
      for (const it of telemetryIn(sent, NOW)) {
        expect(parseRecord(JSON.stringify(it))).toEqual(it)
        expect(Number.isFinite(it.at)).toBe(true)
      }
    }),
  )
})

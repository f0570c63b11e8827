/** What the API streams arrives byte for byte, but for the one field that answers the client's check. */

import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CheckReply } from '../../src/action/check.ts'
import { EventStream } from '../../src/checkpoint/event-stream.ts'
import { type Desk, Exchange } from '../../src/checkpoint/exchange.ts'
import { largeCall, type Recorded, STREAMS, withDeltas } from './streams.ts'
import { ask, modelRequest, through } from './through.ts'

const FLAGGED = { outcome: 'flagged', explanation: 'no "way"' } as const
const flagAll: Desk['check'] = async ({ calls }) =>
  Object.fromEntries(calls.map(it => [it.action, FLAGGED])) as CheckReply

async function passed(recorded: Recorded, cuts: readonly number[], check = flagAll) {
  const exchange = new Exchange(deskWith(check), () => '')
  exchange.sent(Buffer.from(modelRequest()))
  exchange.sentAll()
  exchange.answering()
  const stream = new EventStream(exchange)
  const out: Buffer[] = []
  stream.on('data', bytes => out.push(bytes))
  const bytes = Buffer.from(recorded.text)
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    stream.write(bytes.subarray(from, cut))
    from = cut
  }
  stream.end()
  await new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject))
  return Buffer.concat(out).toString('utf8')
}

function deskWith(check: Desk['check']): Desk {
  return {
    listen: '',
    upstream: '',
    byHand: false,
    elsewhere: false,
    about: {},
    nameOf: session => session,
    check,
    metered: () => {},
    deadlineMs: () => 2000,
  }
}

/** What the last `message_delta` says of each call. */
function resultsIn(
  text: string,
): Record<string, { type?: string; outcome?: string; explanation?: string }> {
  const lines = text.split(/\r?\n/).filter(it => /^data: ?{ ?"type" ?: ?"message_delta"/.test(it))
  const delta = JSON.parse(lines.at(-1)?.replace(/^data: ?/, '') ?? '{}').delta ?? {}
  const [entry] = (delta.safeguard_results ?? []).filter(
    (it: { type: string }) => it.type === 'dangerous_tool_use',
  )
  return entry?.status?.tool_uses ?? {}
}

describe.each(STREAMS.filter(it => !it.isBroken))('$name', recorded => {
  test('passes as it is where nothing is added, cut at every byte', async () => {
    const left: Desk['check'] = async ({ calls }) =>
      Object.fromEntries(calls.map(it => [it.action, { outcome: 'left' }])) as CheckReply
    for (let cut = 0; cut <= Buffer.byteLength(recorded.text); cut++)
      expect(await passed(recorded, [cut], left)).toBe(recorded.text)
  })
})

describe.each(STREAMS.filter(it => it.isBroken))('$name', recorded => {
  test('has no verdict, and the gate is not asked', async () => {
    const never: Desk['check'] = () => Promise.reject(new Error('asked'))
    const results = resultsIn(await passed(recorded, [], never))
    expect(results.toolu_1).toEqual({
      type: 'unavailable',
      reason: 'the input of a call is not whole',
    })
  })
})

describe.each(STREAMS)('$name', recorded => {
  const bytes = Buffer.byteLength(recorded.text)

  test('is the same but for the answer, cut at every byte', async () => {
    const whole = await passed(recorded, [])
    for (let cut = 0; cut <= bytes; cut++) expect(await passed(recorded, [cut])).toBe(whole)
    expect(
      await passed(
        recorded,
        Array.from({ length: bytes }, (_, i) => i),
      ),
    ).toBe(whole)
    expect(Object.keys(resultsIn(whole))).toEqual(recorded.calls)
    // All that is new stands together: before and behind it is what was there.
    let same = 0
    while (whole[same] === recorded.text[same] && same < recorded.text.length) same++
    const rest = recorded.text.length - same
    const behind = (n: number): string => whole.slice(whole.length - n)
    let tail = 0
    while (tail < rest && behind(tail + 1) === recorded.text.slice(recorded.text.length - tail - 1))
      tail++
    const replaced = recorded.text.slice(same, recorded.text.length - tail)
    expect(replaced).toMatch(recorded.text.includes('safeguard_results') ? /^\w*"?$/ : /^$/)
  })
})

describe('what an API answered in an odd form is never loosened', () => {
  const no = { type: 'evaluated', outcome: 'flagged', explanation: 'the API says no' }
  const entry = (status: unknown) => ({ type: 'dangerous_tool_use', status })
  const uses = (tool_uses: unknown) => ({ type: 'available', tool_uses })
  const odd: Record<string, readonly object[]> = {
    'beside a call that is none': [{ safeguard_results: [entry(uses({ toolu_1: no, b: null }))] }],
    'beside a call without a type': [{ safeguard_results: [entry(uses({ toolu_1: no, b: {} }))] }],
    'in an earlier delta': [{ safeguard_results: [entry(uses({ toolu_1: no }))] }, {}],
    'no list': [{ safeguard_results: entry(uses({ toolu_1: no })) }],
    'unsupported, with a refusal': [
      { safeguard_results: [entry({ type: 'unsupported', tool_uses: { toolu_1: no } })] },
    ],
    'in a second entry': [
      {
        safeguard_results: [entry({ type: 'unsupported' }), entry(uses({ toolu_1: no }))],
      },
    ],
    'unavailable for all': [{ safeguard_results: [entry({ type: 'unavailable', reason: 'x' })] }],
    'of another kind of status': [{ safeguard_results: [entry('no')] }],
  }
  const allowAll: Desk['check'] = async ({ calls }) =>
    Object.fromEntries(calls.map(it => [it.action, { outcome: 'not_flagged' }])) as CheckReply

  test.each(Object.entries(odd))('%s', async (name, deltas) => {
    const text = withDeltas(deltas)
    const recorded = { name, text, calls: ['toolu_1'] }
    expect(await passed(recorded, [], allowAll)).toBe(text)
  })

  test('a key that stands twice: nothing is put where it would not be read', async () => {
    const twice = withDeltas([
      { safeguard_results: [entry(uses({ toolu_1: { ...no, outcome: 'not_flagged' } }))] },
    ]).replace('"tool_uses":{', '"tool_uses":{"toolu_1":{"type":"evaluated","outcome":"flagged"},')
    expect(await passed({ name: '', text: twice, calls: [] }, [])).toBe(twice)
  })
})

test('a value too deep to be looked into passes', async () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)
  const text = withDeltas([{ deep: 0 }]).replace('"deep":0', `"deep":${deep}`)
  expect(await passed({ name: '', text, calls: [] }, [])).toBe(text)
})

test('two calls in one place have no verdict', async () => {
  const one = withDeltas([{}])
  const start = one.indexOf('event: content_block_start')
  const end = one.indexOf('event: message_delta')
  const second = one.slice(start, end).replaceAll('toolu_1', 'toolu_2')
  const text = one.slice(0, end) + second + one.slice(end)
  const types = Object.values(resultsIn(await passed({ name: '', text, calls: [] }, [])))
  expect(types.map(it => it.type)).toEqual(['unavailable', 'unavailable'])
})

test.each([
  ['a line that does not end', 'event: x\ndata: '],
  ['an end that does not end', 'event: message_delta\ndata: '],
])('%s passes, and is not kept', async (_, beginning) => {
  const stream = new EventStream(new Exchange(deskWith(flagAll), () => ''))
  let length = 0
  stream.on('data', bytes => {
    length += bytes.length
  })
  stream.write(beginning)
  const piece = Buffer.alloc(1 << 20, 'x')
  for (let i = 0; i < 60; i++)
    if (!stream.write(piece)) await new Promise(resolve => stream.once('drain', resolve))
  expect(length).toBeGreaterThan(50 << 20)
})

test('any stream, in any pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...STREAMS),
      fc.array(fc.nat({ max: 2000 }), { maxLength: 20 }),
      async (recorded, places) => {
        const bytes = Buffer.byteLength(recorded.text)
        const cuts = [...new Set(places.map(it => it % (bytes + 1)))].sort((a, b) => a - b)
        expect(await passed(recorded, cuts)).toBe(await passed(recorded, []))
      },
    ),
    { numRuns: 300 },
  )
})

test.each([true, false])('an input of 10 MB (in one event: %s)', async inOne => {
  const large = largeCall(10 << 20, inOne)
  const judged: unknown[] = []
  const out = await passed(large, [1, 77, 1 << 20, 3 << 20], async (asked, signal) => {
    judged.push(...asked.calls.map(it => it.input))
    return flagAll(asked, signal)
  })
  expect(resultsIn(out).toolu_1).toMatchObject({ outcome: 'flagged', explanation: 'no "way"' })
  expect(out.length).toBeGreaterThan(large.text.length)
  expect(out.startsWith(large.text.slice(0, large.text.length - 200))).toBe(true)
  expect(Object.keys(Object(judged[0]))).toEqual(['file_path', 'content'])
})

describe('over the network', () => {
  const PACKED = {
    identity: (text: string) => Buffer.from(text),
    gzip: (text: string) => gzipSync(text),
    deflate: (text: string) => deflateSync(text),
    br: (text: string) => brotliCompressSync(text),
    zstd: (text: string) => zstdCompressSync(text),
  }
  const serve = (bytes: Buffer, encoding: string, step: number) =>
    through((_, response) => {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
      })
      for (let at = 0; at < bytes.length; at += step) response.write(bytes.subarray(at, at + step))
      response.end()
    }, flagAll)

  test.each(Object.entries(PACKED))('%s: unpacked where an answer is added', async (name, pack) => {
    for (const recorded of STREAMS) {
      const { url } = await serve(pack(recorded.text), name, 61)
      const got = await ask(url, { body: modelRequest() })
      const added = await passed(recorded, [])
      expect(got.body.toString()).toBe(added)
      expect(got.headers.join('\n').toLowerCase()).not.toContain('content-encoding')
    }
  })

  test.each(Object.entries(PACKED))('%s: as it is where nobody asks', async (name, pack) => {
    for (const recorded of STREAMS) {
      const packed = pack(recorded.text)
      const { url, metered } = await serve(packed, name, 61)
      const got = await ask(url, { body: modelRequest({ safeguards: undefined }) })
      expect(got.body.equals(packed)).toBe(true)
      await expect.poll(() => metered.length).toBe(1)
      expect(metered[0]).toMatchObject({ checked: 'not asked', status: 200, message: 'msg_01' })
    }
  })
})

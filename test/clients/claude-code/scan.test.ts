/** Reading in bulk must tell exactly what reading each line whole tells. */
import { readFileSync } from 'node:fs'
import { basename, relative } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/action/event.ts'
import { findTranscripts } from '../../../src/clients/claude-code/layout.ts'
import { scanLine } from '../../../src/clients/claude-code/scan.ts'
import { type Reading, TranscriptReader } from '../../../src/clients/claude-code/transcript.ts'
import {
  altered,
  answer,
  anyValue,
  other,
  plainValue,
  result,
  shapeToJson,
  shuffled,
} from '../../helpers/client-lines.ts'
import { FIXTURES } from '../../helpers/folder.ts'
import { callLine, promptLine, resultLine, SESSION, textLine } from '../../helpers/lines.ts'

type Told = Event | 'not JSON'

function eventsOf(lines: readonly string[], reading: Reading, agent = ''): Told[] {
  const told: Told[] = []
  const reader = new TranscriptReader(
    '/f.jsonl',
    agent,
    (_, t) => t.output,
    e => told.push(e),
  )
  let offset = 0
  for (const line of lines) {
    const bytes = Buffer.from(line)
    try {
      reader.read({ bytes, start: 0, end: bytes.length, offset }, reading)
    } catch {
      told.push('not JSON')
    }
    offset += bytes.length + 1
  }
  return told
}

function expectSame(lines: readonly string[], agent = ''): void {
  // Before a version is known every line is read whole, so that is told first.
  const known = [promptLine('go'), ...lines]
  expect(eventsOf(known, 'bulk', agent)).toEqual(eventsOf(known, 'exact', agent))
}

const RUNS = { numRuns: 600 }

describe('generated lines', () => {
  test('in the client’s own order, with any text in them', () => {
    const line = fc.oneof(answer(plainValue), result(plainValue)).map(shapeToJson)
    fc.assert(
      fc.property(fc.array(fc.oneof(line, other), { maxLength: 4 }), lines => expectSame(lines)),
      RUNS,
    )
  })

  test('answers whose inputs hold what looks like a part of a line', () => {
    const line = answer(anyValue).map(shapeToJson)
    fc.assert(
      fc.property(line, json => expectSame([json])),
      RUNS,
    )
  })

  test('results that hold what looks like a part of a line', () => {
    const line = result(anyValue).map(shapeToJson)
    fc.assert(
      fc.property(line, json => expectSame([json])),
      RUNS,
    )
  })

  test('with keys missing and keys that nobody knows yet', () => {
    const line = fc.oneof(answer(plainValue), result(plainValue)).chain(altered).map(shapeToJson)
    fc.assert(
      fc.property(line, json => expectSame([json])),
      RUNS,
    )
  })

  test('in any other order of keys', () => {
    const line = fc.oneof(answer(anyValue), result(anyValue)).chain(shuffled).map(shapeToJson)
    fc.assert(
      fc.property(line, json => expectSame([json])),
      RUNS,
    )
  })
})

describe('lines that once could fool it', () => {
  const usage = { input_tokens: 5, output_tokens: 6 }
  const messageLine = (more: object): string => {
    const line = JSON.parse(callLine({ id: 't' }))
    return JSON.stringify({ ...line, message: { ...line.message, ...more } })
  }
  const usageLine = (told: object): string => messageLine({ usage: told })
  const blockLine = (block: object): string =>
    messageLine({ content: [{ name: 'Bash', input: { command: 'x' }, ...block }] })
  const LINES: readonly (readonly [string, string])[] = [
    ['a call with no command', callLine({ id: 't', input: {} })],
    [
      'a command in an object before the command',
      callLine({ id: 't', input: { env: { command: 'fake' }, command: 'real' } }),
    ],
    ['a long run of backslashes', callLine({ id: 't', input: { command: '\\'.repeat(2000) } })],
    ['a usage in the input', callLine({ id: 't', input: { command: 'x', usage } })],
    [
      'names of the usage in its split, and the other way round',
      usageLine({
        input_tokens: 5,
        output_tokens: 6,
        thinking_tokens: 7,
        ephemeral_1h_input_tokens: 8,
        cache_creation: { input_tokens: 1, ephemeral_5m_input_tokens: 2, thinking_tokens: 3 },
        output_tokens_details: { output_tokens: 4, ephemeral_1h_input_tokens: 9 },
      }),
    ],
    ['a call with the id of a result', blockLine({ type: 'tool_use', tool_use_id: 'a' })],
    ['a call with two ids', blockLine({ type: 'tool_use', id: 'a', tool_use_id: 'b' })],
    ['a tool of an MCP server', callLine({ id: 't', tool: 'mcp__a__b', input: { command: 'x' } })],
    ['an answer quoted in a text', textLine(callLine({ id: 'fake' }))],
    ['a result quoted in a result', resultLine('t', resultLine('fake', 'x', { error: true }))],
    [
      'a stamp in what the tool returned',
      resultLine('t', 'x', {
        toolUseResult: { timestamp: '2020-01-01T00:00:00Z', is_error: true },
      }),
    ],
    ['an id with an umlaut', callLine({ id: 'tö' }, { message: 'mö', session: 'sö' })],
    ['a result with an umlaut', resultLine('tö', 'x', { session: 'sö' })],
    [
      'a summary cut within a character',
      callLine({ id: 't', input: { command: '😀'.repeat(200) } }),
    ],
  ]

  test.each(LINES)('%s', (_, line) => {
    expectSame([line])
  })

  test('a subagent’s line in the session’s own file (older clients)', () => {
    const own = JSON.parse(callLine({ id: 't' }))
    expectSame([JSON.stringify({ parentUuid: null, agentId: 'a1', ...own })])
    expectSame([JSON.stringify({ ...own, agentId: 'a1' })])
  })

  test('a call, a prompt and a line without a type that have an attachment before their message', () => {
    for (const line of [callLine({ id: 't' }), promptLine('go on')]) {
      const { type, ...rest } = JSON.parse(line)
      expectSame([JSON.stringify({ attachment: { type: 'x' }, type, ...rest })])
      expectSame([JSON.stringify({ attachment: { type: 'x' }, ...rest })])
    }
  })

  test('a mode line without a time comes after the attachment before it', () => {
    const at = '2026-11-23T10:09:00.000Z'
    const attachment = { parentUuid: null, attachment: { type: 'x' }, type: 'attachment' }
    expectSame([
      JSON.stringify({ ...attachment, timestamp: at, sessionId: SESSION }),
      JSON.stringify({ type: 'permission-mode', permissionMode: 'plan', sessionId: SESSION }),
    ])
  })
})

describe('what the scanner reads by itself', () => {
  const lineAt = (timestamp: string): string =>
    JSON.stringify({ ...JSON.parse(callLine({ id: 't' })), timestamp })

  test.each([
    '1999-12-31T23:59:59.999Z',
    '2024-02-29T00:00:00.000Z',
    '2025-02-29T00:00:00.000Z',
    '2100-03-01T12:30:45.678Z',
    '2026-04-31T10:00:00.000Z',
    '2026-13-01T10:00:00.000Z',
    '2026-11-23T24:00:00.000Z',
    '2026-11-23T10:00:00.00xZ',
    '2026-11-23T10:00:00.000+01:00',
    '2026-11-23T10:00:00Z',
    '2026-11-23',
    'yesterday',
  ])('the time %s', timestamp => {
    expectSame([lineAt(timestamp), lineAt('2026-11-23T10:00:00.000Z')])
  })

  test('more sessions, models and tools than it keeps names of', () => {
    const lines = Array.from({ length: 1500 }, (_, i) =>
      callLine({ id: `t${i}` }, { session: `s${i}` }),
    )
    expectSame([...lines, ...lines.slice(0, 20)])
    expectSame([callLine({ id: 't' }, { session: 's'.repeat(200) })])
  })

  test('lines that are longer than its room', () => {
    const long = 'x'.repeat(3 << 20)
    expectSame([resultLine('t', long), callLine({ id: 't', input: { command: long } })])
  })
})

describe('the fixtures', () => {
  const files = findTranscripts(FIXTURES)

  test.each(files.map(f => [relative(FIXTURES, f.path), f] as const))('%s', (_, file) => {
    const lines = readFileSync(file.path, 'utf8').split('\n')
    const whole = lines.filter(line => line !== '')
    expect(whole.length).toBeGreaterThan(5)
    expectSame(whole, file.agent)
    for (const line of whole) expectSame([line], file.agent)
  })

  test('and it is worth it: most lines that tell something need no parsing', () => {
    const path = files.find(f => basename(f.path).startsWith('5444551f'))?.path ?? ''
    const told = readFileSync(path, 'utf8')
      .split('\n')
      .filter(line => /"type":"assistant"|"type":"tool_result"/.test(line))
      .map(line => scanLine(Buffer.from(line), 0, Buffer.byteLength(line), ''))
    const parsed = told.filter(scanned => scanned === 'unsure')
    expect(told.length).toBeGreaterThan(20)
    expect(parsed.length).toBeLessThan(told.length / 3)
  })
})

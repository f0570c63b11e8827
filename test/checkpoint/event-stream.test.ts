/** Every byte passes as it came, however it is cut; only the last message_delta may be changed. */
import { describe, expect, test } from 'vitest'
import { EventStream, type Reader } from '../../src/checkpoint/event-stream.ts'

async function through(chunks: readonly Buffer[], reader: Partial<Reader> = {}): Promise<Buffer> {
  const stream = new EventStream({
    wants: () => true,
    event: () => {},
    last: async () => null,
    ...reader,
  })
  const out: Buffer[] = []
  stream.on('data', bytes => out.push(bytes))
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  await new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject))
  return Buffer.concat(out)
}
const AT = (data: string) => `${data.slice(0, -1)},"added":true}`
const S = (eol: string, named = true) =>
  [
    { type: 'message_start', message: { id: 'm' } },
    { type: 'ping' },
    { type: 'content_block_delta', index: 0, delta: { text: 'event: message_delta ä €' } },
    { type: 'message_delta', delta: { stop_reason: null } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    { type: 'ping' },
    { type: 'message_stop' },
  ]
    .map(it => `${named ? `event: ${it.type}${eol}` : ''}data: ${JSON.stringify(it)}${eol}${eol}`)
    .join('')

describe.each([
  ['LF', S('\n')],
  ['CRLF', S('\r\n')],
  ['without names', S('\n', false)],
])('%s', (_, text) => {
  const bytes = Buffer.from(text)
  const last = '{"type":"message_delta","delta":{"stop_reason":"tool_use"}}'
  const changed = text.replace(last, AT(last))
  test('cut at every byte', async () => {
    for (let at = 0; at <= bytes.length; at++) {
      const cut = [bytes.subarray(0, at), bytes.subarray(at)]
      expect((await through(cut)).toString()).toBe(text)
      expect((await through(cut, { last: async data => AT(data) })).toString()).toBe(changed)
    }
    const each = Array.from(bytes, byte => Buffer.from([byte]))
    expect((await through(each, { last: async data => AT(data) })).toString()).toBe(changed)
  })
})

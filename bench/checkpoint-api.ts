// An API that streams as models do: /v1/messages?events=N&ms=M sends N text events, M milliseconds
// apart (0: as fast as the socket takes them), then a tool call. Prints its port.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as rest } from 'node:timers/promises'

const event = (type: string, more: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`

const START =
  event('message_start', {
    message: {
      id: 'msg_1',
      model: 'claude-opus-4-6',
      usage: { input_tokens: 9, output_tokens: 1 },
    },
  }) + event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
const TEXT = event('content_block_delta', {
  index: 0,
  delta: { type: 'text_delta', text: ' of what a model says in one event, a few words' },
})
const CALL = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }
const INPUT = { type: 'input_json_delta', partial_json: '{"command":"git status --short"}' }
const END =
  event('content_block_stop', { index: 0 }) +
  event('content_block_start', { index: 1, content_block: CALL }) +
  event('content_block_delta', { index: 1, delta: INPUT }) +
  event('content_block_stop', { index: 1 }) +
  event('message_delta', { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 99 } }) +
  event('message_stop', {})

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://api')
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    void stream(response, Number(searchParams.get('events')), Number(searchParams.get('ms')))
  })
})

async function stream(response: ServerResponse, events: number, ms: number): Promise<void> {
  response.write(START)
  for (let i = 0; i < events && !response.destroyed; i++) {
    if (!response.write(TEXT)) await once(response, 'drain')
    if (ms > 0) await rest(ms)
  }
  response.end(END)
}

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port) // it listens on a port
})

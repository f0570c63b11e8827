// kill -9 of a checkpoint, or of the gate behind it, while the answer of a model goes through.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as rest } from 'node:timers/promises'
import { COMMANDS } from './clients.ts'
import { killed } from './home.ts'
import { killGate } from './hook-kills.ts'
import { type OtherKills, said, started } from './other-kills.ts'

const PIECE = 200
const PIECE_MS = 3

/** What a client read of an answer: no call that the judge refuses was let through, not even half. */
export const checkpoint: OtherKills = async (home, random, trials) => {
  const faults: string[] = []
  const api = createServer(async (request, response) => {
    const command = decodeURIComponent((request.url ?? '').split('?')[1] ?? '')
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const stream = streamOf(command)
    for (let at = 0; at < stream.length; at += PIECE) {
      response.write(stream.slice(at, at + PIECE))
      await rest(PIECE_MS)
    }
    response.end()
  })
  await new Promise<void>(resolve => api.listen(0, '127.0.0.1', resolve))
  const upstream = `http://127.0.0.1:${(api.address() as AddressInfo).port}` // it listens on a port
  let whole = 0
  for (let i = 0; i < trials; i++) {
    const command = random.pick([COMMANDS.allow, COMMANDS.deny])
    const child = started(home, 'checkpoint', '--upstream', upstream, '--listen', '127.0.0.1:0')
    const url = await said(child, /http:\/\/127\.0\.0\.1:\d+(?=, in front)/)
    const reading = bodyOf(`${url}/v1/messages?${encodeURIComponent(command)}`)
    // Every third is left alone, so that it is known what a whole answer is.
    if (i % 3 > 0) {
      await rest(random.next() * 60)
      if (random.chance(0.3)) killGate(home)
      else await killed(child)
    }
    const read = await reading
    await killed(child)
    const approved = read.includes('"not_flagged"')
    if (approved && command === COMMANDS.deny) faults.push(`${i}: what is refused was let through`)
    if (read.includes('message_stop')) whole++
  }
  api.close()
  api.closeAllConnections()
  if (whole === 0) faults.push('no answer came through whole: nothing was tried')
  return faults
}

/** As far as it came. */
async function bodyOf(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'x-claude-code-session-id': 'c' }
  let read = ''
  try {
    const response = await fetch(url, { method: 'POST', body: REQUEST, headers })
    const decoder = new TextDecoder()
    for await (const piece of response.body ?? []) read += decoder.decode(piece, { stream: true })
  } catch {
    // It was killed.
  }
  return read
}

const REQUEST = JSON.stringify({
  model: 'claude-opus-4-6',
  stream: true,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'go on' }] }],
  safeguards: [
    {
      type: 'dangerous_tool_use',
      classifier_context: { v: 1, permission_mode: 'auto', live_cwd: '/srv/app', home_dir: '/srv' },
    },
  ],
})

const event = (type: string, more: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`

const streamOf = (command: string): string => {
  const message = { id: 'msg_1', model: 'claude-opus-4-6', usage: { input_tokens: 9 } }
  const content_block = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }
  const delta = { type: 'input_json_delta', partial_json: JSON.stringify({ command }) }
  return [
    event('message_start', { message }),
    event('content_block_start', { index: 0, content_block }),
    event('content_block_delta', { index: 0, delta }),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } }),
    event('message_stop'),
  ].join('')
}

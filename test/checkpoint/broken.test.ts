/** An API that breaks off, answers before it is asked, or speaks no HTTP: nobody hangs, nothing falls over. */
import { once } from 'node:events'
import { request } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createProxy } from '../../src/checkpoint/proxy.ts'
import { ask, gotten, listening, modelRequest, through } from './through.ts'

/** A checkpoint before a socket that answers so. */
async function before(answer: string | Buffer): Promise<{ url: string; errors: string[] }> {
  const api = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', () => socket.write(answer))
  })
  api.listen(0, '127.0.0.1')
  await once(api, 'listening')
  onTestFinished(() => void api.close())
  const { port } = api.address() as { port: number } // it listens on a port
  return checkpointAt(`http://127.0.0.1:${port}`)
}

async function checkpointAt(upstream: string): Promise<{ url: string; errors: string[] }> {
  const errors: string[] = []
  const desk = {
    ...{ listen: 'http://here', upstream, byHand: false, elsewhere: false, about: {} },
    nameOf: (session: string) => session,
    check: async () => ({}),
    metered: (it: { error: string }) => void errors.push(it.error),
    deadlineMs: () => 2000,
  }
  return { url: await listening(createProxy(new URL(upstream), desk, {})), errors }
}

async function inPieces(url: string): Promise<[number, string, boolean]> {
  const { hostname, port } = new URL(url)
  const headers = { 'Transfer-Encoding': 'chunked' }
  const path = '/v1/messages'
  const asking = request({ hostname, port, method: 'POST', path, headers, agent: false })
  asking.end(modelRequest())
  const [answer] = await once(asking, 'response')
  const { status, body, whole } = await gotten(answer)
  return [status, body.toString(), whole]
}

const CUT = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\n'

test('an answer that breaks while it is gathered is passed on as far as it came, in both ways', async () => {
  const { url, errors } = await before(CUT)
  expect(await inPieces(url)).toEqual([200, 'hello', false])
  const { status, body, whole } = await ask(url, { body: modelRequest() })
  expect([status, body.toString(), whole]).toEqual([200, 'hello', false])
  expect(errors).toEqual(['ECONNRESET', expect.stringContaining('chunk size')])
})

test('what is no HTTP is told as that', async () => {
  const { url, errors } = await before('hello\r\n\r\n')
  const { status, body } = await ask(url, { body: modelRequest() })
  expect([status, body.toString()]).toEqual([502, expect.stringContaining('HTTP/1.1 protocol')])
  expect(errors).toEqual([expect.stringContaining('HTTP/1.1 protocol')])
})

test('a 100 that nobody asked for fails once only', async () => {
  const { url } = await before(
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  )
  const seen = []
  for (let i = 0; i < 3; i++) seen.push((await ask(url, { body: modelRequest() })).status)
  expect(seen).toEqual([502, 200, 200])
})

test('the words behind a status keep their bytes', async () => {
  const words = Buffer.from('größer 日本').toString('latin1')
  const head = `HTTP/1.1 200 ${words}\r\n`
  const { url } = await before(Buffer.from(`${head}Content-Length: 0\r\n\r\n`, 'latin1'))
  const { socket, text } = open(url)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await expect.poll(text).toContain(head)
})

function open(url: string): { socket: Socket; text: () => string } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.on('data', bytes => {
    text += bytes.toString('latin1')
  })
  onTestFinished(() => void socket.destroy())
  return { socket, text: () => text }
}

describe('an upload', () => {
  test('goes on after the answer has begun', async () => {
    const { url } = await through((it, response) => {
      response.write('hi')
      it.pipe(response)
    })
    const { hostname, port } = new URL(url)
    const body = Buffer.alloc(300_000, 'x')
    const headers = { 'Content-Length': body.length }
    const asking = request({ hostname, port, method: 'POST', headers, agent: false })
    asking.write(body.subarray(0, 1000))
    const [answer] = await once(asking, 'response')
    asking.end(body.subarray(1000))
    const { body: back, whole } = await gotten(answer)
    expect([back.length, whole]).toEqual([body.length + 2, true])
  })

  test('to an API that is not there is taken, and the connection goes on', async () => {
    const { url } = await checkpointAt('http://127.0.0.1:1')
    const { socket, text } = open(url)
    const bytes = 2_000_000
    socket.write(`POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`)
    await new Promise(resolve => socket.write(Buffer.alloc(bytes), resolve))
    socket.write('GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n')
    await expect.poll(() => text().match(/HTTP\/1\.1 502/g)?.length).toBe(2)
  })

  test('that the API resets ends for the client as well, and nothing falls over', async () => {
    const api = createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => socket.resetAndDestroy())
    })
    api.listen(0, '127.0.0.1')
    await once(api, 'listening')
    onTestFinished(() => void api.close())
    const { port } = api.address() as { port: number } // it listens on a port
    const { url } = await checkpointAt(`http://127.0.0.1:${port}`)
    for (let i = 0; i < 3; i++) {
      const { status } = await ask(url, { path: '/v1/files', body: Buffer.alloc(3_000_000) })
      expect(status).toBe(502)
    }
    await sleep(50)
  })
})

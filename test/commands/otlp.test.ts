/** `signalbox otlp`: a real receiver, and what `watch` then tells. */
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/monitor/snapshot.ts'
import { readOtlp } from '../../src/sources/otlp.ts'
import { linesOf, nextLine, runCli, startCli } from '../helpers/cli.ts'
import { FIXTURES, put, tempFolder } from '../helpers/folder.ts'
import { newHome } from '../helpers/home.ts'
import { EXPORTED_SESSION, exported, keptIn, receiving } from '../helpers/otlp.ts'

const ALL = { from: 0, to: Number.POSITIVE_INFINITY }
const RECORDED = '05ddb86e-1c43-410d-b3e9-d675f27a54ef'

/** A home in which the transcript of a session lies whose calls have the same ids as the exported one. */
function homeWithTranscript() {
  const home = newHome()
  const project = join(home.client, 'projects', '-home-dev-app')
  mkdirSync(project, { recursive: true })
  cpSync(join(FIXTURES, 'auto-classifier-2.1.150', RECORDED), join(project, EXPORTED_SESSION), {
    recursive: true,
  })
  const transcript = readFileSync(
    join(FIXTURES, 'auto-classifier-2.1.150', `${RECORDED}.jsonl`),
    'utf8',
  )
  put(join(project, `${EXPORTED_SESSION}.jsonl`), transcript.replaceAll(RECORDED, EXPORTED_SESSION))
  return { ...home, otlp: join(home.state, 'otlp') }
}

async function sent(env: Record<string, string>, version?: '2.1.330') {
  const receiver = await receiving(env)
  for (const { url, body } of exported(version)) {
    const answer = await receiver.post(url, JSON.stringify(body))
    expect([answer.status, await answer.json()]).toEqual([200, {}])
  }
  return receiver
}

async function snapshot(home: { run: (...args: string[]) => Promise<{ stdout: string }> }) {
  const { stdout } = await home.run('watch', '--once', '--json')
  const told: Snapshot = JSON.parse(stdout)
  return told
}

describe('what a client exported', () => {
  test('is kept in a file of the day that is its owner’s only, and watch tells of it', async () => {
    const home = homeWithTranscript()
    const before = await snapshot(home)
    const receiver = await sent(home.env)
    const [day = '', ...more] = keptIn(home.otlp).trim().split('\n')
    expect(more).toHaveLength(35)
    expect(JSON.parse(day)).toMatchObject({ type: 'request', request: 'req_2' })
    const file = join(home.otlp, `${new Date().toISOString().slice(0, 10)}.jsonl`)
    expect([statSync(home.otlp).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600])

    const after = await snapshot(home)
    const session = after.sessions.find(it => it.id === EXPORTED_SESSION)
    expect(session?.requests).toEqual({ total: 15, failed: 0, retried: 0 })
    expect(session?.telemetry).toEqual([
      {
        querySource: 'sdk',
        requests: 12,
        failed: 0,
        tokens: { input: 14_400, output: 2640, cacheRead: 180_000, cacheWrite: 36_000 },
        costUsd: 0.453,
        ms: expect.any(Number),
      },
      expect.objectContaining({ querySource: 'agent:builtin:general-purpose', requests: 3 }),
    ])
    const action = after.actions.find(it => it.id === 'toolu_6_0')
    expect(action?.telemetry).toEqual({
      decision: 'accept',
      source: 'config',
      classifier: '',
      runMs: 229,
    })
    // Nothing that the transcripts tell counts twice.
    expect(after.totals).toMatchObject({
      tokens: before.totals.tokens,
      costUsd: before.totals.costUsd,
      actions: before.totals.actions,
    })
    expect(await receiver.stop()).toBe(0)
  })

  test('by 2.1.330 tells what its own classifier took, at list prices', async () => {
    const home = newHome()
    await sent(home.env, '2.1.330')
    const { sessions } = await snapshot(home)
    const own = sessions[0]?.telemetry?.find(it => it.querySource === 'auto_mode')
    expect(own).toMatchObject({ requests: 10, failed: 0, costUsd: 0.151 })
    expect(own?.ms).toBeGreaterThan(40)
    expect(sessions[0]?.requests?.total).toBe(18)
  })

  test('comes to the screen while it watches', async () => {
    const home = homeWithTranscript()
    const receiver = await receiving(home.env)
    const watching = startCli(['watch', '--json'], home.env)
    const lines = linesOf(watching)
    expect(await nextLine(lines)).toContain('"snapshot"')
    for (const { url, body } of exported()) await receiver.post(url, JSON.stringify(body))
    let told = ''
    while (!told.includes('"runMs":229}')) told = await nextLine(lines)
    expect(JSON.parse(told)).toMatchObject({ action: { telemetry: { runMs: 229 } } })
    watching.kill()
  })

  test('of a session without a transcript is shown, too', async () => {
    const home = newHome()
    await sent(home.env)
    const { sessions, totals } = await snapshot(home)
    expect(sessions).toMatchObject([{ id: EXPORTED_SESSION, costUsd: 0, requests: { total: 15 } }])
    expect(totals.requests).toMatchObject({ total: 15, untold: 0 })
  })

  test('may be zipped, and sent again', async () => {
    const home = newHome()
    const receiver = await receiving(home.env)
    for (const { url, body } of [...exported(), ...exported()]) {
      const zipped = new Uint8Array(gzipSync(JSON.stringify(body)))
      const { status } = await receiver.post(url, zipped, { 'content-encoding': 'gzip' })
      expect(status).toBe(200)
    }
    const records = [...readOtlp(join(home.state, 'otlp'), ALL)]
    expect(records).toHaveLength(36)
    const { sessions } = await snapshot(home)
    expect(sessions[0]?.requests?.total).toBe(15)
    expect(sessions[0]?.telemetry?.[0]?.requests).toBe(12)
  })

  test('is not lost when the receiver is killed and started again', async () => {
    const home = newHome()
    const otlp = join(home.state, 'otlp')
    const [first, second, ...rest] = exported().filter(it => it.url === '/v1/logs')
    const receiver = await receiving(home.env)
    for (const it of [first, second]) await receiver.post('/v1/logs', JSON.stringify(it?.body))
    await receiver.stop('SIGKILL')
    const day = join(otlp, `${new Date().toISOString().slice(0, 10)}.jsonl`)
    writeFileSync(day, '{"type":"requ', { flag: 'a' })
    const again = await receiving(home.env)
    for (const { body } of rest) await again.post('/v1/logs', JSON.stringify(body))
    expect([...readOtlp(otlp, ALL)]).toHaveLength(36)
    const { sessions } = await snapshot(home)
    expect(sessions[0]?.requests?.total).toBe(15)
  })
})

/** A connection on which the server hung up may be the one that is taken next. */
const again = <T>(post: () => Promise<T>): Promise<T> => post().catch(post)

describe('what is hostile ends in a status', () => {
  test.each([
    ['no JSON', '/v1/logs', '{"resourceLogs":[', {}, 400],
    ['no gzip', '/v1/logs', 'plain', { 'content-encoding': 'gzip' }, 400],
    [
      'half a gzip',
      '/v1/logs',
      new Uint8Array(gzipSync('{}').subarray(0, 15)),
      { 'content-encoding': 'gzip' },
      400,
    ],
    ['a form', '/v1/logs', 'a=b', { 'content-type': 'text/plain' }, 415],
    ['protobuf', '/v1/logs', 'x', { 'content-type': 'application/x-protobuf' }, 415],
    ['another encoding', '/v1/logs', '{}', { 'content-encoding': 'br' }, 415],
    ['another path', '/v1/secrets', '{}', {}, 404],
    ['a name of every object', '/constructor', '{}', {}, 404],
    ['a page of a browser', '/v1/logs', '{}', { origin: 'https://evil.example' }, 403],
    ['too large', '/v1/logs', `"${'x'.repeat(17 << 20)}"`, {}, 413],
    ['far too large', '/v1/logs', 'x'.repeat(90 << 20), {}, 413],
    [
      'a bomb',
      '/v1/logs',
      new Uint8Array(gzipSync(Buffer.alloc(128 << 20, 0x20))),
      { 'content-encoding': 'gzip' },
      413,
    ],
    ['no object', '/v1/logs', 'null', {}, 200],
    ['deep', '/v1/logs', '['.repeat(100_000) + ']'.repeat(100_000), {}, 200],
  ] as const)('%s', async (_, path, body, headers, wanted) => {
    const home = newHome()
    const receiver = await receiving(home.env)
    // The server may hang up on a body that it does not want before all of it was sent.
    const status = await receiver.post(path, body, headers).then(
      async answer => {
        await answer.text()
        return answer.status
      },
      () => 'hung up',
    )
    expect([wanted, ...(wanted === 413 ? ['hung up'] : [])]).toContain(status)
    expect((await again(() => receiver.post('/v1/logs', '{}'))).status).toBe(200)
    expect(keptIn(join(home.state, 'otlp'))).toBe('')
    expect(receiver.stderr()).toBe('')
  })

  test('a request by another name of this machine, by another method, or none', async () => {
    const receiver = await receiving(newHome().env)
    const { port } = new URL(receiver.url)
    const asked = (method: string, host: string) =>
      new Promise(resolve => {
        const headers = { host, 'content-type': 'application/json' }
        const path = '/v1/logs'
        request({ port, host: '127.0.0.1', method, path, headers }, it => {
          it.resume()
          resolve(it.statusCode)
        }).end('{}')
      })
    expect(await asked('POST', 'evil.example')).toBe(403)
    expect(await asked('PUT', 'localhost')).toBe(405)
    const raw = connect(Number(port), '127.0.0.1').setEncoding('utf8')
    raw.write('\x00\x1b]0;x\x07\r\n\r\n')
    for await (const answer of raw) expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect((await receiver.post('/v1/logs', '{}')).status).toBe(200)
  })

  test('a sender that hangs up', async () => {
    const receiver = await receiving(newHome().env)
    const { port } = new URL(receiver.url)
    const head = 'POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
    for (const more of ['', 'Content-Encoding: gzip\r\n']) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(`${head}${more}Content-Length: 1000\r\n\r\n{"reso`)
      await new Promise(resolve => setTimeout(resolve, 50))
      socket.resetAndDestroy()
    }
    expect((await receiver.post('/v1/logs', '{}')).status).toBe(200)
    expect(await receiver.stop()).toBe(0)
    expect(receiver.stderr()).toBe('')
  })

  test('names with control characters reach no terminal as they are', async () => {
    const home = newHome()
    const receiver = await receiving(home.env)
    const evil = '\x1b]0;x\x07\u202e\u009b31m'
    const told = {
      'session.id': evil,
      query_source: evil,
      model: evil,
      tool_use_id: evil,
      source: evil,
    }
    const attributes = Object.entries(told).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    }))
    const logRecords = ['api_request', 'api_error', 'tool_decision'].map(name => ({
      body: { stringValue: `claude_code.${name}` },
      attributes,
    }))
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
    expect((await receiver.post('/v1/logs', body)).status).toBe(200)
    for (const args of [['--json'], ['--plain'], []]) {
      const { stdout, code } = await home.run('watch', '--once', ...args)
      expect(code).toBe(0)
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
    }
    const { sessions } = await snapshot(home)
    expect(sessions[0]?.telemetry?.[0]?.querySource).toBe(evil)
  })

  test('a folder that is not its owner’s only is not written', async () => {
    const home = newHome()
    put(join(home.state, 'otlp'), 'a file')
    const { code, stderr } = await home.run('otlp', '--listen', '127.0.0.1:0')
    expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1])
    expect(stderr).toContain('otlp: ')
  })
})

describe('wrong usage', () => {
  test.each([
    [['--listen', '0.0.0.0:4318'], 'only this machine may send'],
    [['--listen', 'example.com:4318'], 'only this machine may send'],
    [['--listen', '/tmp/x.sock'], 'only this machine may send'],
    [['--listen', '4318'], '--listen takes HOST:PORT'],
    [['more'], "unexpected 'more'"],
  ])('%j is refused in one line', async (args, says) => {
    const { code, stdout, stderr } = await runCli(['otlp', ...args], {
      XDG_STATE_HOME: tempFolder(),
    })
    expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([2, '', 1])
    expect(stderr).toContain(says)
  })

  test('a port that is taken is named', async () => {
    const home = newHome()
    const receiver = await receiving(home.env)
    const { host } = new URL(receiver.url)
    const { code, stderr } = await home.run('otlp', '--listen', host)
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(`--listen ${host}: cannot listen there (EADDRINUSE)`),
    ])
  })
})

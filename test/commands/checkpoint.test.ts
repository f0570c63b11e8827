/** `signalbox checkpoint` and `run`, as programs; what `init`, `doctor` and `uninstall` do for them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type RequestListener, request } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Entry, parseEntry } from '../../src/action/entry.ts'
import { oneCall } from '../checkpoint/streams.ts'
import { ask, gotten, listening, modelRequest } from '../checkpoint/through.ts'
import { PROGRAM, startCli } from '../helpers/cli.ts'
import { put } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'

const STREAM = oneCall('ls -la')
const KEY = 'sk-ant-api03-of-nobody'
const TLS = join(import.meta.dirname, '../fixtures/tls')

const streams: RequestListener = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.end(STREAM)
}

/** A home in which auto mode is enabled, its gate ended with the test. */
async function enabled(...more: string[]): Promise<Home> {
  const home = newHome()
  const { code, stderr } = await home.run('init', '--yes', '--enable-as', 'Ada', ...more)
  if (code !== 0) throw new Error(stderr)
  onTestFinished(async () => void (await home.run('gate', 'stop')))
  return home
}

async function started(
  home: Home,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ url: string; said: string; child: ChildProcess }> {
  const child = startCli(['checkpoint', ...args], { ...home.env, ...env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    said += text
  })
  await expect.poll(() => said, { timeout: 5000 }).toContain('ANTHROPIC_BASE_URL=')
  await new Promise(resolve => setTimeout(resolve, 50)) // what it says of itself comes in one go
  return { url: /Checkpoint on (\S+),/.exec(said)?.[1] ?? '', said, child }
}

function journalOf(home: Home): Entry[] {
  const folder = join(home.state, 'journal')
  return readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map(parseEntry)
    .filter(entry => entry !== null)
}

const session = (id: string): string[] => ['X-Claude-Code-Session-Id', id, 'X-Api-Key', KEY]

describe('checkpoint', () => {
  test('needs an install, and says how to get one', async () => {
    const { code, stderr } = await newHome().run('checkpoint')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/run 'signalbox init' first\n$/)])
  })

  test.each([
    [['--listen', 'here'], /--listen takes HOST:PORT.*not 'here'/],
    [['--listen', '127.0.0.1:99999'], /--listen takes HOST:PORT/],
    [['--upstream', 'ftp://x'], /--upstream takes a base URL.*not 'ftp:\/\/x'/],
    [
      ['--upstream', 'https://user:pass@x.example'],
      /--upstream takes a base URL.*without password/,
    ],
    [['--deadline-ms', 'soon'], /--deadline-ms takes 1 to 60000, not 'soon'/],
    [['--listen', '/nonexistent/sock'], /cannot listen there \((ENOENT|EACCES)\)/],
  ])('%j is refused in one line', async (args, line) => {
    const { code, stderr } = await (await enabled()).run('checkpoint', ...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(line)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  test('started by hand lists its platform; the gate comes when it is needed', async () => {
    const api = await listening(createServer(streams))
    const home = await enabled('--no-gateway')
    const { url, said } = await started(home, ['--upstream', api])
    expect(said).toContain(`in front of ${api}`)
    expect(said).not.toContain('other machines')
    const got = await ask(url, { body: modelRequest(), headers: session('s1') })
    expect(got.body.toString()).toContain('"toolu_1":{"type":"evaluated","outcome":"not_flagged"}')
    expect(journalOf(home).map(it => it.type)).toEqual(
      expect.arrayContaining(['gate-started', 'session', 'judged']),
    )
  })

  test('in a folder that a person gave the client its agent may write', async () => {
    const home = await enabled('--no-gateway')
    const folder = '/srv/beside' // not below the folder for scratch files
    const api = await listening(
      createServer((_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        response.end(oneCall(`echo x > ${folder}/new.txt`))
      }),
    )
    const { url } = await started(home, ['--upstream', api])
    const bodyWith = (source: string): string => {
      const trusted_directories = { additional: [{ source, resolved: [folder] }] }
      const context = { permission_mode: 'auto', live_cwd: home.client, trusted_directories }
      const safeguards = [{ type: 'dangerous_tool_use', classifier_context: context }]
      return modelRequest({ safeguards })
    }
    const planted = await ask(url, { body: bodyWith('projectSettings'), headers: session('s1') })
    expect(planted.body.toString()).toContain('"flagged"')
    const given = await ask(url, { body: bodyWith('cliArg'), headers: session('s1') })
    expect(given.body.toString()).toContain('"not_flagged"')
  })

  test('starts the gate again when it is gone', async () => {
    const api = await listening(createServer(streams))
    const home = await enabled('--no-gateway')
    const { url } = await started(home, ['--upstream', api])
    const body = modelRequest()
    await ask(url, { body, headers: session('s1') })
    const { pid } = JSON.parse((await home.run('gate', 'status', '--json')).stdout)
    process.kill(pid, 'SIGKILL')
    const got = await ask(url, { body, headers: session('s1') })
    expect(got.body.toString()).toContain('not_flagged')
  })

  test('keeps no key and no text of the conversation', async () => {
    const api = await listening(createServer(streams))
    const home = await enabled('--no-gateway')
    const { url } = await started(home, ['--upstream', api])
    const messages = [
      { role: 'user', content: 'list it' },
      { role: 'assistant', content: [{ type: 'text', text: 'what the agent thinks of it' }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't', content: 'what a tool printed' }],
      },
    ]
    const headers = [...session('s1'), 'Authorization', `Bearer ${KEY}`, 'Cookie', `k=${KEY}`]
    await ask(url, { body: modelRequest({ messages }), headers })
    await expect.poll(() => journalOf(home).some(it => it.type === 'request')).toBe(true)
    const files = readdirSync(home.folder, { recursive: true, withFileTypes: true })
    const texts = files
      .filter(it => it.isFile())
      .map(it => readFileSync(join(it.parentPath, it.name), 'latin1'))
    for (const secret of [KEY, 'what the agent thinks', 'what a tool printed'])
      expect(texts.filter(text => text.includes(secret))).toEqual([])
    for (const it of files.filter(one => one.isFile() && one.parentPath.startsWith(home.state)))
      expect(statSync(join(it.parentPath, it.name)).mode & 0o077).toBe(0)
  })

  test('goes to an API over TLS', async () => {
    const [key, cert] = ['key', 'pem'].map(end => readFileSync(join(TLS, `localhost.${end}`)))
    const server = createSecure({ key, cert }, streams)
    const home = await enabled('--no-gateway')
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const api = `https://localhost:${port}`
    const env = { NODE_EXTRA_CA_CERTS: join(TLS, 'localhost.pem') }
    const { url } = await started(home, ['--upstream', api], env)
    const got = await ask(url, { body: modelRequest(), headers: session('s1') })
    expect(got.body.toString()).toContain('not_flagged')
    server.closeAllConnections()

    const doubtful = await started(home, ['--upstream', api])
    const refused = await ask(doubtful.url, { body: modelRequest() })
    expect([refused.status, refused.body.toString()]).toEqual([
      502,
      expect.stringMatching(/cannot reach https:\/\/localhost.*CERT/),
    ])
  })

  test('listens on a socket, and takes it away again', async () => {
    const api = await listening(createServer(streams))
    const home = await enabled('--no-gateway')
    const socketPath = join(home.folder, 'c.sock')
    const { said, child } = await started(home, ['--upstream', api, '--listen', socketPath])
    expect(said).toContain(`Checkpoint on unix:${socketPath}`)
    const asked = request({ socketPath, method: 'POST', path: '/v1/messages' })
    asked.end(modelRequest())
    const [answer] = await once(asked, 'response')
    expect((await gotten(answer)).body.toString()).toContain('not_flagged')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(readdirSync(home.folder)).not.toContain('c.sock')
  })
})

describe('for a team', () => {
  const hash = createHash('sha256').update(KEY).digest('hex').slice(0, 12)
  const managed = (more: string): string =>
    `auto_mode: { enabled_by: Ada, enabled_on: 2026-11-24 }\n${more}`

  test('knows clients by their key, and judges by what they tell', async () => {
    const api = await listening(
      createServer((_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        response.end(oneCall('git push https://github.com/acme/app HEAD:x'))
      }),
    )
    const home = newHome()
    onTestFinished(async () => void (await home.run('gate', 'stop')))
    // What an administrator would write: here the user's own file stands for it.
    put(
      home.policy,
      managed(`projects:\n  /clients/${hash}:\n    trust: { source_control: [github.com/acme] }\n`),
    )
    const { url, said } = await started(home, ['--team', '--upstream', api])
    expect(said).toContain('known by a hash of its key')
    const git_state = { root: '/srv/other', branch: 'x', visibility: { remotes: [] } }
    const context = {
      permission_mode: 'auto',
      live_cwd: '/srv/other',
      home_dir: '/home/eve',
      git_state,
    }
    const safeguards = [{ type: 'dangerous_tool_use', classifier_context: context }]
    const body = modelRequest({ safeguards })
    const own = await ask(url, { body, headers: session('s1') })
    expect(own.body.toString()).toContain('not_flagged')
    const other = ['X-Claude-Code-Session-Id', 's1', 'X-Api-Key', 'another']
    const refused = await ask(url, { body, headers: other })
    expect(refused.body.toString()).toMatch(/"flagged","explanation":"Signalbox \[/)
    const sessions = journalOf(home).flatMap(it => (it.type === 'judged' ? [it.session] : []))
    expect(sessions[0]).toBe(`${hash}/s1`)
    expect(sessions[1]).toMatch(/^[0-9a-f]{12}\/s1$/)
    expect(sessions[1]).not.toBe(sessions[0])
  })

  test('on an address that others reach it says what that means', async () => {
    const home = await enabled('--no-gateway')
    const { said } = await started(home, ['--listen', '0.0.0.0:0'])
    expect(said).toContain('the clear unless TLS stands in front of it')
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('init --checkpoint', () => {
  const SETTINGS = '{\n  // of mine\n  "env": { "A": "1" },\n}\n'

  test('leads the client there, starts it with the gate, and uninstall takes all of it back', async () => {
    const api = await listening(createServer(streams))
    const home = newHome(SETTINGS)
    onTestFinished(async () => void (await home.run('gate', 'stop')))
    const flags = ['--checkpoint', '--upstream', api, '--listen', '127.0.0.1:18477']
    const { stdout } = await home.run('init', '--yes', '--enable-as', 'Ada', ...flags)
    expect(stdout).toContain('+    "ANTHROPIC_BASE_URL": "http://127.0.0.1:18477"')
    expect(stdout).toContain(`checkpoint on http://127.0.0.1:18477, in front of ${api}`)
    expect(readFileSync(home.policy, 'utf8')).toContain(api)
    const doctor = await home.run('doctor')
    expect(doctor.stdout).toContain('+ checkpoint: http://127.0.0.1:18477 answers, in front of')
    const got = await ask('http://127.0.0.1:18477', { body: modelRequest(), headers: session('s') })
    expect(got.body.toString()).toContain('not_flagged')
    expect((await home.run('init', '--yes')).stdout).toContain('The hooks are there already')
    const about = await fetch('http://127.0.0.1:18477/.well-known/signalbox')
    const { pid }: { pid: number } = JSON.parse(await about.text())
    await home.run('uninstall', '--yes')
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false)
    expect(home.text()).toBe(SETTINGS)
    await expect(ask('http://127.0.0.1:18477')).rejects.toThrow('ECONNREFUSED')
  })

  test('keeps the gateway that was there as what is behind, and gives it back', async () => {
    const settings = '{"env":{"ANTHROPIC_BASE_URL":"https://gw.example/a","B":"2"}}'
    const home = newHome(settings)
    await home.run('init', '--yes', '--checkpoint', '--listen', '127.0.0.1:18478')
    expect(home.install().checkpoint).toMatchObject({ upstream: 'https://gw.example/a' })
    expect(home.text()).toContain('"ANTHROPIC_BASE_URL":"http://127.0.0.1:18478"')
    // Somebody else writes to the file meanwhile.
    put(home.settings, (home.text() ?? '').replace('"B":"2"', '"B":"3"'))
    await home.run('init', '--yes', '--no-checkpoint')
    expect(home.install().checkpoint).toBeNull()
    expect(home.text()).toContain('"ANTHROPIC_BASE_URL":"https://gw.example/a","B":"3"')
    await home.run('uninstall', '--yes')
    expect(home.text()).toBe(settings.replace('"B":"2"', '"B":"3"'))
  })

  test('leaves alone what the user set after it', async () => {
    const home = newHome()
    await home.run('init', '--yes', '--checkpoint', '--listen', '127.0.0.1:18479')
    const theirs = (home.text() ?? '').replace('http://127.0.0.1:18479', 'https://new.example')
    put(home.settings, theirs)
    await home.run('uninstall', '--yes')
    expect(JSON.parse(home.text() ?? '')).toEqual({
      env: { ANTHROPIC_BASE_URL: 'https://new.example' },
    })
  })

  test('doctor says when nothing answers there', async () => {
    const home = await enabled('--checkpoint', '--listen', '127.0.0.1:18480')
    const taken = createServer((_, response) => response.end('{}'))
    taken.listen(18480, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const { code, stdout } = await home.run('doctor')
    expect(code).toBe(1)
    expect(stdout).toContain('x checkpoint: http://127.0.0.1:18480: something else answers there')
    const alerts = () => journalOf(home).flatMap(it => (it.type === 'alert' ? [it.text] : []))
    await expect.poll(alerts, { timeout: 5000 }).toHaveLength(1)
    expect(alerts()[0]).toMatch(/cannot be started: .*cannot listen there \(EADDRINUSE\)/)
  })

  test.each([
    [['--checkpoint', '--no-checkpoint'], /exclude each other/],
    [['--upstream', 'https://x.example'], /belong to --checkpoint/],
    [['--checkpoint', '--listen', '0.0.0.0:1'], /takes a port on this machine/],
  ])('%j is refused', async (flags, line) => {
    const home = newHome()
    const { code, stderr } = await home.run('init', '--yes', ...flags)
    expect([code, stderr]).toEqual([2, expect.stringMatching(line)])
    expect(home.text()).toBeNull()
  })
})

describe('run', () => {
  test('gives the client a checkpoint, its own arguments and its own exit code', async () => {
    const api = await listening(createServer(streams))
    const home = await enabled('--no-gateway')
    const program = `
      const { ANTHROPIC_BASE_URL: url, NO_PROXY } = process.env
      const about = await (await fetch(url + '/.well-known/signalbox')).json()
      console.log(JSON.stringify({ args: process.argv.slice(1), upstream: about.upstream, NO_PROXY }))
      process.exit(7)`
    const child = spawn(
      process.execPath,
      [
        PROGRAM,
        'run',
        '--upstream',
        api,
        '--',
        process.execPath,
        '--input-type=module',
        '-e',
        program,
        '--',
        '-p',
        'x y',
      ],
      { env: { PATH: process.env.PATH, ...home.env, HTTP_PROXY: 'http://127.0.0.1:9' } },
    )
    let said = ''
    child.stdout.on('data', text => {
      said += text
    })
    const [code] = await once(child, 'close')
    expect(code).toBe(7)
    expect(JSON.parse(said)).toEqual({ args: ['-p', 'x y'], upstream: api, NO_PROXY: '127.0.0.1' })
  })

  test.each([
    [[], /run takes a client behind --/],
    [['--', 'no-such-client'], /no-such-client: cannot be started \(ENOENT\)/],
  ])('%j is refused in one line', async (args, line) => {
    const { code, stderr } = await (await enabled()).run('run', ...args)
    expect([code, stderr]).toEqual([2, expect.stringMatching(line)])
  })

  test('says so where the settings lead past it', async () => {
    const home = await enabled('--no-gateway')
    mkdirSync(home.client, { recursive: true })
    const text = (home.text() ?? '').replace(
      '{',
      '{"env":{"ANTHROPIC_BASE_URL":"https://x.example"},',
    )
    put(home.settings, text)
    const { code, stderr } = await home.run('run', '--', 'true')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/use 'signalbox init --checkpoint'/)])
  })
})

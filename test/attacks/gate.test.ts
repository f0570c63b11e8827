/** Attacks on the gate as a process: forged screens, floods, full disks, kills, swapped sockets. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hookCommand } from '../../src/clients/claude-code/hook-command.ts'
import { dayFiles } from '../../src/gate/journal.ts'
import { verifyJournal } from '../../src/gate/verify.ts'
import { bash, post, startGate, type TestGate } from '../gate/world.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { type Home, newHome } from '../helpers/home.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function gateHere(): Promise<TestGate> {
  const enabled = {
    by: 'Ada',
    on: '2026-11-24',
    origin: { layer: 'user', file: '', line: 1 },
  } as const
  const gate = await startGate({ policy: { enabled, roles: { default: 'decide', projects: {} } } })
  open.push(gate.stop)
  await gate.hook('SessionStart')
  return gate
}

/** A home with the hooks in place; its gate runs as a process of its own. */
async function installed(): Promise<Home> {
  const home = newHome()
  open.push(() => home.run('gate', 'stop'))
  await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  return home
}

function journalLines(home: Home): string[] {
  const folder = join(home.state, 'journal')
  return dayFiles(folder).flatMap(file =>
    readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1),
  )
}

/** Sends a payload the way the client does: through the installed text. */
async function throughHook(home: Home, command: string, id: string): Promise<string> {
  const about = {
    hook_event_name: 'PreToolUse',
    session_id: 's1',
    cwd: home.folder,
    permission_mode: 'auto',
  }
  const shell = spawn('/bin/sh', ['-c', hookCommand(home.install(), 'PreToolUse')], {
    env: home.env,
  })
  shell.stdin.end(JSON.stringify({ ...about, ...bash(command, id) }))
  return text(shell.stdout)
}

describe('a forged screen', () => {
  test('takes effect, as any process of the user’s can, and is written down with what it says it is', async () => {
    const gate = await gateHere()
    expect(await gate.command({ type: 'pause' })).toMatchObject({ done: true })
    expect(gate.entries()).toContainEqual(
      expect.objectContaining({
        type: 'command',
        screen: { name: 'test', pid: 1, tty: '/dev/pts/9' },
      }),
    )
  })

  test.each([
    ['a name of a megabyte', { name: 'x'.repeat(1 << 20), pid: 1, tty: '' }],
    ['no name', { pid: 1, tty: '' }],
  ])('%s is no command', async (_, screen) => {
    const gate = await gateHere()
    const body = JSON.stringify({ screen, command: { type: 'pause' } })
    expect(await post(join(gate.folder, 'control.sock'), '/command', body, {})).toContain(
      '"done":false',
    )
    expect(gate.gate.pausedAll).toBeNull()
  })

  test('with escape sequences in its name never reaches a terminal raw', async () => {
    const home = await installed()
    await throughHook(home, 'echo \u001b]0;owned\u0007 \u202e \u009b2J', 't1')
    const evil = { name: 'a\u001b[2J\u202e\n', pid: 1, tty: '\u009b' }
    const body = JSON.stringify({ screen: evil, command: { type: 'pause' } })
    await post(join(home.install().sockets, 'control.sock'), '/command', body, {})
    for (const args of [
      ['watch', '--once'],
      ['watch', '--once', '--json'],
      ['why', 't1'],
      ['gate', 'status'],
    ]) {
      const { stdout, stderr } = await home.run(...args)
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    }
  })
})

describe('floods', () => {
  test('of a thousand calls do not keep another session waiting', async () => {
    const gate = await gateHere()
    const flood = Array.from({ length: 1000 }, (_, i) =>
      gate.hook('PreToolUse', bash('ls', `f${i}`)),
    )
    const started = performance.now()
    const other = await gate.hook('PreToolUse', { ...bash('DENY x', 'other'), session_id: 's2' })
    expect(other.decision).toBe('deny')
    expect(performance.now() - started).toBeLessThan(3000)
    expect((await Promise.all(flood)).every(({ decision }) => decision === 'allow')).toBe(true)
  })

  test('of connections that say nothing, or leave half-way, hurt nobody', async () => {
    const gate = await gateHere()
    const sockets = Array.from({ length: 200 }, () => connect(join(gate.folder, 'hook.sock')))
    for (const [i, socket] of sockets.entries()) {
      socket.on('error', () => {})
      socket.write('POST /hook HTTP/1.1\r\ncontent-length: 9999\r\n\r\n{"half')
      if (i % 2 === 0) socket.destroy()
    }
    expect((await gate.hook('PreToolUse', bash('ls', 't1'))).decision).toBe('allow')
    for (const socket of sockets) socket.destroy()
    await vi.waitFor(() => expect(gate.gate.pending.size).toBe(0))
  })
})

test('without room for the journal nothing is allowed, and afterwards all goes on', async () => {
  const gate = await gateHere()
  const full = vi.spyOn(gate.gate.parts.journal, 'append').mockImplementation(() => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  })
  const asked = await gate.hook('PreToolUse', bash('ls', 't1'))
  expect(asked).toMatchObject({ decision: 'ask', reason: expect.stringContaining('no space left') })
  full.mockRestore()
  expect((await gate.hook('PreToolUse', bash('ls', 't2'))).decision).toBe('allow')
  const folder = join(gate.folder, 'journal')
  expect(verifyJournal(folder).breaks).toEqual([])
})

test('a file that may not grow is a full disk: half a line never stays, and the action asks', async () => {
  const home = await installed()
  const run = [
    process.execPath,
    PROGRAM,
    'gate',
    'run',
    '--install',
    join(home.state, 'install.json'),
  ]
  // So many blocks of 512 bytes hold a few entries, and then half of one.
  const limited = spawn('/bin/sh', ['-c', `ulimit -f 12; exec ${run.join(' ')}`], {
    env: home.env,
    stdio: 'ignore',
  })
  open.push(() => limited.kill())
  await vi.waitFor(async () => expect((await home.run('gate', 'status')).code).toBe(0), 5000)
  const answers: string[] = []
  for (let i = 0; i < 12; i++)
    answers.push(await throughHook(home, 'git push --force origin main', `t${i}`))
  expect(answers[0]).toContain('"deny"')
  expect(answers.at(-1)).toContain('"ask"')
  const lines = journalLines(home)
  expect(verifyJournal(join(home.state, 'journal')).breaks).toEqual([])
  for (const [i, answer] of answers.entries())
    if (answer.includes('"deny"')) expect(lines.some(line => line.includes(`"t${i}"`))).toBe(true)
})

test('a payload of 100 MB through the hook is asked about, and the gate goes on', async () => {
  const home = await installed()
  expect(await throughHook(home, `echo ${'x'.repeat(100 << 20)}`, 'big')).toContain('"ask"')
  expect(await throughHook(home, 'git push --force origin main', 'next')).toContain('"deny"')
}, 60_000)

describe('a swapped socket', () => {
  test.each(['another server', 'a link', 'nothing'])(
    'with %s in its place is noticed and taken back',
    async what => {
      const gate = await gateHere()
      const path = join(gate.folder, 'hook.sock')
      renameSync(path, `${path}.away`)
      if (what === 'a link') symlinkSync(`${path}.away`, path)
      if (what === 'another server') {
        const fake = createServer()
        await new Promise<void>(resolve => fake.listen(path, resolve))
        open.push(() => fake.close())
      }
      const noticed = (): unknown =>
        gate.entries().find(e => e.type === 'alert' && e.what === 'integrity')
      await vi.waitFor(() => expect(noticed()).toBeDefined(), { timeout: 4000 })
      await vi.waitFor(async () => {
        expect((await gate.hook('PreToolUse', bash('ls', 't1'))).decision).toBe('allow')
      })
    },
  )
})

describe('processes', () => {
  test('five gates that are started at once end as one', async () => {
    const home = await installed()
    const install = join(home.state, 'install.json')
    const gates = Array.from({ length: 5 }, () =>
      spawn(process.execPath, [PROGRAM, 'gate', 'run', '--install', install], {
        env: home.env,
        stdio: 'ignore',
      }),
    )
    const ended = new Set<number | undefined>()
    for (const gate of gates) gate.on('exit', () => ended.add(gate.pid))
    await vi.waitFor(() => expect(ended.size).toBe(4), { timeout: 8000 })
    const { stdout } = await home.run('gate', 'status', '--json')
    expect(gates.map(gate => gate.pid)).toContain(JSON.parse(stdout).pid)
  })

  test('kill -9 at any moment loses no decision that was given, and the next hook goes on', async () => {
    const home = await installed()
    const given: string[] = []
    for (let round = 0; round < 6; round++) {
      await home.run('gate', 'run', '--detach')
      const { pid } = JSON.parse((await home.run('gate', 'status', '--json')).stdout)
      const calls = Array.from({ length: 4 }, async (_, i) => {
        const id = `r${round}-${i}`
        const answer = await throughHook(home, 'git push --force origin main', id)
        if (answer.includes('"deny"')) given.push(id)
      })
      await new Promise(resolve => setTimeout(resolve, round * 25))
      process.kill(pid, 'SIGKILL')
      await Promise.all(calls)
    }
    const lines = journalLines(home)
    expect(verifyJournal(join(home.state, 'journal')).breaks).toEqual([])
    const judged = lines.map(line => JSON.parse(line)).filter(entry => entry.type === 'judged')
    expect(given.length).toBeGreaterThan(6)
    for (const id of given)
      expect(judged.some(entry => entry.action === id && entry.answer === 'deny')).toBe(true)
  }, 60_000)
})

test('a project that silences the hooks is found by doctor, and its actions are shown UNGATED', async () => {
  const home = await installed()
  await throughHook(home, 'ls', 't1')
  const project = join(home.folder, 'app')
  mkdirSync(join(project, '.claude'), { recursive: true })
  writeFileSync(join(project, '.claude/settings.json'), '{"disableAllHooks":true}')
  const doctor = spawn(process.execPath, [PROGRAM, 'doctor'], { cwd: project, env: home.env })
  const said = text(doctor.stdout)
  const [code] = await once(doctor, 'close')
  expect([code, await said]).toEqual([1, expect.stringContaining('disableAllHooks')])

  const transcripts = join(home.client, 'projects', 'p')
  mkdirSync(transcripts, { recursive: true })
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString()
  const line = (more: object): string =>
    `${JSON.stringify({ sessionId: 's1', uuid: 'u', version: '2.1.330', ...more })}\n`
  const use = [{ type: 'tool_use', id: 'behind', name: 'Bash', input: { command: 'make' } }]
  const done = [{ type: 'tool_result', tool_use_id: 'behind', content: 'done' }]
  const file = join(transcripts, 's1.jsonl')
  appendFileSync(
    file,
    line({ type: 'assistant', timestamp: at(0), message: { id: 'm', model: 'x', content: use } }),
  )
  appendFileSync(
    file,
    line({ type: 'user', timestamp: at(10), message: { role: 'user', content: done } }),
  )
  expect(existsSync(file)).toBe(true)
  await new Promise(resolve => setTimeout(resolve, 3300)) // the journal has so long to know of it
  const { stdout } = await home.run('watch', '--once', '--json')
  const { actions } = JSON.parse(stdout)
  expect(actions).toContainEqual(expect.objectContaining({ id: 'behind', ungated: 'no-record' }))
})

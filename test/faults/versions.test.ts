/** Screens, hooks, command lines and gates of different versions, each a process of its own build. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { version } from '../../src/config/version.ts'
import { post } from '../gate/world.ts'
import { type Finished, PROGRAM } from '../helpers/cli.ts'
import { type Home, newHome } from '../helpers/home.ts'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'
import { type Build, buildOf } from './another-version.ts'

let newer: Build
beforeAll(() => {
  newer = buildOf('9.9.9', 99)
}, 60_000)
afterAll(() => rmSync(newer.folder, { recursive: true }))

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'auto-server-2.1.330')

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const OWN = version()
const RESTART = 'signalbox gate restart'

async function run(program: string, home: Home, ...args: string[]): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], { env: home.env })
  child.stdin.end()
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  await closed
  return { code: child.exitCode, stdout, stderr }
}

/** @param gate the program whose gate runs */
async function homeWith(gate: string): Promise<Home> {
  const home = newHome()
  // The gate is that of `install.program`.
  await run(gate, home, 'init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  appendFileSync(home.policy, '\nroles: { default: decide }\n')
  await run(gate, home, 'gate', 'run', '--detach')
  open.push(() => run(gate, home, 'gate', 'stop'))
  return home
}

/** Sends a call through the hook's text of a program, as the client does. */
async function hooked(home: Home, program: string, command: string): Promise<string> {
  const { stdout: hook } = await run(program, home, 'hook', '--print', 'PreToolUse')
  const transcript = join(home.client, 's1.jsonl')
  const model = { type: 'assistant', version: '2.1.330', message: { model: 'claude-opus-4-6' } }
  appendFileSync(transcript, `${JSON.stringify(model)}\n`)
  const shell = spawn('/bin/sh', ['-c', hook], {
    env: { ...home.env, CLAUDE_CODE_ENTRYPOINT: 'cli' },
  })
  const call = { tool_name: 'Bash', tool_input: { command }, tool_use_id: `t ${command}` }
  const about = { session_id: 's1', transcript_path: transcript, cwd: home.folder }
  const event = { hook_event_name: 'PreToolUse', permission_mode: 'auto' }
  shell.stdin.end(JSON.stringify({ ...event, ...about, ...call }))
  return text(shell.stdout)
}

function screen(home: Home, program: string): Terminal {
  const terminal = openTerminal({
    command: process.execPath,
    args: [program],
    env: home.env,
    columns: 120,
    rows: 30,
  })
  open.push(() => terminal.close())
  return terminal
}

const builds = (): { older: string; newer: string } => ({ older: PROGRAM, newer: newer.program })

describe.each([
  ['a gate that was updated', 'newer', '9.9.9', 'older', OWN],
  ['a gate of before the update', 'older', OWN, 'newer', '9.9.9'],
] as const)('%s', (_, gate, gateVersion, other, otherVersion) => {
  const said = `the gate is ${gateVersion}, this is ${otherVersion}: ${RESTART}`

  test('status and doctor of the other version say so, and what mends it', async () => {
    const home = await homeWith(builds()[gate])
    const status = await run(builds()[other], home, 'gate', 'status')
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining(said) })
    const doctor = await run(builds()[other], home, 'doctor', '--json')
    expect(JSON.parse(doctor.stdout).checks).toContainEqual(
      expect.objectContaining({ name: 'gate', state: 'problem', mend: RESTART }),
    )
  })

  test('a screen of the other version says so, and its commands are refused in words', async () => {
    const home = await homeWith(builds()[gate])
    const terminal = screen(home, builds()[other])
    await terminal.waitFor(said)
    const body = JSON.stringify({
      screen: { name: 'a', pid: 1, tty: '' },
      command: { type: 'pause' },
    })
    const headers = {
      'x-signalbox-version': otherVersion,
      'x-signalbox-protocol': other === 'newer' ? '99' : '1',
    }
    const reply = await post(
      join(home.install().sockets, 'control.sock'),
      '/command',
      body,
      headers,
    )
    expect(JSON.parse(reply)).toEqual({ done: false, text: said })
  })

  test('a hook of the other version is judged: what is denied stays so, nothing is allowed', async () => {
    const home = await homeWith(builds()[gate])
    const force = 'git push --force origin main'
    expect(await hooked(home, builds()[gate], 'ls')).toContain('"allow"')
    expect(await hooked(home, builds()[other], force)).toContain('"deny"')
    const asked = await hooked(home, builds()[other], 'ls -l')
    expect(asked).toContain('"ask"')
    expect(asked).toContain(other === 'newer' ? RESTART : 'signalbox init')
    expect(await hooked(home, builds()[gate], 'ls -a')).toContain('"allow"')
  })

  test('restart brings the gate of the installed version, and screens are quiet again', async () => {
    const home = await homeWith(builds()[gate])
    await run(builds()[other], home, 'init', '--yes', '--no-gateway')
    expect((await run(builds()[other], home, 'gate', 'restart')).code).toBe(0)
    const { stdout } = await run(builds()[other], home, 'gate', 'status')
    expect(stdout).toContain(`gate ${otherVersion}`)
    expect(stdout).not.toContain(RESTART)
  })
})

test('a command that only a newer version knows is refused by its name', async () => {
  const home = await homeWith(PROGRAM)
  const body = { screen: { name: 'a', pid: 1, tty: '' }, command: { type: 'rewind' } }
  const socket = join(home.install().sockets, 'control.sock')
  const reply = await post(socket, '/command', JSON.stringify(body), {})
  expect(JSON.parse(reply)).toEqual({
    done: false,
    text: `the gate is ${OWN} and does not know 'rewind' in this form: ${RESTART}`,
  })
})

test('the index of another version is no index: each reads the same, and neither breaks the other', async () => {
  const home = newHome()
  const transcripts = join(home.client, 'projects', 'p')
  mkdirSync(transcripts, { recursive: true })
  cpSync(FIXTURES, transcripts, { recursive: true })
  const reports: string[] = []
  for (const program of [PROGRAM, newer.program, PROGRAM, newer.program])
    reports.push((await run(program, home, 'report', '--json')).stdout)
  expect(reports[0]).toContain('"actions"')
  expect(new Set(reports.map(it => it.replaceAll(/"(from|until|now|at)":[^,}]+/g, ''))).size).toBe(
    1,
  )
  expect(readdirSync(join(home.state, 'index')).filter(it => it.endsWith('.tmp'))).toEqual([])
})

test('a program that is replaced under its gate and its screen: both go on as what they were', async () => {
  const { folder, program } = buildOf('8.8.8', 1)
  open.push(() => rmSync(folder, { recursive: true }))
  const home = await homeWith(program)
  const terminal = screen(home, program)
  await terminal.waitFor('no action yet')
  // Started to its end: it watches.
  cpSync(FIXTURES, join(home.client, 'projects', 'p'), { recursive: true })
  await terminal.waitFor(/approved [1-9]/)
  rmSync(join(folder, 'dist'), { recursive: true })
  cpSync(join(newer.folder, 'dist'), join(folder, 'dist'), { recursive: true })
  cpSync(join(newer.folder, 'package.json'), join(folder, 'package.json'))
  expect(await hooked(home, PROGRAM, 'git push --force origin main')).toContain('"deny"')
  for (const key of ['?', '\u001b', 's', 'i', 't', 'l', ':', '\u001b', 'P']) {
    terminal.write(key)
    await new Promise(resolve => setTimeout(resolve, 150))
  }
  expect(terminal.screen()).not.toMatch(/Cannot find module|ERR_MODULE/)
  expect(await Promise.race([terminal.exited, Promise.resolve('runs')])).toBe('runs')
})

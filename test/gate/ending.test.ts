/** A real gate that is told to end while it asks a person. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test, vi } from 'vitest'
import { hookCommand } from '../../src/clients/claude-code/hook-command.ts'
import { verifyJournal } from '../../src/gate/verify.ts'
import { type Home, newHome } from '../helpers/home.ts'
import { bash, post, requestFor } from './world.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

interface Asking {
  readonly home: Home
  readonly pid: number
  readonly journal: string
}

/** One question holds the client's dialog, another was left behind by a checkpoint. */
async function askingGate(): Promise<Asking> {
  const home = newHome()
  await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  open.push(() => home.run('gate', 'stop'))
  await home.run('gate', 'run', '--detach')
  const { sockets } = home.install()
  const status = async () => JSON.parse((await home.run('gate', 'status', '--json')).stdout)
  const { pid } = await status()
  open.push(() => isAlive(pid) && process.kill(pid, 'SIGKILL'))

  const screen = request({
    socketPath: join(sockets, 'control.sock'),
    path: '/attach?name=x&pid=1&tty=',
  })
  screen.on('error', () => {}).end()
  await text(hook(home, 'PreToolUse').stdout)
  const held = hook(home, 'PermissionRequest')
  open.push(
    () => held.kill('SIGKILL'),
    () => screen.destroy(),
  )
  const checked = JSON.stringify(requestFor({ t2: '../tool ../x' }, { session: 's2' }))
  await post(join(sockets, 'hook.sock'), '/check', checked, {})
  await vi.waitFor(async () => expect((await status()).pending).toBe(2), 5000)
  return { home, pid, journal: join(home.state, 'journal') }
}

function hook(home: Home, event: 'PreToolUse' | 'PermissionRequest') {
  const about = { session_id: 's1', cwd: home.folder, permission_mode: 'default' }
  const shell = spawn('/bin/sh', ['-c', hookCommand(home.install(), event)], { env: home.env })
  shell.stdin.end(
    JSON.stringify({ hook_event_name: event, ...about, ...bash('../tool ../x', 't1') }),
  )
  return shell
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const typesIn = (journal: string): string[] =>
  readdirSync(journal)
    .filter(name => name.endsWith('.jsonl'))
    .flatMap(name => readFileSync(join(journal, name), 'utf8').split('\n').slice(0, -1))
    .map(line => JSON.parse(line).type)

test.each(['gate stop', 'SIGTERM'])(
  '%s: it is gone at once, and its last word is that it ends',
  async how => {
    const { home, pid, journal } = await askingGate()
    if (how === 'SIGTERM') process.kill(pid, 'SIGTERM')
    else await home.run('gate', 'stop')
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 3000)
    const types = typesIn(journal)
    // The hook goes on to ask the next gate.
    expect([undefined, 'gate-started']).toContain(types[types.indexOf('gate-stopped') + 1])
    expect(verifyJournal(journal).breaks).toEqual([])
  },
)

test('its folder is gone: it ends all the same', async () => {
  const { home, pid } = await askingGate()
  rmSync(home.state, { recursive: true })
  process.kill(pid, 'SIGTERM')
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 3000)
})

/** What the commands make is their user's alone, whatever the umask. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { bash, post } from '../gate/world.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { put } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'
import { exported } from '../helpers/otlp.ts'
import { openTerminal } from '../helpers/terminal.ts'
import { thingsIn } from './users.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** Runs a command as a shell with that umask does. */
function under(umask: string, home: Home, ...args: string[]): string {
  const line = `umask ${umask}; exec "$0" "$@"`
  const { stdout, stderr } = spawnSync(
    '/bin/sh',
    ['-c', line, process.execPath, PROGRAM, ...args],
    {
      env: { PATH: process.env.PATH ?? '', TZ: 'UTC', ...home.env },
      cwd: home.folder,
      encoding: 'utf8',
      input: '',
    },
  )
  return stdout + stderr
}

/** Every command that writes something, one after the other. */
async function useAll(umask: string, home: Home): Promise<void> {
  under(umask, home, 'init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  under(umask, home, 'gate', 'run', '--detach')
  open.push(() => home.run('gate', 'stop'))
  const { sockets } = home.install()
  for (const [n, command] of ['ls', 'git push --force origin main'].entries())
    await post(
      join(sockets, 'hook.sock'),
      '/hook',
      JSON.stringify({
        hook_event_name: 'PreToolUse',
        session_id: 's1',
        cwd: home.folder,
        permission_mode: 'auto',
        ...bash(command, `t${n}`),
      }),
      { 'x-signalbox-entrypoint': 'cli', 'x-signalbox-attended': '1' },
    )
  under(umask, home, 'trust', 'add', 'github.com/acme')
  under(umask, home, 'trust', 'add', 'github.com/other')
  under(umask, home, 'trust', 'undo')
  under(umask, home, 'trust', 'sync', '--yes')
  for (const args of [
    ['report'],
    ['report', '--csv', '--by', 'session'],
    ['impact'],
    ['audit'],
    ['watch', '--once'],
    ['why', 't1'],
    ['doctor'],
    ['config', 'init', '--file', join(home.folder, 'made', 'config.yaml')],
  ])
    under(umask, home, ...args)
  await exporting(umask, home)
  await filtering(umask, home)
}

async function exporting(umask: string, home: Home): Promise<void> {
  const line = `umask ${umask}; exec "$0" "$@"`
  const args = ['-c', line, process.execPath, PROGRAM, 'otlp', '--listen', '127.0.0.1:0']
  const child = spawn('/bin/sh', args, { env: home.env })
  const ended = once(child, 'close')
  const [said] = await once(child.stdout, 'data')
  const url = /http:\/\/[\d.]+:\d+/.exec(String(said))?.[0]
  const headers = { 'content-type': 'application/json' }
  for (const it of exported())
    await fetch(`${url}${it.url}`, { method: 'POST', headers, body: JSON.stringify(it.body) })
  child.kill('SIGTERM')
  await ended
}

async function filtering(umask: string, home: Home): Promise<void> {
  const line = `umask ${umask}; exec "$0" "$@"`
  const args = ['-c', line, process.execPath, PROGRAM]
  const terminal = openTerminal({ command: '/bin/sh', args, env: home.env, columns: 100, rows: 30 })
  open.push(() => terminal.close())
  await terminal.waitFor('SIGNALBOX')
  terminal.write('/')
  await terminal.waitFor(/^\//m)
  terminal.write('push\r')
  await rest(300)
  terminal.write('q')
  await terminal.exited
}

describe.each(['0', '022', '077', '0777'])('under umask %s', umask => {
  test('files are 0600, folders 0700, sockets 0600', async () => {
    const home = newHome('{}\n')
    put(join(home.client, 'projects', 'p', '11111111-2222-4333-8444-555555555555.jsonl'), '')
    const before = new Set(thingsIn(home.folder).map(it => it.path))
    await useAll(umask, home)
    const made = thingsIn(home.folder).filter(it => !before.has(it.path))
    const names = made.map(it => it.path.slice(home.folder.length))
    for (const name of [
      /hook\.sock$/,
      /control\.sock$/,
      /install\.json$/,
      /hooks\.json$/,
      /settings\.before\.json$/,
      /journal\/\d{4}-\d\d-\d\d\.jsonl$/,
      /journal\/head$/,
      /\/key$/,
      /projects\.json$/,
      /gate\.lock\.\d+$/,
      /index\/.+\.bin$/,
      /otlp\/.+\.jsonl$/,
      /filters\.txt$/,
      /trust-history\.json$/,
      /config\/signalbox\/config\.yaml$/,
    ])
      expect(names).toContainEqual(expect.stringMatching(name))
    expect(made.filter(it => it.mode !== (it.kind === 'folder' ? '700' : '600'))).toEqual([])
  }, 60_000)
})

test('a client that is started by run has the umask that its user has', () => {
  const home = newHome('{}\n')
  under('022', home, 'init', '--yes', '--no-gateway')
  open.push(() => home.run('gate', 'stop'))
  expect(under('022', home, 'run', '--', '/bin/sh', '-c', 'umask')).toMatch(/0?022\n/)
})

test('folders that were there and open to others are closed, and init says so', async () => {
  const home = newHome('{}\n')
  mkdirSync(home.state, { recursive: true })
  chmodSync(home.state, 0o777)
  const said = under('022', home, 'init', '--yes', '--no-gateway')
  expect(said).toContain(`${home.state}: can be used by others (mode 0777); now it is yours alone`)
  expect(statSync(home.state).mode & 0o777).toBe(0o700)

  const journal = join(home.state, 'journal')
  mkdirSync(journal)
  put(join(journal, 'head'), '')
  chmodSync(journal, 0o777)
  chmodSync(join(journal, 'head'), 0o666)
  under('022', home, 'gate', 'run', '--detach')
  open.push(() => home.run('gate', 'stop'))
  expect(statSync(journal).mode & 0o777).toBe(0o700)
  expect(statSync(join(journal, 'head')).mode & 0o777).toBe(0o600)
})

test('a record of the install that others may write to is not believed', async () => {
  const home = newHome('{}\n')
  under('022', home, 'init', '--yes', '--no-gateway')
  const file = join(home.state, 'install.json')
  chmodSync(file, 0o666)
  const { code, stderr } = await home.run('gate', 'status')
  expect([code, stderr]).toEqual([
    2,
    `signalbox: ${file}: cannot be read (Error: others may write to it)\n`,
  ])
})

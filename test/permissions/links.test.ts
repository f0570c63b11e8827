/** Links in the place of what Signalbox writes, put there before it looks or while it works. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { bash, post } from '../gate/world.ts'
import { startCli } from '../helpers/cli.ts'
import { put } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const TODAY = new Date().toISOString().slice(0, 10)
const VICTIM = 'what must not be touched\n'

interface Attacked extends Home {
  readonly victim: string
  readonly victims: string
}

async function attacked(): Promise<Attacked> {
  const home = newHome('{}\n')
  open.push(() => home.run('gate', 'stop'))
  const name = '11111111-2222-4333-8444-555555555555.jsonl'
  put(join(home.client, 'projects', 'p', name), '')
  await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  const victims = join(home.folder, 'victims')
  return { ...home, victims, victim: put(join(victims, 'victim'), VICTIM) }
}

async function judged(home: Home, id: string): Promise<void> {
  const about = { session_id: `s-${id}`, cwd: home.folder, permission_mode: 'auto' }
  const body = { hook_event_name: 'PreToolUse', ...about, ...bash('ls', id) }
  const socket = join(home.install().sockets, 'hook.sock')
  await post(socket, '/hook', JSON.stringify(body), {}).catch(() => '')
}

/** What writes a file, named as the state folder has it. */
const WRITERS: Readonly<Record<string, (home: Home) => Promise<unknown>>> = {
  [`journal/${TODAY}.jsonl`]: gateWorks,
  [`journal/${TODAY}.jsonl.torn`]: async home => {
    put(join(home.state, 'journal', `${TODAY}.jsonl`), '{"half')
    await gateWorks(home)
  },
  'journal/head': gateWorks,
  key: gateWorks,
  'projects.json': gateWorks,
  'gate.lock.1': gateWorks,
  'trust-history.json': home => home.run('trust', 'add', 'github.com/acme'),
  'trust-history.json.lock': home => home.run('trust', 'add', 'github.com/acme'),
  'hooks.json': again,
  'settings.before.json': again,
  'install.json': again,
  'trust-sync.json': synced,
  '../../client/settings.json.before-trust-sync': synced,
}

/** It may end at once, because it is not let write where it must. */
async function gateWorks(home: Home): Promise<void> {
  const gate = startCli(['gate', 'run'], home.env)
  const ended = once(gate, 'close')
  const socket = join(home.install().sockets, 'control.sock')
  while (gate.exitCode === null && !existsSync(socket)) await rest(20)
  await judged(home, 't1')
  gate.kill('SIGTERM')
  await ended
}

/** Somebody took the hooks out: they are put in anew. */
async function again(home: Home): Promise<void> {
  put(home.settings, '{"model":"opus"}\n')
  await home.run('init', '--yes', '--no-gateway')
}

async function synced(home: Home): Promise<void> {
  await home.run('trust', 'add', 'github.com/acme')
  await home.run('trust', 'sync', '--yes')
}

describe.each(Object.entries(WRITERS))('a link in the place of %s', (name, write) => {
  test('is not written through', async () => {
    const home = await attacked()
    const path = join(home.state, name)
    mkdirSync(dirname(path), { recursive: true })
    rmSync(path, { force: true })
    symlinkSync(home.victim, path)
    await write(home)
    expect(readFileSync(home.victim, 'utf8')).toBe(VICTIM)
    expect(readdirSync(home.victims)).toEqual(['victim'])
  })

  test('that leads nowhere makes nothing there', async () => {
    const home = await attacked()
    const path = join(home.state, name)
    mkdirSync(dirname(path), { recursive: true })
    rmSync(path, { force: true })
    symlinkSync(join(home.victims, 'new'), path)
    await write(home)
    expect(readdirSync(home.victims)).toEqual(['victim'])
  })
})

describe('a link in the place of a folder', () => {
  test('of the state is refused by init, which says how to mend it', async () => {
    const home = newHome('{}\n')
    const victims = join(home.folder, 'victims')
    mkdirSync(victims)
    mkdirSync(dirname(home.state), { recursive: true })
    symlinkSync(victims, home.state)
    const { code, stderr } = await home.run('init', '--yes', '--no-gateway')
    expect(code).toBe(2)
    expect(stderr).toBe(
      `signalbox: ${home.state}: is a link, and must be a folder; move it away and start again\n`,
    )
    expect([readdirSync(victims), home.text()]).toEqual([[], '{}\n'])
  })

  test.each(['journal', 'run', 'index'])(
    '%s gets nothing',
    async name => {
      const home = await attacked()
      const path = join(home.state, name)
      rmSync(path, { recursive: true, force: true })
      symlinkSync(home.victims, path)
      await home.run('gate', 'run', '--detach')
      await home.run('report')
      expect(readdirSync(home.victims)).toEqual(['victim'])
    },
    20_000,
  )
})

test('settings and a policy that are links of the user’s stay links, and what they lead to is changed', async () => {
  const home = newHome('{}\n')
  open.push(() => home.run('gate', 'stop'))
  const dotfiles = join(home.folder, 'dotfiles')
  mkdirSync(dotfiles)
  for (const path of [home.settings, home.policy]) {
    put(path, '')
    rmSync(path)
    put(join(dotfiles, path.endsWith('json') ? 'settings.json' : 'config.yaml'), '')
    symlinkSync(join(dotfiles, path.endsWith('json') ? 'settings.json' : 'config.yaml'), path)
  }
  await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  for (const path of [home.settings, home.policy])
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(dotfiles, 'settings.json'), 'utf8')).toContain('hook.sock')
  expect(readFileSync(join(dotfiles, 'config.yaml'), 'utf8')).toContain('Ada')
})

/** Puts a link in a file's place and the file back, as fast as it can, until it is told to end. */
const SWAPPER = `
const fs = require('node:fs')
const [victim, ...paths] = process.argv.slice(1)
let turns = 0
const end = Date.now() + 20000
process.on('message', () => { process.send(turns); process.exit() })
;(function swap() {
  for (let i = 0; i < 50; i++)
    for (const path of paths) {
      try { fs.symlinkSync(victim, path + '.link') } catch {}
      try { fs.renameSync(path, path + '.away') } catch {}
      try { fs.renameSync(path + '.link', path) } catch {}
      try { fs.renameSync(path + '.away', path) } catch {}
      turns++
    }
  if (Date.now() < end) setImmediate(swap)
})()`

test('links that come and go while all of it works are never written through', async () => {
  const home = await attacked()
  await home.run('gate', 'run', '--detach')
  await home.run('trust', 'add', 'github.com/first')
  const targets = [
    'projects.json',
    'trust-history.json',
    'hooks.json',
    'key',
    'journal/head',
    `journal/${TODAY}.jsonl`,
  ]
  const paths = targets.map(name => join(home.state, name))
  const swapper = spawn(process.execPath, ['-e', SWAPPER, home.victim, ...paths], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  open.push(() => swapper.kill('SIGKILL'))
  for (let i = 0; i < 12; i++) {
    await Promise.all(Array.from({ length: 10 }, (_, n) => judged(home, `r${i}-${n}`)))
    await home.run('trust', 'add', `github.com/acme${i}`)
    if (i % 3 === 0) {
      await again(home)
      await home.run('gate', 'stop')
      await home.run('gate', 'run', '--detach')
    }
  }
  swapper.send('end')
  const [turns] = await once(swapper, 'message')
  expect(Number(turns)).toBeGreaterThan(300)
  expect(readFileSync(home.victim, 'utf8')).toBe(VICTIM)
  expect(readdirSync(home.victims)).toEqual(['victim'])
}, 60_000)

test('a file that was moved away under a policy’s edit is not lost', async () => {
  const home = await attacked()
  renameSync(home.policy, `${home.policy}.away`)
  writeFileSync(home.policy, '# mine\n')
  await home.run('trust', 'add', 'github.com/acme')
  expect(readFileSync(home.policy, 'utf8')).toContain('# mine\n')
  expect(existsSync(`${home.policy}.away`)).toBe(true)
})

/** A broker that demands TLS and lets everybody do no more than docs/fleet.md says they need. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { type Broker, openBroker } from '../../src/fleet/broker.ts'
import { Door } from '../../src/fleet/door.ts'
import { keyPairIn } from '../../src/fleet/identity.ts'
import { Presence } from '../../src/fleet/presence.ts'
import { openDoor, remoteSend } from '../../src/fleet/remote.ts'
import { Seen } from '../../src/fleet/seen.ts'
import { journalSubject } from '../../src/fleet/subjects.ts'
import { bash, post } from '../gate/world.ts'
import { PROGRAM, startCli } from '../helpers/cli.ts'
import { put, tempFolder } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'
import { openTerminal } from '../helpers/terminal.ts'
import { isInstalled, type NatsServer, natsServer } from './server.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

interface Key {
  readonly file: string
  readonly nkey: string
  readonly seed: string
}

interface Secured {
  readonly url: string
  readonly ca: string
  readonly admin: Key
  readonly relay: Key
  readonly screen: Key
  readonly stranger: Key
}

/** A certificate of its own authority, made by openssl. */
function certificate(folder: string, name: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'],
    ...['-out', cert, '-keyout', key],
  ])
  expect(made.status).toBe(0)
  return { cert, key }
}

function keyIn(folder: string, name: string): Key {
  const pair = nkeys.createUser()
  const file = join(folder, `${name}.nk`)
  const seed = new TextDecoder().decode(pair.getSeed())
  put(file, `${seed}\n`)
  return { file, seed, nkey: pair.getPublicKey() }
}

const quoted = (subjects: readonly string[]): string => JSON.stringify(subjects)

/** As docs/fleet.md has it. */
function users({ admin, relay, screen }: Pick<Secured, 'admin' | 'relay' | 'screen'>): string {
  const api = ['$JS.API.INFO', '$JS.API.STREAM.INFO.SIGNALBOX_acme']
  const relays = ['signalbox.acme.journal.alpha.>', 'signalbox.acme.relay.alpha', ...api]
  const hears = [
    'signalbox.acme.control.alpha',
    'signalbox.acme.presence',
    `_INBOX.${relay.nkey}.>`,
  ]
  const consumer = ['CREATE', 'INFO', 'MSG.NEXT', 'DELETE'].map(
    it => `$JS.API.CONSUMER.${it}.SIGNALBOX_acme.>`,
  )
  const screens = ['signalbox.acme.control.*', 'signalbox.acme.presence', ...api, ...consumer]
  return `authorization { users: [
    { nkey: ${admin.nkey} }
    { nkey: ${relay.nkey}, permissions: {
      publish: ${quoted(relays)}, subscribe: ${quoted(hears)}, allow_responses: true } }
    { nkey: ${screen.nkey}, permissions: {
      publish: ${quoted(screens)}, subscribe: ${quoted(['signalbox.acme.relay.*', `_INBOX.${screen.nkey}.>`])} } }
  ] }`
}

async function secured(): Promise<Secured> {
  const folder = tempFolder()
  const { cert, key } = certificate(folder, 'broker')
  const [admin, relay, screen, stranger] = ['admin', 'relay', 'screen', 'stranger'].map(name =>
    keyIn(folder, name),
  ) as [Key, Key, Key, Key] // as many as there are names
  const config = join(folder, 'nats.conf')
  put(
    config,
    `tls { cert_file: "${cert}", key_file: "${key}" }\n${users({ admin, relay, screen })}\n`,
  )
  const server: NatsServer = await natsServer('-c', config)
  open.push(() => server.kill())
  const url = server.url.replace('nats://127.0.0.1', 'tls://localhost')
  return { url, ca: cert, admin, relay, screen, stranger }
}

async function as({ url, ca }: Secured, { file }: Key): Promise<Broker> {
  const broker = await openBroker({
    ...{ servers: url, credentials: file, ca, organisation: 'acme', patient: false },
  })
  open.push(() => broker.connection.close())
  return broker
}

const flags = ({ url, ca }: Secured, { file }: Key): string[] => [
  ...['--nats', url, '--creds', file, '--ca', ca, '--organisation', 'acme'],
]

describe.skipIf(!isInstalled)('a broker with TLS and permissions', () => {
  let it: Secured
  beforeAll(() => {
    expect(spawnSync('openssl', ['version']).status).toBe(0)
  })

  async function machine(more: string): Promise<Home> {
    const home = newHome('{}\n')
    open.push(() => home.run('gate', 'stop'))
    await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
    put(
      home.policy,
      `auto_mode: { enabled_by: Ada, enabled_on: 2026-01-01 }\nroles: { default: decide }\n${more}\n`,
    )
    await home.run('gate', 'run', '--detach')
    const relay = startCli(['relay', '--machine', 'alpha', ...flags(it, it.relay)], home.env)
    open.push(async () => {
      const ended = once(relay, 'close')
      relay.kill('SIGTERM')
      await ended
    })
    return home
  }

  const hook = (home: Home, event: string, more: object): Promise<string> => {
    const about = { session_id: 's1', transcript_path: '', cwd: join(home.folder, 'shop') }
    const body = { hook_event_name: event, permission_mode: 'auto', ...about, ...more }
    const headless = { 'x-signalbox-entrypoint': 'sdk-cli', 'x-signalbox-attended': '0' }
    return post(join(home.install().sockets, 'hook.sock'), '/hook', JSON.stringify(body), headless)
  }

  const asked = (home: Home, id: string, command: string): Promise<string> =>
    hook(home, 'PreToolUse', bash(command, id))

  test('does for relay and screen: what runs headless is held while the screen is there', async () => {
    it = await secured()
    await as(it, it.admin) // makes the stream
    const home = await machine(`fleet: { remote: [{ nkey: ${it.screen.nkey}, name: Dana }] }`)
    await hook(home, 'SessionStart', { model: 'claude-opus-4-6' })
    const risky = '../tool ../outside.txt'
    expect(await asked(home, 't1', risky)).toContain('unavailable, not unsafe')
    const screen = openTerminal({
      command: process.execPath,
      args: [PROGRAM, 'watch', ...flags(it, it.screen)],
      env: newHome().env,
      columns: 160,
      rows: 30,
    })
    open.push(() => screen.close())
    await screen.waitFor(text => text.includes('blocked 1'))
    const status = async () => (await home.run('gate', 'status')).stdout
    await vi.waitFor(async () => expect(await status()).toContain('1 screens'), 15_000)
    const held = asked(home, 't2', risky)
    await screen.waitFor(text => text.includes('? pending'))
    await vi.waitFor(() => {
      screen.write('a')
      expect(screen.screen()).not.toContain('? pending')
    }, 10_000)
    expect(await held).toContain('"allow"')
    await screen.close()
    await vi.waitFor(async () => expect(await status()).toContain('0 screens'), 15_000)
    expect(await asked(home, 't3', risky)).toContain('unavailable, not unsafe')
  }, 60_000)

  test('keeps a relay from speaking for another machine, and from what others are answered', async () => {
    it = await secured()
    await as(it, it.admin)
    const relay = await as(it, it.relay)
    await expect(relay.js.publish(journalSubject('acme', 'beta', 's'), 'x')).rejects.toThrow()
    await expect(relay.manager.streams.purge('SIGNALBOX_acme')).rejects.toThrow()
    await expect(relay.manager.streams.delete('SIGNALBOX_acme')).rejects.toThrow()
    const heard: unknown[] = []
    const sub = relay.connection.subscribe('_INBOX.>', {
      callback: error => void heard.push(error),
    })
    await vi.waitFor(() => expect(String(heard[0])).toContain('Permissions Violation'))
    sub.unsubscribe()

    // Whom the broker does not let hear commands says so; who may not send any is told.
    const screen = await as(it, it.screen)
    const nobody = { organisation: 'acme', policy: () => builtInPolicy, clock: Date.now }
    const door = new Door({
      ...nobody,
      place: { organisation: 'acme', machine: 'alpha' },
      seen: new Seen(join(tempFolder(), 'seen.json')),
      send: async () => ({ done: true, text: '' }),
    })
    const said: string[] = []
    const presence = new Presence({ ...nobody, attach: () => {} })
    openDoor(screen, 'alpha', door, presence, text => said.push(text))
    await vi.waitFor(() => expect(said).toHaveLength(2))
    expect(said.join()).toContain(
      'no commands come in: the broker does not let this relay hear them',
    )
    const send = remoteSend({
      broker: relay,
      by: keyPairIn(it.relay.file),
      machineOf: () => 'beta',
    })
    await expect(send({ type: 'pause', session: 's' })).rejects.toThrow(
      'the broker does not let you act on beta',
    )
  }, 30_000)

  test('says in one line, with 2 and without a key, why it lets nobody in', async () => {
    it = await secured()
    await as(it, it.admin)
    const home = newHome()
    const line = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await home.run('watch', '--once', ...args)
      expect([code, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1])
      for (const { seed } of [it.admin, it.screen, it.stranger]) expect(stderr).not.toContain(seed)
      return stderr
    }
    expect(await line(...flags(it, it.stranger))).toContain(`${it.url}: Authorization Violation`)
    expect(await line('--nats', it.url, '--ca', it.ca)).toContain(
      `${it.url}: Authorization Violation`,
    )
    const other = { ...it, ca: certificate(tempFolder(), 'other').cert }
    expect(await line(...flags(other, it.screen))).toContain('certificate')
    expect(await line(...flags({ ...it, ca: '/no/such' }, it.screen))).toContain(
      '/no/such: cannot be read',
    )
    expect(await line('--nats', it.url, '--creds', it.screen.file)).toContain('certificate')
    expect(await line(...flags(it, { ...it.screen, file: it.ca }))).toContain('holds no seed')
    expect(await line(...flags({ ...it, ca: it.screen.file }, it.screen))).toContain(it.url)
    const plain = await natsServer()
    open.push(() => plain.kill())
    const stripped = plain.url.replace('nats:', 'tls:')
    expect(await line('--nats', stripped)).toContain("does not support 'tls'")
    const elsewhere = flags(it, it.screen).with(-1, 'evil')
    expect(await line(...elsewhere)).toContain(it.url)
  }, 60_000)
})

/** What somebody who may write to the broker, and means harm, can do to a screen: nothing. */

import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { afterEach, describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { builtInPolicy } from '../../src/config/built-in-policy.ts'
import { REMOTE_RIGHTS } from '../../src/config/policy.ts'
import { type Broker, openBroker } from '../../src/fleet/broker.ts'
import { Door } from '../../src/fleet/door.ts'
import { Presence } from '../../src/fleet/presence.ts'
import { openDoor } from '../../src/fleet/remote.ts'
import { signed } from '../../src/fleet/remote-command.ts'
import { Seen } from '../../src/fleet/seen.ts'
import { controlSubject, journalSubject } from '../../src/fleet/subjects.ts'
import { hashLine } from '../../src/gate/chain.ts'
import { plainLines } from '../../src/monitor/plain.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import { fleet } from '../../src/sources/fleet.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { tempFolder } from '../helpers/folder.ts'
import { alerts, judgedEntry, judgement, sessionEntry } from '../helpers/gate-events.ts'
import { newHome } from '../helpers/home.ts'
import { openTerminal } from '../helpers/terminal.ts'
import { isInstalled, natsServer } from './server.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

interface Stream {
  readonly broker: Broker
  readonly url: string
  /** As a relay would, but with any machine in the message and in the subject. */
  tell(machine: string, session: string, entry: object, under?: string): Promise<void>
  seen(): Promise<{ world: World; events: Event[]; machineOf(session: string): string | undefined }>
}

async function stream(): Promise<Stream> {
  const server = await natsServer()
  open.push(() => server.kill())
  const given = { credentials: '', ca: '', organisation: 'acme', patient: true }
  const broker = await openBroker({ servers: server.url, ...given })
  open.push(() => broker.connection.close())
  let seq = 0
  return {
    broker,
    url: server.url,
    tell: async (machine, session, entry, under = machine) => {
      const chained = { ...entry, seq: ++seq, prev: '' }
      const text = JSON.stringify({ machine, id: hashLine(`${seq}`), entry: chained })
      await broker.js.publish(journalSubject('acme', under, session), text)
    },
    seen: async () => {
      const { events, machineOf } = fleet({
        ...{ broker, loadPrice: async () => () => null, follow: false },
      })
      let world = new World()
      const all: Event[] = []
      for await (const batch of events)
        for (const event of batch) {
          world = fold(world, event)
          all.push(event)
        }
      return { world, events: all, machineOf }
    },
  }
}

const call = (session: string, id: string, at = 1): object =>
  judgedEntry(id, at, { command: 'rm -rf build' }, { session })

const skipped = (events: readonly Event[]): string[] =>
  events.flatMap(event => (event.type === 'skipped' ? [event.why] : []))

describe.skipIf(!isInstalled)('a machine', () => {
  test('is not spoken for by another, and its sessions’ commands go to no other', async () => {
    const { tell, seen } = await stream()
    await tell('alpha', 's1', call('s1', 't1'))
    // Under its own name about another's session, and under its own subject in another's name.
    await tell('beta', 's1', call('s1', 't2', 2))
    await tell('alpha', 's1', call('s1', 't3', 3), 'beta')
    await tell('alpha', 's9', call('s1', 't4', 4))
    await tell('beta', 's2', call('s2', 't5', 5))
    const { world, events, machineOf } = await seen()
    expect([machineOf('s1'), machineOf('s2')]).toEqual(['alpha', 'beta'])
    expect(world.actions.length).toBe(2)
    expect(skipped(events)).toEqual([
      "beta tells of another machine's session",
      'not a message of Signalbox',
      'not a message of Signalbox',
    ])
  })

  test('pauses no session of another by pausing all of its own', async () => {
    const { tell, seen } = await stream()
    await tell('alpha', 's1', sessionEntry(1, { session: 's1' }))
    await tell('beta', '', { type: 'paused', at: Date.now(), session: null, hard: false, why: '' })
    const { world } = await seen()
    expect(world.gate.pauses.size).toBe(0)
    expect(world.gate.notices.at(-1)).toMatchObject({ text: 'beta: all sessions are paused' })
  })
})

describe.skipIf(!isInstalled)('a command', () => {
  test('is carried out once, by one of two relays of a machine, however often it is sent', async () => {
    const { broker } = await stream()
    const dana = nkeys.createUser()
    const nkey = dana.getPublicKey()
    const origin = { layer: 'user', file: '', line: 1 } as const
    const remote = [{ nkey, name: 'Dana', may: REMOTE_RIGHTS, origin }]
    const fleet = { share: 'reduced', remote, remoteMay: REMOTE_RIGHTS } as const
    const place = { organisation: 'acme', machine: 'alpha' }
    const given = { policy: () => ({ ...builtInPolicy, fleet }), clock: Date.now }
    const file = join(tempFolder(), 'seen.json')
    let done = 0
    for (let n = 0; n < 2; n++) {
      const send = async () => ({ done: true, text: `${++done}` })
      const door = new Door({ ...given, place, send, seen: new Seen(file) })
      const presence = new Presence({ ...given, organisation: 'acme', attach: () => {} })
      openDoor(broker, 'alpha', door, presence, () => {})
    }
    const text = signed(dana, place, { type: 'override', session: 's', action: 't' }, Date.now())
    const subject = controlSubject('acme', 'alpha')
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => broker.connection.request(subject, text)),
    )
    const told = replies.map(reply => reply.json<{ done: boolean }>().done)
    expect([done, told.filter(Boolean).length]).toEqual([1, 1])
  })
})

const ESC = '\x1b]0;owned\x07\x1b[2J\u202e\u009b31m'

describe.skipIf(!isInstalled)('a stream', () => {
  test('with what is no message, or huge, or of no time, does not stop the screen', async () => {
    const { broker, tell, seen } = await stream()
    const subject = journalSubject('acme', 'alpha', 's1')
    for (const text of ['', 'null', '[]', '{', '"x"', '{"machine":1}', '\u0000\u00ff'])
      await broker.js.publish(subject, text)
    await broker.js.publish(subject, new Uint8Array([0xff, 0xfe, 0x00]))
    await broker.js.publish(subject, `{"machine":"alpha","id":"${'x'.repeat(900_000)}"}`)
    await broker.js.publish(subject, `[${'['.repeat(400_000)}`)
    for (const at of [-1e300, 0, 8.65e15, 1e300])
      await tell('alpha', 's1', { ...call('s1', `t${at}`), at })
    await tell('alpha', '', { type: 'policy', at: 1e300, hash: '', error: 'x'.repeat(800_000) })
    await tell('alpha', 's1', {
      ...alerts(1, { text: 'y'.repeat(800_000) }),
      session: 's1',
      at: 1e300,
    })
    const { world, events } = await seen()
    expect(skipped(events)).toHaveLength(10)
    expect(world.actions.length).toBe(4)
    expect(JSON.stringify(snapshotOf(world))).toContain('rm -rf build')
    expect(plainLines(world, 10).length).toBeGreaterThan(0)
  })

  test('with bytes that steer a terminal in every field steers none', async () => {
    const { tell, url } = await stream()
    const [machine, session] = [`alpha${ESC}`, `s1${ESC}`]
    const evil = judgement({
      rule: `rule${ESC}`,
      reason: `reason${ESC}`,
      evidence: `evidence${ESC}`,
      resources: [{ kind: 'git', id: `github.com/evil${ESC}`, trust: 'external' }],
      clear: [`trust ${ESC}`],
    })
    const now = Date.now()
    const more = { session, at: now, cwd: `/a${ESC}`, judgement: evil, tool: `Bash${ESC}` }
    const about = { session, at: now, cwd: `/a${ESC}`, why: `why${ESC}`, permissionMode: ESC }
    await tell(machine, session, { ...sessionEntry(0), ...about })
    await tell(
      machine,
      session,
      judgedEntry(`t1${ESC}`, 0, { command: `rm${ESC}` }, { ...more, agent: ESC }),
    )
    await tell(machine, session, { ...call(session, 'of 1970'), at: 0 })
    await tell(machine, session, { ...alerts(0, { text: `alert${ESC}` }), session, at: now })
    const who = { name: `Dana${ESC}`, pid: 1, tty: ESC }
    await tell(machine, '', {
      ...{ type: 'command', at: now, screen: who, command: { type: ESC }, done: false, text: ESC },
    })
    await tell(machine, '', { type: 'policy', at: now, hash: '', error: `no${ESC}` })

    const home = newHome()
    const watch = ['watch', '--nats', url, '--organisation', 'acme']
    for (const how of ['--plain', '--json']) {
      const { stdout, stderr, code } = await home.run(...watch, '--once', how)
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toContain('rm')
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
    }
    const screen = openTerminal({
      command: process.execPath,
      args: [PROGRAM, ...watch],
      env: home.env,
      columns: 160,
      rows: 40,
    })
    open.push(() => screen.close())
    let output = ''
    screen.onOutput(bytes => {
      output += bytes.toString('utf8')
    })
    await screen.waitFor(it => it.includes('x blocked'))
    const at = (key: string, what: string): Promise<string> => {
      screen.write(key)
      return screen.waitFor(what)
    }
    await at('\r', 'evidence')
    await at('s', '1 session')
    await at('i', 'what nobody trusts')
    await at('L', 'ALERT')
    await at('w', 'nothing')
    await at('?', 'help')
    expect(output).toContain('\\x1b]0;owned\\x07')
    expect(output).not.toContain('\x1b]0;owned')
    expect(output).not.toMatch(/[\u202e\u009b]/)
  }, 60_000)
})

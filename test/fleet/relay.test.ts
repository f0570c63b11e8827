/** Journals of several machines on one screen, through a real broker that goes away and comes back. */
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Entry } from '../../src/action/entry.ts'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { type Broker, type BrokerOptions, openBroker } from '../../src/fleet/broker.ts'
import { messageText } from '../../src/fleet/message.ts'
import { Outbox } from '../../src/fleet/outbox.ts'
import { reduced } from '../../src/fleet/reduce.ts'
import { relay } from '../../src/fleet/relay.ts'
import { journalSubject } from '../../src/fleet/subjects.ts'
import { Journal } from '../../src/gate/journal.ts'
import { isActive } from '../../src/monitor/counters.ts'
import { fleet } from '../../src/sources/fleet.ts'
import { tempFolder } from '../helpers/folder.ts'
import { judgement, sessionEntry } from '../helpers/gate-events.ts'
import { judgedEntry } from './judged-entry.ts'
import { isInstalled, type NatsServer, natsServer } from './server.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const options = (server: NatsServer, more: Partial<BrokerOptions> = {}): BrokerOptions => ({
  servers: server.url,
  credentials: '',
  ca: '',
  organisation: 'acme',
  patient: true,
  ...more,
})

async function started(): Promise<NatsServer> {
  const server = await natsServer()
  open.push(() => server.kill())
  return server
}

async function brokerOf(server: NatsServer): Promise<Broker> {
  const broker = await openBroker(options(server))
  open.push(() => broker.connection.close())
  return broker
}

interface Machine {
  readonly name: string
  readonly journal: Journal
  judge(n: number): void
  /** Ends as if it were killed: nothing more is sent, nothing is kept. */
  kill(): void
  relay(share?: (entry: Entry) => Entry, say?: (text: string) => void): Promise<void>
}

function machine(name: string, server: NatsServer): Machine {
  const state = tempFolder()
  const folder = join(state, 'journal')
  const journal = new Journal(folder)
  open.push(() => journal.close())
  let end = new AbortController()
  return {
    name,
    journal,
    judge: n => journal.append(judgedEntry(name, n)),
    kill: () => end.abort(),
    relay: async (share = reduced, say = () => {}) => {
      end = new AbortController()
      const { signal } = end
      open.push(() => end.abort())
      const broker = await brokerOf(server)
      const outbox = new Outbox(folder, join(state, 'relay.json'))
      const waits = (): void => {}
      const rest = { waits, folder, organisation: 'acme', machine: name, share: () => share, say }
      void relay({ broker, outbox, signal, ...rest })
    },
  }
}

/** Follows the fleet until `enough` says so. */
async function watched(server: NatsServer, enough: (world: World, events: number) => boolean) {
  const stop = new AbortController()
  const broker = await brokerOf(server)
  let world = new World()
  let judged = 0
  const { events: source } = fleet({
    broker,
    loadPrice: async () => () => null,
    follow: true,
    signal: stop.signal,
  })
  const told: Event[] = []
  for await (const batch of source) {
    for (const event of batch) {
      world = fold(world, event)
      if (event.type === 'judged') judged++
      told.push(event)
    }
    if (enough(world, judged)) stop.abort()
  }
  return { world, judged, told }
}

async function madeAnew({ manager, stream }: Broker, server: NatsServer): Promise<void> {
  await manager.streams.delete(stream)
  await brokerOf(server)
}

describe.skipIf(!isInstalled)('a fleet', () => {
  test('is on one screen, each event once, though broker and relays die in the middle', async () => {
    const server = await started()
    const machines = ['alpha', 'beta', 'gamma.example'].map(name => machine(name, server))
    for (const it of machines) await it.relay()
    const all = 3 * 300
    const seen = watched(server, world => world.actions.length >= all)
    for (let n = 0; n < 300; n++) {
      for (const it of machines) it.judge(n)
      if (n === 100) await server.kill()
      if (n === 150) machines[0]?.kill()
      if (n === 200) await server.start()
      if (n === 250) await machines[0]?.relay()
      if (n % 25 === 0) await new Promise(resolve => setTimeout(resolve, 20))
    }
    const { world, judged } = await seen
    expect(world.actions.length).toBe(all)
    expect(judged).toBe(all)
    const counts = world.sessions.map(it => [it.id, it.counts.blocked])
    expect(counts.sort()).toEqual(
      ['alpha', 'beta', 'gamma.example'].map(name => [`session of ${name}`, 300]),
    )
  }, 60_000)

  test('tells an entry once that a relay sends again, in whatever order', async () => {
    const server = await started()
    const it = machine('alpha', server)
    for (let n = 0; n < 50; n++) it.judge(n)
    await it.relay()
    const first = await watched(server, (_, judged) => judged >= 50)
    const broker = await brokerOf(server)
    // As after the time in which the broker knows what it had: in the other order, under other ids.
    const again = first.told.filter(event => event.type === 'judged').length
    const consumer = await broker.js.consumers.get(broker.stream)
    const texts: [string, string][] = []
    const messages = await consumer.consume()
    for await (const one of messages) {
      texts.push([one.subject, one.string()])
      if (texts.length >= 50) break
    }
    for (const [subject, text] of texts.toReversed()) await broker.js.publish(subject, text)
    it.judge(50)
    const second = await watched(server, world => world.actions.length >= 51)
    expect([again, second.judged, second.world.actions.length]).toEqual([50, 51, 51])
  }, 60_000)

  // The new one counts from 1: it may have fewer, as many or more when the screen looks again.
  test.each([
    [1, 1],
    [3, 1],
    [3, 20],
  ])(
    'goes on when its stream, with %i, was deleted and made anew, with %i',
    async (old, young) => {
      const server = await started()
      const it = machine('alpha', server)
      for (let n = 0; n < old; n++) it.judge(n)
      await it.relay()
      const broker = await brokerOf(server)
      let isAnew = false
      const seen = watched(server, (_, judged) => {
        if (judged === old && !isAnew) {
          isAnew = true
          void madeAnew(broker, server).then(() => {
            for (let n = 0; n < young; n++) it.judge(old + n)
          })
        }
        return judged >= old + young
      })
      expect((await seen).world.actions.length).toBe(old + young)
    },
    30_000,
  )

  test('is read to its end also where all of it is over', async () => {
    const server = await started()
    const broker = await brokerOf(server)
    const it = machine('alpha', server)
    it.judge(1)
    await it.relay()
    await watched(server, (_, judged) => judged >= 1)
    await broker.manager.streams.purge(broker.stream)
    const { events } = fleet({ broker, loadPrice: async () => () => null, follow: false })
    const told: Event[] = []
    for await (const batch of events) told.push(...batch)
    expect(told.at(-1)?.type).toBe('journal-read')
  }, 30_000)

  test('says that a session ended, and that it goes on when it acts again', async () => {
    const server = await started()
    const it = machine('alpha', server)
    const session = 'session of alpha'
    const isLiveAfter = async (judgements: number): Promise<boolean> => {
      const { world } = await watched(server, (_, judged) => judged >= judgements)
      const found = world.findSession(session)
      return found !== undefined && isActive(world, found, Date.now())
    }
    await it.relay()
    it.journal.append(sessionEntry(0, { session, at: Date.now() }))
    it.judge(1)
    expect(await isLiveAfter(1)).toBe(true)
    it.journal.append({ type: 'session-ended', at: Date.now(), session, reason: 'exit' })
    it.journal.append(judgedEntry('another', 1))
    expect(await isLiveAfter(2)).toBe(false)
    await new Promise(resolve => setTimeout(resolve, 5))
    it.judge(2)
    expect(await isLiveAfter(3)).toBe(true)
  }, 60_000)

  test('has of its history what came since then', async () => {
    const server = await started()
    const it = machine('alpha', server)
    it.judge(1)
    await it.relay()
    await watched(server, (_, judged) => judged >= 1)
    const since = Date.now() + 1
    const broker = await brokerOf(server)
    const actions = async (): Promise<string[]> => {
      const { events } = fleet({ broker, loadPrice: async () => () => null, follow: false, since })
      const told: string[] = []
      for await (const batch of events)
        for (const event of batch) if (event.type === 'judged') told.push(event.action)
      return told
    }
    expect(await actions()).toEqual([])
    await new Promise(resolve => setTimeout(resolve, 5))
    it.judge(2)
    await watched(server, (_, judged) => judged >= 2)
    expect(await actions()).toEqual(['toolu_alpha_2'])
  }, 60_000)

  test('takes no word of one machine for another', async () => {
    const server = await started()
    const broker = await brokerOf(server)
    const entry = { ...judgedEntry('beta', 1), seq: 1, prev: '' }
    const text = messageText({ machine: 'beta', id: 'x', entry })
    await broker.js.publish(journalSubject('acme', 'alpha', 'session of beta'), text)
    const it = machine('beta', server)
    it.judge(2)
    await it.relay()
    const { told } = await watched(server, (_, judged) => judged >= 1)
    const of = told.flatMap(event => (event.type === 'judged' ? [event.action] : []))
    expect(of).toEqual(['toolu_beta_2'])
    expect(told.filter(event => event.type === 'skipped')).toHaveLength(1)
  }, 60_000)

  test('has nothing of arguments, paths and words', async () => {
    const server = await started()
    const it = machine('alpha', server)
    it.judge(1)
    const home = { session: '', action: '', text: '/home/dev/x' } as const
    it.journal.append({ type: 'alert', at: 1, ...home, what: 'policy' })
    it.journal.append({ type: 'policy', at: 1, hash: '', error: '/home/dev/config.yaml:1' })
    const slot = { slot: 'paths', project: '/home/dev/app', note: 'secret', expires: '' } as const
    it.journal.append({ type: 'trusted', at: 1, ...slot, entry: '/home/dev/data' })
    const clear = ['trust /home/dev/data', 'trust github.com/evil', 'override']
    const git = { kind: 'git', id: '/home/dev/mirror.git', trust: 'external' } as const
    const local = judgement({ clear, resources: [git] })
    it.journal.append({ ...judgedEntry('alpha', 2), judgement: local })
    it.journal.append({ type: 'words', at: 1, session: 's', index: 0, text: 'deploy to prod' })
    it.journal.append({
      ...{ type: 'ran', at: 2, session: 's', action: 'a' },
      ok: true,
      runMs: 1,
      inputHash: 'c0ffee',
    })
    const text = 'cannot read /home/dev/x'
    it.journal.append({ type: 'alert', at: 3, session: '', action: '', what: 'integrity', text })
    it.journal.append({ type: 'policy', at: 4, hash: 'h', error: '/home/dev/config.yaml: line 3' })
    await it.relay()
    it.judge(2)
    const { told } = await watched(server, (_, judged) => judged >= 2)
    const seen = JSON.stringify(told)
    expect(seen).not.toMatch(/secret|branch-1|home\/dev|deploy to prod|c0ffee/)
    expect(seen).toContain('git > github.com/evil/app')
    expect(seen).toContain('alpha:app')
  }, 60_000)

  test('goes on past what is too long for the broker, for the server and for the stream', async () => {
    const server = await started()
    const before = await brokerOf(server)
    await before.manager.streams.update(before.stream, { max_msg_size: 100_000 })
    const it = machine('alpha', server)
    const long = (n: number, bytes: number): void => {
      const judged = { ...judgedEntry('alpha', n), facts: { words: 'x'.repeat(bytes) } }
      it.journal.append(judged)
    }
    const resources = Array.from({ length: 30_000 }, (_, n) => `host-${n}.example`).map(
      id => ({ kind: 'domain', id, trust: 'external' }) as const,
    )
    long(1, 2_000_000) // more than a server takes
    long(2, 200_000) // more than the stream does
    it.journal.append({
      ...judgedEntry('alpha', 3),
      judgement: { ...judgement(), resources }, // reduced as well
    })
    it.judge(4)
    const said: string[] = []
    await it.relay(
      entry => entry,
      text => said.push(text),
    )
    const { told } = await watched(server, (_, judged) => judged >= 3)
    const actions = told.flatMap(event => (event.type === 'judged' ? [event.action] : []))
    expect(actions.sort()).toEqual(['toolu_alpha_1', 'toolu_alpha_2', 'toolu_alpha_4'])
    expect(said).toEqual(['entry 3 of the journal is too long for the broker: it stays here'])
  }, 60_000)

  test('that is not there is said in one line', async () => {
    const nobody = options(await started(), { servers: 'nats://127.0.0.1:1', patient: false })
    await expect(openBroker(nobody)).rejects.toThrow(/^nats:\/\/127\.0\.0\.1:1: /)
  })
})

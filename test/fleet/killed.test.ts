/** Relays as processes of their own, one of them killed again and again while its journal grows. */
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { openBroker } from '../../src/fleet/broker.ts'
import { Journal } from '../../src/gate/journal.ts'
import { fleet } from '../../src/sources/fleet.ts'
import { startCli } from '../helpers/cli.ts'
import { type Home, newHome } from '../helpers/home.ts'
import { judgedEntry } from './judged-entry.ts'
import { isInstalled, type NatsServer, natsServer } from './server.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const NAMES = ['alpha', 'beta', 'gamma'] as const
const EACH = 400

/** Where a relay is installed, and its journal, which is written here in the place of a gate. */
async function machine(): Promise<{ home: Home; journal: Journal }> {
  const home = newHome('{}\n')
  await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  await home.run('gate', 'stop')
  const journal = new Journal(join(home.state, 'journal'))
  open.push(() => journal.close())
  return { home, journal }
}

function relayOf(home: Home, name: string, { url }: NatsServer): () => Promise<void> {
  const relay = startCli(['relay', '--nats', url, '--machine', name], home.env)
  const ended = once(relay, 'close')
  return async () => {
    relay.kill('SIGKILL')
    await ended
  }
}

describe.skipIf(!isInstalled)('a relay that is killed', () => {
  test('loses nothing, and nothing is told twice', async () => {
    const server = await natsServer()
    open.push(() => server.kill())
    const machines = await Promise.all(NAMES.map(async name => ({ name, ...(await machine()) })))
    const kills = machines.map(it => relayOf(it.home, it.name, server))
    open.push(async () => {
      for (const kill of kills) await kill()
    })
    for (let n = 0; n < EACH; n++) {
      for (const it of machines) it.journal.append(judgedEntry(it.name, n))
      if (n % 80 === 40) {
        // While it sends what came last.
        await rest(Math.random() * 60)
        await kills[0]?.()
        const [first] = machines
        if (first !== undefined) kills[0] = relayOf(first.home, first.name, server)
        await rest(300)
      }
    }
    const broker = await openBroker({
      servers: server.url,
      credentials: '',
      ca: '',
      organisation: 'default',
      patient: true,
    })
    open.push(() => broker.connection.close())
    const stop = new AbortController()
    const source = fleet({
      broker,
      loadPrice: async () => () => null,
      follow: true,
      signal: stop.signal,
    })
    let world = new World()
    let told = 0
    for await (const batch of source.events) {
      for (const event of batch) {
        world = fold(world, event)
        if (event.type === 'judged') told++
      }
      if (told >= NAMES.length * EACH) stop.abort()
    }
    expect([told, world.actions.length]).toEqual([NAMES.length * EACH, NAMES.length * EACH])
    expect(world.sessions.map(it => it.counts.blocked)).toEqual([EACH, EACH, EACH])
  }, 90_000)
})

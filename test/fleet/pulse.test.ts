/** Whether a machine's relay is there, on the machines screen of the real program, with a real broker. */
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openBroker } from '../../src/fleet/broker.ts'
import { relaySubject } from '../../src/fleet/subjects.ts'
import { Journal } from '../../src/gate/journal.ts'
import { PROGRAM, startCli } from '../helpers/cli.ts'
import { newHome } from '../helpers/home.ts'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'
import { judgedEntry } from './judged-entry.ts'
import { isInstalled, type NatsServer, natsServer } from './server.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

interface Machine {
  readonly journal: Journal
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>
}

/** A relay, and the journal that it reads, which is written here in the place of a gate. */
async function machine(name: string, { url }: NatsServer): Promise<Machine> {
  const home = newHome('{}\n')
  await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  await home.run('gate', 'stop')
  const journal = new Journal(join(home.state, 'journal'))
  open.push(() => journal.close())
  const relay = startCli(['relay', '--nats', url, '--machine', name], home.env)
  const ended = once(relay, 'close')
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    relay.kill(signal)
    await ended
  }
  open.push(() => end('SIGKILL'))
  return { journal, end }
}

const brokerOf = ({ url }: NatsServer) =>
  openBroker({ servers: url, credentials: '', ca: '', organisation: 'default', patient: false })

function machinesOn({ url }: NatsServer): Terminal {
  const screen = openTerminal({
    command: process.execPath,
    args: [PROGRAM, 'watch', '--nats', url],
    env: newHome().env,
    columns: 120,
    rows: 30,
  })
  open.push(() => screen.close())
  return screen
}

const aliveWithin = { timeout: 60_000 }
const SOON_MS = 20_000

describe.skipIf(!isInstalled)('the machines screen', () => {
  test(
    'tells a relay that is there from one that stopped, and one that was killed',
    aliveWithin,
    async () => {
      const server = await natsServer()
      open.push(() => server.kill())
      const [alpha, beta] = [await machine('alpha', server), await machine('beta', server)]
      alpha.journal.append(judgedEntry('alpha', 1))
      beta.journal.append(judgedEntry('beta', 1))
      const screen = machinesOn(server)
      await screen.waitFor('2 actions, following', SOON_MS)
      screen.write('M')
      await screen.waitFor(/alpha +here[\s\S]*beta +here/, SOON_MS)
      await alpha.end('SIGTERM')
      await screen.waitFor(
        /alpha +stopped[\s\S]*stopped [\d.]+m?s ago: what happens there is not heard/,
        SOON_MS,
      )
      await beta.end('SIGKILL')
      await screen.waitFor(/beta +silent/, SOON_MS)
      screen.write('\u001b[B\r')
      await screen.waitFor('filter machine:beta', SOON_MS)
    },
  )

  test(
    'tells that the broker does not take what is sent, and when it has all again',
    aliveWithin,
    async () => {
      const server = await natsServer()
      open.push(() => server.kill())
      const { journal } = await machine('alpha', server)
      journal.append(judgedEntry('alpha', 1))
      const screen = machinesOn(server)
      await screen.waitFor('1 action, following', SOON_MS)
      screen.write('M')
      const admin = await brokerOf(server)
      open.push(() => admin.connection.close())
      // Who says another name than its subject's is not heard.
      const lie = JSON.stringify({ machine: 'alpha', waitingMs: 0, ends: true })
      admin.connection.publish(relaySubject('default', 'liar'), lie)
      await admin.manager.streams.delete(admin.stream)
      journal.append({ ...judgedEntry('alpha', 2), at: Date.now() })
      await screen.waitFor(/its oldest entry has waited \d/, SOON_MS)
      // Made anew, it has what waited, and the screen goes on with it.
      const again = await brokerOf(server)
      await again.connection.close()
      await screen.waitFor(/alpha +here +1 +2 /, SOON_MS)
      expect(screen.screen()).toContain('here, and the broker has all')
    },
  )
})

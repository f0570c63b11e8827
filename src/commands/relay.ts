/** `signalbox relay`: tells a broker what this machine's gate decides. */
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Entry } from '../action/entry.ts'
import { UsageError, WordsError } from '../config/usage-error.ts'
import { openBroker } from '../fleet/broker.ts'
import { Door } from '../fleet/door.ts'
import { Outbox } from '../fleet/outbox.ts'
import { reduced } from '../fleet/reduce.ts'
import { relay } from '../fleet/relay.ts'
import { openDoor } from '../fleet/remote.ts'
import { hashLine } from '../gate/chain.ts'
import { Policies } from '../gate/policies.ts'
import { CONTROL_SOCKET } from '../gate/sockets.ts'
import { GateClient } from '../sources/gate-client.ts'
import { installed } from './checkpoint.ts'
import { flagsOf } from './flags.ts'
import { say } from './say.ts'
import { ORGANISATION } from './watch-fleet.ts'

export const FLAGS = {
  nats: 'string',
  creds: 'string',
  ca: 'string',
  organisation: 'string',
  machine: 'string',
  install: 'string',
} as const

const ROOT = 0

export async function run(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args, FLAGS)
  const { nats: servers, creds = '', ca = '', organisation = ORGANISATION } = flags
  if (servers === undefined) throw new WordsError('relay takes a broker: --nats nats://HOST:4222')
  const machine = flags.machine ?? hostname()
  if (machine === '') throw new UsageError('--machine takes a name')
  const install = installed(flags.install)
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => stop.abort())
  const broker = await openBroker({ servers, credentials: creds, ca, organisation, patient: true })
  const policies = new Policies({ ...install, managedOwner: ROOT })
  const share = shareOf(policies)
  const door = new Door({
    machine,
    policy: () => policies.of(''),
    send: (command, by) => new GateClient(join(install.sockets, CONTROL_SOCKET), by).send(command),
    clock: Date.now,
  })
  openDoor(broker, organisation, machine, door)
  say([`Relaying ${machine} to ${organisation} on ${servers}`])
  const folder = join(install.state, 'journal')
  // Each broker has its own place in the journal.
  const to = hashLine(`${servers} ${organisation}`).slice(0, 12)
  const outbox = new Outbox(folder, join(install.state, `relay-${to}.json`))
  const { signal } = stop
  await relay({
    ...{ broker, outbox, folder, organisation, machine, share, signal },
    say: text => say([text]),
  })
  await broker.connection.close()
  return 0
}

/** As the policy says when entries are sent. */
function shareOf(policies: Policies): () => (entry: Entry) => Entry {
  return () => (policies.of('').fleet.share === 'redacted' ? entry => entry : reduced)
}

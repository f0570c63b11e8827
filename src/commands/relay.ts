/** `signalbox relay`: tells a broker what this machine's gate decides. */
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { ScreenName } from '../action/command.ts'
import type { Entry } from '../action/entry.ts'
import type { Policy } from '../config/policy.ts'
import { UsageError, WordsError } from '../config/usage-error.ts'
import { openBroker } from '../fleet/broker.ts'
import { Door } from '../fleet/door.ts'
import { Outbox } from '../fleet/outbox.ts'
import { Presence } from '../fleet/presence.ts'
import { Pulse } from '../fleet/pulse.ts'
import { reduced } from '../fleet/reduce.ts'
import { relay } from '../fleet/relay.ts'
import { openDoor } from '../fleet/remote.ts'
import { Seen } from '../fleet/seen.ts'
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
  const broker = await openBroker({ servers, credentials: creds, ca, organisation, patient: true })
  // Before that there was nothing to end in good order: it may have waited for a broker for hours.
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => stop.abort())
  const policies = new Policies({ ...install, managedOwner: ROOT })
  const share = shareOf(policies)
  const policy = (): Policy => policies.of('')
  const gateAs = (by: ScreenName): GateClient =>
    new GateClient(join(install.sockets, CONTROL_SOCKET), by)
  const seen = new Seen(join(install.state, 'relay-seen.json'))
  const door = new Door({
    ...{ place: { organisation, machine }, policy, seen, clock: Date.now },
    send: (command, by) => gateAs(by).send(command),
  })
  const presence = new Presence({
    ...{ organisation, policy, clock: Date.now },
    attach: (screen, until) => gateAs(screen).attach(until),
  })
  openDoor(broker, machine, door, presence, text => say([text]))
  say([`Relaying ${machine} to ${organisation} on ${servers}`])
  const folder = join(install.state, 'journal')
  // Each broker has its own place in the journal.
  const to = hashLine(`${servers} ${organisation}`).slice(0, 12)
  const outbox = new Outbox(folder, join(install.state, `relay-${to}.json`))
  const { signal } = stop
  const pulse = new Pulse(broker, machine, Date.now)
  await relay({
    ...{ broker, outbox, folder, organisation, machine, share, signal },
    waits: since => pulse.waits(since),
    say: text => say([text]),
  })
  presence.end()
  await pulse.end()
  await broker.connection.close()
  return 0
}

/** As the policy says when entries are sent. */
function shareOf(policies: Policies): () => (entry: Entry) => Entry {
  return () => (policies.of('').fleet.share === 'redacted' ? entry => entry : reduced)
}

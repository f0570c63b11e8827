/** The way to a NATS server with JetStream, and the stream that an organisation's journals are in. */
import { hostname } from 'node:os'
import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream'
import {
  connect,
  credsAuthenticator,
  type NatsConnection,
  nkeyAuthenticator,
} from '@nats-io/transport-node'
import { UsageError } from '../config/usage-error.ts'
import { credentialsText, keyPairIn } from './identity.ts'
import { journalSubjects, streamOf } from './subjects.ts'

export interface BrokerOptions {
  /** `nats://host:4222`, `tls://…`; several with commas between. */
  readonly servers: string
  /** A credentials file as NATS makes them, or one with the seed of an nkey; `''`: none. */
  readonly credentials: string
  /** A file with the authority's certificate for TLS; `''`: the system's. */
  readonly ca: string
  readonly organisation: string
  /** Waits for a server that is not there, for ever. */
  readonly patient: boolean
}

export interface Broker {
  readonly organisation: string
  readonly connection: NatsConnection
  readonly stream: string
  readonly js: JetStreamClient
  readonly manager: JetStreamManager
}

const SECOND = 1_000_000_000
const DAY = 86_400 * SECOND
/** For who makes the stream; one that is there stays as its administrator made it. */
const KEEP = { max_age: 30 * DAY, max_bytes: 4 * 2 ** 30, duplicate_window: 3600 * SECOND } as const

/** @throws UsageError when it is not there, or lets nobody in */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { servers, organisation, patient } = options
  const connection = await connect({
    servers: servers.split(','),
    name: `signalbox on ${hostname()}`,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: patient,
    reconnectTimeWait: 1000,
    timeout: 5000,
    ...identity(options.credentials),
    ...encryption(options),
  }).catch(error => {
    throw new UsageError(`${servers}: ${reasonOf(error)}`)
  })
  try {
    const manager = await jetstreamManager(connection)
    const stream = streamOf(organisation)
    await ensure(manager, stream, organisation)
    return { organisation, connection, stream, js: jetstream(connection), manager }
  } catch (error) {
    await connection.close()
    throw new UsageError(`${servers}: ${reasonOf(error)}`)
  }
}

async function ensure(
  manager: JetStreamManager,
  name: string,
  organisation: string,
): Promise<void> {
  try {
    await manager.streams.info(name)
  } catch {
    const subjects = [journalSubjects(organisation)]
    const form = { retention: RetentionPolicy.Limits, storage: StorageType.File, ...KEEP }
    await manager.streams.add({ name, subjects, ...form })
  }
}

/** Who asks for it does not go on without, whatever a server says of itself. */
function encryption({ servers, ca }: BrokerOptions) {
  if (ca !== '') return { tls: { ca: credentialsText(ca) } }
  return servers.includes('tls://') ? { tls: {} } : {}
}

function identity(file: string) {
  if (file === '') return {}
  const text = credentialsText(file)
  const bytes = new TextEncoder().encode(text)
  const isCreds = text.includes('-----BEGIN')
  return {
    authenticator: isCreds
      ? credsAuthenticator(bytes)
      : nkeyAuthenticator(new TextEncoder().encode(text.trim())),
    // Of its own, so that a server can keep others from hearing what it is answered.
    inboxPrefix: `_INBOX.${keyPairIn(file).getPublicKey()}`,
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'no answer')

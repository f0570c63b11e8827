/** Which checkpoint `init` sets the client up for. */
import { createServer } from 'node:net'
import { addressOf, isLoopback } from '../config/address.ts'
import type { Install } from '../config/install.ts'
import { UsageError } from '../config/usage-error.ts'
import { gatewaysFound, gatewayUrl, OWN_API } from './gateway.ts'

export interface CheckpointFlags {
  readonly checkpoint: boolean
  readonly 'no-checkpoint': boolean
  readonly upstream: string | undefined
  readonly listen: string | undefined
}

/** The usual port; another one where somebody has it. */
const PORT = 8477

/**
 * @param old of an earlier init; it stays where no flag says otherwise
 * @throws UsageError
 */
export async function chosenCheckpoint(
  flags: CheckpointFlags,
  old: Install['checkpoint'],
  client: string,
): Promise<Install['checkpoint']> {
  const { checkpoint, 'no-checkpoint': none, upstream, listen } = flags
  if (checkpoint && none)
    throw new UsageError('--checkpoint and --no-checkpoint exclude each other')
  if (!checkpoint && (upstream !== undefined || listen !== undefined))
    throw new UsageError('--upstream and --listen belong to --checkpoint')
  if (none) return null
  if (!checkpoint) return old
  if (listen !== undefined) {
    const at = addressOf(listen)
    if ('path' in at || at.port === 0 || !isLoopback(at))
      throw new UsageError(`--listen takes a port on this machine, like 127.0.0.1:${PORT}`)
  }
  const place = listen ?? old?.listen ?? (await freePlace())
  const own = [`http://${place}`, `http://${old?.listen ?? place}`]
  const [found] = gatewaysFound(client, process.env).filter(({ url }) => !own.includes(url))
  const behind = gatewayUrl('--upstream', upstream ?? old?.upstream ?? found?.url ?? OWN_API)
  return { listen: place, upstream: behind.replace(/\/+$/, ''), env: networkIn(process.env) }
}

/** How the network is reached from here; nothing else of the environment. */
function networkIn(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS']
  const both = names.flatMap(name => [name, name.toLowerCase()])
  return Object.fromEntries(both.flatMap(name => (env[name] ? [[name, env[name]]] : [])))
}

async function freePlace(): Promise<string> {
  return `127.0.0.1:${(await listens(PORT)) ?? (await listens(0)) ?? PORT}`
}

/** @returns the port when one can listen there */
async function listens(port: number): Promise<number | null> {
  const server = createServer()
  const bound = await new Promise<number | null>(resolve => {
    server.once('error', () => resolve(null))
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address()
      resolve(typeof address === 'object' ? (address?.port ?? null) : null)
    })
  })
  await new Promise(resolve => server.close(resolve))
  return bound
}

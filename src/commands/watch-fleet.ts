/** `watch --nats`: many machines, by what their gates tell a broker. */
import { loadConfig } from '../config/config.ts'
import { UsageError } from '../config/usage-error.ts'
import { openBroker } from '../fleet/broker.ts'
import { fleet } from '../sources/fleet.ts'
import type { Options } from './options.ts'
import { loadPrices } from './prices.ts'
import { hideSecrets } from './secrets.ts'
import { printed } from './watch.ts'

/** For who has no other. */
export const ORGANISATION = 'default'

export async function watchFleet(servers: string, options: Options): Promise<number> {
  if (options.root !== undefined) throw new UsageError('--root and --nats exclude each other')
  const config = await loadConfig(process.env)
  await hideSecrets(options)
  const { creds = '', ca = '', organisation = ORGANISATION } = options
  const broker = await openBroker({ servers, credentials: creds, ca, organisation, patient: false })
  const source = { broker, loadPrice: () => loadPrices(config) }
  try {
    if (options.once) return await printed(fleet({ ...source, follow: false }), options)
    const stop = new AbortController()
    const events = fleet({ ...source, follow: true, signal: stop.signal })
    const { show } = await import('./show.ts')
    return await show({ events, stop, options, config, place: `${organisation} on ${servers}` })
  } finally {
    await broker.connection.close()
  }
}

/** `watch --nats`: many machines, by what their gates tell a broker. */
import { homedir } from 'node:os'
import { loadConfig } from '../config/config.ts'
import { UsageError } from '../config/usage-error.ts'
import { openBroker } from '../fleet/broker.ts'
import { keyPairIn } from '../fleet/identity.ts'
import { giveSigns } from '../fleet/presence.ts'
import { remoteSend } from '../fleet/remote.ts'
import { fleet } from '../sources/fleet.ts'
import type { Options } from './options.ts'
import { loadPrices } from './prices.ts'
import { hideSecrets } from './secrets.ts'
import { printed, sinceOf } from './watch.ts'

/** For who has no other. */
export const ORGANISATION = 'default'

export async function watchFleet(servers: string, options: Options): Promise<number> {
  if (options.root !== undefined) throw new UsageError('--root and --nats exclude each other')
  const config = await loadConfig(process.env)
  await hideSecrets(options)
  const { creds = '', ca = '', organisation = ORGANISATION } = options
  const broker = await openBroker({ servers, credentials: creds, ca, organisation, patient: false })
  const source = { broker, loadPrice: () => loadPrices(config), ...sinceOf(options) }
  try {
    if (options.once) return await printed(fleet({ ...source, follow: false }).events, options)
    const stop = new AbortController()
    const { events, machineOf } = fleet({ ...source, follow: true, signal: stop.signal })
    // Without credentials nobody is anybody: the screen only shows.
    const by = creds === '' ? null : keyPairIn(creds)
    const { trustTools } = await import('./trust-tools.ts')
    const gate = by && {
      send: remoteSend({ broker, by, machineOf }),
      trust: { ...trustTools({ home: homedir() }), proposes: true },
    }
    const place = `${organisation} on ${servers}`
    const { show, isScreen } = await import('./show.ts')
    // Who cannot answer from it is not there.
    const answers = !(options.json || options.plain || options.readOnly) && isScreen()
    if (by !== null && answers) giveSigns(broker, by, stop.signal)
    return await show({
      events,
      stop,
      options,
      config,
      place,
      isFleet: true,
      ...(gate && { gate }),
    })
  } finally {
    await broker.connection.close()
  }
}

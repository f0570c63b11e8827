import { existsSync } from 'node:fs'
import { loadConfig } from '../config/config.ts'
import { UsageError } from '../config/usage-error.ts'
import { replay } from '../sources/replay.ts'
import { flagsAmong, optionsOf } from './options.ts'
import { loadPrices } from './prices.ts'
import { hideSecrets } from './secrets.ts'
import { show } from './show.ts'

const TAKES = ['paths', 'speed', 'json', 'plain', 'theme', 'limit', 'show-secrets'] as const
export const FLAGS = flagsAmong(TAKES)

export async function run(args: readonly string[]): Promise<number> {
  const options = optionsOf(args, TAKES)
  const [path, ...more] = options.paths
  if (path === undefined || more.length > 0)
    throw new UsageError('replay takes one transcript or folder: signalbox replay FILE|DIR')
  if (!existsSync(path)) throw new UsageError(`${path}: no such file or folder`)
  const config = await loadConfig(process.env)
  await hideSecrets(options)
  const stop = new AbortController()
  const price = await loadPrices(config)
  const mark = `REPLAY of ${path}`
  const events = replay({ path, mark, price, speed: options.speed ?? 1, signal: stop.signal })
  return show({ events, stop, options, config, place: '' })
}

import { loadConfig } from '../config/config.ts'
import { sample } from '../sources/sample.ts'
import { flagsAmong, optionsOf } from './options.ts'
import { loadPrices } from './prices.ts'
import { show } from './show.ts'

const TAKES = ['speed', 'json', 'plain', 'theme', 'limit'] as const
export const FLAGS = flagsAmong(TAKES)

export async function run(args: readonly string[]): Promise<number> {
  const options = optionsOf(args, TAKES)
  const config = await loadConfig(process.env)
  const stop = new AbortController()
  const price = await loadPrices(config)
  const events = sample({ price, speed: options.speed ?? 1, signal: stop.signal })
  return show({ events, stop, options, config, place: '' })
}

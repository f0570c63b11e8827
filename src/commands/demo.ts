import { type Config, loadConfig } from '../config/config.ts'
import { shipped } from '../config/paths.ts'
import { replay } from '../sources/replay.ts'
import { type Options, optionsOf } from './options.ts'
import { loadPrices } from './prices.ts'
import { show } from './show.ts'

export async function run(args: readonly string[]): Promise<number> {
  const options = optionsOf(args, ['speed', 'json', 'plain', 'theme', 'limit'])
  return playSample(options, await loadConfig(process.env), 'sample session')
}

/** @param place what to say of where was looked */
export async function playSample(options: Options, config: Config, place: string): Promise<number> {
  const stop = new AbortController()
  const events = replay({
    path: shipped('src', 'sources', 'sample'),
    price: await loadPrices(config),
    speed: options.speed ?? 1,
    signal: stop.signal,
  })
  const mark = 'SAMPLE - recorded, not live'
  return show({ events, stop, options, config, place, mark })
}

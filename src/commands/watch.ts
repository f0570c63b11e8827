import { existsSync } from 'node:fs'
import { fold } from '../action/fold.ts'
import { World } from '../action/world.ts'
import { defaultRoot, findTranscripts, transcriptsUnder } from '../clients/claude-code/layout.ts'
import { loadConfig } from '../config/config.ts'
import { UsageError } from '../config/usage-error.ts'
import { type TranscriptsOptions, transcripts } from '../sources/transcripts.ts'
import { type Options, optionsOf } from './options.ts'
import { loadPrices } from './prices.ts'

export async function run(args: readonly string[]): Promise<number> {
  const options = optionsOf(args, ['root', 'once', 'json', 'plain', 'since', 'limit', 'theme'])
  if (options.root !== undefined && !existsSync(options.root))
    throw new UsageError(`--root ${options.root}: no such file or folder`)
  const config = await loadConfig(process.env)
  const root = options.root ?? defaultRoot(process.env)
  const source = { root, loadPrice: () => loadPrices(config), ...sinceOf(options) }
  if (options.once) return once(source, options)
  const stop = new AbortController()
  const { signal } = stop
  const { promise: shown, resolve: onShown } = Promise.withResolvers<void>()
  const live = transcripts({ ...source, follow: true, shown, signal })
  const empty = findTranscripts(root).length === 0 && !options.json
  const events = empty
    ? (await import('../sources/sample.ts')).sampleUntil(live, {
        price: await loadPrices(config),
        speed: 1,
        signal,
        why: `no sessions yet in ${transcriptsUnder(root)}`,
      })
    : live
  const { show } = await import('./show.ts')
  return show({ events, stop, options, config, place: root, onShown })
}

async function once(source: Omit<TranscriptsOptions, 'follow'>, options: Options): Promise<number> {
  let world = new World()
  for await (const batch of transcripts({ ...source, follow: false }))
    for (const event of batch) world = fold(world, event)
  if (options.json) {
    const { snapshotOf, terminalSafeJson } = await import('../monitor/snapshot.ts')
    process.stdout.write(`${terminalSafeJson(snapshotOf(world, options.limit))}\n`)
  } else {
    const { plainLines } = await import('../monitor/plain.ts')
    for (const line of plainLines(world, options.limit)) process.stdout.write(`${line}\n`)
  }
  return 0
}

const sinceOf = (options: Options): { since?: number } =>
  options.since === undefined ? {} : { since: options.since }

import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Event } from '../action/event.ts'
import { fold } from '../action/fold.ts'
import { World } from '../action/world.ts'
import {
  defaultRoot,
  findTranscripts,
  newestIn,
  transcriptsUnder,
  whyUnreadable,
} from '../clients/claude-code/layout.ts'
import { loadConfig } from '../config/config.ts'
import type { Install } from '../config/install.ts'
import { findInstall } from '../config/install-file.ts'
import { stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import { ofSession } from '../sources/one-session.ts'
import { type TranscriptsOptions, transcripts } from '../sources/transcripts.ts'
import { desk, withJournal, withTelemetry } from './attached.ts'
import { flagsAmong, type Options, optionsOf } from './options.ts'
import { loadPrices } from './prices.ts'
import { hideSecrets } from './secrets.ts'

const TAKES = [
  'root',
  'once',
  'json',
  'plain',
  'since',
  'limit',
  'theme',
  'install',
  'read-only',
  'session',
  'show-secrets',
  'nats',
  'creds',
  'ca',
  'organisation',
] as const
export const FLAGS = flagsAmong(TAKES)

export async function run(args: readonly string[]): Promise<number> {
  const options = optionsOf(args, TAKES)
  if (options.nats !== undefined)
    return (await import('./watch-fleet.ts')).watchFleet(options.nats, options)
  if (options.root !== undefined && !existsSync(options.root))
    throw new UsageError(`--root ${options.root}: no such file or folder`)
  const root = options.root ?? defaultRoot(process.env)
  const unreadable = whyUnreadable(root)
  if (unreadable !== '') throw new UsageError(`${root}: cannot be read (${unreadable})`)
  const config = await loadConfig(process.env)
  const install = findInstall(process.env, options.install)
  await hideSecrets(options)
  const index = join(install?.state ?? stateFolder(process.env), 'index')
  const only: { session?: string } =
    options.session === undefined ? {} : { session: sessionOf(options.session, root) }
  const source = { root, index, loadPrice: () => loadPrices(config), ...only, ...sinceOf(options) }
  if (options.once) return once(source, install, options)
  const stop = new AbortController()
  const { signal } = stop
  const { promise: shown, resolve: onShown } = Promise.withResolvers<void>()
  const following = { follow: true, shown, signal, ...sinceOf(options) }
  const live = told({ ...source, ...following }, install)
  const empty = findTranscripts(root).length === 0 && !options.json
  const events = empty
    ? (await import('../sources/sample.ts')).sampleUntil(live, {
        price: await loadPrices(config),
        speed: 1,
        signal,
        why: `no sessions yet in ${transcriptsUnder(root)}`,
      })
    : live
  const { show, isScreen } = await import('./show.ts')
  const screen = !options.json && !options.plain && isScreen()
  const gate = screen ? { gate: await desk(install, signal) } : {}
  const place = only.session === undefined ? root : `session ${only.session.slice(0, 8)} in ${root}`
  return show({ events, stop, options, config, place, onShown, ...gate })
}

function once(
  source: Omit<TranscriptsOptions, 'follow'>,
  install: Install | null,
  options: Options,
): Promise<number> {
  const reading = { follow: false, ...sinceOf(options) }
  return printed(told({ ...source, ...reading }, install), options)
}

/** What there is, as JSON or as plain lines. */
export async function printed(
  events: AsyncIterable<readonly Event[]>,
  options: Options,
): Promise<number> {
  let world = new World()
  for await (const batch of events) for (const event of batch) world = fold(world, event)
  if (options.json) {
    const [{ snapshotOf }, { terminalSafeJson }] = await Promise.all([
      import('../monitor/snapshot.ts'),
      import('../monitor/terminal-json.ts'),
    ])
    process.stdout.write(`${terminalSafeJson(snapshotOf(world, options.limit))}\n`)
  } else {
    const { plainLines } = await import('../monitor/plain.ts')
    for (const line of plainLines(world, options.limit)) process.stdout.write(`${line}\n`)
  }
  return 0
}

/** What transcripts, the gate and the client itself tell. */
function told(options: TranscriptsOptions, install: Install | null) {
  const events = withJournal(transcripts(options), install, options)
  const all = withTelemetry(events, install?.state ?? stateFolder(process.env), options)
  return options.session === undefined ? all : ofSession(all, options.session)
}

/** @throws UsageError when there is none, or more than one */
function sessionOf(text: string, root: string): string {
  if (text === '.') {
    const newest = newestIn(process.cwd(), root)
    if (newest === null)
      throw new UsageError(
        `--session .: no session of ${process.cwd()} in ${transcriptsUnder(root)}`,
      )
    return newest
  }
  const own = findTranscripts(root).filter(it => it.agent === '')
  const ids = [...new Set(own.map(it => basename(it.path, '.jsonl')))]
  const found = ids.filter(id => id.startsWith(text))
  const [id, ...more] = ids.includes(text) ? [text] : found
  if (id !== undefined && more.length === 0) return id
  throw new UsageError(
    id === undefined
      ? `--session ${text}: no session begins so in ${transcriptsUnder(root)}`
      : `--session ${text}: ${found.length} sessions begin so; write more of it`,
  )
}

export const sinceOf = (options: Options): { since?: number } =>
  options.since === undefined ? {} : { since: options.since }

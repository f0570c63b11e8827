/** All that was recorded: transcripts by their index, and the gate's journal. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fold } from '../action/fold.ts'
import type { World } from '../action/world.ts'
import { defaultRoot } from '../clients/claude-code/layout.ts'
import { loadConfig } from '../config/config.ts'
import { findInstall } from '../config/install-file.ts'
import { stateFolder } from '../config/paths.ts'
import { UsageError } from '../config/usage-error.ts'
import type { Range } from '../monitor/range.ts'
import { indexedWorld } from '../sources/history-index.ts'
import { timeOf } from './options.ts'
import { loadPrices } from './prices.ts'

/** Flags of every command that looks at what was recorded. */
export const RECORDED_FLAGS = {
  since: 'string',
  until: 'string',
  project: 'string',
  root: 'string',
  install: 'string',
} as const

export type RecordedFlags = { readonly [name in keyof typeof RECORDED_FLAGS]?: string | undefined }

/** @throws UsageError */
export function rangeOf({ since, until, project }: RecordedFlags): Range {
  return {
    since: since === undefined ? 0 : timeOf('--since', since),
    until: until === undefined ? Number.POSITIVE_INFINITY : timeOf('--until', until),
    project: project === undefined ? '' : resolve(project),
  }
}

/** Where what was recorded is kept. @throws UsageError */
export const stateOf = ({ install }: RecordedFlags): string =>
  findInstall(process.env, install)?.state ?? stateFolder(process.env)

/** @throws UsageError when there is nothing at `--root` */
export async function recordedWorld({
  root: given,
  install: named,
}: RecordedFlags): Promise<World> {
  if (given !== undefined && !existsSync(given))
    throw new UsageError(`--root ${given}: no such file or folder`)
  const root = resolve(given ?? defaultRoot(process.env))
  const install = findInstall(process.env, named)
  const config = await loadConfig(process.env)
  const loadPrice = () => loadPrices(config)
  const state = stateOf({ install: named })
  let world = await indexedWorld({ root, folder: join(state, 'index'), loadPrice })
  if (install !== null) {
    const folder = join(install.state, 'journal')
    const index = join(state, 'index', 'journal')
    const { indexedJournal } = await import('../sources/journal-index.ts')
    const price = await loadPrice()
    for (const batch of indexedJournal({ folder, index, price }))
      for (const event of batch) world = fold(world, event)
    world = fold(world, { type: 'journal-read', at: Date.now() })
  }
  return fold(world, { type: 'progress', doneBytes: 0, totalBytes: 0 })
}

/** The user's settings: `config.yaml` in the config folder. All of it is optional. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { configFolder } from './paths.ts'

const rate = v.pipe(v.number('must be US dollars per million tokens'), v.minValue(0))

const CONFIG = v.strictObject({
  /** A theme's name: one that ships, or a file in the config folder's `themes`. */
  theme: v.optional(v.string('must be the name of a theme')),
  /** Rates by model id, before any other price list. */
  prices: v.optional(
    v.record(
      v.string(),
      v.strictObject({
        input: rate,
        output: rate,
        cacheRead: rate,
        cacheWrite5m: rate,
        cacheWrite1h: rate,
      }),
    ),
    {},
  ),
})
export type Config = v.InferOutput<typeof CONFIG>

/** @throws UsageError with file, line and column when the file does not fit. */
export async function loadConfig(env: NodeJS.ProcessEnv): Promise<Config> {
  const path = join(configFolder(env), 'config.yaml')
  if (!existsSync(path)) return v.parse(CONFIG, {})
  const { readYaml } = await import('./yaml-file.ts')
  return readYaml(path, CONFIG)
}

/** The user's settings: `config.yaml` in the config folder. All of it is optional. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { configFolder } from './paths.ts'
import type { UserFile } from './policy-schema.ts'

/** What the screen needs of it. */
export type Config = Pick<UserFile, 'theme' | 'prices' | 'notify' | 'unicode' | 'motion'>

/** @throws UsageError with file, line and column when the file does not fit. */
export async function loadConfig(env: NodeJS.ProcessEnv): Promise<Config> {
  const path = join(configFolder(env), 'config.yaml')
  if (!existsSync(path)) return { prices: {} }
  // YAML and the schema are loaded only by who has a file.
  const [{ readYaml }, { USER_FILE }] = await Promise.all([
    import('./yaml-file.ts'),
    import('./policy-schema.ts'),
  ])
  return readYaml(path, USER_FILE)
}

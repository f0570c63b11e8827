/** The user's settings: `config.yaml` in the config folder. All of it is optional. */
import { existsSync } from 'node:fs'
import { configFile, configFolder } from './paths.ts'
import type { UserFile } from './policy-schema.ts'
import { type FileError, UsageError } from './usage-error.ts'

/** What the screen needs of it. */
export interface Config
  extends Pick<
    UserFile,
    'theme' | 'prices' | 'keys' | 'filters' | 'notify' | 'unicode' | 'motion'
  > {
  /** That what stands at these keys does not fit after all. */
  readonly problemAt: (keys: readonly (string | number)[], what: string) => FileError | UsageError
}

/** @throws UsageError with file, line and column when the file does not fit. */
export function loadConfig(env: NodeJS.ProcessEnv): Promise<Config> {
  return loadConfigIn(configFolder(env))
}

/** @param folder of config.yaml. @throws as `loadConfig` */
export async function loadConfigIn(folder: string): Promise<Config> {
  const path = configFile(folder)
  if (!existsSync(path)) return NOTHING
  // YAML and the schema are loaded only by who has a file.
  const [{ readYaml }, { USER_FILE }] = await Promise.all([
    import('./yaml-file.ts'),
    import('./policy-schema.ts'),
  ])
  const { value, problemAt } = readYaml(path, USER_FILE)
  return { ...value, problemAt }
}

const NOTHING: Config = {
  prices: {},
  keys: {},
  filters: {},
  problemAt: (_, what) => new UsageError(what),
}

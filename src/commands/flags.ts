import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { UsageError } from '../config/usage-error.ts'

/** The flags of a command that takes no other words. @throws UsageError on anything else */
export function flagsOf<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : String(error)).split(/[.\n] ?/)
    throw new UsageError(`${what}; see 'signalbox --help'`)
  }
}

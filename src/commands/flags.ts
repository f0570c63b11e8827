/** The flags of a command with parts of its own (`trust add`, `policy check`). */
import { parseArgs } from 'node:util'
import { UsageError } from '../config/usage-error.ts'

type Kinds = Readonly<Record<string, 'string' | 'boolean'>>
export type Flags<K extends Kinds> = {
  readonly [Name in keyof K]: K[Name] extends 'string' ? string | undefined : boolean
}

/**
 * @param kinds the flags that this part takes
 * @throws UsageError on anything else
 */
export function flagsOf<const K extends Kinds>(
  args: readonly string[],
  kinds: K,
): { words: readonly string[]; flags: Flags<K> } {
  const options = Object.fromEntries(Object.entries(kinds).map(([name, type]) => [name, { type }]))
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const flags = Object.fromEntries(
      Object.entries(kinds).map(([name, type]) => [
        name,
        values[name] ?? (type === 'boolean' ? false : undefined),
      ]),
    )
    return { words: positionals, flags: flags as Flags<K> } // parseArgs checked each against its kind
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : String(error)).split(/[.\n] ?/)
    throw new UsageError(`${what}; see 'signalbox --help'`)
  }
}

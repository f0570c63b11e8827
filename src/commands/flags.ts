/** The flags of a command, and the words beside them. */
import { parseArgs } from 'node:util'
import { WordsError } from '../config/usage-error.ts'

/** What each flag takes: a value, or nothing. */
export type Kinds = Readonly<Record<string, 'string' | 'boolean'>>
export type Flags<K extends Kinds> = {
  readonly [Name in keyof K]: K[Name] extends 'string' ? string | undefined : boolean
}

/**
 * @param kinds the flags that this part takes
 * @throws WordsError on anything else
 */
export function wordsAndFlagsOf<const K extends Kinds>(
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
    throw new WordsError(`${what}`)
  }
}

/** The flags of a command that takes no other words. @throws WordsError on anything else */
export function flagsOf<const K extends Kinds>(args: readonly string[], kinds: K): Flags<K> {
  const { words, flags } = wordsAndFlagsOf(args, kinds)
  if (words.length > 0) throw new WordsError(`unexpected '${words[0]}'`)
  return flags
}

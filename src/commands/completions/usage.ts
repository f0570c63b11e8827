/** What a usage says can be typed: `report [--by day|session] [--root DIR]`. */

/** What may stand at a place of a command line. */
export type Value =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'folders' | 'programs' | 'anything' }

export interface Flag {
  /** With its dashes. */
  readonly name: string
  /** Null: it takes none. */
  readonly value: Value | null
}

export interface Typed {
  readonly flags: readonly Flag[]
  /** What is no flag. Fixed words are the first: `trust add`. */
  readonly words: Value
  /** A whole command line follows `--`. */
  readonly runs: boolean
}

/** What the program knows of a placeholder: `SLOT`, `THEME`. */
export type Known = Readonly<Record<string, readonly string[]>>

const FIXED = /^[a-z][a-z-]*$/
const PROGRAM = /^(CMD|CLIENT|COMMAND)$/
const FILE = /^(FILE|SOCKET)$/

export function typedBy(usage: string, known: Known): Typed {
  const [, ...tokens] = usage.match(/[[\]]|[^\s[\]]+/g) ?? []
  const flags: Flag[] = []
  const words: string[] = []
  let runs = false
  for (let i = 0; i < tokens.length && !runs; i++) {
    const token = tokens[i] ?? ''
    if (token === '<') i++
    else if (token === '--') runs = true
    else if (token.startsWith('--')) {
      const value = valueAt(tokens, i + 1)
      i += value.length
      const names = value.filter(name => name !== '|')
      const flag = { name: token, value: names.length === 0 ? null : valueNamed(names, known) }
      // Several parts of a command may take the same one.
      if (!flags.some(({ name }) => name === token)) flags.push(flag)
    } else if (isWord(token)) words.push(token)
  }
  return { flags, words: valueNamed(words, known), runs }
}

/** `DIR`, or `HOST:PORT | SOCKET`: what belongs to the flag before, up to the end of its bracket. */
function valueAt(tokens: readonly string[], at: number): string[] {
  const [first = '', bar, second = ''] = tokens.slice(at, at + 3)
  if (!isWord(first)) return []
  return bar === '|' && isWord(second) && tokens[at + 3] === ']' ? [first, bar, second] : [first]
}

const isWord = (token: string): boolean => !/^([[\]|<]$|-)/.test(token) && token !== ''

function valueNamed(names: readonly string[], known: Known): Value {
  const each = names.flatMap(name => name.replace('…', '').split('|'))
  const words = each.flatMap(name => (FIXED.test(name) ? [name] : (known[name] ?? [])))
  if (words.length > 0) return { kind: 'words', words }
  if (each.some(name => PROGRAM.test(name))) return { kind: 'programs' }
  if (each.some(name => FILE.test(name))) return { kind: 'files' }
  return { kind: each.includes('DIR') ? 'folders' : 'anything' }
}

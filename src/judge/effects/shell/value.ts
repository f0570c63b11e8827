/** Values of words: what a command is really given, as far as the command itself tells. */
import type { Content, Flow, Identity } from '../effect.ts'

export interface Arg {
  /** The value; what is not known of it stands as it was written. */
  readonly text: string
  readonly known: boolean
  /** It holds an unquoted wildcard. */
  readonly glob: boolean
  readonly flows: readonly Flow[]
  readonly from: readonly Identity[]
  /** Where it is not known which: what it may be. */
  readonly or?: readonly string[]
}

export function known(text: string): Arg {
  return { text, known: true, glob: false, flows: [], from: [] }
}

export function unknown(written: string, flows: readonly Flow[] = []): Arg {
  return { text: written, known: false, glob: false, flows, from: [] }
}

export function joined(args: readonly Arg[], between: string): Arg {
  return {
    text: args.map(arg => arg.text).join(between),
    known: args.every(arg => arg.known),
    glob: args.some(arg => arg.glob),
    flows: [...new Set(args.flatMap(arg => arg.flows))],
    from: args.flatMap(arg => arg.from),
  }
}

export function contentOf(arg: Arg): Content {
  return { text: arg.known ? arg.text : null, flows: arg.flows, from: arg.from }
}

/** As `$(…)` gives it: without the line ends at the end. */
/** What each word of a listing looks like. */
export function patternOf(content: Content): Arg | undefined {
  const text =
    content.named ??
    (content.below === undefined ? undefined : `${content.below}/${content.matching ?? '*'}`)
  return text === undefined
    ? undefined
    : { text, known: true, glob: true, flows: content.flows, from: content.from }
}

export function argOf(content: Content, written: string): Arg {
  const pattern = content.text === null ? patternOf(content) : undefined
  if (pattern !== undefined) return pattern
  return {
    text: content.text === null ? written : content.text.replace(/\n+$/, ''),
    known: content.text !== null,
    glob: false,
    flows: content.flows,
    from: content.from,
  }
}

export interface Options {
  /** Letters and long names that were given, without dashes. */
  readonly flags: ReadonlySet<string>
  /** Long names that may be the beginning of one (`--amen`, `--har`), with the word behind. */
  readonly long: ReadonlyMap<string, Arg | undefined>
  /** Values of the options that take one. */
  readonly values: ReadonlyMap<string, readonly Arg[]>
  readonly rest: readonly Arg[]
}

/**
 * Options as most programs read them: `-xf FILE`, `-o=…` is not one, `--name=value`, `--` ends them.
 * @param taking the options that take a value, as `o`, `output`, separated by spaces
 * @param untilFirst the first word that is no option ends them (wrappers)
 */
export function optionsOf(args: readonly Arg[], taking: string, untilFirst = false): Options {
  const takes = takingSet(taking)
  const flags = new Set<string>()
  const long = new Map<string, Arg | undefined>()
  const values = new Map<string, Arg[]>()
  const rest: Arg[] = []
  const give = (name: string, arg: Arg): void => {
    flags.add(name)
    const list = values.get(name)
    if (list === undefined) values.set(name, [arg])
    else list.push(arg)
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (arg === undefined) break
    const { text } = arg
    if (text === '--') {
      rest.push(...args.slice(i + 1))
      break
    }
    if (text.length < 2 || !text.startsWith('-')) {
      if (untilFirst) {
        rest.push(...args.slice(i))
        break
      }
      rest.push(arg)
    } else if (text.startsWith('--')) {
      const equals = text.indexOf('=')
      const name = text.slice(2, equals < 0 ? undefined : equals)
      if (!takes.has(name)) long.set(name, args[i + 1])
      if (equals >= 0) give(name, { ...arg, text: text.slice(equals + 1) })
      else if (takes.has(name)) give(name, args[++i] ?? unknown(''))
      else flags.add(name)
    } else i = short(arg, args, i, takes, flags, give)
  }
  return { flags, long, values, rest }
}

/** `-xzf FILE`, `-ofile`, and `-name value` of programs that write long names so. */
function short(
  arg: Arg,
  args: readonly Arg[],
  at: number,
  takes: ReadonlySet<string>,
  flags: Set<string>,
  give: (name: string, arg: Arg) => void,
): number {
  const word = arg.text.slice(1)
  const equals = word.indexOf('=')
  const name = equals < 0 ? word : word.slice(0, equals)
  if (name.length > 1 && takes.has(name)) {
    if (equals >= 0) give(name, { ...arg, text: word.slice(equals + 1) })
    else give(name, args[at + 1] ?? unknown(''))
    return equals >= 0 ? at : at + 1
  }
  for (let i = 0; i < word.length; i++) {
    const letter = word[i] ?? ''
    // `-j$(nproc)`: what is not known is a value, not letters.
    if (!arg.known && /^[$`]/.test(word.slice(i))) break
    if (!takes.has(letter)) {
      flags.add(letter)
      continue
    }
    const value = word.slice(i + 1)
    if (value === '') {
      give(letter, args[at + 1] ?? unknown(''))
      return at + 1
    }
    give(letter, { ...arg, text: value })
    return at
  }
  return at
}

const sets = new Map<string, ReadonlySet<string>>()

function takingSet(taking: string): ReadonlySet<string> {
  const found = sets.get(taking)
  if (found !== undefined) return found
  const made = new Set(taking.split(' ').filter(name => name !== ''))
  sets.set(taking, made)
  return made
}

export function has(options: Options, ...names: readonly string[]): boolean {
  return names.some(name => options.flags.has(name) || shortened(options, name).length > 0)
}

export function valuesOf(options: Options, ...names: readonly string[]): readonly Arg[] {
  return names.flatMap(
    name =>
      options.values.get(name) ??
      shortened(options, name).flatMap(
        cut => options.values.get(cut) ?? options.long.get(cut) ?? [],
      ),
  )
}

/** Most programs take the beginning of a long name for it. */
function shortened({ long }: Options, name: string): readonly string[] {
  if (long.size === 0 || name.length < 3) return []
  return [...long.keys()].filter(
    cut => cut.length > 1 && cut.length < name.length && name.startsWith(cut),
  )
}

/** What an expression is, as far as the code itself tells: literals, and what is made of them. */
import { isSecretVariable } from '../../paths.ts'
import type { Shell } from '../shell/shell.ts'
import { type Arg, joined, known, unknown } from '../shell/value.ts'
import { type CodeCall, callsOf, closing, isOp, split, type Tokens } from './calls.ts'
import { type Language, tokensOf } from './tokens.ts'

const MAX_CHOICES = 16
const MAX_DEPTH = 12

export interface Scope {
  readonly language: Language
  /** The arguments that the program is started with. */
  readonly argv: readonly Arg[]
  /** Name → what it was last set to; for a loop's variable: what it runs over. */
  readonly variables: ReadonlyMap<string, readonly Tokens[]>
  readonly sh: Shell
}

/** Assignments and loops, in any of the languages. */
export function variablesOf(tokens: Tokens): ReadonlyMap<string, readonly Tokens[]> {
  const variables = new Map<string, Tokens[]>()
  const add = (name: string, value: Tokens): void => {
    const list = variables.get(name)
    if (list === undefined) variables.set(name, [value])
    else list.push(value)
  }
  for (let i = 1; i < tokens.length; i++) {
    const token = tokens[i]
    const name = tokens[i - 1]
    if (isOp(token, '=') && name?.kind === 'name' && !isOp(tokens[i - 2], '.'))
      add(name.value, statement(tokens, i + 1))
    else if (token?.kind === 'name' && /^(in|of)$/.test(token.value) && name?.kind === 'name')
      add(name.value, statement(tokens, i + 1))
    else if (token?.kind === 'name' && token.value === 'as' && tokens[i + 1]?.kind === 'name')
      add(tokens[i + 1]?.value ?? '', before(tokens, i))
  }
  return variables
}

/** To the end of the statement, or the brackets it stands in. */
function statement(tokens: Tokens, from: number): Tokens {
  let depth = 0
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i]
    if (token?.kind === 'line' && depth === 0 && i > from) return tokens.slice(from, i)
    if (token?.kind !== 'op') continue
    if (/^[([{]$/.test(token.value)) depth++
    else if (/^[)\]}]$/.test(token.value) && --depth < 0) return tokens.slice(from, i)
    else if (depth === 0 && /^[;,:]$/.test(token.value)) return tokens.slice(from, i)
  }
  return tokens.slice(from)
}

/** `with EXPRESSION as name` */
function before(tokens: Tokens, at: number): Tokens {
  let from = at - 1
  while (from > 0 && !(tokens[from]?.kind === 'line' || tokens[from]?.value === 'with')) from--
  return tokens.slice(from + 1, at)
}

export function fold(tokens: Tokens, scope: Scope, depth = 0): readonly Arg[] {
  const own = trimmed(tokens)
  const [first] = own
  if (first === undefined || depth > MAX_DEPTH) return [unknown('')]
  for (const operator of ['||', '??', ',']) {
    const parts = split(own, operator)
    if (parts.length > 1) return limited(parts.flatMap(part => fold(part, scope, depth + 1)))
  }
  const plus = split(own, scope.language === 'php' || scope.language === 'perl' ? '.' : '+')
  if (plus.length > 1 && plus.every(part => part.length > 0)) return product(plus, '', scope, depth)
  const slash = split(own, '/')
  if (slash.length > 1 && slash.every(part => part.length > 0))
    return product(slash, '/', scope, depth)
  if (own.length === 1) return single(first, scope, depth)
  if (isOp(first, '[') && closing(own, 0) === own.length - 1)
    return limited(split(own.slice(1, -1), ',').flatMap(part => fold(part, scope, depth + 1)))
  return special(own, scope) ?? called(own, scope, depth) ?? member(own, scope, depth)
}

/** Without line ends, and the brackets around the whole. */
function trimmed(tokens: Tokens): Tokens {
  let own = tokens.filter(token => token.kind !== 'line')
  while (isOp(own[0], '(') && own.length > 1 && closing(own, 0) === own.length - 1)
    own = own.slice(1, -1)
  return own[0]?.kind === 'name' && /^(await|new|my|our|const|let|var)$/.test(own[0].value)
    ? own.slice(1)
    : own
}

function limited(args: readonly Arg[]): readonly Arg[] {
  return args.length > MAX_CHOICES
    ? [unknown('', [...new Set(args.flatMap(it => it.flows))])]
    : args
}

function product(
  parts: readonly Tokens[],
  between: string,
  scope: Scope,
  depth: number,
): readonly Arg[] {
  let all: readonly Arg[] = []
  parts.forEach((part, i) => {
    const choices = fold(part, scope, depth + 1)
    all =
      i === 0
        ? choices
        : all.flatMap(head =>
            choices.map(tail =>
              // A part that is absolute begins the path anew.
              between === '/' && tail.known && tail.text.startsWith('/')
                ? tail
                : joined([head, tail], between),
            ),
          )
  })
  return limited(all)
}

function single(token: Tokens[number], scope: Scope, depth: number): readonly Arg[] {
  if (token.kind === 'number') return [known(token.value)]
  if (token.kind === 'text') return filled(token.value, token.holes, scope, depth)
  if (token.kind !== 'name') return [unknown(token.value)]
  if (/^__(dirname|DIR|FILE|file)__$|^__dirname$|^__filename$/.test(token.value))
    return [known('.')]
  return variable(token.value, scope, depth)
}

function variable(name: string, scope: Scope, depth: number): readonly Arg[] {
  const values = scope.variables.get(name)
  if (values === undefined || depth > MAX_DEPTH) return [unknown(name)]
  // A name that is set from itself is not followed round.
  const outer: Scope = { ...scope, variables: without(scope.variables, name) }
  return limited(values.flatMap(value => fold(value, outer, depth + 1)))
}

function without<V>(map: ReadonlyMap<string, V>, name: string): ReadonlyMap<string, V> {
  const copy = new Map(map)
  copy.delete(name)
  return copy
}

function filled(
  text: string,
  holes: readonly string[],
  scope: Scope,
  depth: number,
): readonly Arg[] {
  if (holes.length === 0) return [known(text)]
  let all: readonly Arg[] = [known('')]
  text.split('\0').forEach((piece, i) => {
    const hole =
      i === 0 ? [known('')] : fold(tokensOf(holes[i - 1] ?? '', scope.language), scope, depth + 1)
    all = all.flatMap(head => hole.map(inner => joined([head, inner, known(piece)], '')))
  })
  return limited(all)
}

/** The environment, the arguments, the home folder. */
function special(tokens: Tokens, { sh, argv }: Scope): readonly Arg[] | null {
  const text = tokens
    .map(token => (token.kind === 'text' ? `'${token.value}'` : token.value))
    .join('')
  const variableName =
    /^(?:os\.environ|ENV|process\.env|\$ENV|\$_ENV|\$_SERVER)[[{(]'?(\w+)'?[\]})]$/.exec(
      text,
    )?.[1] ??
    /^process\.env\.(\w+)$/.exec(text)?.[1] ??
    /^(?:os\.)?(?:getenv|environ\.get|ENV\.fetch)\('(\w+)'/.exec(text)?.[1]
  if (variableName !== undefined) {
    if (variableName === 'HOME') return [known(sh.facts.home)]
    return [
      sh.variable(variableName) ??
        unknown(`$${variableName}`, isSecretVariable(variableName) ? ['secret'] : []),
    ]
  }
  const argument = /^(?:sys\.argv|process\.argv|\$argv|\$?ARGV)\[(\d+)\]$/.exec(text)
  if (argument !== null) {
    const first = text.startsWith('process') ? 2 : /^(\$?ARGV)/.test(text) ? 0 : 1
    return [argv[Number(argument[1]) - first] ?? unknown(text)]
  }
  if (/(^|\.)(home|homedir|expanduser)\(('~')?\)$|^Dir\.home$/.test(text))
    return [known(sh.facts.home)]
  if (/(^|\.)(getcwd|cwd|pwd)\(\)$/.test(text)) return [known('.')]
  if (/^sys\.executable$|^process\.execPath$/.test(text))
    return [known(text.startsWith('sys') ? 'python3' : 'node')]
  return null
}

/** Calls that hand on what they are given, in these forms. */
const PASSES =
  /^(Path|PurePath|PosixPath|str|String|resolve|absolute|abspath|realpath|normpath|normalize|toString|strip|trim|encode|decode|expandvars|open|split|quote|format|sorted|list|Buffer|from|as_posix|to_s|chomp|realpathSync|fspath|File|new|set|reversed|filter|map|max|min|next|iter|choice|pop|first|last|sample)$/
const LISTS = /^(glob|globSync|iglob|rglob|glob_recursive)$/
const FOLDERS = /^(listdir|readdirSync|readdir|scandir|iterdir|children|entries|each_child)$/
const TEMPORARY =
  /^(mkdtemp|mkdtempSync|TemporaryDirectory|NamedTemporaryFile|mkstemp|mktmpdir|tempnam)$/
export const TEMPORARY_PATH = '/tmp/made-by-this-code'

function called(tokens: Tokens, scope: Scope, depth: number): readonly Arg[] | null {
  const calls = callsOf(tokens, false).filter(call => call.end === tokens.length)
  const [call] = calls
  return call === undefined ? null : result(call, tokens, scope, depth)
}

function result(call: CodeCall, tokens: Tokens, scope: Scope, depth: number): readonly Arg[] {
  const { name, args, on, onArgs } = call
  const of = (parts: readonly Tokens[]): readonly Arg[] =>
    parts.length === 0 ? [unknown(name)] : product(parts, '/', scope, depth + 1)
  const receiver = (): readonly Arg[] => fold(tokens.slice(0, call.at - 1), scope, depth + 1)
  if (TEMPORARY.test(name)) return [known(TEMPORARY_PATH)]
  if (name === 'walk') return of(args).map(arg => globbed(arg, '**'))
  if (FOLDERS.test(name)) return of(args.length > 0 ? args : onArgs).map(arg => globbed(arg, '*'))
  if (LISTS.test(name)) {
    const patterns = args.length === 0 ? [known('**')] : fold(args[0] ?? [], scope, depth + 1)
    const module = /^(glob|Dir|fs|fsp|path|os|fast_glob|globby|)$/.test(on)
    const below =
      onArgs.length > 0
        ? fold(onArgs[0] ?? [], scope, depth + 1)
        : module
          ? [known('')]
          : receiver()
    return limited(
      below.flatMap(folder =>
        patterns.map(it => ({
          ...joined(folder.text === '' ? [it] : [folder, it], '/'),
          glob: true,
        })),
      ),
    )
  }
  if (name === 'expanduser')
    return of(args.length > 0 ? args : onArgs).map(arg => ({
      ...arg,
      text: arg.text.replace(/^~(?=\/|$)/, scope.sh.facts.home),
    }))
  if (name === 'join' && /^(os\.path|path|posixpath|File|posix|path\.posix)$/.test(on))
    return of(args)
  if (name === 'joinpath' || (name === 'resolve' && on === 'path') || name === 'Path')
    return of(name === 'joinpath' ? [...onArgs, ...args] : args)
  if (name === 'join') return list(call, tokens, scope, depth)
  if (/^(get|getenv|fetch)$/.test(name)) return [unknown(name)]
  // `Buffer.from(text, 'base64')` is another text.
  if (name === 'from' && args.length > 1) return [unknown(name)]
  if (PASSES.test(name))
    return args.length > 0 &&
      !/^(strip|trim|split|encode|decode|format|chomp|map|filter|resolve)$/.test(name)
      ? fold(args[0] ?? [], scope, depth + 1)
      : receiver()
  return [unknown(name)]
}

/** `' '.join([…])`, `[…].join(' ')` */
function list(call: CodeCall, tokens: Tokens, scope: Scope, depth: number): readonly Arg[] {
  const [argument = []] = call.args
  const python = scope.language === 'python'
  const items = python ? argument : tokens.slice(0, call.at - 1)
  const between = fold(python ? tokens.slice(0, call.at - 1) : argument, scope, depth + 1)[0]
  const own = trimmed(items)
  if (!isOp(own[0], '[') || closing(own, 0) !== own.length - 1) return [unknown('join')]
  const parts = split(own.slice(1, -1), ',').map(
    part => fold(part, scope, depth + 1)[0] ?? unknown(''),
  )
  return [joined(parts, between?.known ? between.text : ' ')]
}

function globbed(arg: Arg, pattern: string): Arg {
  return { ...joined([arg, known(pattern)], '/'), glob: true }
}

/** `x.attribute`, `x[0]`: a part of what `x` is. */
function member(tokens: Tokens, scope: Scope, depth: number): readonly Arg[] {
  const [first, second] = tokens
  const name = first?.value === '$' || first?.value === '@' ? second : first
  if (name?.kind !== 'name' || !scope.variables.has(name.value))
    return [unknown(tokens.map(token => token.value).join(' '))]
  return variable(name.value, scope, depth + 1).map(arg =>
    // What is taken from a list of files is one of them.
    arg.glob ? arg : unknown(arg.text, arg.flows),
  )
}

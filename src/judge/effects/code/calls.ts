/** The calls in a row of tokens: who is called, on what, with which arguments. */
import type { Token } from './tokens.ts'

export type Tokens = readonly Token[]

export interface CodeCall {
  /** The last name of the chain: `rmtree` of `shutil.rmtree(…)`. */
  readonly name: string
  /** What stands before it, dotted: `os.path` of `os.path.join(…)`; calls in it show as `()`. */
  readonly on: string
  /** The arguments of the call before it in the chain: `'x'` of `Path('x').unlink()`. */
  readonly onArgs: readonly Tokens[]
  readonly args: readonly Tokens[]
  /** Arguments given by name. */
  readonly named: ReadonlyMap<string, Tokens>
  /** Where the name stands, and where the call ends. */
  readonly at: number
  readonly end: number
}

/** Names that may be called without parentheses, in the languages that have such calls. */
const BARE =
  /^(system|exec|spawn|unlink|rmdir|require|require_relative|load|eval|open|rename|mkdir|print|puts|do|send|include|include_once|require_once|kill|fork|symlink|chmod|chown|sleep|sh|ruby|popen|readpipe|capture2e?|capture3|truncate|remove_tree|rmtree|rm_rf|rm_r|rm_f|rm|mv|cp|copy|move)$/

export function callsOf(tokens: Tokens, bare: boolean): readonly CodeCall[] {
  const calls: CodeCall[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (token === undefined) break
    const name = nameAt(tokens, i)
    if (name === null) continue
    const next = nextIndex(tokens, i + 1)
    if (isOp(tokens[next], '(')) calls.push(callAt(tokens, i, name, next))
    else if (bare && BARE.test(name) && startsArgument(tokens[i + 1]))
      calls.push(bareCall(tokens, i, name))
    else if (bare && isReceived(tokens, i))
      calls.push(callOn(tokens, i, name, [], new Map(), i + 1))
  }
  return calls
}

/** `x.method` without parentheses is a call in Ruby and Perl. */
function isReceived(tokens: Tokens, at: number): boolean {
  return isOp(tokens[at - 1], '.') || isOp(tokens[at - 1], '->')
}

/** A name, or a text between brackets that is called: `fs['rmSync'](…)`. */
function nameAt(tokens: Tokens, at: number): string | null {
  const token = tokens[at]
  if (token?.kind === 'name') return token.value.replace(/[!?]$/, '')
  if (!isOp(token, ']')) return null
  const inner = tokens[at - 1]
  return inner?.kind === 'text' && isOp(tokens[at - 2], '[') && isOp(tokens[at + 1], '(')
    ? inner.value
    : null
}

function nextIndex(tokens: Tokens, from: number): number {
  let at = from
  // `x?.(…)`, and Ruby's `name!(…)`.
  while (isOp(tokens[at], '?') || isOp(tokens[at], '!')) at++
  return at > from && isOp(tokens[at], '.') ? at + 1 : at
}

export function isOp(token: Token | undefined, value: string): boolean {
  return token?.kind === 'op' && token.value === value
}

function callAt(tokens: Tokens, at: number, name: string, open: number): CodeCall {
  const close = closing(tokens, open)
  const { args, named } = argumentsOf(tokens.slice(open + 1, close))
  return callOn(tokens, at, name, args, named, close + 1)
}

function callOn(
  tokens: Tokens,
  at: number,
  name: string,
  args: readonly Tokens[],
  named: ReadonlyMap<string, Tokens>,
  end: number,
): CodeCall {
  const { on, onArgs } = receiver(tokens, isOp(tokens[at], ']') ? at - 2 : at)
  return { name, on, onArgs, args, named, at, end }
}

function startsArgument(token: Token | undefined): boolean {
  if (token === undefined || token.kind === 'line') return false
  return (
    token.kind === 'text' ||
    token.kind === 'name' ||
    token.kind === 'number' ||
    isOp(token, '[') ||
    isOp(token, '%') ||
    isOp(token, '{') ||
    isOp(token, '<')
  )
}

function bareCall(tokens: Tokens, at: number, name: string): CodeCall {
  let end = at + 1
  while (end < tokens.length) {
    const token = tokens[end]
    if (token?.kind === 'line' || isOp(token, ';') || isOp(token, '}')) break
    if (token?.kind === 'name' && /^(if|unless|or|and|for|while|do)$/.test(token.value)) break
    end++
  }
  const { args, named } = argumentsOf(tokens.slice(at + 1, end))
  return callOn(tokens, at, name, args, named, end)
}

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** @returns where the bracket at `open` closes, or the end */
export function closing(tokens: Tokens, open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    const token = tokens[i]
    if (token?.kind !== 'op') continue
    if (CLOSES[token.value] !== undefined) depth++
    else if (/^[)\]}]$/.test(token.value) && --depth === 0) return i
  }
  return tokens.length
}

function argumentsOf(tokens: Tokens): Pick<CodeCall, 'args' | 'named'> {
  const args: Tokens[] = []
  const named = new Map<string, Tokens>()
  for (const part of split(tokens, ',')) {
    const words = part.filter(token => token.kind !== 'line')
    const [first, second] = words
    if (words.length === 0) continue
    if (first?.kind === 'name' && (isOp(second, '=') || isOp(second, ':')))
      named.set(first.value, words.slice(2))
    else args.push(words)
  }
  return { args, named }
}

/** The parts between separators that stand in no brackets. */
export function split(tokens: Tokens, separator: string): readonly Tokens[] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'op') {
      if (CLOSES[token.value] !== undefined) depth++
      else if (/^[)\]}]$/.test(token.value)) depth--
      if (depth === 0 && token.value === separator) {
        parts.push([])
        continue
      }
    }
    parts.at(-1)?.push(token)
  }
  return parts
}

/** What stands before a name in its chain. */
export function receiver(tokens: Tokens, at: number): Pick<CodeCall, 'on' | 'onArgs'> {
  const names: string[] = []
  let onArgs: readonly Tokens[] = []
  let i = at - 1
  while (
    i >= 1 &&
    /^(\.|->|::|\[)$/.test(tokens[i]?.kind === 'op' ? (tokens[i]?.value ?? '') : '')
  ) {
    let before = i - 1
    while (isOp(tokens[before], '?')) before--
    const token = tokens[before]
    if (token?.kind === 'name') {
      names.unshift(token.value)
      i = before - 1
    } else if (token?.kind === 'text') {
      names.unshift(token.value)
      onArgs = onArgs.length === 0 ? [[token]] : onArgs
      i = before - 1
    } else if (isOp(token, ')') || isOp(token, ']')) {
      const open = opening(tokens, before)
      const call = isOp(token, ')')
      if (call && names.length === 0) onArgs = argumentsOf(tokens.slice(open + 1, before)).args
      if (tokens[open - 1]?.kind === 'name') {
        names.unshift(`${tokens[open - 1]?.value}${call ? '()' : '[]'}`)
        i = open - 2
      } else {
        names.unshift(call ? '()' : '[]')
        i = open - 1
      }
    } else break
  }
  return { on: names.join('.'), onArgs }
}

export function opening(tokens: Tokens, close: number): number {
  let depth = 0
  for (let i = close; i >= 0; i--) {
    const token = tokens[i]
    if (token?.kind !== 'op') continue
    if (/^[)\]}]$/.test(token.value)) depth++
    else if (CLOSES[token.value] !== undefined && --depth === 0) return i
  }
  return 0
}

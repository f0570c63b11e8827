/** Words → values: quotes, variables that the command assigns, braces, nested commands. */
import type { DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from 'unbash'
import { isSecret, isSecretVariable } from '../../paths.ts'
import { SOMETHING } from '../effect.ts'
import { walkNumber } from './expressions.ts'
import type { Shell } from './shell.ts'
import { type Arg, argOf, joined, known, unknown } from './value.ts'
import { walkText } from './walk.ts'

const MAX_BRACES = 32

/** @returns one value, more where braces or an unquoted variable make more of it */
export function foldWord(word: Word, sh: Shell): readonly Arg[] {
  const { parts } = word
  if (parts === undefined || parts.length === 0) return [tilde(word.value, word.text, sh)]
  if (parts.some(part => part.type === 'BraceExpansion')) return braces(parts, sh)
  const [only] = parts
  if (parts.length === 1 && only !== undefined && isPlainVariable(only))
    return split(foldPart(only, sh), sh)
  return [join(parts, sh)]
}

/** For places where one value stands: assignments, targets of redirections. */
export function foldOne(word: Word, sh: Shell): Arg {
  const all = foldWord(word, sh)
  return all.length === 1 && all[0] !== undefined ? all[0] : joined(all, ' ')
}

export function foldParts(parts: readonly WordPart[], sh: Shell): Arg {
  return joined(
    parts.map(part => foldPart(part, sh)),
    '',
  )
}

function join(parts: readonly WordPart[], sh: Shell): Arg {
  const args = parts.map((part, i) =>
    i === 0 && part.type === 'Literal' ? tilde(part.value, part.text, sh) : foldPart(part, sh),
  )
  return joined(args, '')
}

function tilde(value: string, written: string, sh: Shell): Arg {
  if (!written.startsWith('~')) return known(value)
  const home = sh.variable('HOME') ?? known(sh.facts.home)
  if (value === '~' || value.startsWith('~/')) return { ...home, text: home.text + value.slice(1) }
  return unknown(value)
}

function isPlainVariable(part: WordPart): boolean {
  return part.type === 'SimpleExpansion' || part.type === 'ParameterExpansion'
}

function split(arg: Arg, sh: Shell): readonly Arg[] {
  const between = sh.scope.variables.get('IFS')
  if (between !== undefined && arg.known && (!between.known || /[^\s]/.test(between.text)))
    return [unknown(arg.text, arg.flows)]
  if (!arg.known || !/[\s*?[]/.test(arg.text)) return [arg]
  const words = arg.text.split(/\s+/).filter(word => word !== '')
  return words.map(text => ({ ...arg, text, glob: arg.glob || /[*?[]/.test(text) }))
}

function foldPart(part: WordPart | DoubleQuotedChild, sh: Shell): Arg {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return known(part.value)
    case 'Glob':
    case 'ExtendedGlob':
      for (const inner of part.parts ?? []) foldPart(inner, sh)
      return { ...known(part.text), glob: true }
    case 'DoubleQuoted':
    case 'LocaleString':
      return foldParts(part.parts, sh)
    case 'SimpleExpansion':
      return variable(part.text.slice(1), part.text, sh)
    case 'ParameterExpansion':
      return parameter(part, sh)
    case 'CommandExpansion':
      return part.script === undefined
        ? notSeen(part.text, sh)
        : argOf(sh.substitution(part.script), part.text)
    case 'ProcessSubstitution':
      return part.script === undefined
        ? notSeen(part.text, sh)
        : sh.processSubstitution(part.script, part.operator)
    case 'ArithmeticExpansion':
      if (part.expression !== undefined) sh.arithmetic(part.expression)
      return unknown(part.text)
    case 'BraceExpansion':
      return foldParts(part.parts ?? [], sh)
  }
}

function notSeen(text: string, sh: Shell): Arg {
  sh.partial(`not parsed: ${text}`)
  return unknown(text, ['unknown'])
}

export function variable(name: string, written: string, sh: Shell): Arg {
  const value = sh.variable(name)
  if (value !== undefined) return value
  return unknown(written, isSecretVariable(name) ? ['secret'] : [])
}

function parameter(part: ParameterExpansionPart, sh: Shell): Arg {
  if (part.index !== undefined) walkNumber(foldOne(part.index, sh).text, sh)
  const value = variable(part.parameter, part.text, sh)
  // Its value is a name, of which an index is worked out.
  if (part.prefix === '!')
    for (const held of value.known ? [value.text] : (value.or ?? [])) walkNumber(held, sh)
  const { operation } = part
  if (operation === undefined)
    return part.prefix === undefined && part.index === undefined
      ? value
      : unknown(part.text, part.prefix === '#' ? [] : value.flows)
  switch (operation.type) {
    case 'Default': {
      const other = foldOne(operation.operand, sh)
      // What it stands for then may be an option, or a secret's file.
      if (!value.known && other.known && (/^-/.test(other.text) || isSecret(other.text)))
        sh.partial(`not known: ${part.text}`)
      if (operation.operator.endsWith('=') && !(value.known && value.text !== ''))
        sh.set(part.parameter, unknown(`$${part.parameter}`, other.flows))
      return value.known && value.text !== '' && !operation.operator.endsWith('+')
        ? value
        : unknown(part.text, [...value.flows, ...other.flows])
    }
    case 'Remove': {
      const pattern = foldOne(operation.operand, sh)
      const text = trimmedBy(value.text, operation.operator, pattern)
      return text !== null && (value.known || value.glob)
        ? { ...value, text }
        : unknown(part.text, value.flows)
    }
    case 'Transform':
      if (foldOne(operation.operand, sh).text.includes('P')) asPrompt(value, sh)
      return unknown(part.text, value.flows)
    case 'CaseModification':
      if (operation.operand !== undefined) foldOne(operation.operand, sh)
      return unknown(part.text, value.flows)
    case 'Replace':
      torn(part.text, [operation.pattern, operation.replacement], sh)
      return replaced(part.text, operation.operator, value, [
        foldOne(operation.pattern, sh),
        foldOne(operation.replacement, sh),
      ])
    case 'Slice':
      for (const word of [operation.offset, operation.length])
        if (word !== undefined) walkNumber(foldOne(word, sh).text, sh)
      return unknown(part.text, value.flows)
    case 'Names':
    case 'Unknown':
      return unknown(part.text, value.flows)
  }
}

/** `${f%.txt}`: on a wildcard too, whose names end the same way. */
function trimmedBy(text: string, operator: string, { text: pattern, known }: Arg): string | null {
  if (!known || text.length > 1000 || pattern.length > 40 || pattern.split('*').length > 3)
    return null
  // Sets, and patterns within patterns, mean more than a look tells.
  if (/[[\]()\\]/.test(pattern)) return null
  const source = pattern
    .replace(/[.+^${}|]/g, '\\$&')
    .replaceAll('*', operator.length === 2 ? '.*' : '.*?')
    .replaceAll('?', '.')
  if (operator.startsWith('#')) return text.replace(new RegExp(`^${source}`, 's'), '')
  if (operator.length === 2) return text.replace(new RegExp(`${source}$`, 's'), '')
  // The shortest end that fits.
  const end = new RegExp(`^${source}$`, 's')
  for (let at = text.length; at >= 0; at--) if (end.test(text.slice(at))) return text.slice(0, at)
  return text
}

/** @param operator `/` for the first, `//` for all */
function replaced(
  written: string,
  operator: string,
  value: Arg,
  [pattern, by]: readonly [Arg, Arg],
): Arg {
  const plain = pattern.known && !pattern.glob && !/[*?[\]\\]/.test(pattern.text)
  if (!plain || !by.known || /[/&\\]/.test(by.text) || !(value.known || value.glob))
    return unknown(written, value.flows)
  if (operator === '/') return { ...value, text: value.text.replace(pattern.text, () => by.text) }
  return operator === '//' && pattern.text !== ''
    ? { ...value, text: value.text.split(pattern.text).join(by.text) }
    : unknown(written, value.flows)
}

/** `${x@P}`: what stands in the value is expanded once more. */
function asPrompt(value: Arg, sh: Shell): void {
  if (!value.known) sh.exec('unknown', value.text)
  // As in a here-document: quotes are only quotes in what it runs.
  else if (/[$`\\]/.test(value.text))
    walkText(`: <<END_OF_PROMPT\n${value.text}\nEND_OF_PROMPT`, SOMETHING, sh)
}

/** The parser parts `${x/a/b}` at the first slash, also where that stands in a nested command. */
function torn(text: string, words: readonly Word[], sh: Shell): void {
  const nested = /(?:\$\(|`)([\s\S]*)[)`]/.exec(text)?.[1]
  const whole = words.some(word => word.parts?.some(part => part.type === 'CommandExpansion'))
  if (nested === undefined || (whole && words.every(word => isBalanced(word.text)))) return
  sh.partial(`not parsed: ${text}`)
  sh.apart(() => walkText(nested, SOMETHING, sh))
}

function isBalanced(text: string): boolean {
  return text.split('(').length === text.split(')').length && text.split('`').length % 2 === 1
}

/** `a{b,c}` → `ab ac`. Ranges, and braces in braces, stay unknown. */
function braces(parts: readonly WordPart[], sh: Shell): readonly Arg[] {
  let all: Arg[] = [known('')]
  for (const part of parts) {
    const choices = part.type === 'BraceExpansion' ? choicesOf(part.text) : [foldPart(part, sh)]
    for (const inner of part.type === 'BraceExpansion' ? (part.parts ?? []) : [])
      foldPart(inner, sh)
    all = all.flatMap(before => choices.map(choice => joined([before, choice], '')))
    if (all.length > MAX_BRACES) return [unknown(parts.map(p => p.text).join(''))]
  }
  return all.map(arg => (arg.known ? { ...tilde(arg.text, arg.text, sh), glob: arg.glob } : arg))
}

/** `{01..12}`: the first and the last stand for those between. */
function rangeOf(first: string, last: string): readonly Arg[] {
  return [known(first), known(last)]
}

function choicesOf(text: string): readonly Arg[] {
  const inner = text.slice(1, -1)
  const range = /^(\d{1,4}|[a-z])\.\.(\d{1,4}|[a-z])$/i.exec(inner)
  if (range !== null) return rangeOf(range[1] ?? '', range[2] ?? '')
  if (!inner.includes(',') || /[{}$`'"\\]/.test(inner)) return [unknown(text)]
  return inner.split(',').map(text => ({ ...known(text), glob: /[*?[]/.test(text) }))
}

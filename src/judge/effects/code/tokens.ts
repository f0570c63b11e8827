/**
 * Code of the scripting languages as a row of tokens: what is a name, what is a text, what is only a
 * comment. Enough to find calls and their literal arguments; nothing is run, and no grammar is known.
 */
export type Language = 'shell' | 'python' | 'javascript' | 'ruby' | 'perl' | 'php'

export interface Token {
  /** `command`: backticks and `%x{}` in the languages where these run a shell. */
  readonly kind: 'name' | 'text' | 'command' | 'number' | 'op' | 'line'
  /** A text's own value, without quotes and escapes. */
  readonly value: string
  /** What stands in a text's `${…}` or `{…}`, in order; each hole is `\0` in `value`. */
  readonly holes: readonly string[]
}

const NO_HOLES: readonly string[] = []
const SPACE = /[ \t\r\f\v]/
const NAME = /[\p{L}_$@]/u
const NAME_REST = /[\p{L}\p{N}_$]/u

const HASH_COMMENTS = new Set<Language>(['python', 'ruby', 'perl', 'php'])
const SLASH_COMMENTS = new Set<Language>(['javascript', 'php'])
/** Where backticks run a shell. */
const BACKTICKS_RUN = new Set<Language>(['ruby', 'perl', 'php'])

const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }

export function tokensOf(code: string, language: Language): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  const push = (kind: Token['kind'], value: string, holes = NO_HOLES): void => {
    tokens.push({ kind, value, holes })
  }
  while (at < code.length) {
    const char = code[at] ?? ''
    if (char === '\n') {
      push('line', '\n')
      at++
    } else if (SPACE.test(char)) at++
    else if (isComment(code, at, language)) at = lineEnd(code, at)
    else if (SLASH_COMMENTS.has(language) && code.startsWith('/*', at)) at = after(code, '*/', at)
    else {
      const text = textAt(code, at, language, tokens.at(-1))
      if (text !== null) {
        push(text.kind, text.value, text.holes)
        at = text.end
      } else if (NAME.test(char)) {
        let end = at + 1
        while (end < code.length && NAME_REST.test(code[end] ?? '')) end++
        push('name', code.slice(at, end))
        at = end
      } else if (/[0-9]/.test(char)) {
        const [number = char] = /^[0-9][\w.]*/.exec(code.slice(at, at + 64)) ?? []
        push('number', number)
        at += number.length
      } else {
        const [op = char] =
          /^(\*\*|=>|->|::|[=!<>]=|&&|\|\||\+=|\.=|<<)/.exec(code.slice(at, at + 2)) ?? []
        push('op', op)
        at += op.length
      }
    }
  }
  return tokens
}

function isComment(code: string, at: number, language: Language): boolean {
  if (code[at] === '#') return HASH_COMMENTS.has(language)
  return SLASH_COMMENTS.has(language) && code.startsWith('//', at)
}

function lineEnd(code: string, at: number): number {
  const end = code.indexOf('\n', at)
  return end < 0 ? code.length : end
}

function after(code: string, mark: string, at: number): number {
  const end = code.indexOf(mark, at + 2)
  return end < 0 ? code.length : end + mark.length
}

interface Text {
  readonly kind: 'text' | 'command'
  readonly value: string
  readonly holes: readonly string[]
  readonly end: number
}

function textAt(
  code: string,
  at: number,
  language: Language,
  before: Token | undefined,
): Text | null {
  const rest = code.slice(at, at + 8)
  if (language === 'python') {
    const prefix = /^([rbuf]{0,2})("""|'''|"|')/i.exec(rest)
    if (prefix === null) return null
    const [whole, letters = '', quote = ''] = prefix
    const plain = /r/i.test(letters)
    return quoted(code, at + whole.length, quote, {
      escapes: !plain,
      hole: /f/i.test(letters) ? '{' : null,
    })
  }
  const [char = ''] = rest
  if (char === "'") return quoted(code, at + 1, "'", { escapes: true, hole: null })
  if (char === '"')
    return quoted(code, at + 1, '"', { escapes: true, hole: HOLES[language] ?? null })
  if (char === '`') {
    const kind = BACKTICKS_RUN.has(language) ? 'command' : 'text'
    return { ...quoted(code, at + 1, '`', { escapes: true, hole: HOLES[language] ?? '${' }), kind }
  }
  const patterns = language === 'javascript' || language === 'perl' || language === 'ruby'
  if (patterns && char === '/' && startsValue(before)) {
    const found = regex(code, at)
    if (found !== null) return found
  }
  if (language === 'ruby' || language === 'perl') return percent(code, at, language, before)
  return null
}

const HOLES: Readonly<Partial<Record<Language, '${' | '#{' | '$'>>> = {
  ruby: '#{',
  perl: '$',
  php: '$',
}

/** After these a slash begins a regular expression, and `%` a quoted text: nothing is divided. */
function startsValue(before: Token | undefined): boolean {
  if (before === undefined || before.kind === 'line') return true
  if (before.kind === 'name')
    return /^(return|typeof|case|in|of|and|or|not|if|unless|while|until|when|split|grep|puts|print)$/.test(
      before.value,
    )
  return before.kind === 'op' && !/^[)\]}]$/.test(before.value)
}

function regex(code: string, at: number): Text | null {
  const found = /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/.exec(
    code.slice(at, at + 2000),
  )
  if (found === null) return null
  return { kind: 'text', value: '', holes: NO_HOLES, end: at + found[0].length }
}

/** `%x{…}`, `%q(…)`, `%w[…]` of Ruby; `qx{…}`, `q(…)`, `qq{…}`, `qw(…)` of Perl. */
function percent(
  code: string,
  at: number,
  language: Language,
  before: Token | undefined,
): Text | null {
  const found =
    language === 'ruby'
      ? /^%([xqQwWi]?)([^\w\s=])/.exec(code.slice(at, at + 4))
      : /^(qx|qq|qw|q|m|y|tr|s)\s*([^\w\s,;=)>-])/.exec(code.slice(at, at + 6))
  if (found === null) return null
  const [whole, letters = '', open = ''] = found
  if (language === 'ruby' && !startsValue(before) && letters === '') return null
  if (before?.kind === 'op' && /^(->|\$|@|%|&)$/.test(before.value)) return null
  const close = OPENING[open] ?? open
  const text = quoted(code, at + whole.length, close, {
    escapes: true,
    hole: /^(q|qw|w|i|m|y|tr|s)$/.test(letters) ? null : (HOLES[language] ?? null),
    open: OPENING[open] === undefined ? undefined : open,
  })
  if (!/^(s|y|tr)$/.test(letters))
    return /^(x|qx)$/.test(letters) ? { ...text, kind: 'command' } : text
  // The part that replaces stands behind the same mark, or between marks of its own.
  const second = quoted(code, close === open ? text.end : text.end + 1, close, {
    escapes: true,
    hole: null,
  })
  return { ...text, value: '', end: second.end }
}

interface Quoting {
  readonly escapes: boolean
  readonly hole: '{' | '${' | '#{' | '$' | null
  /** Where the text may hold pairs of its own marks. */
  readonly open?: string | undefined
}

function quoted(code: string, from: number, close: string, how: Quoting): Text {
  let value = ''
  const holes: string[] = []
  let depth = 0
  let at = from
  while (at < code.length) {
    if (how.open !== undefined && code.startsWith(how.open, at)) depth++
    if (code.startsWith(close, at) && depth-- === 0)
      return { kind: 'text', value, holes, end: at + close.length }
    if (how.escapes && code[at] === '\\') {
      const [text, length] = escaped(code, at)
      value += text
      at += length
    } else if (how.hole !== null && code.startsWith(how.hole, at)) {
      const [inner, end] = holeAt(code, at, how.hole)
      value += '\0'
      holes.push(inner)
      at = end
    } else {
      value += code[at]
      at++
    }
  }
  return { kind: 'text', value, holes, end: code.length }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\n': '' }

function escaped(code: string, at: number): readonly [text: string, length: number] {
  const hex = /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|([0-7]{3}))/i.exec(
    code.slice(at, at + 11),
  )
  if (hex !== null) {
    const [whole, two, four, braces, octal] = hex
    const point =
      octal === undefined
        ? Number.parseInt(two ?? four ?? braces ?? '', 16)
        : Number.parseInt(octal, 8)
    return [point <= 0x10ffff ? String.fromCodePoint(point) : '?', whole.length]
  }
  const next = code[at + 1] ?? ''
  return [ESCAPES[next] ?? next, 2]
}

function holeAt(code: string, at: number, mark: string): readonly [inner: string, end: number] {
  if (mark === '$') {
    const found = /^\$\{?([\w:]+)\}?/.exec(code.slice(at, at + 80))
    return found === null ? ['', at + 1] : [`$${found[1]}`, at + found[0].length]
  }
  let depth = 0
  for (let i = at; i < code.length; i++) {
    if (code[i] === '{') depth++
    if (code[i] === '}' && --depth === 0) return [code.slice(at + mark.length, i), i + 1]
  }
  return [code.slice(at + mark.length), code.length]
}

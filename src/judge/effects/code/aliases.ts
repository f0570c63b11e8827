/** Modules and their parts under the names that the code gives them. */
import { type CodeCall, closing, isOp, split, type Tokens } from './calls.ts'
import type { Language } from './tokens.ts'

/** Name → what it stands for, dotted: `s` → `subprocess`, `r` → `shutil.rmtree`. */
export type Aliases = ReadonlyMap<string, string>

export function aliasesOf(tokens: Tokens, language: Language): Aliases {
  const aliases = new Map<string, string>()
  if (language === 'python') imports(tokens, aliases)
  if (language === 'javascript') requires(tokens, aliases)
  return aliases
}

export function resolved(call: CodeCall, aliases: Aliases): CodeCall {
  if (call.on === '') {
    const parts = aliases.get(call.name)?.split('.') ?? []
    const name = parts.pop()
    // The whole of a module keeps the name that it is called by.
    return name === undefined || parts.length === 0 ? call : { ...call, name, on: parts.join('.') }
  }
  const [first = '', ...rest] = call.on.split('.')
  const [loaded] = call.onArgs[0] ?? []
  const module = /^(require|import)\(\)$/.test(first)
    ? loaded?.kind === 'text' && rest.every(name => !name.endsWith(')'))
      ? moduleName(loaded.value)
      : undefined
    : aliases.get(first)
  return module === undefined ? call : { ...call, on: [module, ...rest].join('.') }
}

function moduleName(text: string): string {
  return text.replace(/^node:/, '').replaceAll('/', '.')
}

function isName(token: Tokens[number] | undefined, value: string): boolean {
  return token?.kind === 'name' && token.value === value
}

/** `import a.b as c`, `from a import b as c, d` */
function imports(tokens: Tokens, aliases: Map<string, string>): void {
  for (let at = 0; at < tokens.length; at++) {
    const from = isName(tokens[at], 'from')
    if (!from && !isName(tokens[at], 'import')) continue
    let end = at + 1
    let open = 0
    while (
      end < tokens.length &&
      !isOp(tokens[end], ';') &&
      (tokens[end]?.kind !== 'line' || open > 0)
    ) {
      if (isOp(tokens[end], '(')) open++
      if (isOp(tokens[end], ')')) open--
      end++
    }
    const words = tokens.slice(at + 1, end).filter(token => !/^[()\n]$/.test(token.value))
    const cut = from ? words.findIndex(token => isName(token, 'import')) : -1
    const module = words.slice(0, Math.max(cut, 0)).map(token => token.value)
    for (const part of split(words.slice(cut + 1), ',')) {
      const as = part.findIndex(token => isName(token, 'as'))
      const path = part.slice(0, as < 0 ? part.length : as).map(token => token.value)
      const name = as < 0 ? (from ? path[0] : undefined) : part[as + 1]?.value
      const whole = [...module, ...(module.length > 0 ? ['.'] : []), ...path].join('')
      if (name !== undefined && whole !== name) aliases.set(name, whole)
    }
    at = end
  }
}

const BINDS = /^(const|let|var|import)$/

/** `const a = require('b')`, `const {c: d} = require('b')`, `import {c as d} from 'b'` */
function requires(tokens: Tokens, aliases: Map<string, string>): void {
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'name' || !BINDS.test(token.value)) continue
    const start = isOp(tokens[at + 1], '{') ? closing(tokens, at + 1) : at + 1
    const module = moduleAt(tokens, start)
    if (module === null) continue
    const star = isOp(tokens[at + 1], '*')
    const name = tokens[star ? at + 3 : at + 1]
    if (name?.kind === 'name') aliases.set(name.value, module)
    if (!isOp(tokens[at + 1], '{')) continue
    for (const part of split(tokens.slice(at + 2, start), ',')) {
      const words = part.filter(it => it.kind !== 'line')
      const [member] = words
      const given = words.at(-1)
      if (member?.kind === 'name' && given?.kind === 'name')
        aliases.set(given.value, `${module}.${member.value}`)
    }
  }
}

/** The module that stands in the rest of the statement, with a member that is taken of it. */
function moduleAt(tokens: Tokens, from: number): string | null {
  for (let at = from; at < Math.min(tokens.length, from + 8); at++) {
    const token = tokens[at]
    if (isOp(token, ';') || token?.kind === 'line') return null
    if (token?.kind !== 'text') continue
    const before = tokens[at - 1]
    const called = isOp(before, '(') && /^(require|import)$/.test(tokens[at - 2]?.value ?? '')
    if (!called && !isName(before, 'from')) return null
    const module = moduleName(token.value)
    const member = called && isOp(tokens[at + 2], '.') ? tokens[at + 3] : undefined
    return member?.kind === 'name' && !isOp(tokens[at + 4], '(')
      ? `${module}.${member.value}`
      : module
  }
  return null
}

/** Calls that are reached by other ways than their name before a bracket. */
import type { Shell } from '../shell/shell.ts'
import { deedOf } from './apis.ts'
import { type CodeCall, closing, isOp, opening, receiver, type Tokens } from './calls.ts'
import type { Language } from './tokens.ts'

/** What a program might hand on by its name alone: the rest are words that people use for data too. */
const HANDED_ON = new Set(['run', 'delete', 'eval', 'reach'])

/** A dangerous call that is mentioned and not called: given another name, or handed to what calls it. */
export function mentions(
  tokens: Tokens,
  calls: readonly CodeCall[],
  language: Language,
  sh: Shell,
): void {
  const called = new Set(calls.map(call => call.at))
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'name' || called.has(at) || isOp(tokens[at + 1], '=')) continue
    if (isImported(tokens, at)) continue
    const { on, onArgs } = receiver(tokens, at)
    const none = { args: [], named: new Map(), at, end: at + 1 }
    const deed = deedOf({ name: token.value, on, onArgs, ...none }, language, false)
    const writes = deed === 'write' && /^(write|append|output)\w*File/.test(token.value)
    if (writes || (deed !== null && HANDED_ON.has(deed)))
      sh.partial(`code that hands on ${token.value}`)
  }
}

/** `from os import system`, `const {execSync} = require(…)`: under its own name. */
function isImported(tokens: Tokens, at: number): boolean {
  const next = tokens[at + 1]
  if (next?.kind === 'name' && next.value === 'as') return false
  if (
    (isOp(tokens[at - 1], '{') || isOp(tokens[at - 1], ',')) &&
    (isOp(next, ',') || isOp(next, '}'))
  )
    return true
  for (let i = at - 1; i >= 0 && tokens[i]?.kind !== 'line' && !isOp(tokens[i], ';'); i--)
    if (tokens[i]?.kind === 'name' && tokens[i]?.value === 'import') return true
  return false
}

const STARTERS =
  /^(child_process|subprocess|pty|commands|popen2|Open3|open3|IPC::Open[23]|module|inspector|worker_threads)$/
/** Names that are only worth a text where they are to be called by it. */
const BY_TEXT: Readonly<Partial<Record<Language, RegExp>>> = {
  javascript: /^(exec|spawn|execFile)Sync$|^execFile$/,
  php: /^(system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|assert|eval|unlink|create_function)$/,
}

/** What starts programs is loaded, and not so often called as it is loaded: the calls are hidden. */
export function hiddenCalls(tokens: Tokens, runs: number, language: Language, sh: Shell): void {
  const loads = tokens.filter((token, at) => {
    const module = token.value.replace(/^node:/, '')
    const before = tokens[at - 1]
    if (!STARTERS.test(module)) return false
    return token.kind === 'text'
      ? isOp(before, '(') || before?.value === 'from' || before?.value === 'require'
      : token.kind === 'name' && /^(import|from)$/.test(before?.value ?? '')
  })
  if (loads.length > runs) sh.partial(`code that loads ${loads[0]?.value ?? ''}`)
  const byText = BY_TEXT[language]
  for (const [at, token] of tokens.entries())
    if (token.kind === 'text' && byText?.test(token.value) && !isOp(tokens[at - 1], '['))
      sh.partial(`code that calls ${token.value} by its name`)
  // An escape in a name.
  if (language === 'javascript' && tokens.some(token => isOp(token, '\\')))
    sh.partial('code with escapes in its names')
}

/** `('sys' . 'tem')(…)`, `'name'->(…)`, `$f(…)`: the name is a value. */
export function computed(tokens: Tokens, language: Language, sh: Shell): void {
  for (let at = 1; at < tokens.length; at++) {
    if (!isOp(tokens[at], '(')) continue
    const before = tokens[at - 1]
    const variable =
      before?.kind === 'name' &&
      /^\$\w/.test(before.value) &&
      /^(php|perl)$/.test(language) &&
      !isFunction(tokens, before.value)
    const arrow = isOp(before, '->') && language === 'perl'
    if (variable || arrow || before?.kind === 'text' || isValue(tokens, at - 1))
      sh.partial('code that calls what a value names')
  }
}

/** `$f = fn(…) => …`, and nothing else that it might be. */
function isFunction(tokens: Tokens, name: string): boolean {
  const values = tokens.filter((_, i) => isOp(tokens[i - 1], '=') && tokens[i - 2]?.value === name)
  return values.length > 0 && values.every(token => /^(fn|function|sub)$/.test(token.value))
}

/** A bracket that holds an expression, and no function that is written right there. */
function isValue(tokens: Tokens, close: number): boolean {
  if (!isOp(tokens[close], ')')) return false
  const open = opening(tokens, close)
  if (tokens[open - 1]?.kind === 'name' || closing(tokens, open) !== close) return false
  return !tokens
    .slice(open, close)
    .some(token => isOp(token, '=>') || /^(function|lambda|async|fn)$/.test(token.value))
}

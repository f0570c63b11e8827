/** What sets variables, beside an assignment. */
import { type Content, NOTHING, SOMETHING } from '../../effect.ts'
import { environment, type Handler, type Handlers } from '../dispatch.ts'
import { walkNumber } from '../expressions.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, optionsOf, patternOf, unknown, valuesOf } from '../value.ts'

/** Variables that get what is not known here. An index in such a name is arithmetic. */
export function setByName(names: readonly Arg[], sh: Shell, flows: Content['flows'] = []): Content {
  for (const { text } of names) {
    if (text.includes('[')) walkNumber(text, sh)
    const name = text.replace(/\[.*$/s, '')
    sh.set(name, unknown(`$${name}`, flows))
  }
  return NOTHING
}

/** `export`, `declare`, `local`, `readonly`: names, and names with values. */
const assign: Handler = (call, sh) => {
  const { name: verb, args } = call
  const options = optionsOf(
    args.map(arg => ({ ...arg, text: arg.text.replace(/^\+/, '-') })),
    '',
  )
  const exports = verb.text === 'export' || has(options, 'x')
  if (has(options, 'f', 'F')) {
    if (exports) for (const { text } of options.rest) sh.scope.exported.add(`${text}()`)
    return SOMETHING
  }
  // A name for another name: what is set by the one is read by the other.
  if (verb.text !== 'export' && has(options, 'n')) sh.partial('a variable by another name')
  const changes = verb.text !== 'export' && has(options, 'i', 'u', 'l', 'c')
  for (const arg of options.rest) {
    const [, name = arg.text, index, value] = /^(\w+)(\[.*?\])?\+?=(.*)$/s.exec(arg.text) ?? []
    if (index !== undefined || changes) setByName([{ ...arg, text: name + (index ?? '') }], sh)
    if (changes) walkNumber(value ?? '', sh)
    if (value !== undefined) {
      environment(name, { ...arg, text: value }, sh)
      if (index === undefined && !changes) sh.set(name, { ...arg, text: value })
    }
    if (exports) sh.scope.exported.add(name)
    if (verb.text === 'readonly' || has(options, 'r')) sh.scope.fixed.add(name)
  }
  const bare = verb.text === 'export' && (args.length === 0 || args[0]?.text === '-p')
  return bare ? { text: null, flows: ['secret'], from: [] } : NOTHING
}

const read: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'a d i n N p t u')
  const names = [...valuesOf(options, 'a'), ...options.rest]
  const [only] = names
  const line = patternOf(call.stdin)
  if (only !== undefined && names.length === 1 && line !== undefined && !has(options, 'a', 'd')) {
    sh.set(only.text, line)
    return NOTHING
  }
  return setByName(
    names.length === 0 ? [{ ...call.name, text: 'REPLY' }] : names,
    sh,
    call.stdin.flows,
  )
}

const mapfile: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'd n O s u C c')
  for (const code of valuesOf(options, 'C')) sh.exec('unknown', code.text)
  return setByName([options.rest[0] ?? { ...call.name, text: 'MAPFILE' }], sh, call.stdin.flows)
}

const getopts: Handler = (call, sh) =>
  setByName([...call.args.slice(1, 2), { ...call.name, text: 'OPTARG' }], sh)

const unset: Handler = (call, sh) => {
  const options = optionsOf(call.args, '')
  for (const { text } of options.rest) {
    if (text.includes('[')) walkNumber(text, sh)
    const held = sh.scope.variables.has(text) && !has(options, 'f')
    if (!has(options, 'f')) sh.scope.variables.delete(text)
    // Without `-f` a function goes only where there is no such variable.
    if (!held && !has(options, 'v')) sh.scope.functions.delete(text)
    if (/^(HISTFILE|PROMPT_COMMAND)$/.test(text)) historyOff(text, sh)
  }
  return NOTHING
}

export function historyOff(text: string, sh: Shell): void {
  sh.emit({ kind: 'privilege', what: 'disable-check', names: ['history', text] })
}

const number: Handler = (call, sh) => {
  for (const { text } of call.args) walkNumber(text, sh)
  return NOTHING
}

/** `-v NAME[INDEX]` works the index out. */
const test: Handler = (call, sh) => {
  for (const [i, { text }] of call.args.entries())
    if (/^-[vR]$/.test(text)) walkNumber(call.args[i + 1]?.text ?? '', sh)
  return SOMETHING
}

export const variables: Handlers = {
  export: assign,
  declare: assign,
  typeset: assign,
  local: assign,
  readonly: assign,
  read,
  readarray: mapfile,
  mapfile,
  getopts,
  unset,
  let: number,
  test,
  '[': test,
}

/** What the shell does itself. */
import { type Content, NOTHING, SOMETHING, textContent } from '../../effect.ts'
import { environment, type Handler, type Handlers, program } from '../dispatch.ts'
import { runFile } from '../run-file.ts'
import { type Arg, contentOf, joined, optionsOf, unknown, valuesOf } from '../value.ts'
import { walkText } from '../walk.ts'

const echo: Handler = call => {
  const [first] = call.args
  const escapes = first !== undefined && /^-[nE]*e/.test(first.text)
  const words = call.args.filter((arg, i) => !(i === 0 && /^-[neE]+$/.test(arg.text)))
  const content = contentOf(joined(words, ' '))
  if (content.text === null) return content
  return escapes ? unescaped(content.text, content) : { ...content, text: `${content.text}\n` }
}

const printf: Handler = call => {
  const args = call.args[0]?.text === '--' ? call.args.slice(1) : call.args
  const [format, ...values] = args
  if (format?.text === '-v') return NOTHING
  const all = contentOf(joined(args, ' '))
  if (format === undefined || all.text === null) return all
  let i = 0
  const text = format.text.replace(/%([%a-zA-Z])/g, (_, kind: string) =>
    kind === '%' ? '%' : (values[i++]?.text ?? ''),
  )
  return unescaped(text, all)
}

/** Text that is written in numbers is written so to be hidden. */
function unescaped(text: string, content: Content): Content {
  const coded = /\\(x[0-9a-f]{1,2}|0?[0-7]{3}|u[0-9a-f]{4})/i.test(text)
  const plain = text
    .replace(/\\x([0-9a-f]{1,2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .replace(/\\0?([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    )
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\\\', '\\')
  return {
    text: plain,
    flows: coded ? [...content.flows, 'decoded'] : content.flows,
    from: content.from,
  }
}

const cd: Handler = (call, sh) => {
  const to = call.args.find(arg => !/^-[LPen@]+$|^--$/.test(arg.text))
  const home = sh.variable('HOME')
  if (to === undefined)
    sh.scope.cwd = call.name.text === 'cd' && home !== undefined ? sh.target(home).path : null
  else if (call.args.some(arg => /^-n$|^[+-]\d/.test(arg.text))) sh.scope.cwd = null
  else sh.scope.cwd = to.text === '-' || to.glob ? null : sh.target(to).path
  return NOTHING
}

const popd: Handler = (_call, sh) => {
  sh.scope.cwd = null
  return NOTHING
}

const assign: Handler = (call, sh) => {
  if (call.args.some(arg => arg.text === '-f')) return SOMETHING
  for (const arg of call.args) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(arg.text) ?? []
    if (name === undefined || value === undefined) continue
    environment(name, { ...arg, text: value }, sh)
    sh.scope.variables.set(name, { ...arg, text: value })
  }
  const bare =
    call.name.text === 'export' && (call.args.length === 0 || call.args[0]?.text === '-p')
  return bare ? { text: null, flows: ['secret'], from: [] } : NOTHING
}

const read: Handler = (call, sh) => {
  const { rest } = optionsOf(call.args, 'a d i n N p t u')
  for (const { text } of rest) sh.scope.variables.set(text, unknown(`$${text}`, call.stdin.flows))
  return NOTHING
}

const unset: Handler = (call, sh) => {
  for (const { text } of call.args) {
    sh.scope.variables.delete(text)
    sh.scope.functions.delete(text)
    if (/^(HISTFILE|PROMPT_COMMAND)$/.test(text)) historyOff(text, sh)
  }
  return NOTHING
}

function historyOff(text: string, sh: Parameters<Handler>[1]): void {
  sh.emit({ kind: 'privilege', what: 'disable-check', names: ['history', text] })
}

const history: Handler = (call, sh) => {
  if (call.args.some(arg => /^-\w*[cdw]/.test(arg.text))) historyOff('history -c', sh)
  return { text: null, flows: ['secret'], from: [] }
}

const alias: Handler = (call, sh) => {
  for (const { text, known: isKnown } of call.args) {
    const equals = text.indexOf('=')
    if (equals < 0) continue
    if (!isKnown) sh.partial('an alias that is not known')
    sh.scope.aliases.set(text.slice(0, equals), text.slice(equals + 1))
  }
  return NOTHING
}

/** Runs the words as a script: what came from somewhere else is that. */
const evaluate: Handler = (call, sh) => runCode(joined(call.args, ' '), call.stdin, sh)

export function runCode(code: Arg, stdin: Content, sh: Parameters<Handler>[1]): Content {
  if (code.flows.includes('network')) sh.exec('network', code.text, code.from)
  else if (code.flows.includes('decoded')) {
    sh.exec('decoded', code.text)
    if (code.known) return walkText(code.text, stdin, sh)
  } else if (code.known) return walkText(code.text, stdin, sh)
  // The known part around what is not known still says what it does.
  else {
    sh.exec('unknown', code.text)
    return walkText(code.text, stdin, sh)
  }
  return SOMETHING
}

const source: Handler = (call, sh) => {
  const [file, ...args] = call.args
  if (file === undefined) return NOTHING
  const target = sh.target(file)
  // An env file only sets variables, unless it is seen to do more.
  const plain = /(^|\/)\.env(\.[\w.-]+)?$|(^|\/)(\.venv|venv|env)\/bin\/activate$/.test(file.text)
  const content = sh.content(target)
  const fetched = content.flows.includes('network') || content.flows.includes('decoded')
  if (plain && content.text === null && !fetched && file.known) {
    sh.read(file)
    return NOTHING
  }
  const output = runFile(file, { ...call, name: file, args }, 'shell', sh, true)
  // What is not seen may set anything.
  if (content.text === null)
    for (const name of sh.scope.variables.keys())
      if (name !== 'HOME') sh.scope.variables.set(name, unknown(`$${name}`))
  return output
}

const exec: Handler = (call, sh) => {
  const { rest } = optionsOf(call.args, 'a', true)
  const [name, ...args] = rest
  return name === undefined ? NOTHING : program({ ...call, name, args }, sh)
}

const command: Handler = (call, sh) => {
  const options = optionsOf(call.args, '', true)
  if (options.flags.has('v') || options.flags.has('V')) return SOMETHING
  const [name, ...args] = options.rest
  if (name === undefined) return NOTHING
  return program({ ...call, name, args, env: new Map() }, sh)
}

/** The text runs later, with what is known now. */
const trap: Handler = (call, sh) => {
  const [code] = call.args
  if (code === undefined || /^-|^$/.test(code.text) || call.args.length < 2) return NOTHING
  if (!code.known) sh.exec('unknown', code.text)
  return sh.apart(() => walkText(code.text, SOMETHING, sh))
}

const set: Handler = (call, sh) => {
  if (call.args.length === 0) return { text: null, flows: ['secret'], from: [] }
  const at = call.args.findIndex(arg => arg.text === '--')
  if (at >= 0) sh.scope.positional = call.args.slice(at + 1)
  return NOTHING
}

const shift: Handler = (call, sh) => {
  sh.scope.positional = sh.scope.positional.slice(Number(call.args[0]?.text ?? 1) || 1)
  return NOTHING
}

const mapfile: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'd n O s u C c')
  for (const code of valuesOf(options, 'C')) sh.exec('unknown', code.text)
  const name = options.rest[0]?.text ?? 'MAPFILE'
  sh.scope.variables.set(name, unknown(`$${name}`, call.stdin.flows))
  return NOTHING
}

const nothing: Handler = () => NOTHING

const yes: Handler = () => textContent('')

export const builtins: Handlers = {
  echo,
  printf,
  cd,
  pushd: cd,
  popd,
  export: assign,
  declare: assign,
  typeset: assign,
  local: assign,
  readonly: assign,
  read,
  readarray: mapfile,
  mapfile,
  unset,
  history,
  alias,
  unalias: nothing,
  eval: evaluate,
  source,
  '.': source,
  exec,
  command,
  builtin: command,
  trap,
  set,
  shift,
  shopt: nothing,
  ':': yes,
  return: nothing,
  exit: nothing,
  break: nothing,
  continue: nothing,
  bg: nothing,
  fg: nothing,
  disown: nothing,
  hash: nothing,
  let: nothing,
  getopts: nothing,
  print: echo,
}

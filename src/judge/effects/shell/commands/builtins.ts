/** What the shell does itself. */
import { type Content, NOTHING, SOMETHING, textContent } from '../../effect.ts'
import { type Handler, type Handlers, program } from '../dispatch.ts'
import { runFile } from '../run-file.ts'
import { type Arg, joined, optionsOf, unknown } from '../value.ts'
import { walkText } from '../walk.ts'
import { printing } from './printing.ts'
import { historyOff, variables } from './variables.ts'

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

const history: Handler = (call, sh) => {
  if (call.args.some(arg => /^-\w*[cdw]/.test(arg.text))) historyOff('history -c', sh)
  return { text: null, flows: ['secret'], from: [] }
}

const KEYWORDS =
  /^(if|then|else|elif|fi|do|done|case|esac|while|until|for|in|function|select|time|coproc|\W+)$|^-/

/** Names and even keywords mean something else from here on, or from the next line on. */
const alias: Handler = (call, sh) => {
  for (const { text } of call.args) {
    const equals = text.indexOf('=')
    if (equals < 0) continue
    const [name, value] = [text.slice(0, equals), text.slice(equals + 1)]
    // Plain words are judged both as they stand and as the alias has them.
    if (KEYWORDS.test(name) || !/^[\w./=-]+( [\w./=-]+)*$/.test(value))
      sh.partial(`the alias ${name}`)
    sh.scope.aliases.set(name, value)
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
  const plain =
    /(^|\/)\.env(\.[\w.-]+)?$|(^|\/)bin\/activate(\.\w+)?$|\/(conda|nvm|sdkman-init|asdf|rvm|bashcompinit|export|setup|environment)\.sh$|^(~|\$HOME|\/home\/\w+|\/root|\/Users\/\w+)\/\.(bashrc|zshrc|profile|bash_profile|cargo\/env|ghcup\/env|nix-profile\/.*)$|^\/etc\/(profile|bashrc|os-release)/.test(
      file.text,
    )
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

/** The text runs later: with what is known now, or with what is known then. */
const trap: Handler = (call, sh) => {
  const args = call.args[0]?.text === '--' ? call.args.slice(1) : call.args
  const [code] = args
  if (code === undefined || /^-|^$/.test(code.text) || args.length < 2) return NOTHING
  if (!code.known) sh.exec('unknown', code.text)
  sh.scope.traps.push({
    text: code.text,
    variables: new Map(sh.scope.variables),
    functions: new Map(sh.scope.functions),
    cwd: sh.scope.cwd,
  })
  return sh.apart(() => walkText(code.text, SOMETHING, sh))
}

/** `hash -p FILE NAME` */
const hash: Handler = (call, sh) => {
  if (call.args.some(arg => /^-\w*p/.test(arg.text)))
    sh.partial('a name that leads to another program')
  return NOTHING
}

const jobs: Handler = (call, sh) => {
  const [option, name, ...args] = call.args
  if (option?.text !== '-x' || name === undefined) return SOMETHING
  return program({ ...call, name, args, env: new Map() }, sh)
}

const shopt: Handler = (call, sh) => {
  if (call.args.some(arg => arg.text === 'cdable_vars')) sh.partial('folders by variables')
  return NOTHING
}

const set: Handler = (call, sh) => {
  if (call.args.length === 0) return { text: null, flows: ['secret'], from: [] }
  const options = call.args.map(arg => ({ ...arg, text: arg.text.replace(/^\+/, '-') }))
  const { flags, rest } = optionsOf(options, 'o', true)
  if (flags.has('k')) sh.partial('words that become values')
  // Its last words, as they were written.
  if (rest.length > 0 || call.args.some(arg => arg.text === '--'))
    sh.scope.positional = call.args.slice(call.args.length - rest.length)
  return NOTHING
}

const shift: Handler = (call, sh) => {
  sh.scope.positional = sh.scope.positional.slice(Number(call.args[0]?.text ?? 1) || 1)
  return NOTHING
}

const nothing: Handler = () => NOTHING

const yes: Handler = () => textContent('')

export const builtins: Handlers = {
  ...printing,
  ...variables,
  cd,
  pushd: cd,
  popd,
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
  shopt,
  ':': yes,
  return: nothing,
  exit: nothing,
  break: nothing,
  continue: nothing,
  bg: nothing,
  fg: nothing,
  disown: nothing,
  hash,
  jobs,
}

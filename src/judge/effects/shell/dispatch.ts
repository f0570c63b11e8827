/** From a command's name to what is known of it. */
import { placeOf } from '../../paths.ts'
import { type Content, SOMETHING } from '../effect.ts'
import { builtins } from './commands/builtins.ts'
import { cloud } from './commands/cloud.ts'
import { database } from './commands/database.ts'
import { files } from './commands/files.ts'
import { git } from './commands/git.ts'
import { github } from './commands/github.ts'
import { guard } from './commands/guard.ts'
import { interpreters } from './commands/interpreters.ts'
import { network } from './commands/network.ts'
import { packages } from './commands/packages.ts'
import { readers } from './commands/readers.ts'
import { system } from './commands/system.ts'
import { wrappers } from './commands/wrappers.ts'
import { runFile } from './run-file.ts'
import type { FunctionBody, Shell } from './shell.ts'
import { type Arg, known } from './value.ts'
import { maybe, together, walkText } from './walk.ts'

export interface Call {
  readonly name: Arg
  readonly args: readonly Arg[]
  readonly stdin: Content
  /** What is assigned before the name. */
  readonly env: ReadonlyMap<string, Arg>
}

/** @returns what the command writes to its standard output */
export type Handler = (call: Call, sh: Shell) => Content

export type Handlers = Readonly<Record<string, Handler>>

const HANDLERS: ReadonlyMap<string, Handler> = new Map(
  Object.entries({
    ...readers,
    ...files,
    ...git,
    ...github,
    ...network,
    ...packages,
    ...cloud,
    ...database,
    ...system,
    ...interpreters,
    ...wrappers,
    ...guard,
    ...builtins,
  }),
)

/** Variables that make programs load or run something. */
const LOADS =
  /^(LD_PRELOAD|LD_LIBRARY_PATH|DYLD_.*|BASH_ENV|ENV|PROMPT_COMMAND|GIT_(SSH|SSH_COMMAND|EXTERNAL_DIFF|EDITOR|PAGER|ASKPASS|CONFIG.*|EXEC_PATH|PROXY_COMMAND)|PAGER|EDITOR|VISUAL|PERL5OPT|PYTHONSTARTUP|RUBYOPT|PATH|IFS|SHELLOPTS|BASHOPTS|PS[0-4]|BASH_CMDS|BASH_ALIASES|BASH_FUNC_.*|CDPATH|LD_AUDIT|LESSOPEN|LESSCLOSE|MANPAGER|TAR_OPTIONS|RSYNC_RSH|SSH_ASKPASS|SUDO_ASKPASS|PERL5(LIB|DB)|RUBYLIB|JAVA_TOOL_OPTIONS|MAKEFLAGS|MAKEFILES|GIT_(SEQUENCE_EDITOR|TEMPLATE_DIR)|npm_config_(script_shell|node_options|registry))$/

/** Variables that switch checks off. */
const UNCHECKED =
  /^(HUSKY=0|HUSKY_SKIP_HOOKS=.+|NODE_TLS_REJECT_UNAUTHORIZED=0|GIT_SSL_NO_VERIFY=.+|PYTHONHTTPSVERIFY=0|SKIP=.+|LEFTHOOK=0|CURL_CA_BUNDLE=|PIP_TRUSTED_HOST=.+)$/

/** A name as the shell itself takes it; a program that starts another knows no aliases or functions. */
export function dispatch(call: Call, sh: Shell): Content {
  for (const [name, value] of call.env) environment(name, value, sh)
  const { name } = call
  const alias = name.known ? sh.scope.aliases.get(name.text) : undefined
  // A shell expands it or not, by where it was defined and how the name is written.
  if (alias !== undefined) return together([aliased(alias, call, sh), unaliased(call, sh)])
  return unaliased(call, sh)
}

function unaliased(call: Call, sh: Shell): Content {
  const body = call.name.known ? sh.scope.functions.get(call.name.text) : undefined
  if (body === undefined) return program(call, sh)
  const output = called(body, call, sh)
  return body.sure ? output : together([output, program(call, sh)])
}

/** In this shell: what the function sets stays set, unless it is its own or it ends before. */
function called(body: FunctionBody, call: Call, sh: Shell): Content {
  if (!sh.enter()) return SOMETHING
  const { positional } = sh.scope
  try {
    return maybe(sh, () => {
      sh.scope.positional = call.args
      const output = body.run()
      sh.scope.positional = positional
      return output
    })
  } finally {
    sh.leave()
  }
}

const SYSTEM_FOLDER = /^(\/usr)?(\/local)?\/s?bin\/|^\/opt\/homebrew\/bin\//

export function program(call: Call, sh: Shell): Content {
  const { text } = call.name
  if (!call.name.known || call.name.glob) {
    sh.exec('unknown', text, call.name.from)
    return SOMETHING
  }
  const bare = text.replace(SYSTEM_FOLDER, '')
  if (bare.includes('/')) {
    const tool = /(?:^|\/)(?:node_modules|\.venv|venv|vendor)\/\.?bin\/([\w.-]+)$/.exec(text)?.[1]
    const local = tool === undefined || !isTool(call.name, sh) ? undefined : HANDLERS.get(tool)
    return local === undefined ? runFile(call.name, call, null, sh) : local(call, sh)
  }
  const handler = HANDLERS.get(bare)
  if (handler !== undefined) return handler({ ...call, name: known(bare) }, sh)
  sh.partial(`not known: ${bare}`)
  for (const arg of call.args) if (arg.flows.length > 0) sh.exec('unknown', bare)
  sh.exec('unknown', [bare, ...call.args.map(arg => arg.text)].join(' '))
  return SOMETHING
}

/** A tool that is installed, not a file that was put in its place. */
function isTool(name: Arg, sh: Shell): boolean {
  const { path } = sh.target(name)
  return (
    path !== null && placeOf(path, sh.facts).kind !== 'temp' && sh.madeContent(path) === undefined
  )
}

/** Assigned before a command, by `env`, or exported. */
export function environment(name: string, value: Arg, sh: Shell): void {
  if (LOADS.test(name)) {
    if (
      /^(PAGER|GIT_PAGER|EDITOR|GIT_EDITOR|VISUAL)$/.test(name) &&
      /^(cat|less|true|:|)$/.test(value.text)
    )
      return
    sh.exec('unknown', `${name}=${value.text}`)
  }
  if (UNCHECKED.test(`${name}=${value.text}`))
    sh.emit({ kind: 'privilege', what: 'disable-check', names: [`${name}=${value.text}`] })
}

function aliased(alias: string, call: Call, sh: Shell): Content {
  const words = call.args.map(arg => (arg.known && !arg.glob ? quoted(arg.text) : arg.text))
  return sh.apart(() => {
    sh.scope.aliases.delete(call.name.text)
    return walkText([alias, ...words].join(' '), call.stdin, sh)
  })
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** From a command's name to what is known of it. */
import { placeOf } from '../../paths.ts'
import { registryIdentity } from '../../resources/url.ts'
import { type Content, SOMETHING } from '../effect.ts'
import { builtins } from './commands/builtins.ts'
import { cloud } from './commands/cloud.ts'
import { database } from './commands/database.ts'
import { files } from './commands/files.ts'
import { git } from './commands/git.ts'
import { github } from './commands/github.ts'
import { guard } from './commands/guard.ts'
import { hostileTools } from './commands/hostile.ts'
import { interpreters } from './commands/interpreters.ts'
import { network } from './commands/network.ts'
import { packages } from './commands/packages.ts'
import { readers } from './commands/readers.ts'
import { system } from './commands/system.ts'
import { tool } from './commands/tool.ts'
import { windows } from './commands/windows.ts'
import { wrappers } from './commands/wrappers.ts'
import { maybe, together } from './maybe.ts'
import { runFile } from './run-file.ts'
import type { FunctionBody } from './scope.ts'
import type { Shell } from './shell.ts'
import { type Arg, known } from './value.ts'
import { walkText } from './walk.ts'

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

const PROGRAMS: Handlers = {
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
  ...hostileTools,
  ...windows,
  ...guard,
}

const HANDLERS: ReadonlyMap<string, Handler> = new Map(Object.entries({ ...PROGRAMS, ...builtins }))

/** Found on a disk: the shell's own words have one spelling. */
const ON_DISK: ReadonlyMap<string, Handler> = new Map(Object.entries(PROGRAMS))

const HOSTILE: ReadonlyMap<string, Handler> = new Map(Object.entries(hostileTools))

/** Variables that make programs load or run something. */
const LOADS =
  /^(LD_PRELOAD|LD_LIBRARY_PATH|DYLD_.*|BASH_ENV|ENV|PROMPT_COMMAND|GIT_(SSH|SSH_COMMAND|EXTERNAL_DIFF|EDITOR|PAGER|ASKPASS|CONFIG.*|EXEC_PATH|PROXY_COMMAND)|PAGER|EDITOR|VISUAL|PERL5OPT|PYTHONSTARTUP|RUBYOPT|PATH|SHELLOPTS|BASHOPTS|PS[0-4]|BASH_CMDS|BASH_ALIASES|BASH_FUNC_.*|CDPATH|LD_AUDIT|LESSOPEN|LESSCLOSE|MANPAGER|TAR_OPTIONS|RSYNC_RSH|SSH_ASKPASS|SUDO_ASKPASS|PERL5(LIB|DB)|RUBYLIB|JAVA_TOOL_OPTIONS|MAKEFLAGS|MAKEFILES|GIT_(SEQUENCE_EDITOR|TEMPLATE_DIR)|npm_config_(script_shell|node_options|registry))$/

/** Variables that switch checks off. */
const UNCHECKED =
  /^(HUSKY=0|HUSKY_SKIP_HOOKS=.+|NODE_TLS_REJECT_UNAUTHORIZED=0|GIT_SSL_NO_VERIFY=.+|PYTHONHTTPSVERIFY=0|SKIP=.+|LEFTHOOK=0|CURL_CA_BUNDLE=|GOSUMDB=off|GONOSUMCHECK=.+|GONOSUMDB=\*|GOFLAGS=.*-insecure.*|HEX_UNSAFE_HTTPS=.+|DOCKER_CONTENT_TRUST=0|COSIGN_EXPERIMENTAL=0|BUNDLE_SSL_VERIFY_MODE=0|npm_config_strict_ssl=false|PIP_TRUSTED_HOST=.+)$/

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
  // A function that starts itself in a pipe or behind its back has no end.
  if (sh.isEndless(body) && /[|&]/.test(sh.evidence)) {
    sh.emit({ kind: 'privilege', what: 'machine', names: ['endless', call.name.text] })
    return SOMETHING
  }
  if (!sh.enter()) return SOMETHING
  const { positional } = sh.scope
  try {
    return maybe(sh, () => {
      sh.scope.positional = call.args
      const output = sh.inside(body, () => body.run())
      sh.scope.positional = positional
      return output
    })
  } finally {
    sh.leave()
  }
}

/** What stands behind these is another command, whose words are not theirs. */
const RUNS_OTHERS =
  /^(env|xargs|parallel|watch|nohup|nice|timeout|ssh|eval|exec|command|builtin|source|\.|trap|find|fd|bash|sh|zsh|dash|ksh|ash|fish|busybox|toybox|script|flock|chroot|unshare|strace|python[23]?|node|ruby|perl|php|npx|bunx|uvx|pnpx|echo|printf|print|make|stdbuf|setsid|unbuffer|time|taskset|tmux|screen)$/

/** Where an option behind other words may be one of these, as POSIX has it; `kill` ends them all the same. */
const OPTIONS_FIRST: Handlers = { ...files, ...network, ...system, ...guard, ...builtins }

/** `terraform destroy -help` prints what it would do. */
function onlyAsksHelp(name: string, args: readonly Arg[]): boolean {
  const last = args.at(-1)
  const operands = args.slice(0, -1).some(arg => !arg.text.startsWith('-'))
  if (operands && Object.hasOwn(OPTIONS_FIRST, name)) return false
  const runs = args.some(arg => !arg.known || /^(--|run|exec)$/.test(arg.text))
  return (
    last !== undefined &&
    !runs &&
    (/^--?help$/.test(last.text) || (args.length === 1 && /^(--version|-V)$/.test(last.text)))
  )
}

/** Servers that ask nobody who they are, or show folders that are nobody's business. */
function exposes(name: string, call: Call, sh: Shell): void {
  const words = call.args.map(arg => arg.text)
  const text = words.join(' ')
  const wide = /(^|[\s=])(0\.0\.0\.0|\[::\]|\*)(:\d+)?(\s|$)/.test(text)
  const open =
    /^(code-server|openvscode-server|ttyd|gotty|redis-server|mongod|jupyter(-\w+)?|memcached|elasticsearch)$/.test(
      name,
    ) &&
    /--auth[= ]none|protected-mode[= ]no|token=''|token=(\s|$)|--NotebookApp\.token=|--no-auth/.test(
      text,
    )
  const shows =
    /^(http-server|serve|httpd|miniserve|simple-http-server|darkhttpd|webfsd|caddy|git|php|ruby|busybox)$/.test(
      name,
    ) &&
    (/\bhttpd\b|daemon|-S\b|file-server/.test(text) ||
      /^(http-server|serve|miniserve|simple-http-server|darkhttpd|webfsd|httpd)$/.test(name)) &&
    wide
  const outside = call.args.some(arg => {
    const { path } = sh.target({ ...arg, text: arg.text.replace(/^--?[\w-]+=/, '') })
    return (
      /^[~/]|^--[\w-]+=[~/]/.test(arg.text) &&
      path !== null &&
      placeOf(path, sh.facts).kind !== 'project'
    )
  })
  if (open || (shows && outside))
    sh.emit({ kind: 'send', to: null, means: 'tunnel', payload: ['project'], does: 'write' })
}

const SYSTEM_FOLDER = /^(\/usr)?(\/local)?\/s?bin\/|^\/opt\/homebrew\/bin\//i

/** Programs that start programs, without end, are no deeper to see through than other commands. */
export function program(call: Call, sh: Shell): Content {
  if (!sh.enter()) return SOMETHING
  sh.spend(call.args.reduce((sum, arg) => sum + arg.text.length + 4, 0))
  try {
    return started(call, sh)
  } finally {
    sh.leave()
  }
}

function started(call: Call, sh: Shell): Content {
  const { text } = call.name
  // What stands for an output is no name.
  if (!call.name.known || call.name.glob || /-output$/.test(text)) {
    sh.exec('unknown', text, call.name.from)
    return SOMETHING
  }
  const bare = text.replace(SYSTEM_FOLDER, '').replace(/\.exe$/i, '')
  exposes(bare, call, sh)
  const mines = call.args.some(arg => /stratum\+(tcp|ssl)|--donate-level|--coinhive/.test(arg.text))
  const hostile = bare.includes('/')
    ? HOSTILE.get((bare.split('/').at(-1) ?? '').toLowerCase())
    : undefined
  if (mines) sh.emit({ kind: 'privilege', what: 'attack', names: [bare] })
  if (hostile !== undefined && !/node_modules|\.venv|venv/.test(text)) return hostile(call, sh)
  if (bare.includes('/')) {
    const tool = /(?:^|\/)(?:node_modules|\.venv|venv|vendor)\/\.?bin\/([\w.-]+)$/.exec(text)?.[1]
    const local = tool === undefined || !isTool(call.name, sh) ? undefined : HANDLERS.get(tool)
    return local === undefined ? runFile(call.name, call, null, sh) : local(call, sh)
  }
  const lower = bare.toLowerCase()
  const handler = HANDLERS.get(bare) ?? HOSTILE.get(lower)
  if (handler !== undefined) {
    if (!RUNS_OTHERS.test(bare) && onlyAsksHelp(bare, call.args)) return SOMETHING
    return handler({ ...call, name: known(bare) }, sh)
  }
  const other = ON_DISK.get(lower)
  const output = tool({ ...call, name: known(bare) }, sh)
  if (other === undefined) return output
  // `RM` is `rm` where the disk takes any case, and another program elsewhere: `HEAD`, `POST`.
  return together([output, maybe(sh, () => other({ ...call, name: known(lower) }, sh))])
}

const TOOL_FOLDERS =
  /^\$?\{?PATH\}?$|^\/(usr|opt|bin|sbin|snap|Library|Applications|nix|home\/linuxbrew)(\/|$)|\/\.(local|cargo|go|deno|bun|npm-global|nvm|pyenv|rbenv|asdf|volta|sdkman|dotnet|pub-cache|poetry|yarn|krew|mix|ghcup|cabal|composer|foundry|rye|pixi|juliaup)(\/|$)|\/go\/bin$|\/miniconda3?\/|\/anaconda3?\//

/** Folders of the project and of the usual tools. */
function isToolPath(name: string, value: Arg, sh: Shell): boolean {
  if (!/^(PATH|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH)$/.test(name)) return false
  return value.text.split(':').every(folder => {
    if (folder === '' || TOOL_FOLDERS.test(folder)) return folder !== ''
    if (/^\$\{?(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH)/.test(folder)) return true
    const { path } = sh.target({ ...known(folder), known: !folder.includes('$') })
    // A program that the agent put there may have any name.
    return path !== null && placeOf(path, sh.facts).kind === 'project' && !sh.wroteBelow(path)
  })
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
      /^(PAGER|GIT_PAGER|EDITOR|GIT_EDITOR|GIT_SEQUENCE_EDITOR|VISUAL)$/.test(name) &&
      /^(cat|less|more|true|vim?|nvim|nano|emacs|ed|micro|code( --wait)?|:|)$/.test(value.text)
    )
      return
    if (!isToolPath(name, value, sh)) sh.exec('unknown', `${name}=${value.text}`)
  }
  const source =
    /^(PIP_(EXTRA_)?INDEX_URL|UV_(EXTRA_)?INDEX_URL|UV_INDEX|UV_DEFAULT_INDEX|npm_config_registry|NPM_CONFIG_REGISTRY|YARN_REGISTRY|YARN_NPM_REGISTRY_SERVER|GOPROXY|HEX_API_URL|RUBYGEMS_HOST|TWINE_REPOSITORY_URL|CARGO_SOURCE_\w+_REGISTRY|HEX_MIRROR|HEX_MIRROR_URL|CARGO_REGISTRIES_\w+_INDEX|BUNDLE_MIRROR\w*|GEM_SOURCE|NUGET_SOURCE)$/.test(
      name,
    )
  if (
    source &&
    /:\/\//.test(value.text) &&
    !/^(file:\/\/(?!\/(tmp|var\/tmp|dev)\/)|https:\/\/\/\/(proxy\.golang\.org|pypi\.org|registry\.npmjs\.org))/.test(
      value.text,
    )
  )
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: 'write',
      names: [`${name}=${value.text}`],
      on: value.known
        ? registryIdentity((value.text.split(',')[0] ?? '').replace(/^sparse\+/, ''))
        : null,
    })
  if (name === 'DOCKER_HOST' && !/^unix:|^(tcp|ssh|https?):\/\/(localhost|127\.)/.test(value.text))
    sh.partial('containers of another host')
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

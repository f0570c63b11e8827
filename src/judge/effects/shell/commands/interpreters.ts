/** Shells and languages: code on the command line, from the input, or from a file. */

import { scanCode } from '../../code/scan.ts'
import type { Language } from '../../code/tokens.ts'
import { type Content, SOMETHING } from '../../effect.ts'
import type { Call, Handler, Handlers } from '../dispatch.ts'
import { program } from '../dispatch.ts'
import { runFile } from '../run-file.ts'
import type { Shell } from '../shell.ts'
import { type Arg, contentOf, has, known, type Options, optionsOf, valuesOf } from '../value.ts'
import { walkText } from '../walk.ts'
import { changesOf } from './editors.ts'

const shell: Handler = (call, sh) => {
  // `+x` switches an option off.
  const args = call.args.map(arg => ({ ...arg, text: arg.text.replace(/^\+(?=[a-zA-Z]+$)/, '-') }))
  const options = optionsOf(args, 'o O rcfile init-file', true)
  // `-c` makes the first word that is no option the script; its letter may stand in a cluster.
  if (has(options, 'rcfile', 'init-file')) sh.partial('a shell with a start file')
  const [first, ...rest] = options.rest
  if (has(options, 'c'))
    return first === undefined
      ? SOMETHING
      : sh.child(() => {
          sh.scope.script = rest[0]
          return runInner(first, rest.slice(1), call, sh)
        }, call.env)
  if (first !== undefined && !has(options, 's') && first.text !== '-')
    return runFile(first, { ...call, name: first, args: rest }, 'shell', sh)
  if (has(options, 'version') || has(options, 'help')) return SOMETHING
  if (has(options, 'i') || call.stdin === SOMETHING) {
    // By way of another command, or kept open: what it is told is not seen.
    const plain = sh.evidence.trim() === call.name.text && !has(options, 'i', 'p')
    sh.exec(
      plain && sh.root.trim() === call.name.text ? 'unknown' : 'hidden',
      `${call.name.text}: a shell`,
    )
    return SOMETHING
  }
  return sh.child(() => runContent(call.stdin, rest, call, sh), call.env)
}

function runInner(code: Arg, args: readonly Arg[], call: Call, sh: Shell): Content {
  return runContent(contentOf(code), args, { ...call, name: code }, sh, code.text)
}

function runContent(
  code: Content,
  args: readonly Arg[],
  call: Call,
  sh: Shell,
  written = '',
): Content {
  sh.scope.positional = args
  if (code.flows.includes('network')) sh.exec('network', call.name.text, code.from)
  else if (code.flows.includes('decoded')) sh.exec('decoded', call.name.text)
  else if (code.text === null) sh.exec(ofProject(code) ? 'project' : 'hidden', call.name.text)
  for (const other of code.others ?? []) walkText(other, SOMETHING, sh)
  if (code.text !== null) return walkText(code.text, SOMETHING, sh)
  // What is fetched is judged by where from; around it there is nothing to see.
  return written === '' || code.flows.includes('network')
    ? SOMETHING
    : walkText(written, SOMETHING, sh)
}

/** A script of the project's that is fed in, not what another command prints. */
function ofProject({ flows }: Content): boolean {
  return flows.length > 0 && flows.every(flow => flow === 'project')
}

interface Speaks {
  readonly language: Language
  /** Options whose value is code. */
  readonly code: readonly string[]
  readonly taking: string
}

function interpreter({ language, code, taking }: Speaks): Handler {
  return (call, sh) => {
    // `node -pe`: the code is `-e`'s.
    const given =
      language === 'javascript'
        ? call.args.map(arg => (/^-(pe|ep)$/.test(arg.text) ? { ...arg, text: '-e' } : arg))
        : call.args
    const options = optionsOf(given, taking, true)
    const [module] = valuesOf(options, 'm')
    if (language === 'python' && module !== undefined)
      return runModule(module, options.rest, call, sh)
    preloads(options, language, call, sh)
    const inline = valuesOf(options, ...code)
    if (inline.length > 0) {
      const text = inline.map(arg => arg.text).join('\n')
      if (inline.some(arg => arg.flows.includes('network')))
        sh.exec(
          'network',
          text,
          inline.flatMap(arg => arg.from),
        )
      if (!inline.every(arg => arg.known)) sh.partial('code with parts that are not known')
      const output = scanCode(text, language, { ...call, args: options.rest }, sh)
      for (const file of options.rest)
        if (/n|p/.test([...options.flags].join('')) && language === 'perl')
          inPlace(
            file,
            has(options, 'i') || [...options.flags].some(flag => flag.startsWith('i')),
            text,
            sh,
          )
      return output
    }
    if (has(options, 'version', 'V', 'v', 'h', 'help') && options.rest.length === 0)
      return SOMETHING
    const [file, ...args] = options.rest
    if (file !== undefined && file.text !== '-') {
      const { path } = sh.target(file)
      const verb = /^(run|test|task|fmt|lint|check|bench)$/.test(file.text)
      if (verb && (path === null || sh.madeContent(path) === undefined)) {
        sh.exec('project', [call.name.text, file.text, ...args.map(arg => arg.text)].join(' '))
        return SOMETHING
      }
      return runFile(file, { ...call, name: file, args }, language, sh)
    }
    return fromInput(call, language, sh)
  }
}

/** Parts of the language's own packages and of well-known ones. */
const PACKAGES =
  /^(net|digest|open|json|yaml|csv|optparse|rexml|bundler|ruby|rake|irb|racc|io|ts-node|tsx|dotenv|@swc|@babel|esbuild|source-map)[/-]/

/** What is loaded before: files of the project, and in Perl code with a module's name before it. */
function preloads(options: Options, language: Language, call: Call, sh: Shell): void {
  const names = ['require', 'import', 'loader', 'experimental-loader']
  if (language !== 'php') names.push('r')
  for (const arg of valuesOf(options, ...names))
    if (/^\.\//.test(arg.text)) runFile(arg, { ...call, name: arg, args: [] }, language, sh)
    else if (/\//.test(arg.text) && !PACKAGES.test(arg.text)) sh.exec('unknown', arg.text)
  if (
    language === 'php' &&
    valuesOf(options, 'd').some(arg => /_file|extension|functions/.test(arg.text))
  )
    sh.exec('unknown', call.name.text)
  if (language !== 'perl') return
  for (const arg of valuesOf(options, 'M', 'm'))
    if (!/^-?[\w:]+(=[\w,:]*)?$/.test(arg.text)) sh.exec('unknown', arg.text)
  if (valuesOf(options, 'I').some(arg => /^[/~]|\.\./.test(arg.text)) || has(options, 'd'))
    sh.exec('unknown', call.name.text)
}

function fromInput(call: Call, language: Language, sh: Shell): Content {
  const { stdin } = call
  if (stdin.flows.includes('network')) sh.exec('network', call.name.text, stdin.from)
  else if (stdin.flows.includes('decoded')) sh.exec('decoded', call.name.text)
  for (const other of stdin.others ?? []) scanCode(other, language, call, sh)
  if (stdin.text !== null) return scanCode(stdin.text, language, call, sh)
  if (has(optionsOf(call.args, 'm'), 'test')) sh.exec('project', call.name.text)
  else sh.exec('unknown', call.name.text)
  return SOMETHING
}

function inPlace(file: Arg, writes: boolean, script: string, sh: Shell): void {
  const { what, by } = changesOf(script)
  if (writes) sh.write(sh.target(file), 'edit', { text: by, flows: [], from: [] }, what)
  else sh.read(file)
}

/** Modules of Python that are programs. */
function runModule(module: Arg, args: readonly Arg[], call: Call, sh: Shell): Content {
  const name = module.text
  // A file of that name comes first.
  const own = sh.target({ ...module, text: `${name.replaceAll('.', '/')}.py` })
  if (own.path !== null && sh.madeContent(own.path) !== undefined) {
    const file = { ...module, text: own.path }
    return runFile(file, { ...call, name: file, args }, 'python', sh)
  }
  if (name === 'timeit') {
    const { rest, values } = optionsOf(args, 'n number r repeat s setup u unit')
    const setup = [...(values.get('s') ?? []), ...(values.get('setup') ?? [])]
    return scanCode([...setup, ...rest].map(arg => arg.text).join('\n'), 'python', call, sh)
  }
  if (/^(json\.tool|this|calendar|platform|sysconfig|site|tokenize|ast|dis)$/.test(name)) {
    for (const arg of args) sh.read(arg)
    return SOMETHING
  }
  if (
    /^(venv|virtualenv|compileall|py_compile|unittest|doctest|build|cProfile|trace|pdb|tabnanny)$/.test(
      name,
    )
  ) {
    // What is measured or stepped through is run.
    for (const file of args.filter(arg => /\.py$/.test(arg.text)).slice(0, 1))
      runFile(file, { ...call, name: file, args: [] }, 'python', sh)
    sh.exec('project', `python -m ${[name, ...args.map(arg => arg.text)].join(' ')}`)
    return SOMETHING
  }
  if (/^(http\.server|SimpleHTTPServer|smtpd|aiosmtpd|pyftpdlib)$/.test(name)) {
    const loopback =
      args.some(arg => /^(127\.0\.0\.1|localhost|::1)$/.test(arg.text)) ||
      call.args.some(arg => /^(--bind=)?(127\.0\.0\.1|localhost)$/.test(arg.text))
    sh.emit({
      kind: 'send',
      to: loopback ? { kind: 'host', id: 'localhost' } : null,
      means: 'tunnel',
      payload: ['project'],
      does: 'write',
    })
    return SOMETHING
  }
  return program({ ...call, name: known(name), args }, sh)
}

const python = interpreter({ language: 'python', code: ['c'], taking: 'c m W X' })
const node = interpreter({
  language: 'javascript',
  code: ['e', 'eval', 'p', 'print'],
  taking:
    'e eval p print r require import loader experimental-loader env-file test-reporter C conditions max-old-space-size input-type',
})
const ruby = interpreter({ language: 'ruby', code: ['e'], taking: 'e r I' })
const perl = interpreter({ language: 'perl', code: ['e', 'E'], taking: 'e E M m I' })
const php = interpreter({ language: 'php', code: ['r', 'B', 'R', 'E'], taking: 'r B R E d f' })

const deno: Handler = (call, sh) => {
  const [verb, ...args] = call.args
  if (verb?.text === 'eval') {
    const code = optionsOf(args, 'ext c config import-map lock cert seed').rest[0]
    return scanCode(code?.text ?? '', 'javascript', call, sh)
  }
  if (/^(test|fmt|lint|check|task|--version|info|bench|doc)$/.test(verb?.text ?? ''))
    sh.exec('project', 'deno')
  else sh.exec('unknown', ['deno', ...call.args.map(arg => arg.text)].join(' '))
  return SOMETHING
}

export const interpreters: Handlers = {
  sh: shell,
  bash: shell,
  zsh: shell,
  dash: shell,
  ksh: shell,
  ash: shell,
  fish: shell,
  python,
  python2: python,
  python3: python,
  pypy: python,
  node,
  nodejs: node,
  ruby,
  perl,
  php,
  deno,
}

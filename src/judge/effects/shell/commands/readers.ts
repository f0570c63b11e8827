/** Programs that only read: what they print carries what they read. */
import { posix } from 'node:path'
import { placeOf } from '../../../paths.ts'
import { type Content, mixed, NOTHING, reshaped, SOMETHING, textContent } from '../../effect.ts'
import type { Call, Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, optionsOf, valuesOf } from '../value.ts'

/** Reads each file that is named, else its input. */
function filter(taking = '', passes: 'text' | 'lines' | 'nothing' = 'nothing'): Handler {
  return (call, sh) => {
    const { rest } = optionsOf(call.args, taking)
    const files = rest.filter(arg => arg.text !== '-')
    if (files.length === 0) {
      if (passes === 'text') return call.stdin
      return passes === 'lines' ? { ...call.stdin, text: null } : reshaped(call.stdin)
    }
    const contents = files.map(arg => sh.read(arg))
    if (files.length < rest.length) contents.push(call.stdin)
    const [only] = contents
    if (passes === 'text' && contents.length === 1 && only !== undefined) return only
    return mixed(contents)
  }
}

/** Prints facts about files, not what is in them. */
const lister: Handler = (call, _sh) => {
  const options = optionsOf(call.args, 'I T w block-size hide ignore sort time')
  // Names as they were given, one a line: what is made of them is of those names.
  const given = options.rest
  const listed = has(options, 'd', 'directory') && given.length > 0 && given.every(arg => arg.known)
  if (listed) return textContent(`${given.map(arg => arg.text).join('\n')}\n`)
  const names =
    call.name.text === 'ls' && [...options.flags].every(flag => /^[tr1SUvX]$/.test(flag))
  const [only] = given
  // In one folder, or all like one pattern: names without the folder, or as they were given.
  if (names && given.length < 2 && (only === undefined || only.known))
    return { ...SOMETHING, named: only?.glob === true ? only.text : '*' }
  return SOMETHING
}

const nothing: Handler = () => SOMETHING

/** One word without a slash in it: a stand-in for what is printed. */
const word: Handler = call => textContent(`${call.name.text}-output\n`)

const pwd: Handler = (_call, sh) =>
  sh.scope.cwd === null ? SOMETHING : textContent(`${sh.scope.cwd}\n`)

const named: Handler = call => {
  const { rest, flags } = optionsOf(call.args, 's suffix')
  const [path, suffix] = rest
  if (path === undefined || rest.length > 2 || flags.size > 0) return SOMETHING
  const text = posix[call.name.text === 'dirname' ? 'dirname' : 'basename'](path.text)
  const bare =
    suffix !== undefined && text.endsWith(suffix.text) ? text.slice(0, -suffix.text.length) : text
  if (path.known) return { ...textContent(`${bare}\n`), flows: path.flows }
  return call.name.text === 'basename'
    ? { ...textContent('basename-output\n'), flows: path.flows }
    : SOMETHING
}

const seq: Handler = call =>
  call.args.every(arg => arg.known && /^-?[\d.]+$/.test(arg.text))
    ? textContent('1\n2\n')
    : SOMETHING

/** @param outputs options that name a file to write, `programs` those that name a program */
function also(handler: Handler, outputs: string, programs = ''): Handler {
  const taking = `${outputs} ${programs}`
  return (call, sh) => {
    const options = optionsOf(call.args, taking)
    for (const file of valuesOf(options, ...outputs.split(' ')))
      sh.write(sh.target(file), 'replace', SOMETHING)
    for (const code of valuesOf(options, ...programs.split(' '))) sh.exec('unknown', code.text)
    return handler(call, sh)
  }
}

const GREP_TAKING =
  'e f A B C m regexp file include exclude exclude-dir max-count g glob t type T type-not iglob j threads M max-columns sort sortr context after-context before-context color colors max-depth d'

const grep: Handler = (call, sh) => {
  const options = optionsOf(call.args, GREP_TAKING)
  const givesPattern = has(options, 'e', 'f', 'regexp', 'file')
  if (has(options, 'pre', 'hostname-bin')) sh.exec('unknown', call.name.text)
  for (const file of valuesOf(options, 'f', 'file')) sh.read(file)
  const [pattern, ...others] = options.rest
  const paths = givesPattern ? options.rest : others
  const all =
    call.name.text === 'rg' || call.name.text === 'ag' || has(options, 'r', 'R', 'recursive')
  if (paths.length === 0 && !all) return { ...call.stdin, text: null }
  // A search for a word in the project shows little of it: not a copy of the project.
  const secret = /passw|secret|token|api.?key|credential/i.test(pattern?.text ?? '')
  const contents = paths.map(path =>
    sh.read(secret && all ? { ...path, flows: ['secret'] } : path, all),
  )
  const flows = mixed(contents).flows.filter(flow => flow !== 'project')
  const found: Content = {
    text: null,
    flows: secret && all ? [...flows, 'secret'] : flows,
    from: [],
  }
  const [only] = paths.length === 0 ? [known('.')] : paths
  const places = (paths.length === 0 ? [known('.')] : paths).map(path => sh.target(path).path)
  const lists = has(options, 'l', 'L', 'files-with-matches', 'files') && only !== undefined
  const inside = places.every(path => path !== null && placeOf(path, sh.facts).kind === 'project')
  const below = !lists
    ? null
    : places.length === 1
      ? (places[0] ?? null)
      : inside
        ? sh.facts.projectRoot
        : null
  return below === null ? found : { ...found, below }
}

const jq: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'f from-file L')
  const named = has(options, 'arg', 'argjson', 'slurpfile', 'rawfile', 'args', 'jsonargs')
  if (/\benv\b|\$ENV|\binput_filename\b/.test(options.rest[0]?.text ?? '')) return secret()
  if (named) return reshaped(call.stdin)
  const files = has(options, 'f', 'from-file') ? options.rest : options.rest.slice(1)
  if (has(options, 'i', 'in-place'))
    for (const file of files)
      sh.write(
        sh.target(file),
        'edit',
        { text: options.rest[0]?.text ?? null, flows: [], from: [] },
        '',
      )
  // What is filtered in says what is changed, wherever it is put afterwards.
  const text = options.rest[0]?.text ?? null
  return files.length === 0
    ? { ...call.stdin, text: null }
    : {
        ...mixed(files.map(file => sh.read(file))),
        text: /[^=!<>]=[^=]|\bdel\(|\+=/.test(text ?? '') ? text : null,
      }
}

function secret(): Content {
  return { text: null, flows: ['secret'], from: [] }
}

/** With `-o FILE` it writes. */
const sort: Handler = (call, sh) => {
  const options = optionsOf(
    call.args,
    'o output k t S T key field-separator parallel files0-from compress-program',
  )
  if (has(options, 'compress-program')) sh.exec('unknown', 'sort')
  const contents = options.rest.filter(arg => arg.text !== '-').map(arg => sh.read(arg))
  const content = contents.length === 0 ? { ...call.stdin, text: null } : mixed(contents)
  const outputs = valuesOf(options, 'o', 'output')
  for (const output of outputs) sh.write(sh.target(output), 'replace', content)
  return outputs.length > 0 ? NOTHING : content
}

const uniq: Handler = (call, sh) => {
  const [input, output] = optionsOf(call.args, 'f s w').rest
  const content = input === undefined ? { ...call.stdin, text: null } : sh.read(input)
  if (output === undefined) return content
  sh.write(sh.target(output), 'replace', content)
  return NOTHING
}

const DECODERS = new Set(['base64', 'base32', 'xxd', 'uudecode', 'openssl'])

/** `base64`, `xxd`: bytes in another form are still those bytes. */
const codec: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'w wrap i input o output c cols l len s seek')
  const inputs = [...valuesOf(options, 'i', 'input'), ...options.rest.slice(0, 1)]
  const content = inputs.length === 0 ? call.stdin : mixed(inputs.map(arg => sh.read(arg)))
  const outputs = [...valuesOf(options, 'o', 'output'), ...options.rest.slice(1)]
  const decodes = DECODERS.has(call.name.text) && has(options, 'd', 'D', 'decode', 'r', 'revert')
  const text = decodes && call.name.text === 'base64' ? decoded(content.text) : null
  const result: Content = decodes
    ? { text, flows: [...content.flows, 'decoded'], from: content.from }
    : reshaped(content)
  for (const output of outputs) sh.write(sh.target(output), 'replace', result)
  return outputs.length > 0 ? NOTHING : result
}

function decoded(text: string | null): string | null {
  return text === null || !/^[\w+/=\s-]+$/.test(text)
    ? null
    : Buffer.from(text, 'base64').toString()
}

const tr: Handler = call => ({ ...call.stdin, text: null, flows: [...call.stdin.flows, 'decoded'] })

/** The whole environment, or one variable of it. */
const printenv: Handler = call =>
  call.args.length === 0 || call.args.some(isSecretName) ? secret() : SOMETHING

/** `ps e`, and `ps -E` of a Mac: the environment of every process of the user's, keys and all. */
const ps: Handler = (call, sh) => {
  const { flags, rest } = optionsOf(call.args, 'o O C u U p t g G s q k N')
  // As BSD has it, without a dash; what stands behind one that takes a value is none.
  const last = rest.findIndex(arg => /[oOUptk]/.test(arg.text))
  const words = last < 0 ? rest : rest.slice(0, last + 1)
  const shown = flags.has('E') || words.some(arg => /^[A-Za-z]*e[A-Za-z]*$/.test(arg.text))
  return shown ? sh.read(known('/proc/1/environ')) : SOMETHING
}

function isSecretName(arg: Arg): boolean {
  return /TOKEN|SECRET|PASS|KEY|CRED|AUTH|DSN|URL/i.test(arg.text)
}

const diff: Handler = (call, sh) =>
  mixed(
    optionsOf(call.args, 'U x I F').rest.map(arg =>
      sh.read(arg, has(optionsOf(call.args, ''), 'r')),
    ),
  )

const date: Handler = (call, sh) => {
  if (has(optionsOf(call.args, 'd f r date file reference'), 's', 'set'))
    sh.partial('sets the clock')
  for (const file of valuesOf(optionsOf(call.args, 'd f r date file reference'), 'f', 'file'))
    sh.read(file)
  // A format may print any text.
  return call.args.every(arg => arg.known && !/^\+.*(\.\.|\/)/s.test(arg.text))
    ? textContent('date-output\n')
    : SOMETHING
}

/** With an option it would page through a program of its own. */
const pager: Handler = (call, sh) => {
  const files = optionsOf(call.args, 'p P x b').rest.filter(arg => !arg.text.startsWith('+'))
  if (call.args.some(arg => /^\+.*!/.test(arg.text)) || /^\s*!/.test(call.stdin.text ?? ''))
    sh.exec('hidden', call.name.text)
  return files.length === 0 ? call.stdin : mixed(files.map(arg => sh.read(arg)))
}

/** `yq -i` writes; the rest reads. */
const yq: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'o p I output-format input-format')
  const files = options.rest.slice(options.rest[0]?.text === 'eval' ? 2 : 1)
  if (has(options, 'i', 'inplace'))
    for (const file of files)
      sh.write(
        sh.target(file),
        'edit',
        {
          text: options.rest[options.rest[0]?.text === 'eval' ? 1 : 0]?.text ?? null,
          flows: [],
          from: [],
        },
        '',
      )
  return mixed([call.stdin, ...files.map(file => sh.read(file))])
}

const NO_FILES =
  'pwd whoami id uname hostname uptime nproc free arch tty groups users w who last locale getconf true false sleep seq yes top pgrep pidof lsof ss netstat which whereis type command-not-found info help tput clear lscpu lsblk lsusb lspci vmstat iostat mpstat sw_vers getent factor expr bc numfmt basename dirname wait times ulimit umask shasum-none cal logname tree du df stat file ls dir vdir readlink realpath namei exa eza locate mountpoint findmnt cksum-none lsmod sysctl-none apropos'

/** These pass lines on as they are. */
const LINES = new Set(['head', 'tail', 'tac'])

const FILTERS: Readonly<Record<string, string>> = {
  head: 'n c lines bytes',
  tail: 'n c s lines bytes pid',
  wc: 'files0-from',
  nl: 'b d f h i l n s v w',
  cut: 'd f c b delimiter fields characters',
  paste: 'd',
  fold: 'w',
  fmt: 'w',
  column: 't s c N o',
  od: 'A t N j w',
  hexdump: 'n s e',
  strings: 'n t',
  tac: 's',
  rev: '',
  expand: 't',
  unexpand: 't',
  comm: '',
  join: 't j o 1 2 a v e',
  cmp: 'n i',
  md5sum: '',
  sha1sum: '',
  sha256sum: '',
  sha512sum: '',
  shasum: 'a',
  md5: '',
  cksum: '',
  b2sum: '',
  zcat: '',
  gzcat: '',
  bzcat: '',
  xzcat: '',
  zgrep: '',
  tsort: '',
  pr: 'l w',
  look: '',
  cloc: '',
  tokei: '',
}

function pick(names: string, handler: Handler): Handlers {
  return Object.fromEntries(names.split(' ').map(name => [name, handler]))
}

const cat: Handler = filter('', 'text')

export const readers: Handlers = {
  ...pick(NO_FILES, nothing),
  ...pick('hostname uname whoami nproc id arch logname uuidgen', word),
  ...pick('basename dirname', named),
  pwd,
  seq,
  ...pick('ls dir vdir du stat file', lister),
  ...Object.fromEntries(
    Object.entries(FILTERS).map(([name, taking]) => [
      name,
      filter(taking, LINES.has(name) ? 'lines' : 'nothing'),
    ]),
  ),
  ...pick('grep egrep fgrep rg ag ack', grep),
  ...pick('less more most', pager),
  man: also(nothing, '', 'P pager H html C config-file'),
  tree: also(lister, 'o'),
  bat: also(filter('l r style language line-range theme'), '', 'pager'),
  batcat: also(filter('l r style'), '', 'pager'),
  iconv: also(filter('f t'), 'o output'),
  xmllint: also(filter('xpath schema'), 'output'),
  ...pick('base64 base32 xxd basenc', codec),
  cat,
  jq,
  yq,
  sort,
  uniq,
  tr,
  printenv,
  ps,
  diff,
  date,
  cd: (_call: Call, _sh: Shell): Content => NOTHING,
}

/**
 * Code of other languages, without running it: the calls that touch something, with the arguments
 * that the code itself tells. What builds its calls from what cannot be told makes the whole partial;
 * all else is the program's own business, like the scripts of a project.
 */

import { MAX_CONTENT, unreadable } from '../../limits.ts'
import { placeOf } from '../../paths.ts'
import { isMetadata } from '../../resources/host.ts'
import { hostIdentity, urlIdentity } from '../../resources/url.ts'
import { type Content, type Flow, type Identity, SOMETHING } from '../effect.ts'
import { type Call, quoted } from '../shell/dispatch.ts'
import type { Shell } from '../shell/shell.ts'
import { type Arg, known, unknown } from '../shell/value.ts'
import { runShell } from '../shell/walk.ts'
import { aliasesOf, resolved } from './aliases.ts'
import { deedOf } from './apis.ts'
import { type CodeCall, callsOf, closing, isOp, split, type Tokens } from './calls.ts'
import { modules, replacements, written } from './loads.ts'
import { computed, hiddenCalls, mentions } from './reached.ts'
import { type Language, tokensOf } from './tokens.ts'
import { fold, type Scope, TEMPORARY_PATH, variablesOf } from './values.ts'

const DECODES =
  /\b(b64decode|b32decode|b16decode|a85decode|atob|fromhex|unhexlify|fromCharCode|decode64|decode_base64|urlsafe_decode64|base64_decode|hex2bin|str_rot13|rot13|gzinflate|gzuncompress|inflateSync|decompress|pack|unpack)\b|Buffer\.from\([^)]*["'](base64|hex)["']|\bcodecs\.decode\b|\bchr\b/
const SOCKETS =
  /\bsocket\b|\bnet\.(Socket|connect|createConnection)\b|require\(["'](node:)?(net|tls)["']\)|TCPSocket|IO::Socket|fsockopen|\bSocket\b/
const SHELL_ON_SOCKET =
  /\bdup2\b|pty\.spawn|\/bin\/(ba|z|da)?sh|cmd\.exe|\bSTDIN->fdopen|\bopen\(STDIN,\s*["']>?&/
/** The whole of the environment, as a value. */
export const WHOLE_ENVIRONMENT =
  /environ\s*[).,\]]|dict\(os\.environ\)|stringify\(process\.env\)|process\.env\s*[),;}]|\$_ENV\s*[),;]|\bENV\.(to_h|to_a|each|map|inspect|to_json)\b|%ENV\b|getenv\(\)/
const SDK =
  /\b(boto3|botocore|aws-sdk|@aws-sdk|google\.cloud|googleapiclient|azure\.|kubernetes|digitalocean|openstack)\b/
const SQL_DESTROYS = /^\s*(drop|truncate|delete\s+from|alter\s+table\s+\S+\s+drop)\b/i
const SQLITE = /\bsqlite3?\b|better-sqlite3|:memory:|DatabaseSync/
/** Where else modules are looked for: `sys.path.insert(0, '/x')`, `$LOAD_PATH << '/x'`, `use lib '/x'`. */
const MODULE_FOLDERS =
  /(?:sys\.path\.(?:insert|append)\((?:\s*\d+\s*,)?|\$(?:LOAD_PATH|:)\s*(?:<<|\.unshift\(?)|\buse\s+lib)\s*["']([^"']+)["']/g
const MAX_NESTED = 3

let nested = 0

interface Run {
  readonly code: string
  readonly call: Call
  readonly scope: Scope
  readonly sh: Shell
  /** What the code reads, up to where it is. */
  readonly flows: Set<Flow>
  readonly urls: readonly string[]
}

export function scanCode(code: string, language: Language, call: Call, sh: Shell): Content {
  const why = unreadable(code, MAX_CONTENT)
  const tokens = why === null ? tokensOf(code, language) : []
  if (why !== null || isTangled(tokens)) {
    sh.tooMuch(why ?? 'code that is too tangled to look through')
    return SOMETHING
  }
  sh.spend(code.length)
  const aliases = aliasesOf(tokens, language)
  const calls = callsOf(
    tokens,
    language === 'ruby' || language === 'perl' || language === 'php',
  ).map(it => resolved(it, aliases))
  const scope: Scope = { language, argv: call.args, variables: variablesOf(tokens), sh }
  const texts = tokens.filter(token => token.kind === 'text').map(token => token.value)
  const urls = texts.filter(text => /^(https?|wss?|ftp):\/\//i.test(text))
  const run: Run = { code, call, scope, sh, flows: new Set(), urls }
  guarded(code, texts, sh)
  if (WHOLE_ENVIRONMENT.test(code)) run.flows.add('secret')
  const sdk = SDK.test(code)
  const deeds = calls.map(it => [it, deedOf(it, language, sdk)] as const)
  for (const [it, deed] of deeds) if (deed === 'read' || deed === 'open') opens(it, deed, run)
  for (const [it, deed] of deeds) {
    if (deed === null) continue
    if (!sh.enter()) break
    sh.spend(PER_DEED)
    try {
      act(it, deed, run)
    } finally {
      sh.leave()
    }
  }
  for (const token of tokens) if (token.kind === 'command') command(token.value, token.holes, run)
  if (/\bkeyring\.get|secretstorage|win32cred|browser_cookie3|SecItemCopyMatching/.test(code))
    sh.emit({
      kind: 'read',
      target: { written: 'the keyring', path: null, glob: '' },
      credential: true,
    })
  if (
    /while\s*\(?\s*(True|true|1)\b[\s\S]{0,60}\bfork\s*\(|\bfork\s+while\b|loop\s*\{?\s*fork/.test(
      code,
    )
  )
    sh.emit({ kind: 'privilege', what: 'machine', names: ['endless', 'fork'] })
  if (SOCKETS.test(code) && SHELL_ON_SOCKET.test(code)) sh.exec('network', code, hostsOf(run))
  dynamic(tokens, run)
  if (language === 'python') modules(tokens, sh, text => evaluated(text, run))
  if (language === 'perl') for (const text of replacements(code)) evaluated(text, run)
  mentions(tokens, calls, language, sh)
  hiddenCalls(tokens, deeds.filter(([, deed]) => deed === 'run').length, language, sh)
  computed(tokens, language, sh)
  const secret = run.flows.has('secret')
  return secret ? { text: null, flows: ['secret'], from: [] } : SOMETHING
}

/** What one call costs to look at, beside its text. */
const PER_DEED = 100
const MAX_TOKENS = 6000
const MAX_OPEN = 40
/** On one line: what is looked for from each token goes no further than its end. */
const MAX_ON_LINE = 400

/** Brackets and lines bound how far each call, chain and assignment reaches. */
function isTangled(tokens: Tokens): boolean {
  let open = 0
  let line = 0
  for (const { kind, value } of tokens) {
    line = kind === 'line' ? 0 : line + 1
    if (kind === 'op' && /^[([{]$/.test(value)) open++
    else if (kind === 'op' && /^[)\]}]$/.test(value)) open = Math.max(0, open - 1)
    if (open > MAX_OPEN || line > MAX_ON_LINE) return true
  }
  return tokens.length > MAX_TOKENS
}

/** A terminal or a socket of the guard, by whatever calls. */
function guarded(code: string, texts: readonly string[], sh: Shell): void {
  if (/\bTIOCSTI\b|\b0x5412\b|\/dev\/(pts|tty\d)/.test(code))
    sh.emit({ kind: 'guard-config', what: 'keys' })
  const guardedNames = sh.facts.guarded.map(it => it.toLowerCase())
  const reached = texts.filter(text => guardedNames.some(it => text.toLowerCase().includes(it)))
  if (reached.length > 0 && SOCKETS.test(code)) sh.emit({ kind: 'guard-config', what: 'socket' })
  // Perl's open takes the way it writes before the name.
  if (reached.some(text => /^\s*\+?[>|]/.test(text)))
    sh.emit({ kind: 'guard-config', what: 'files' })
}

/** Calls whose name is put together, or taken out of a table of names. */
function dynamic(tokens: Tokens, { code, sh }: Run): void {
  if (
    /\b__builtins__\b|\b__subclasses__\b|\bctypes\b|process\.binding|\bReflect\.(get|apply)\b/.test(
      code,
    )
  )
    sh.partial('code that reaches its calls by other ways')
  for (const [, folder = ''] of code.matchAll(MODULE_FOLDERS))
    if (placeOf(sh.target(known(folder)).path ?? '/', sh.facts).kind !== 'project')
      sh.partial(`modules from ${folder}`)
  for (let i = 2; i < tokens.length; i++) {
    if (!isOp(tokens[i], '(') || !isOp(tokens[i - 1], ']')) continue
    const inner = tokens[i - 2]
    const single =
      isOp(tokens[i - 3], '[') &&
      (inner?.kind === 'text' || inner?.kind === 'number' || inner?.kind === 'name')
    if (!single) sh.partial('code that puts the name of a call together')
  }
}

function act(it: CodeCall, deed: Exclude<ReturnType<typeof deedOf>, null>, run: Run): void {
  const { sh } = run
  switch (deed) {
    case 'delete':
      deletes(it, run)
      return
    case 'run':
      runs(it, run)
      return
    case 'write':
      for (const arg of subjects(
        /^(write_text|write_bytes)$/.test(it.name) ? { ...it, args: [] } : it,
        run,
      ))
        writes(arg, 'replace', run)
      return
    case 'copy':
    case 'move': {
      const source =
        it.args.length > 1 ? choices(it.args[0], run) : subjects({ ...it, args: [] }, run)
      const target = choices(it.args.length > 1 ? it.args[1] : it.args[0], run)
      const lost = deed === 'move' && target.some(arg => arg.text === '/dev/null')
      for (const arg of source) {
        if (arg.known) note(sh.read(arg), run)
        if (lost) sh.emit({ kind: 'delete', target: sh.target(arg), recursive: true, filter: '' })
        else if (deed === 'move') writes(arg, 'replace', run)
      }
      for (const arg of target) writes(arg, 'replace', run)
      return
    }
    case 'make':
      for (const arg of subjects(it, run)) writes(arg, 'make', run)
      return
    case 'unpack': {
      const into = it.named.get('path') ?? it.named.get('extract_dir') ?? it.named.get('filename')
      const last = into ?? it.args[/^extract/.test(it.name) ? 0 : 1]
      for (const arg of choices(last, run)) writes(arg, 'make', run)
      if (it.name === 'urlretrieve') talks(it, run)
      return
    }
    case 'mode':
      modes(it, run)
      return
    case 'read':
      // PHP reads addresses as it reads files.
      if (subjects(it, run).some(arg => /^(https?|ftp):\/\//.test(arg.text))) talks(it, run)
      return
    case 'open':
      opensToWrite(it, run)
      return
    case 'net':
      talks(it, run)
      return
    case 'eval':
      evaluates(it, run)
      return
    case 'import':
      imports(it, run)
      return
    case 'reach':
      reaches(it, run)
      return
    case 'query':
      queries(it, run)
      return
    case 'cloud':
      sh.emit({
        kind: 'cloud',
        provider: 'sdk',
        verb: /^(delete|terminate|destroy|purge|stop|disable|detach)/i.test(it.name)
          ? 'destroy'
          : 'deploy',
        names: [it.name, ...it.args.flatMap(arg => choices(arg, run).map(value => value.text))],
        on: null,
      })
      return
    case 'lose':
      sh.emit({
        kind: 'cloud',
        provider: 'client',
        verb: 'destroy',
        names: [it.on, it.name],
        on: null,
      })
      return
    case 'exit-process':
      sh.emit({
        kind: 'privilege',
        what: 'process',
        names: it.args.flatMap(arg => choices(arg, run).map(value => value.text)).slice(0, 1),
      })
  }
}

function choices(tokens: Tokens | undefined, { scope }: Run): readonly Arg[] {
  return tokens === undefined ? [] : fold(tokens, scope)
}

/** What a call is about: its first argument, or what it is called on. */
function subjects(it: CodeCall, run: Run): readonly Arg[] {
  if (it.args.length > 0) return choices(it.args[0], run)
  if (
    it.onArgs.length > 0 &&
    /^(Path|PurePath|Pathname|File|file)\(\)$/.test(it.on.split('.').at(-1) ?? '')
  )
    return it.onArgs.length === 1 ? choices(it.onArgs[0], run) : [unknown(it.on)]
  if (/^[$@]?\w+$/.test(it.on)) return choices([{ kind: 'name', value: it.on, holes: [] }], run)
  return [unknown(it.on)]
}

function note(content: Content, run: Run): void {
  for (const flow of content.flows) run.flows.add(flow)
}

function opens(it: CodeCall, deed: 'read' | 'open', run: Run): void {
  for (const arg of subjects(it, run)) {
    const path = deed === 'open' ? pathOfOpen(it, arg) : arg
    if (path.flows.includes('secret')) run.flows.add('secret')
    if (/^(https?|ftp):\/\//.test(path.text)) {
      if (deed === 'read') talks(it, run)
      continue
    }
    if (path.known) note(run.sh.read(path), run)
    else run.flows.add('unknown')
  }
}

/** Perl names the way in the same text as the file, or before it. */
function pathOfOpen(it: CodeCall, first: Arg): Arg {
  return it.name === 'open' && /^\s*\+?[<>]{1,2}&?/.test(first.text)
    ? { ...first, text: first.text.replace(/^\s*\+?[<>|]{1,2}\s*/, '') }
    : first
}

function opensToWrite(it: CodeCall, run: Run): void {
  const mode = modeOf(it, run)
  const perl = run.scope.language === 'perl'
  // open(F, '>', 'path'), open(F, '>path'), open(F, 'command |')
  const [, second, third] = it.args
  if (perl) {
    const how = choices(second, run)[0]?.text ?? ''
    const whole = third === undefined
    const text = whole ? how.replace(/^\s*[+<>|-]*\s*|\s*\|\s*$/g, '') : ''
    const target = whole ? [{ ...known(text), known: text !== '' }] : choices(third, run)
    if (/^\s*\|/.test(how) || /\|\s*$/.test(how) || /-\|/.test(how)) {
      for (const arg of target) command(arg.text, [], run)
      return
    }
    if (/^\s*\+?>/.test(how)) for (const arg of target) writes(arg, 'replace', run)
    else for (const arg of target) if (arg.known) note(run.sh.read(arg), run)
    return
  }
  const [first] = choices(it.args[0], run)
  if (first !== undefined && /^\s*\|/.test(first.text))
    command(first.text.replace(/^\s*\|/, ''), [], run)
  if (first !== undefined && /^(https?|ftp):\/\//.test(first.text)) {
    talks(it, run)
    return
  }
  if (mode === null) return
  // `Path(…).open('w')`: the only argument is the mode.
  const own = it.onArgs.length > 0 && it.args.length === 1 ? { ...it, args: [] } : it
  for (const arg of subjects(own, run)) writes(arg, /a/.test(mode) ? 'append' : 'replace', run)
}

/** @returns the mode when it writes, null when it only reads */
function modeOf(it: CodeCall, run: Run): string | null {
  const given =
    it.named.get('mode') ??
    it.args[it.args.length === 1 && it.on !== '' && it.onArgs.length > 0 ? 0 : 1]
  const [mode] = choices(given, run)
  if (mode === undefined) return null
  if (!mode.known) return 'w'
  return /^[rbtUwax+]+$/.test(mode.text) && /[wax+]/.test(mode.text) ? mode.text : null
}

function writes(arg: Arg, how: 'replace' | 'append' | 'make', run: Run): void {
  const { sh } = run
  if (arg.text === TEMPORARY_PATH || arg.text.startsWith(`${TEMPORARY_PATH}/`)) return
  if (arg.known) {
    sh.write(sh.target(arg), how, { text: null, flows: [...run.flows], from: [] })
    return
  }
  // A name that the code puts together stays where the code's other paths are.
  if (leavesProject(run)) sh.partial('code that writes to where is not known')
}

function leavesProject({ code, scope, sh }: Run): boolean {
  if (/\b(expanduser|homedir|home\(\)|HOME)\b|~\//.test(code)) return true
  return tokensOf(code, scope.language).some(
    ({ kind, value }) =>
      kind === 'text' &&
      (/^(\/[\w.-]+)+\/?$/.test(value) || value.startsWith('../')) &&
      !/^(project|temp|sink)$/.test(placeOf(sh.target(known(value)).path ?? '/', sh.facts).kind),
  )
}

function deletes(it: CodeCall, run: Run): void {
  const { sh } = run
  for (const arg of subjects(it, run)) {
    if (arg.text === TEMPORARY_PATH || arg.text.startsWith(`${TEMPORARY_PATH}/`)) continue
    sh.emit({ kind: 'delete', target: sh.target(arg), recursive: true, filter: '' })
  }
}

/** `['git', 'status']`, a name that stands for it, or null when it is no list. */
function wordsOf(tokens: Tokens | undefined, run: Run): readonly Arg[] | null {
  if (tokens === undefined) return null
  const [first] = tokens
  const values =
    first?.kind === 'name' && tokens.length === 1 ? run.scope.variables.get(first.value) : undefined
  const own = values?.at(-1) ?? tokens
  if (!isOp(own[0], '[') || closing(own, 0) !== own.length - 1) return null
  return split(own.slice(1, -1), ',')
    .filter(part => part.length > 0)
    .map(part => choices(part, run)[0] ?? unknown(''))
}

function runs(it: CodeCall, run: Run): void {
  const [first, second] = it.args
  const list = wordsOf(first ?? it.named.get('args'), run)
  const rest = wordsOf(second, run)
  if (list !== null) {
    words(list, run)
    return
  }
  const texts = choices(first ?? it.named.get('args') ?? it.named.get('cmd'), run)
  // `new Deno.Command('sh', {args: ['-c', …]})`
  const given = optionOf(second, 'args')
  const more = given === null ? null : wordsOf(given, run)
  if (more !== null && texts[0] !== undefined) {
    words([texts[0], ...more], run)
    return
  }
  if (texts.length === 0) {
    // `x.run()` of something else; where calls need no brackets, words that are not understood.
    if (
      /^(ruby|perl)$/.test(run.scope.language) &&
      /^(exec|system|popen\w*|readpipe)$/.test(it.name)
    )
      run.sh.exec('unknown', it.name)
    return
  }
  // Word by word, of which the first is what the program calls itself: `execl(path, name, …)`.
  if (/^(exec|spawn)l/.test(it.name)) {
    const all = it.args.map(arg => choices(arg, run)[0] ?? unknown(''))
    const own = it.name.startsWith('spawn') ? all.slice(1) : all
    words([...own.slice(0, 1), ...own.slice(2)], run)
    return
  }
  for (const text of texts) {
    const more = it.args.slice(1).map(arg => choices(arg, run)[0] ?? unknown(''))
    if (rest !== null) words([text, ...rest], run)
    else if (
      more.length > 0 &&
      more.every(arg => arg.known) &&
      /^(ruby|perl)$/.test(run.scope.language)
    )
      words([text, ...more], run)
    else if (text.known) script(text.text, run)
    else hidden(text, run)
  }
}

/** The value behind a name in an object: `{name: value}`. */
function optionOf(tokens: Tokens | undefined, name: string): Tokens | null {
  if (!isOp(tokens?.[0], '{')) return null
  for (const part of split((tokens ?? []).slice(1, -1), ','))
    if (part[0]?.value === name && isOp(part[1], ':')) return part.slice(2)
  return null
}

function words(list: readonly Arg[], run: Run): void {
  const [program] = list
  if (program === undefined) return
  if (!program.known) hidden(program, run)
  // Braces keep a word that is not known one unknown word.
  else script(list.map(arg => (arg.known ? quoted(arg.text) : '"$UNKNOWN_WORD"')).join(' '), run)
}

function script(text: string, run: Run): void {
  const { call, sh } = run
  const { stdin } = call
  runShell(text, stdin, sh)
}

/** A command that cannot be told. */
function hidden(text: Arg, run: Run): void {
  const { code, sh } = run
  if (DECODES.test(code)) sh.exec('decoded', code)
  else {
    if (run.urls.length > 0 && /\b(urlopen|requests|fetch|get|http)\b/.test(code))
      sh.exec('network', code, hostsOf(run))
    // What is known of it may already be enough: `'rm -rf ' + folder`.
    const safe = text.text.replace(/\0/g, '')
    if (/^[\w./-]+\s/.test(safe)) runShell(`${safe} "$UNKNOWN_WORD"`, SOMETHING, sh)
    sh.exec('unknown', code)
  }
}

function command(text: string, holes: readonly string[], run: Run): void {
  const { scope } = run
  let i = 0
  const filled = text.replace(/\0/g, () => {
    const [value] = fold(tokensOf(holes[i++] ?? '', scope.language), scope)
    return value?.known ? value.text : '"$UNKNOWN_WORD"'
  })
  script(filled, run)
}

function hostsOf({ urls }: Run): readonly Identity[] {
  return urls.map(urlIdentity).filter(it => it !== null)
}

const SENDS =
  /^(post|put|patch|delete|send|sendall|sendto|upload|sendmail|send_message|mail|post_form|SMTP|SMTP_SSL|FTP)$/i

/** What goes where. */
function talks(it: CodeCall, run: Run): void {
  const { sh, flows } = run
  const given = [
    ...it.args,
    ...['url', 'data', 'json', 'body', 'params', 'files']
      .map(name => it.named.get(name))
      .filter(tokens => tokens !== undefined),
  ]
  for (const arg of given)
    for (const value of choices(arg, run)) for (const flow of value.flows) flows.add(flow)
  const targets = peers(it, run)
  const carries =
    ['data', 'json', 'body', 'files', 'content'].some(name => it.named.has(name)) ||
    /method\s*:\s*["'](POST|PUT|PATCH|DELETE)/i.test(run.code)
  const sends = SENDS.test(it.name) || carries || flows.has('secret')
  const payload = [...flows]
  const deletes = it.name === 'delete' || /method\s*:\s*["']DELETE/i.test(run.code)
  for (const to of targets) {
    if (to !== null && isMetadata(to.id)) sh.emit({ kind: 'receive', from: to })
    else if (sends)
      sh.emit({ kind: 'send', to, means: 'http', payload, does: deletes ? 'delete' : 'write' })
    else sh.emit({ kind: 'receive', from: to })
  }
}

/** The hosts of a call: its own URL, a pair of host and port, else any URL of the code. */
function peers(it: CodeCall, run: Run): readonly (Identity | null)[] {
  const [first] = it.args
  const values = [...choices(first, run), ...choices(it.named.get('url'), run)]
  const own = values.flatMap(value => {
    const url = urlIdentity(value.text)
    return /^(https?|wss?|ftp):\/\//i.test(value.text) && url !== null ? [url] : []
  })
  if (own.length > 0) return own
  // socket.connect(('host', 4444)), TCPSocket.new('host', 4444)
  const [host] = values.filter(
    value => value.known && /^[\w.:-]+$/.test(value.text) && !/^\d+$/.test(value.text),
  )
  if (
    host !== undefined &&
    /connect|Socket|fsockopen|SMTP|FTP|open|new|start|get|createConnection/i.test(it.name)
  ) {
    const to = hostIdentity(host.text)
    if (to !== null) return [to]
  }
  const all = hostsOf(run)
  return all.length > 0 ? all : [null]
}

function evaluates(it: CodeCall, run: Run): void {
  const { sh, code } = run
  const given = choices(it.args[0] ?? it.onArgs[0], run)
  if (it.name === 'constructor' && it.args.length === 0) return
  // Not code, but what makes objects call things.
  if (
    /^(loads?|Unpickler|unserialize)$/.test(it.name) &&
    given.some(text => !/^[\w./~-]+$/.test(text.text))
  )
    sh.exec('unknown', code)
  for (const text of given) {
    const reads = /\bopen\s*\(|readFile|File\.read/.test(code)
    const file = reads && /^[\w./~-]+$/.test(text.text)
    if (text.known && !file && !/^load/.test(it.name)) evaluated(text.text, run)
    else if (text.known && file)
      sh.exec(
        placeOf(sh.target(text).path ?? '/', sh.facts).kind === 'project' ? 'project' : 'unknown',
        code,
      )
    else if (DECODES.test(code)) sh.exec('decoded', code)
    else {
      if (run.urls.length > 0) sh.exec('network', code, hostsOf(run))
      if (!/^load/.test(it.name)) sh.exec('unknown', code)
    }
  }
}

/** A module of the project's or the language's is fine; a file outside is not known. */
function imports(it: CodeCall, run: Run): void {
  const { sh } = run
  for (const arg of choices(it.args[0], run)) {
    if (!arg.known) sh.partial('code that loads what is not known')
    else if (/^(data|blob|https?):/i.test(arg.text)) sh.exec('unknown', arg.text)
    // A way up is from the file, wherever that lies.
    else if (/^(\/|~|\.(?!\.))/.test(arg.text)) {
      const { path } = sh.target(arg)
      if (path === null || placeOf(path, sh.facts).kind !== 'project') sh.exec('unknown', arg.text)
      else written([path, `${path}.js`, `${path}.rb`], sh, text => evaluated(text, run))
    }
  }
}

function evaluated(text: string, { scope, call, sh }: Run): void {
  if (nested >= MAX_NESTED) {
    sh.partial('code in code in code')
    return
  }
  nested++
  try {
    scanCode(text, scope.language, call, sh)
  } finally {
    nested--
  }
}

function reaches(it: CodeCall, run: Run): void {
  const named = choices(it.args[it.name === 'getattr' ? 1 : 0], run)
  const plain =
    /^(getattr|vars|locals)$/.test(it.name) &&
    named.every(arg => arg.known && !/^(system|popen|exec|eval|__\w+__)$/.test(arg.text))
  if (!plain) run.sh.partial(`code that calls ${it.name}`)
}

function queries(it: CodeCall, run: Run): void {
  const destroys = choices(it.args[0], run).filter(arg => SQL_DESTROYS.test(arg.text))
  if (destroys.length === 0 || SQLITE.test(run.code)) return
  const url = /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis)(?:\+\w+)?:\/\/[^\s"']+/.exec(
    run.code,
  )?.[0]
  const host =
    url === undefined
      ? ''
      : (/@?([\w.-]+)(?::\d+)?\//.exec(url.replace(/^[^/]*\/\/([^@]*@)?/, ''))?.[1] ?? '')
  run.sh.emit({
    kind: 'cloud',
    provider: 'database',
    verb: 'destroy',
    names: destroys.map(arg => arg.text),
    on: host === '' ? null : { kind: 'database', id: host },
  })
}

function modes(it: CodeCall, run: Run): void {
  const { sh } = run
  const args = it.args.map(arg => choices(arg, run)[0]?.text ?? '')
  const mode = args.find(text => /^(0o?|0)?[0-7]{3,4}$/.test(text)) ?? ''
  const wide = /[2367]$/.test(mode) || /^(0o?)?[4-7][0-7]{3}$/.test(mode)
  if (wide || /^(l?chown|chown\w*)$/.test(it.name))
    sh.emit({ kind: 'privilege', what: 'permissions', names: args })
  for (const arg of it.args)
    for (const value of choices(arg, run))
      if (value.known && /[/.]/.test(value.text)) writes(value, 'make', run)
}

/**
 * A program that no handler knows. It is installed here, so running it is the machine's own business;
 * what it is told may not be: words that destroy or send, places outside, secrets, code for a shell.
 */
import { isSecret, placeOf } from '../../../paths.ts'
import { hostName, isLoopback } from '../../../resources/host.ts'
import { parseUrl, urlIdentity } from '../../../resources/url.ts'
import { type Content, type Identity, mixed, SOMETHING, textContent } from '../../effect.ts'
import { type Call, program } from '../dispatch.ts'
import { runFile } from '../run-file.ts'
import type { Shell } from '../shell.ts'
import type { Arg } from '../value.ts'
import { runShell } from '../walk.ts'
import { outputs } from './outputs.ts'

const ASKS_ITSELF = /^(--?version|-[vV]|--?help|-h|-\?|help|version|--usage)$/
/** Names that say what they are for. */
const HOSTILE_NAME =
  /(^|[-_])((crypto)?miner|xmr\w*|keylog\w*|ransom\w*|rootkit|backdoor|pwnkit|dirty(cow|pipe))([-_.]|$)/i
const PLAIN_NAME = /^[\w.+@-]+$/

/** Words of which one is enough: what they are said of is gone. */
const DESTROYS =
  /^(-{0,2})(delete|destroy|drop|purge|wipe|erase|terminate|nuke|shred|revoke|unpublish|yank|decommission|deprovision|truncate|flushall|flushdb)([:_-]\w+)*$|(^|[:_-])(delete|destroy|drop|purge|wipe|erase|terminate|nuke)($|[:_-])/i
/** Words that change something elsewhere, or take something away: a person looks. */
const ACTS =
  /^(publish|deploy|release|push|upload|send|share|promote|submit|login|logout|register|post|notify|remove|uninstall|rm|set|put|grant|invite|enable|disable|rollback|restore|import|exec|shell|ssh|attach|tunnel|proxy|expose|join|install|apply|sync|scale|restart|kill|stop|reset|unlock|rotate|transfer|merge|approve|cancel|abort|rollback-\w+|gh-deploy|--broadcast|--upload-app|--upload-package|abandon)(:\w+)*$|[:_-](publish|deploy|release|push|upload|reset|rollback)$/i

/** Code for a shell, or calls by which other languages start one. */
const SHELL_CODE =
  /(^|[\s;|&(!'"`/=:])(ba|z|da|k|c|tc)?sh(\s+-\w|\s*$|['"`)])|system\s*\(|popen\s*\(|os\.execute|\bexec\s*\(|shell_exec|shell-command|ProcessBuilder|Runtime\.|System\.cmd|:os\.cmd|open_port|\brm\s+-\w*[rf]|\b(curl|wget)\s|\/dev\/(tcp|udp)\/|\/inet\/tcp|\bdup2\b|!\s*(\/|\w+sh\b)/
const SOCKET_CODE =
  /\bsocket\b|Socket\(|gen_tcp|ztcp|TCPClient|\/inet\/tcp|net\.connect|tcp_connect|luasocket/i
const SENDS_CODE =
  /httpc\.request|Invoke-(RestMethod|WebRequest)|\biwr\b|\birm\b|Send-MailMessage|HttpClient|URLSession|http\.post|\.post\(|WebClient|Downloads?(String|File)/i
const ENVIRONMENT_CODE =
  /System\.get_env|Get-ChildItem env:|gci env:|\$env:|Sys\.getenv|os\.environ|ENV\b/

/** What runs code that it is given. */
const LANGUAGES =
  /^(lua\w*|Rscript|R|julia|octave|tclsh|wish|guile|racket|sbcl|swipl|ghci|ghc|runghc|stack|groovy|scala|kotlin|java|jshell|elixir|iex|escript|erl|crystal|nim|dart|swift|pwsh|powershell|gdb|lldb|emacs|ed|ex|vimdiff|gnuplot|maxima|gawk|mawk|bc|dc|m4|expect|clj|clojure|bb|deno|bun|fsi|csi|dotnet-script|coffee|ts-node|lua|luajit|gimp|nmap|ansible|ansible-playbook)$/

/** Programs that print settings for the shell: words for `eval`, and nothing of anybody's. */
const PRINTS_SETTINGS =
  /^(rbenv|pyenv|nodenv|goenv|jenv|fnm|brew|opam|direnv|conda|mamba|micromamba|starship|zoxide|dircolors|luarocks|mise|asdf|rtx|minikube|register-python-argcomplete|thefuck|atuin|fzf|zellij|sheldon|volta|keychain|gpgconf|lesspipe|cs|sdk|rustup|poetry|pdm|pipx|just|task|gh|glab|helm|kubectl|docker|npm|pip)$/
const SETTINGS = /^(init|env|shellenv|hook|shell\.\w+|completions?|activate|path|export|-)$/

export function tool(call: Call, sh: Shell): Content {
  const { args, stdin } = call
  if (
    PRINTS_SETTINGS.test(call.name.text) &&
    args.some(arg => arg.known && SETTINGS.test(arg.text))
  )
    return textContent('')
  const name = call.name.text
  const what = [name, ...args.map(arg => arg.text)].join(' ')
  if (args.length > 0 && args.every(arg => arg.known && ASKS_ITSELF.test(arg.text)))
    return SOMETHING
  if (HOSTILE_NAME.test(name)) sh.emit({ kind: 'privilege', what: 'attack', names: [name] })
  if (args.some(arg => /^--privileged$|\bsrc=\/,/.test(arg.text)))
    sh.emit({ kind: 'privilege', what: 'root-shell', names: [name, ...args.map(arg => arg.text)] })
  if (!PLAIN_NAME.test(name)) {
    sh.exec('unknown', what)
    return SOMETHING
  }
  const texts = [
    ...args.map(arg => arg.text),
    ...(LANGUAGES.test(name) && stdin.text !== null ? [stdin.text] : []),
  ]
  texts.forEach((text, i) => {
    // `init - bash` names a shell, `-e sh` starts one.
    if (!/^\w+$/.test(text) || /^-\w*[ecx]$|^--(exec|command|eval|shell)$/.test(texts[i - 1] ?? ''))
      foreign(text, what, sh)
  })
  if (LANGUAGES.test(name)) interprets(call, what, sh)
  const places = args.flatMap(arg => placesOf(arg))
  for (const arg of args) touches(arg, what, sh)
  words(call, places, what, sh)
  starts(call, sh)
  // What it prints is made of what it was given.
  return { ...mixed([stdin, ...args.map(arg => given(arg, sh))]), text: null }
}

/** Programs whose name among the words of another one means that it is started. */
const STARTED =
  /^(\/\S*\/)?(rm|unlink|shred|dd|mkfs(\.\w+)?|truncate|mv|cp|chmod|chown|tee|curl|wget|nc|ncat|scp|rsync|ssh|git|gh|npx|docker|kubectl|terraform|aws|gcloud|psql|mysql|redis-cli|(ba|z|da|k)?sh|python[23]?|node|perl|ruby|php|sudo|doas|su|kill|pkill|killall|systemctl|crontab|tmux|screen|claude|codex|signalbox|env|xargs|find)$/

/** Whatever it is, what it is told may be a whole command: `some-wrapper --quiet rm -rf x`. */
function starts(call: Call, sh: Shell): void {
  const at = call.args.findIndex(arg => arg.known && STARTED.test(arg.text))
  const [name, ...args] = at < 0 ? [] : call.args.slice(at)
  if (name !== undefined && args.length > 0) program({ ...call, name, args, env: new Map() }, sh)
}

/** Code in a language that is not read: only that it starts a shell, or talks to somebody. */
export function foreign(text: string, what: string, sh: Shell): void {
  // Lines that debuggers and editors hand to a shell.
  for (const [, code = ''] of text.matchAll(/^\s*(?:!|(?:platform )?shell\s)(.+)$/gm))
    runShell(code, SOMETHING, sh)
  if (!/[\s(]|^!?(\/\w+)*\/?(ba|z|da|k)?sh$/.test(text)) return
  const shell = SHELL_CODE.test(text) || /^!?(\/\w+)*\/?(ba|z|da|k)?sh$/.test(text)
  if (SOCKET_CODE.test(text) && (shell || /exec|spawn|process|cmd/i.test(text)))
    sh.exec('network', what)
  else if (SENDS_CODE.test(text) && /\(|\s-/.test(text))
    sh.emit({
      kind: 'send',
      to: null,
      means: 'http',
      payload: ENVIRONMENT_CODE.test(text) ? ['secret'] : ['unknown'],
      does: 'write',
    })
  else if (shell) sh.exec('hidden', what)
}

function given(arg: Arg, sh: Shell): Content {
  if (!arg.known || arg.text.startsWith('-') || !/[./]/.test(arg.text))
    return { text: null, flows: arg.flows, from: arg.from }
  const target = sh.target(arg)
  const there =
    target.path !== null &&
    (sh.facts.files[target.path]?.kind === 'file' ||
      sh.madeContent(target.path) !== undefined ||
      /^\.?$|\/$/.test(arg.text))
  return there ? sh.content(target) : { text: null, flows: arg.flows, from: arg.from }
}

function interprets(call: Call, what: string, sh: Shell): void {
  if (call.stdin.flows.includes('network')) sh.exec('network', what, call.stdin.from)
  else if (call.stdin.flows.includes('decoded')) sh.exec('decoded', what)
  for (const arg of call.args) {
    if (!arg.known || !/\.\w+$/.test(arg.text) || arg.text.startsWith('-')) continue
    const content = sh.content(sh.target(arg))
    if (content.flows.includes('network') || content.flows.includes('decoded'))
      runFile(arg, call, null, sh)
    else if (content.text !== null) foreign(content.text, what, sh)
  }
}

/** URLs, and `host:port`. */
function placesOf({ text }: Arg): readonly Identity[] {
  const value = text.replace(/^-{1,2}[\w-]+=/, '')
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
    const url = urlIdentity(value)
    return url === null ? [] : [url]
  }
  const [, host = '', port = ''] =
    /^([\w.-]+\.[a-z]{2,}|\d+\.\d+\.\d+\.\d+):(\d{2,5})$/i.exec(value) ?? []
  const named = host === '' ? null : hostName(host)
  return named === null ? [] : [{ kind: 'domain', id: `${named}:${port}` }]
}

function touches(arg: Arg, what: string, sh: Shell): void {
  const value = arg.text.replace(/^-{1,2}[\w-]+=|^[\w-]+=@?|^@/, '')
  const path = sh.target({ ...arg, text: value }).path
  if (arg.flows.includes('secret')) sh.exec('hidden', what)
  if (path === null || !/^[.~/\w]/.test(value) || /\s/.test(value)) return
  const place = placeOf(path, sh.facts).kind
  if (isSecret(path)) {
    sh.read({ ...arg, text: value })
    if (place !== 'project') sh.exec('hidden', what)
  }
}

function words(call: Call, places: readonly Identity[], what: string, sh: Shell): void {
  const names = call.args.map(arg => arg.text)
  const [external] = places.filter(it => !isLoopback(parseUrl(it.id)?.host ?? it.id))
  const said = names
    .filter(
      text =>
        !/[/\\.,\s]/.test(text) &&
        !/^-\w/.test(text) &&
        !/^--(?!delete|destroy|purge|wipe|drop|nuke|broadcast|upload-(app|package))/.test(text),
    )
    .slice(0, 5)
  const on = external ?? null
  if (
    said.some(text => /passw(or)?d|^(adduser|useradd|user-add|add-user|grant-admin)$/i.test(text))
  )
    sh.emit({ kind: 'privilege', what: 'login', names: [call.name.text, ...names] })
  if (said.some(text => DESTROYS.test(text)))
    sh.emit({ kind: 'cloud', provider: call.name.text, verb: 'destroy', names, on })
  else if (said.slice(0, 3).some(text => acts(text, after(text, names)))) sh.exec('unknown', what)
  else if (external !== undefined) sh.emit({ kind: 'receive', from: external })
  for (const arg of outputs(call)) built(arg, sh)
  sh.exec('installed', what)
}

/** The next word that is a name, and no list of the project's. */
function after(text: string, names: readonly string[]): string | undefined {
  return names
    .slice(names.indexOf(text) + 1)
    .find(
      (name, i, rest) =>
        !name.startsWith('-') &&
        !/^\.?$|^\.\/|\.(txt|ya?ml|json|toml|lock|cfg)$/.test(name) &&
        !/^-[rpfCd]$/.test(rest[i - 1] ?? ''),
    )
}

/** What is made of the project is the project's, wherever it is put. */
function built(arg: Arg, sh: Shell): void {
  const target = sh.target(arg)
  sh.write(target, 'make', SOMETHING)
  if (target.path === null || target.glob !== '') return
  sh.puts(target.path, { text: null, flows: ['project'], from: [] })
  sh.makesFile(target.path)
}

/** What takes things in or out says which: without a name it does what the project lists. */
function acts(text: string, next: string | undefined): boolean {
  if (/^(install|add|remove|uninstall|rm)$/i.test(text)) return next !== undefined
  return ACTS.test(text)
}

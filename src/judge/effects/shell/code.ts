/**
 * Code of other languages, without running it: what it calls, and the texts it calls it with. A name
 * that is not known to be harmless makes the whole partial.
 */
import { isCredential } from '../../paths.ts'
import { urlIdentity } from '../../resources/url.ts'
import { type Content, type Flow, type Identity, SOMETHING } from '../effect.ts'
import type { Call } from './dispatch.ts'
import type { Shell } from './shell.ts'
import { known, unknown } from './value.ts'
import { walkText } from './walk.ts'

export type Language = 'shell' | 'python' | 'javascript' | 'ruby' | 'perl' | 'php'

const STRINGS = /(["'])((?:\\.|(?!\1)[^\\\n])*)\1/g
const CALLS = /([A-Za-z_$][\w$]*)[!?]?\s*\(/g

const DELETES =
  /\b(rmtree|rmSync|rmdirSync|unlinkSync|unlink|rm_rf|rm_r|rm_f|removedirs|rimraf|remove_entry|remove_dir|remove|rmdir|rm|delete_file|File\.delete)\b\s*[( ]?/
const RUNS =
  /\b(system|popen|exec[lv]?p?e?|spawn\w*|execSync|execFile\w*|check_output|check_call|Popen|call|run|shell_exec|passthru|proc_open|backtick|fork)\s*\(|\bsystem\s+["']|\bexec\s+["']|`|\bsubprocess\b|\bchild_process\b|\bos\.system\b|%x[{(]/
const WRITES =
  /\b(write_text|write_bytes|writeFile\w*|appendFile\w*|writelines|copyfile|copytree|copyFile\w*|rename\w*|move|symlink\w*|chmod\w*|chown\w*|truncate\w*|mkdir\w*|makedirs|file_put_contents|fwrite|createWriteStream|touch|cpSync|extractall|dump)\s*\(|\bopen\s*\([^)]*,\s*(mode\s*=\s*)?["'][rbt]*[wax+]/
const NETWORK =
  /\b(urllib\w*|urlopen|requests|httpx|aiohttp|socket|http\.client|fetch|axios|XMLHttpRequest|WebSocket|Net::HTTP|open-uri|LWP|IO::Socket|fsockopen|curl_exec|curl_init|TCPSocket|smtplib|ftplib|paramiko|boto3|got|undici)\b|require\(["'](node:)?(https?|net|dgram|tls|dns)["']\)|\bimport\b.*["'](node:)?(https?|net|dgram)["']/
const EVALS =
  /\b(eval|exec|compile|Function|runInThisContext|runInNewContext|instance_eval|class_eval|__import__|importlib|getattr|globals|locals|setattr|marshal|pickle|load_module|assert)\s*\(/
const DECODES =
  /\b(b64decode|atob|fromhex|unhexlify|fromCharCode|chr|unpack|decode64|base64_decode|rot13|codecs)\b|Buffer\.from\([^)]*["'](base64|hex)["']/
const ENVIRONMENT = /\b(os\.environ|environ|getenv|process\.env|ENV|%ENV|\$_ENV)\b/
/** The whole of it, or a name that is a secret's. */
const SECRET_ENVIRONMENT =
  /environ\s*[).,]|dict\(os\.environ\)|JSON\.stringify\(process\.env\)|process\.env\s*[),;}]|\$_ENV\s*[),;]|(TOKEN|SECRET|PASSW|API_?KEY|PRIVATE_KEY|CREDENTIAL)/i

const HARMLESS = new Set(
  'print println puts p pp console log error warn info table require import len str int float bool list dict set tuple sorted sum min max abs round range enumerate zip map filter reduce reversed any all open read readlines readline read_text readFileSync readFile read_bytes load loads dumps stringify parse join split strip lstrip rstrip replace replaceAll startswith endswith startsWith endsWith lower upper toLowerCase toUpperCase trim format get items keys values entries append extend push pop shift slice splice concat includes indexOf find findIndex forEach some every sort reverse match matchAll test search sub findall compile_re group groups Path exists existsSync isfile isdir is_file is_dir listdir readdirSync glob rglob iterdir walk basename dirname abspath resolve relative stat statSync getsize toString toFixed Number String Boolean Array Object Date Math Set Map JSON isinstance type repr id hash ord hex bin oct hasattr iter next now time perf_counter sleep strftime isoformat fromisoformat datetime timedelta Counter defaultdict OrderedDict namedtuple deque most_common from of assign freeze floor ceil random sqrt pow log2 log10 mean median stdev version main if for while switch catch function return elif and or not in with lambda def class except super init splitlines count index title capitalize zfill ljust rjust center encode decode sprintf printf exit sys argv version_info each select inject first last to_s to_i to_f to_a to_json size length empty inspect then async await resolve_path cwd hasOwn hasOwnProperty isArray fromEntries flat flatMap fill at substring substr charAt charCodeAt padStart padEnd localeCompare isNaN isInteger parseInt parseFloat safe_load reader DictReader writer_none escape fullmatch finditer prettyprint pprint deepcopy copy chain product combinations permutations groupby partial lru_cache uuid4 getcwd'.split(
    ' ',
  ),
)

export function scanCode(code: string, language: Language, call: Call, sh: Shell): Content {
  const texts = Array.from(code.matchAll(STRINGS), match => match[2] ?? '')
  const bare = code.replace(STRINGS, '""').replace(/#[^\n]*|\/\/[^\n]*/g, '')
  guarded(code, texts, sh)
  const urls = texts.filter(text => /^(https?|wss?|ftp):\/\//.test(text))
  const runs = RUNS.test(bare)
  const network = NETWORK.test(code)
  if (network) talks(code, bare, texts, urls, sh)
  if (runs) runsCommands(code, texts, call, sh)
  if (DELETES.test(bare)) deletes(texts, code, sh)
  else if (WRITES.test(code)) writes(texts, sh)
  else if (!network && !runs) reads(texts, sh)
  if (EVALS.test(bare)) sh.exec(DECODES.test(code) ? 'decoded' : 'unknown', code)
  else if (DECODES.test(bare) && runs) sh.exec('decoded', code)
  const strange = strangeCall(bare, language)
  if (strange !== null) sh.partial(`code that calls ${strange}`)
  const secret = ENVIRONMENT.test(code) && SECRET_ENVIRONMENT.test(code)
  return secret ? { text: null, flows: ['secret'], from: [] } : SOMETHING
}

/** A terminal or a socket of the guard, by whatever calls. */
function guarded(code: string, texts: readonly string[], sh: Shell): void {
  if (/\bTIOCSTI\b|\/dev\/(pts|tty\d)/.test(code)) sh.emit({ kind: 'guard-config', what: 'keys' })
  const reached = texts.filter(text => sh.facts.guarded.some(it => text.includes(it)))
  if (reached.length > 0 && NETWORK.test(code)) sh.emit({ kind: 'guard-config', what: 'socket' })
  // Perl's open takes the way it writes before the name.
  if (reached.some(text => /^\s*\+?[>|]/.test(text)))
    sh.emit({ kind: 'guard-config', what: 'files' })
}

function strangeCall(bare: string, language: Language): string | null {
  if (language === 'shell') return language
  for (const [, name = ''] of bare.matchAll(CALLS))
    if (!HARMLESS.has(name) && !WRITES.test(`${name}(`) && !DELETES.test(`${name}(`)) return name
  // In these a call needs no parentheses.
  if (language === 'ruby' || language === 'perl') {
    for (const [, name = ''] of bare.matchAll(/(?:^|[;{}\n(])\s*([a-z_]\w*)/g))
      if (
        !HARMLESS.has(name) &&
        !/^(print|if|unless|my|our|use|next|last|while|s|m|y|tr|end|BEGIN|END)$/.test(name)
      )
        return name
  }
  return null
}

/** What goes where: the hosts are known only where they stand as texts. */
function talks(
  code: string,
  bare: string,
  texts: readonly string[],
  urls: readonly string[],
  sh: Shell,
): void {
  const hosts: (Identity | null)[] = urls.map(urlIdentity)
  const payload = flowsOf(code, texts)
  const sends =
    /\b(post|put|patch|send|sendall|sendto|POST|PUT|PATCH|request|upload|write|emit|publish)\b/.test(
      code,
    ) || payload.length > 0
  for (const to of hosts.length === 0 ? [null] : hosts) {
    if (sends) sh.emit({ kind: 'send', to, means: 'http', payload, does: 'write' })
    else sh.emit({ kind: 'receive', from: to })
  }
  if (EVALS.test(bare))
    sh.exec(
      'network',
      code,
      hosts.filter(host => host !== null),
    )
}

function flowsOf(code: string, texts: readonly string[]): readonly Flow[] {
  const files =
    /\b(open|readFile\w*|read_text|read_bytes|File\.read|createReadStream|file_get_contents)\b/.test(
      code,
    )
  const credential = texts.some(text => isCredential(text) || /(^|\/)\.env/.test(text))
  const flows: Flow[] = []
  if (credential || (ENVIRONMENT.test(code) && SECRET_ENVIRONMENT.test(code))) flows.push('secret')
  else if (files) flows.push('unknown')
  return flows
}

function runsCommands(code: string, texts: readonly string[], call: Call, sh: Shell): void {
  const list = /\[\s*(["'][^\]]*["'])\s*\]/.exec(code)?.[1]
  const words =
    list === undefined ? [] : Array.from(list.matchAll(STRINGS), match => match[2] ?? '')
  if (words.length > 1) walkText(words.join(' '), SOMETHING, sh)
  for (const text of texts)
    if (/\s/.test(text) || words.length === 0)
      if (/^[\w./~$-]+(\s|$)/.test(text) && /[a-z]/i.test(text) && !/^(node:)?\w+$/.test(text))
        walkText(text, call.stdin, sh)
  for (const [, text = ''] of code.matchAll(/`([^`]*)`/g)) walkText(text, call.stdin, sh)
  sh.exec('unknown', code)
}

function paths(texts: readonly string[]): readonly string[] {
  return texts.filter(
    text =>
      /^(~|\.{0,2}\/)|^[\w.@-]+(\/[\w.@*-]+)+$|^[\w-]+\.[a-z]\w{0,7}$/i.test(text) &&
      !text.includes('://') &&
      !/^node:/.test(text),
  )
}

function deletes(texts: readonly string[], code: string, sh: Shell): void {
  const found = paths(texts)
  const computed = found.length === 0 || /homedir|expanduser|HOME|\+|f["']|\$\{|join\(/.test(code)
  for (const text of found)
    sh.emit({
      kind: 'delete',
      target: sh.target({ ...known(text), glob: /[*?]/.test(text) }),
      recursive: true,
      filter: '',
    })
  if (computed)
    sh.emit({ kind: 'delete', target: sh.target(unknown(code)), recursive: true, filter: '' })
}

function writes(texts: readonly string[], sh: Shell): void {
  const found = paths(texts)
  for (const text of found) sh.write(sh.target(known(text)), 'edit', SOMETHING)
  if (found.length === 0) sh.partial('code that writes to where is not known')
}

function reads(texts: readonly string[], sh: Shell): void {
  for (const text of paths(texts)) sh.read(known(text))
}

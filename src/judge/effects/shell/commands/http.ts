/** Requests: what goes out in the address, the head and the body, and where the answer is kept. */
import { isLoopback } from '../../../resources/host.ts'
import { parseUrl, urlIdentity } from '../../../resources/url.ts'
import { mayBeInside } from '../../../same-file.ts'
import { holdsSecret } from '../../../secrets.ts'
import {
  type Content,
  type Flow,
  type Identity,
  mixed,
  NOTHING,
  type Send,
  SOMETHING,
} from '../../effect.ts'
import type { Call, Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, type Options, optionsOf, valuesOf } from '../value.ts'

const CURL_TAKING =
  'A b c C d D e E F H K m o P Q r t T u U w x X Y y z data data-raw data-binary data-urlencode data-ascii json form form-string header user user-agent output request url upload-file cookie cookie-jar cacert capath cert key max-time connect-timeout retry retry-delay retry-max-time proxy proxy-user referer range write-out config unix-socket abstract-unix-socket resolve connect-to interface ciphers proto tls-max dump-header limit-rate speed-limit speed-time oauth2-bearer netrc-file doh-url trace trace-ascii stderr output-dir keepalive-time noproxy pubkey variable expand-data'

const curl: Handler = (call, sh) => {
  const options = optionsOf(call.args, CURL_TAKING)
  if (has(options, 'K', 'config')) sh.partial('curl takes its options from a file')
  const own =
    options.rest.length > 0 && options.rest.every(url => isLoopback(parseUrl(url.text)?.host ?? ''))
  if (has(options, 'k', 'insecure', 'proxy-insecure', 'doh-insecure') && !own)
    unchecked('--insecure', sh)
  socket(valuesOf(options, 'unix-socket', 'abstract-unix-socket'), sh)
  const bodies = bodyOf(options, call, sh)
  const heads = valuesOf(
    options,
    'H',
    'header',
    'u',
    'user',
    'oauth2-bearer',
    'b',
    'cookie',
    'A',
    'user-agent',
    'e',
    'referer',
  )
  const method = valuesOf(options, 'X', 'request')[0]?.text.toUpperCase()
  const reads = bodies === null && (method === undefined || /^(GET|HEAD|OPTIONS)$/.test(method))
  const does = method === 'DELETE' ? 'delete' : reads || has(options, 'G', 'get') ? 'read' : 'write'
  const urls = [...options.rest, ...valuesOf(options, 'url')]
  const through = has(options, 'x', 'proxy', 'connect-to', 'resolve', 'doh-url')
  if (through) sh.partial('curl by another way than the URL says')
  const from: Identity[] = []
  for (const url of urls) from.push(...request(url, { does, bodies, heads }, sh))
  const response: Content = { text: null, flows: ['network'], from }
  return save(
    valuesOf(options, 'o', 'output'),
    has(options, 'O', 'remote-name', 'J', 'remote-name-all'),
    urls,
    valuesOf(options, 'output-dir')[0],
    response,
    sh,
  )
}

interface Request {
  readonly does: Send['does']
  readonly bodies: Content | null
  readonly heads: readonly Arg[]
}

function request(url: Arg, { does: asked, bodies, heads }: Request, sh: Shell): Identity[] {
  const to = identityOf(url)
  const does = asked === 'write' && SEARCHES.test(url.text) ? 'read' : asked
  const carried: Flow[] = [...url.flows, ...(bodies?.flows ?? [])]
  // What is in the URL itself, in the body or in a header other than the one that logs in.
  const login = heads.filter(isLogin)
  const rest = heads.filter(arg => !isLogin(arg)).flatMap(arg => arg.flows)
  const literal = holdsSecret(`${url.text} ${bodies?.text ?? ''}`)
  const payload = [
    ...new Set<Flow>([...carried, ...rest, ...(literal ? (['secret'] as const) : [])]),
  ]
  // What is not known of a URL may be anything that is known here.
  if (!url.known && payload.length === 0) payload.push('unknown')
  if (does === 'read' && payload.length === 0) sh.emit({ kind: 'receive', from: to })
  else {
    const signed = heads.some(isLogin) || /[?&](api_?key|token|key|access_token)=/i.test(url.text)
    sh.emit({
      kind: 'send',
      to,
      means: 'http',
      payload,
      does,
      ...(signed && does !== 'read' ? { signed } : {}),
    })
  }
  if (login.some(arg => arg.flows.length > 0))
    sh.emit({
      kind: 'send',
      to: ownApi(login, to) ?? to,
      means: 'auth',
      payload: [...new Set(login.flatMap(arg => arg.flows))],
      does: 'read',
    })
  return to === null ? [] : [to]
}

/** Questions that are too long for a URL. */
const SEARCHES = /\/(_search|_count|_msearch|_mget)(\?|$)/

function isLogin(arg: Arg): boolean {
  return (
    /^(authorization|x-api-key|private-token|x-auth-token|api-key|cookie)\s*:/i.test(arg.text) ||
    !/^[\w-]+\s*:/.test(arg.text)
  )
}

/** Services' own tokens go to their own hosts. */
const OWN: readonly (readonly [RegExp, RegExp])[] = [
  [/\b(GITHUB|GH)_(\w+_)?(TOKEN|PAT)\b/, /^(api|uploads)\.github\.com$|^github\.com$/],
  [/\bGITLAB_(\w+_)?TOKEN\b/, /^gitlab\.com$/],
  [/\bNPM_(\w+_)?TOKEN\b/, /^registry\.npmjs\.org$/],
  [/\bOPENAI_API_KEY\b/, /^api\.openai\.com$/],
  [/\bANTHROPIC_API_KEY\b/, /^api\.anthropic\.com$/],
  [/\bSLACK_(\w+_)?TOKEN\b/, /^slack\.com$/],
  [/\b(LINEAR)_API_KEY\b/, /^api\.linear\.app$/],
  [/\bSENTRY_AUTH_TOKEN\b/, /^sentry\.io$/],
  [/\bCLOUDFLARE_API_TOKEN\b/, /^api\.cloudflare\.com$/],
]

/** @returns a mark in place of the host when it is the token's own service */
function ownApi(login: readonly Arg[], to: Identity | null): Identity | null {
  const names = login.map(arg => arg.text).join(' ')
  const own = to !== null && OWN.some(([token, host]) => token.test(names) && host.test(to.id))
  return own ? { kind: 'service', id: to.id } : null
}

/** The host of a URL of which the rest may be unknown. */
export function identityOf(url: Arg): Identity | null {
  if (url.known && !url.glob) return urlIdentity(url.text)
  const local = /^(https?:\/\/)?(localhost|127\.0\.0\.1):\$\{?\w+\}?(?=$|\/)/.exec(url.text)?.[2]
  if (local !== undefined) return { kind: 'domain', id: local }
  const start = /^([a-z][a-z0-9+.-]*:\/\/)?[^/?#\s$`]+[/?#]/i.exec(url.text)?.[0]
  return start === undefined || /[{}[\]*$`]/.test(start)
    ? url.glob
      ? urlIdentity(url.text.replace(/[?*[\]{}]/g, ''))
      : null
    : urlIdentity(start.replace(/[?#]$/, '/'))
}

function bodyOf(options: Options, call: Call, sh: Shell): Content | null {
  const data = valuesOf(options, 'd', 'data', 'data-binary', 'data-ascii', 'data-urlencode', 'json')
  const raw = valuesOf(options, 'data-raw', 'form-string')
  const forms = valuesOf(options, 'F', 'form')
  const uploads = valuesOf(options, 'T', 'upload-file')
  if (data.length + raw.length + forms.length + uploads.length === 0) return null
  const file = (arg: Arg, name: string): Content =>
    name === '-' || name === '.' ? call.stdin : sh.read({ ...arg, text: name })
  const parts: Content[] = [...raw].map(arg => ({ text: arg.text, flows: arg.flows, from: [] }))
  for (const arg of data) {
    const at = arg.text.startsWith('@') ? arg.text.slice(1) : undefined
    parts.push(at === undefined ? { text: arg.text, flows: arg.flows, from: [] } : file(arg, at))
  }
  for (const arg of forms) {
    const at = /=[@<]([^;]*)/.exec(arg.text)?.[1]
    parts.push(at === undefined ? { text: arg.text, flows: arg.flows, from: [] } : file(arg, at))
  }
  for (const arg of uploads) parts.push(file(arg, arg.text))
  return mixed(parts)
}

export function unchecked(what: string, sh: Shell): void {
  sh.emit({ kind: 'privilege', what: 'disable-check', names: [what] })
}

function socket(paths: readonly Arg[], sh: Shell): void {
  for (const arg of paths) {
    const { path } = sh.target(arg)
    const guarded =
      path === null || /signalbox/i.test(path) || sh.facts.guarded.some(it => mayBeInside(path, it))
    if (guarded) sh.emit({ kind: 'guard-config', what: 'socket' })
    else if (/docker\.sock|containerd\.sock|podman\.sock|\/systemd\/|dbus/.test(path))
      sh.emit({ kind: 'privilege', what: 'root-shell', names: [arg.text] })
  }
}

function save(
  outputs: readonly Arg[],
  byName: boolean,
  urls: readonly Arg[],
  folder: Arg | undefined,
  content: Content,
  sh: Shell,
): Content {
  const named = byName ? urls.map(url => ({ ...url, text: fileName(url.text) })) : []
  const places = [...outputs.filter(arg => arg.text !== '-'), ...named]
  for (const place of places) {
    const at =
      folder === undefined || place.text.startsWith('/')
        ? place
        : { ...place, text: `${folder.text}/${place.text}`, known: place.known && folder.known }
    sh.write(sh.target(at), 'replace', content)
  }
  return places.length > 0 ? NOTHING : content
}

function fileName(url: string): string {
  return parseUrl(url)?.path.split('/').at(-1) || 'index.html'
}

const WGET_TAKING =
  'O output-document P directory-prefix o output-file a append-output U user-agent t tries T timeout header post-data post-file body-data body-file method i input-file e execute password user ca-certificate w wait Q l level A R D'

const wget: Handler = (call, sh) => {
  const options = optionsOf(call.args, WGET_TAKING)
  if (has(options, 'i', 'input-file', 'e', 'execute', 'use-askpass'))
    sh.partial('wget takes more from a file')
  const elsewhere = options.rest.some(arg => !isLoopback(parseUrl(arg.text)?.host ?? ''))
  if (has(options, 'no-check-certificate') && elsewhere) unchecked('--no-check-certificate', sh)
  const texts = valuesOf(options, 'post-data', 'body-data')
  const files = valuesOf(options, 'post-file', 'body-file')
  const method = valuesOf(options, 'method')[0]?.text.toUpperCase()
  const bodies =
    texts.length + files.length === 0
      ? null
      : mixed([
          ...texts.map(arg => ({ text: null, flows: arg.flows, from: [] })),
          ...files.map(arg => sh.read(arg)),
        ])
  const does =
    method === 'DELETE'
      ? 'delete'
      : bodies === null && (method === undefined || /^(GET|HEAD)$/.test(method))
        ? 'read'
        : 'write'
  const from: Identity[] = []
  for (const url of options.rest)
    from.push(...request(url, { does, bodies, heads: valuesOf(options, 'header', 'password') }, sh))
  const response: Content = { text: null, flows: ['network'], from }
  if (has(options, 'spider')) return SOMETHING
  const out = valuesOf(options, 'O', 'output-document')
  return save(
    out,
    out.length === 0,
    options.rest,
    valuesOf(options, 'P', 'directory-prefix')[0],
    response,
    sh,
  )
}

const http: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'a auth A o output d download session timeout')
  const words = options.rest
  const method = /^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/.exec(words[0]?.text ?? '')?.[0]
  const [given, ...items] = method === undefined ? words : words.slice(1)
  // `:3000/path` is on this machine.
  const url = given?.text.startsWith(':') ? { ...given, text: `localhost${given.text}` } : given
  if (has(options, 'verify')) unchecked('--verify', sh)
  if (url === undefined) return SOMETHING
  const files = items
    .filter(arg => arg.text.includes('@'))
    .map(arg => sh.read({ ...arg, text: arg.text.split('@').at(-1) ?? '' }))
  const bodies =
    items.some(arg => !/==|^[\w-]+:/.test(arg.text)) || call.stdin.flows.length > 0
      ? mixed([
          call.stdin,
          ...files,
          ...items.map(arg => ({ text: null, flows: arg.flows, from: [] })),
        ])
      : null
  const does =
    method === 'DELETE'
      ? 'delete'
      : bodies === null && (method === undefined || /GET|HEAD|OPTIONS/.test(method))
        ? 'read'
        : 'write'
  const from = request(
    url,
    {
      does,
      bodies,
      heads: [...items.filter(arg => /^[\w-]+:/.test(arg.text)), ...valuesOf(options, 'a', 'auth')],
    },
    sh,
  )
  return { text: null, flows: ['network'], from }
}

/** Other programs that fetch a file: `aria2c -o FILE URL`, `lwp-download URL FILE`. */
const downloads: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'o O out output d dir x j s n k U user-agent header')
  const urls = options.rest.filter(arg => /^[a-z]+:\/\//i.test(arg.text))
  const from: Identity[] = []
  for (const url of urls) from.push(...request(url, { does: 'read', bodies: null, heads: [] }, sh))
  const others = options.rest.filter(arg => !urls.includes(arg))
  const outs = [...valuesOf(options, 'o', 'O', 'out', 'output'), ...others]
  const response: Content = { text: null, flows: ['network'], from }
  return save(outs, outs.length === 0, urls, valuesOf(options, 'd', 'dir')[0], response, sh)
}

export const requests: Handlers = {
  aria2c: downloads,
  axel: downloads,
  'lwp-download': downloads,
  wget2: downloads,
  fetch: downloads,
  httrack: downloads,
  gdown: downloads,
  'yt-dlp': downloads,
  curl,
  curlie: curl,
  wget,
  http,
  https: http,
  xh: http,
}

/** Copies between machines and into object stores. */
import { hostBehind } from '../../../resources/ssh-config.ts'
import { bucketIdentity, hostIdentity, urlIdentity } from '../../../resources/url.ts'
import { type Content, type Identity, mixed, NOTHING, SOMETHING } from '../../effect.ts'
import type { Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'

/** `host:path`, `user@host:path`, `rsync://host/…` */
function remoteOf(arg: Arg, sh: Shell): Identity | null | undefined {
  const url = /^(?:rsync|scp|sftp|ssh):\/\/([^/:]+)/.exec(arg.text)?.[1]
  const place = url ?? /^([^/:\s]+):/.exec(arg.text)?.[1]
  return place === undefined ? undefined : hostIdentity(hostBehind(place, sh.facts))
}

const COPY_TAKING =
  'P p i F o l c J S e rsh exclude include exclude-from include-from files-from filter f bwlimit timeout port rsync-path password-file chmod T temp-dir backup-dir log-file max-size min-size B suffix'

const copy: Handler = (call, sh) => {
  const options = optionsOf(call.args, COPY_TAKING)
  for (const code of [...valuesOf(options, 'e', 'rsh'), ...valuesOf(options, 'rsync-path')])
    if (!/^ssh(\s+-[pi46]\s*\S*)*$/.test(code.text)) {
      runShell(code.text, NOTHING, sh)
      sh.exec('unknown', code.text)
    }
  for (const { text } of valuesOf(options, 'o'))
    if (/^(ProxyCommand|LocalCommand)/i.test(text))
      runShell(text.replace(/^\w+[=\s]+/, ''), NOTHING, sh)
  const to = options.rest.at(-1)
  const sources = options.rest.slice(0, -1)
  if (to === undefined || has(options, 'n', 'dry-run')) return SOMETHING
  const deletes = [...options.flags].some(flag => /^del(ete)?(-|$)/.test(flag))
  return transfer(sources, to, { deletes, takes: has(options, 'remove-source-files') }, sh)
}

function transfer(
  sources: readonly Arg[],
  to: Arg,
  how: { deletes: boolean; takes: boolean },
  sh: Shell,
): Content {
  const away = remoteOf(to, sh)
  const contents = sources.map(source => {
    const from = remoteOf(source, sh)
    if (from === undefined) return sh.read(source, true)
    sh.emit({ kind: 'receive', from: from === null ? null : { kind: 'host', id: from.id } })
    return { text: null, flows: ['network'], from: from === null ? [] : [from] } satisfies Content
  })
  const content = mixed(contents)
  if (how.takes)
    for (const source of sources)
      sh.emit({ kind: 'delete', target: sh.target(source), recursive: true, filter: '' })
  if (away !== undefined) {
    sh.emit({
      kind: 'send',
      to: away,
      means: 'copy',
      payload: content.flows,
      does: how.deletes ? 'delete' : 'write',
    })
    return NOTHING
  }
  const target = sh.target(to)
  if (how.deletes) sh.emit({ kind: 'delete', target, recursive: true, filter: '' })
  sh.write(target, 'replace', content)
  return NOTHING
}

const sftp: Handler = (call, sh) => {
  const { rest } = optionsOf(call.args, 'P i F o b')
  const to = rest[0] === undefined ? null : (remoteOf(rest[0], sh) ?? hostIdentity(rest[0].text))
  // `put FILE` in the batch says what goes.
  const files = Array.from(
    (call.stdin.text ?? '').matchAll(/^\s*put\s+(?:-\w+\s+)*(\S+)/gm),
    match => sh.read({ ...(rest[0] ?? call.name), text: match[1] ?? '', known: true }),
  )
  const payload = files.length > 0 ? mixed(files).flows : (['unknown'] as const)
  sh.emit({ kind: 'send', to, means: 'copy', payload, does: 'write' })
  return SOMETHING
}

const STORE_TAKING =
  'profile region endpoint-url acl content-type exclude include storage-class sse metadata cache-control o'

export interface Store {
  readonly verb: string
  readonly args: readonly Arg[]
}

/** `aws s3 …`, `gsutil …`, `gcloud storage …` */
export function store(
  { verb, args }: Store,
  call: { readonly stdin: Content; readonly env?: ReadonlyMap<string, Arg> },
  sh: Shell,
): Content {
  const options = optionsOf(args, STORE_TAKING)
  if (has(options, 'dryrun', 'dry-run') || args.at(-1)?.text === 'help') return SOMETHING
  const names = options.rest.map(arg => arg.text)
  const at = endpointOf(args, call, sh)
  const buckets = options.rest.map(arg => (arg.known ? placed(bucketIdentity(arg.text), at) : null))
  const on = buckets.find(bucket => bucket !== null) ?? null
  const open = valuesOf(options, 'acl').some(arg => /public/.test(arg.text))
  if (has(options, 'no-verify-ssl'))
    sh.emit({ kind: 'privilege', what: 'disable-check', names: ['--no-verify-ssl'] })
  if (open || /^(presign|signurl|acl|iam|defacl|website|cors)$/.test(verb))
    sh.emit({ kind: 'cloud', provider: 'storage', verb: 'expose', names, on })
  if (/^(rm|rb|mb|del|delete)$/.test(verb) || has(options, 'delete', 'd')) {
    const only = verb === 'mb' ? 'write' : 'destroy'
    sh.emit({ kind: 'cloud', provider: 'storage', verb: only, names, on })
    if (/^(rm|rb|mb|del|delete)$/.test(verb)) return SOMETHING
  }
  if (!/^(cp|mv|sync|rsync|copy|move)$/.test(verb)) {
    const reads = /^(ls|du|stat|cat|list|hash|version|help)$/.test(verb)
    if (reads) sh.emit({ kind: 'cloud', provider: 'storage', verb: 'read', names, on })
    else sh.exec('unknown', [verb, ...names].join(' '))
    return SOMETHING
  }
  const to = options.rest.at(-1)
  const sources = options.rest.slice(0, -1)
  const into = buckets.at(-1) ?? null
  const content = mixed(
    sources.map((source, i) =>
      source.text === '-'
        ? call.stdin
        : buckets[i] || /:\/\//.test(source.text)
          ? cloudContent(buckets[i] ?? null, sh)
          : sh.read(source, true),
    ),
  )
  if (to === undefined || has(options, 'dryrun', 'dry-run', 'n')) return SOMETHING
  if (into?.kind === 'bucket' && into.id.split('/').length > 3) sh.makes(into.id)
  if (into !== null || /:\/\//.test(to.text) || !to.known)
    sh.emit({
      kind: 'send',
      to: into,
      means: 'copy',
      payload: content.flows.length === 0 ? ['unknown'] : content.flows,
      does: 'write',
    })
  else sh.write(sh.target(to), 'replace', content)
  return SOMETHING
}

/** Another service may speak the same protocol: then it is what the names belong to. */
function endpointOf(
  args: readonly Arg[],
  call: { readonly env?: ReadonlyMap<string, Arg> },
  sh: Shell,
): string {
  const option = valuesOf(optionsOf(args, STORE_TAKING), 'endpoint-url')[0]
  const value =
    option ??
    call.env?.get('AWS_ENDPOINT_URL') ??
    call.env?.get('AWS_ENDPOINT_URL_S3') ??
    sh.variable('AWS_ENDPOINT_URL') ??
    sh.variable('AWS_ENDPOINT_URL_S3')
  return value?.text ?? ''
}

function placed(bucket: Identity | null, endpoint: string): Identity | null {
  if (bucket === null || endpoint === '') return bucket
  const place = urlIdentity(endpoint)
  if (place === null) return null
  return /\.r2\.cloudflarestorage\.com$/.test(place.id)
    ? { kind: 'bucket', id: bucket.id.replace(/^\w+:/, 'r2:') }
    : place
}

function cloudContent(from: Identity | null, sh: Shell): Content {
  sh.emit({ kind: 'receive', from })
  return { text: null, flows: ['network'], from: from === null ? [] : [from] }
}

const gsutil: Handler = (call, sh) => {
  const { rest } = optionsOf(call.args, 'h o', true)
  const [verb, ...args] = rest
  return store({ verb: verb?.text ?? '', args }, call, sh)
}

/** Tools for object stores that take a bucket's address as aws does. */
const buckets: Handler = (call, sh) => {
  const [verb = call.name, ...args] = optionsOf(
    call.args,
    'profile endpoint-url c config concurrency numworkers',
    true,
  ).rest
  return store({ verb: verb.text.replace(/^put$/, 'cp').replace(/^get$/, 'cp'), args }, call, sh)
}

/** What they are given leaves for a place that is not this machine's. */
const shares: Handler = (call, sh) => {
  if (call.args.some(arg => /^(--?version|--?help|-h|receive|get|list|status)$/.test(arg.text)))
    return SOMETHING
  const files = call.args.filter(
    arg => !arg.text.startsWith('-') && /[./~]/.test(arg.text) && !/@|^https?:/.test(arg.text),
  )
  const carried = mixed([
    call.stdin,
    ...files.map(arg => sh.read({ ...arg, text: arg.text.replace(/^@/, '') }, true)),
  ])
  const words = call.args.flatMap(arg => arg.flows)
  const address = call.args
    .map(arg => /[\w.+-]+@([\w-]+(?:\.[\w-]+)+)/.exec(arg.text)?.[1])
    .find(it => it !== undefined)
  const to: Identity | null =
    address === undefined ? null : { kind: 'domain', id: address.toLowerCase() }
  const flows = [...new Set([...carried.flows, ...words])]
  sh.emit({
    kind: 'send',
    to,
    means: 'post',
    payload: flows.length === 0 ? ['unknown'] : flows,
    does: 'write',
  })
  return NOTHING
}

export const copies: Handlers = {
  scp: copy,
  rsync: copy,
  sftp,
  gsutil,
  s5cmd: buckets,
  s3cmd: buckets,
  ...Object.fromEntries(
    'mail mailx sendmail mutt neomutt msmtp swaks ssmtp s-nail croc wormhole magic-wormhole ntfy pastebinit gist transfer ffsend onionshare-cli ipfs matrix-commander slack-notify slackcat telegram-send lftp ftp tftp uuencode-none curlftpfs ncftpput rclone-none termbin sprunge'
      .split(' ')
      .map(name => [name, shares]),
  ),
}

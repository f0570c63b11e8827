/** Where a path leads, by the facts alone. */
import { posix } from 'node:path'
import type { PathTarget } from './effects/effect.ts'
import { firstPlace, isDisguised } from './same-file.ts'
import type { Facts, FileFact } from './types.ts'

const MAX_LINKS = 16
/** No file system takes a longer one. */
const MAX_PATH = 4096

/** @returns the absolute path with `..` and the links that are known resolved */
export function realPath(
  path: string,
  cwd: string,
  files: Readonly<Record<string, FileFact>>,
): string {
  // From the last to the first, so that the next is taken off the end.
  const rest = posix.resolve(cwd, path).split('/').slice(1).reverse()
  let done = ''
  for (let links = 0; rest.length > 0; ) {
    const part = rest.pop() ?? ''
    const here = part === '' ? done : `${done}/${part}`
    const fact = Object.hasOwn(files, here) ? files[here] : undefined
    if (fact?.kind === 'link' && links++ < MAX_LINKS) {
      const to = posix
        .resolve(done || '/', fact.to)
        .split('/')
        .slice(1)
      rest.push(...to.reverse())
      done = ''
    } else done = here
  }
  return firstPlace(done || '/')
}

const WILD = /[*?[\]{}]/

/** @param known false when a part of the text is not known */
export function pathTarget(
  written: string,
  known: boolean,
  glob: boolean,
  cwd: string | null,
  files: Readonly<Record<string, FileFact>>,
): PathTarget {
  const absolute = written.startsWith('/')
  if (
    !known ||
    written === '' ||
    written.length > MAX_PATH ||
    written.includes('\0') ||
    (cwd === null && !absolute)
  )
    return { written, path: null, glob: '' }
  const parts = written.split('/')
  const first = glob ? parts.findIndex(part => WILD.test(part)) : -1
  // `x/../*` stays inside what it names; `*/..` does not.
  if (first >= 0 && parts.slice(first).includes('..')) return { written, path: null, glob: '' }
  const fixed = first < 0 ? written : parts.slice(0, first).join('/')
  const path = realPath(fixed || (absolute ? '/' : '.'), cwd ?? '/', files)
  if (isDisguised(path)) return { written, path: null, glob: '' }
  return { written, path, glob: first < 0 ? '' : parts.slice(first).join('/') }
}

/** True for the folder itself too. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

export type Place =
  | { readonly kind: 'project'; readonly relative: string }
  | { readonly kind: 'temp' }
  | { readonly kind: 'sink' }
  | { readonly kind: 'device' }
  | { readonly kind: 'home' }
  | { readonly kind: 'system' }

/** What `$TMPDIR` is on macOS: a user's own. */
const USER_TEMP = /^\/var\/folders\/[^/]+\/[^/]+\/[TC](\/|$)/
const SINKS = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/tty', '/dev/stdin'])

export function placeOf(path: string, facts: Facts): Place {
  if (SINKS.has(path) || /^\/dev\/fd\/\d+$/.test(path)) return { kind: 'sink' }
  if (isInside(path, '/dev')) return { kind: isInside(path, '/dev/shm') ? 'temp' : 'device' }
  const root = realPath(facts.projectRoot, '/', facts.files)
  // A project that is a home folder, or the root, is no fence.
  if (root !== '/' && root !== facts.home && isInside(path, root))
    return { kind: 'project', relative: posix.relative(root, path) }
  if (['/tmp', '/var/tmp'].some(temp => isInside(path, temp)) || USER_TEMP.test(path))
    return { kind: 'temp' }
  return { kind: isInside(path, facts.home) ? 'home' : 'system' }
}

/** What git keeps, of a path in a project. */
export const isGitData = (relative: string): boolean => /^\.git(\/|$)/i.test(relative)

/** Home credentials, keys, cookies: reading them is asked about wherever they are. */
const CREDENTIALS = [
  /(^|\/)\.ssh($|\/)/i,
  /(^|\/)\.(aws|azure|kube|gnupg|docker|password-store)($|\/)/i,
  /(^|\/)\.config\/(gcloud|gh|hub|op|doctl|sops|heroku|configstore)($|\/)/i,
  /(^|\/)\.(netrc|pgpass|npmrc|pypirc|git-credentials|vault-token|my\.cnf|boto|s3cfg|terraformrc)$/i,
  /(^|\/)\.cargo\/credentials/i,
  /(^|\/)\.(ba|z|psql_|mysql_|sqlite_|node_repl_|python_)?sh?_?history$|(^|\/)\.\w+_history$/i,
  /(^|\/)\.m2\/settings(-security)?\.xml$|(^|\/)\.(kaggle\/kaggle\.json|terraform\.d\/credentials\.tfrc\.json|huggingface\/token|android\/.*\.(jks|keystore)|databrickscfg|ngrok2\/ngrok\.yml|stripe\/config\.toml|cloudflared\/.*\.(json|pem)|fly\/config\.yml|config\/(rclone\/rclone\.conf|configstore\/.*|Code\/User\/globalStorage.*))$/i,
  /\/Library\/Messages\/|(^|\/)(chat\.db|NoteStore\.sqlite)$|^\/dev\/input\//i,
  /(^|\/)\.gem\/credentials/i,
  /(^|\/)(Login Data|Cookies|key4\.db|logins\.json|cookies\.sqlite)$/i,
  /(^|\/)Library\/Keychains($|\/)/i,
  /(^|\/)\.local\/share\/keyrings($|\/)/i,
  /^\/etc\/(shadow|gshadow|sudoers|krb5\.keytab)/i,
  /^\/proc\/[^/]+\/environ$/i,
  /^\/(var\/)?run\/secrets($|\/)/i,
]

const SECRET_NAMES =
  /(^|[/.])(\.env(\.(?!example$|sample$|template$|dist$|defaults?$)[\w.-]+)?|id_(rsa|dsa|ecdsa|ed25519)|credentials(\.(json|csv|ya?ml))?|secrets?\.(json|ya?ml|toml|env)|service-?account[\w-]*\.json|\.docker-pass|[\w.-]+\.(pem|key|p12|pfx|jks|keystore|kdbx))$/i

/** A file outside any project that holds what lets one in somewhere. */
export function isCredential(path: string): boolean {
  if (/\.pub$|\/known_hosts$|\/\.ssh\/config$/.test(path)) return false
  return CREDENTIALS.some(pattern => pattern.test(path)) || /(^|\/)id_(rsa|ed25519)$/i.test(path)
}

/** A file that should not leave the machine: a credential, or one that is named like it. */
export function isSecret(path: string): boolean {
  return isCredential(path) || (SECRET_NAMES.test(path) && !/\.pub$/.test(path))
}

/** Whether a wildcard could match a secret of that name. */
export function mayBeSecret(target: PathTarget): boolean {
  if (target.path === null) return false
  const last = target.glob === '' ? '' : target.glob.replace(/[*?]/g, '')
  return isSecret(target.path) || (last !== '' && isSecret(`${target.path}/${last}`))
}

/** Names of environment variables that hold secrets. */
const SECRET_VARIABLES =
  /(TOKEN|SECRET|PASSWORD|PASSWD|PASS|API_?KEY|PRIVATE_?KEY|CREDENTIALS?|ACCESS_KEY|DATABASE_URL|DSN|COOKIE|_KEY|_PAT|AUTH)$/i

export function isSecretVariable(name: string): boolean {
  return SECRET_VARIABLES.test(name) && !/^(SSH_AUTH_SOCK|XAUTHORITY)$/.test(name)
}

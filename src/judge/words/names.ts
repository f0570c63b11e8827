/** Whether a text names a thing, in any of the forms that people use for it. */

export const plain = (target: string): string => target.replace(/\/+$/, '')

const FILE =
  /\.(tsx?|jsx?|mjs|cjs|py|rb|go|exs?|tf|ya?ml|json|md|sql|sh|rs|java|kt|swift|cs|php|txt|toml|html?|css|parquet|csv|lock)$/i

/** The whole name in its other forms: without a user, a scheme, a remote's name or an end. */
function forms(text: string): readonly string[] {
  const name = plain(text).toLowerCase()
  const found = [name]
  const scp = /^[\w.-]+@([\w.-]+):([\w./~-]+?)(\.git)?$/.exec(name)
  if (scp !== null) found.push(`${scp[1]}/${scp[2]}`, scp[1] ?? '', name.replace(/:.*$/, ''))
  const stored = /^[a-z0-9]+:\/\/([\w.-]+)$/.exec(name)?.[1]
  if (stored !== undefined) found.push(stored)
  const url =
    /^(?:https?|ssh|git|postgres\w*|mysql|mongodb|redis):\/\/(?:[^@/]*@)?([^/]+)(\/.*)?$/.exec(name)
  if (url !== null) {
    const path = (url[2] ?? '').replace(/\.git$/, '')
    found.push(url[1] ?? '', `${url[1]}${path}`)
  }
  const [, user = '', host] = /^([\w.-]+)@([\w.-]+)$/.exec(name) ?? []
  if (host !== undefined) found.push(host)
  if (/[-_.\d]/.test(user)) found.push(user)
  if (name.includes('_')) found.push(name.replaceAll('_', '-'))
  if (name.startsWith('origin/')) found.push(name.slice('origin/'.length))
  if (/^[#!]/.test(name)) found.push(name.slice(1))
  return found
}

/** A version or a tag says which of them. */
function withoutTag(name: string): string {
  return name.replace(
    /(?<=.)[@:](v?\d[\w.+-]*|latest|main|dev|test|staging|prod|stable|next|canary|beta|edge)?$/,
    '',
  )
}

/** Shorter names for the same: only good against a whole one. */
function shortForms(text: string): readonly string[] {
  const found: string[] = []
  for (const name of forms(text)) {
    const last = name.split('/').at(-1) ?? ''
    if (last !== name && last.length > 2 && !/^[a-z0-9]+:\/\//.test(name))
      found.push(last, last.split(':').at(-1) ?? last)
    if (/^[\w-]+(\.[\w-]+)+(:\d+)?$/.test(name) && !FILE.test(name)) {
      const labels = name.replace(/:\d+$/, '').split('.')
      for (let i = 1; i <= labels.length; i++) {
        const short = labels.slice(0, i).join('.')
        if (i > 1 || /[\d-]/.test(short)) found.push(short)
      }
    }
    // `name:tag`, `@scope/name@1.2.3`
    const bare = withoutTag(name)
    if (bare !== name && /[a-z]/.test(bare) && !/^[a-z0-9]+$/.test(bare)) found.push(bare)
  }
  return found.filter(name => name.length > 1)
}

/** Whether a text names a thing: `main` is not named by `domain`, `main-old` or `app/main`. */
export function names(text: string, target: string): boolean {
  const bucket = /^([a-z0-9]+:\/\/[^/]+)\/(.+)$/i.exec(plain(target))
  const words = wordsOf(text)
  const wholes = new Set(forms(target))
  const shorts = new Set(shortForms(target))
  const isIt = words.some(word => {
    const own = forms(word)
    return (
      own.some(it => wholes.has(it) || shorts.has(it)) ||
      (!plain(target).includes('/') &&
        word === word.toLowerCase() &&
        shortForms(word).some(it => wholes.has(it)))
    )
  })
  if (isIt) return true
  // `name@1.2.3` says which version.
  if (
    /^v?\d+\.\d[\w.+-]*$/.test(target) &&
    words.some(word => /[@:=]/.test(word) && word.split(/[@:=]/).at(-1) === target)
  )
    return true
  // More than one word, or a wildcard: as it stands.
  if (/\s/.test(target)) return text.toLowerCase().includes(target.toLowerCase())
  const key = bucket?.[2]
  const own = /^(s3|gs|az|r2|oss|b2|minio):/i.test(target)
  return own && key !== undefined && names(text, bucket?.[1] ?? '') && names(text, key)
}

function wordsOf(text: string): readonly string[] {
  return text
    .split(/[\s,;()"'`“”<>[\]=]+/)
    .map(word => word.replace(/[.:!?]+$/, '').replace(/'s$/, ''))
    .filter(word => word !== '')
}

/** Also a list entry by its number, and the number at the end of a name. */
export function hasThing(text: string, thing: string): boolean {
  if (thing.startsWith('mailto:')) return text.toLowerCase().includes(thing.slice(7).toLowerCase())
  const address = addressOf(thing)
  if (address !== null) return hasAddress(text, address)
  if (
    thing.length > 4 &&
    text
      .toLowerCase()
      .split(/[\s,;()'"`]+/)
      .includes(thing.toLowerCase())
  )
    return true
  const isVersioned = /^@?[\w./-]+@v?\d[\w.-]*$/.test(thing)
  if (!isVersioned && names(text, thing)) return true
  const entry = /^stash@\{(\d+)\}$/.exec(thing)?.[1]
  if (entry !== undefined) return new RegExp(`\\b${entry}\\b`).test(text)
  const number = /[-_.](\d{2,})$/.exec(thing)?.[1]
  if (number !== undefined && new RegExp(`(?<![\\w-])${number}(?![\\w-])`).test(text)) return true
  // `name@1.2.3` needs the name; `project:table` and `host/image` both.
  const [, name, version] = /^(@?[\w./-]+)@(v?\d[\w.-]*)$/.exec(thing) ?? []
  if (name !== undefined && version !== undefined) return names(text, name)
  const [, outer, inner] = /^([\w-]+):([\w-]+\.[\w.-]+)$|^$/.exec(thing) ?? []
  if (outer !== undefined && inner !== undefined && names(text, outer) && names(text, inner))
    return true
  const image = /^([\w-]+(?:\.[\w-]+)+)\/(.+)$/.exec(thing)
  if (image !== null && names(text, image[1] ?? '') && text.includes(image[2] ?? thing)) return true
  if (new RegExp(`[\\w-]\\.${thing.replace(/\W/g, '\\$&')}(?![\\w.-])`, 'i').test(text)) return true
  const port = /^(?:tcp|udp)?:?(\d{2,5})$/.exec(thing)?.[1]
  if (port !== undefined && new RegExp(`\\b${port}\\b`).test(text)) return true
  // `Core 4.1.0` is `Core.4.1.0.nupkg`.
  const file = /([^/]+)\.(nupkg|gem|tgz|whl|jar|crate)$/i.exec(thing)?.[1]
  if (file !== undefined) {
    const parts = file.split(/[-._]/).map(part => part.replace(/\W/g, '.'))
    if (new RegExp(`\\b${parts.join('[-._\\s]+')}\\b`, 'i').test(text)) return true
  }
  const one = /^([a-z]{4,})s$/i.exec(thing)?.[1]
  return one !== undefined && new RegExp(`\\b${one}\\b`, 'i').test(text)
}

interface Address {
  readonly host: string
  /** `owner/name` of a repository; of a bucket nothing. */
  readonly path: string
}

/** What goes over the network is named by where it goes to, not by the end of its path. */
function addressOf(thing: string): Address | null {
  const stored = /^(?:s3|gs|az|r2|oss|b2):\/\/([^/]+)(?:\/(.*?))?\/?$/i.exec(thing)
  if (stored !== null) return { host: stored[1] ?? '', path: stored[2]?.split('/').at(-1) ?? '' }
  const scp = /^[\w.-]+@([\w.-]+):([\w./~-]+?)(?:\.git)?$/.exec(thing)
  const isGit = scp !== null && /\.git$|^\w[\w.-]*\/[\w.-]+$/.test(thing.split(':')[1] ?? '')
  if (scp !== null) return { host: scp[1] ?? '', path: isGit ? (scp[2] ?? '') : '' }
  if (!/^(https?|ssh|git):\/\//i.test(thing) || !URL.canParse(thing)) return null
  const { hostname, pathname } = new URL(thing)
  const path = pathname.replace(/\.git$/, '').replace(/^\//, '')
  // The cloud's own addresses: the last part is the name.
  if (/\.(amazonaws|googleapis|azure)\.com$/.test(hostname))
    return { host: '', path: path.split('/').at(-1) ?? '' }
  return { host: hostname, path: /\.git$/.test(thing) ? path : '' }
}

function hasAddress(text: string, { host, path }: Address): boolean {
  const said = text.toLowerCase()
  if (path !== '' && !said.includes(path.toLowerCase())) return false
  const service = /^(?:api|www|hooks)\.([\w-]+)\.\w+$/.exec(host)?.[1]
  return (
    host === '' ||
    (path !== '' && /^(github|gitlab|bitbucket|codeberg)\.(com|org)$/.test(host)) ||
    new RegExp(`(?<![\\w.-])${host.replace(/\W/g, '\\$&')}(?![\\w-]|\\.\\w)`, 'i').test(text) ||
    names(text, host) ||
    (service !== undefined && said.includes(service))
  )
}

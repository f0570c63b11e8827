/** A repository's remotes and branches from its files: settings with their includes, HEAD, refs. */
import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

export interface Repository {
  readonly branch: string
  readonly defaultBranch: string
  /** Where a push to the name goes: `pushurl` before `url`, with `insteadOf` applied. */
  readonly remotes: Readonly<Record<string, string>>
}

type Settings = readonly (readonly [section: string, key: string, value: string])[]

const MAX_BYTES = 256 * 1024
const MAX_INCLUDES = 20

/** @returns null when the folder is in no repository */
export async function readRepository(cwd: string, home: string): Promise<Repository | null> {
  const folder = await gitFolder(cwd)
  if (folder === null) return null
  // A worktree keeps its HEAD apart and shares the rest.
  const shared = (await text(join(folder, 'commondir')))?.trim()
  const common = shared === undefined ? folder : resolve(folder, shared)
  const places = ['/etc/gitconfig', join(home, '.config/git/config'), join(home, '.gitconfig')]
  const [own, users, head = '', origin = ''] = await Promise.all([
    settings(join(common, 'config'), home, folder),
    Promise.all(places.map(place => settings(place, home, folder))),
    text(join(folder, 'HEAD')),
    text(join(common, 'refs/remotes/origin/HEAD')),
  ])
  return {
    branch: /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1] ?? '',
    defaultBranch: /^ref: refs\/remotes\/origin\/(.+)$/m.exec(origin)?.[1] ?? '',
    remotes: remotesOf([...users.flat(), ...own]),
  }
}

async function gitFolder(cwd: string): Promise<string | null> {
  for (let at = resolve(cwd); ; at = dirname(at)) {
    const place = join(at, '.git')
    try {
      const status = await stat(place)
      if (status.isDirectory()) return place
      const leads = /^gitdir: (.+)$/m.exec((await text(place)) ?? '')?.[1]
      return leads === undefined ? null : resolve(at, leads.trim())
    } catch {
      if (at === dirname(at)) return null
    }
  }
}

async function text(path: string): Promise<string | undefined> {
  try {
    const status = await stat(path)
    if (!status.isFile() || status.size > MAX_BYTES) return undefined
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}

/** With what it includes. Conditional includes count too: which holds is not for us to guess. */
async function settings(
  path: string,
  home: string,
  folder: string,
  left = { n: MAX_INCLUDES },
): Promise<Settings> {
  const own = parseSettings((await text(path)) ?? '')
  const all: (readonly [string, string, string])[] = []
  for (const entry of own) {
    all.push(entry)
    const [section, key, value] = entry
    if (key !== 'path' || !/^include(if .*)?$/i.test(section) || left.n-- <= 0) continue
    const file = value.startsWith('~/') ? join(home, value.slice(2)) : resolve(dirname(path), value)
    all.push(...(await settings(file, home, folder, left)))
  }
  return all
}

export function parseSettings(source: string): Settings {
  const entries: (readonly [string, string, string])[] = []
  let section = ''
  for (const line of source.replace(/\\\n/g, '').split('\n')) {
    const head = /^\s*\[\s*([\w.-]+)(?:\s+"((?:\\.|[^"\\])*)")?\s*\]\s*(.*)$/.exec(line)
    if (head !== null)
      section =
        head[2] === undefined
          ? (head[1] ?? '').toLowerCase()
          : `${head[1]?.toLowerCase()} ${head[2].replace(/\\(.)/g, '$1')}`
    const rest = head === null ? line : (head[3] ?? '')
    const entry = /^\s*([a-z][\w-]*)\s*(?:=\s*(.*))?$/i.exec(rest)
    if (entry !== null)
      entries.push([section, (entry[1] ?? '').toLowerCase(), settingValue(entry[2])])
  }
  return entries
}

function settingValue(written: string | undefined): string {
  if (written === undefined) return 'true'
  const plain = written.replace(
    /("(?:\\.|[^"\\])*")|[#;].*$/g,
    (_, quoted?: string) => quoted ?? '',
  )
  return plain
    .trim()
    .replace(/"((?:\\.|[^"\\])*)"/g, '$1')
    .replace(/\\(["\\])/g, '$1')
}

function remotesOf(all: Settings): Record<string, string> {
  const urls: Record<string, string> = {}
  const pushes: Record<string, string> = {}
  for (const [section, key, value] of all) {
    const name = /^remote (.+)$/.exec(section)?.[1]
    if (name === undefined) continue
    if (key === 'url') urls[name] ??= value
    if (key === 'pushurl') pushes[name] ??= value
  }
  const result: Record<string, string> = {}
  for (const name of new Set([...Object.keys(urls), ...Object.keys(pushes)])) {
    const push = pushes[name]
    result[name] =
      push === undefined ? rewritten(urls[name] ?? '', all, true) : rewritten(push, all, false)
  }
  return result
}

/** The longest prefix wins; `pushInsteadOf` is for pushing before `insteadOf`. */
function rewritten(url: string, all: Settings, pushing: boolean): string {
  for (const wanted of pushing ? ['pushinsteadof', 'insteadof'] : ['insteadof']) {
    const fits = all.filter(
      ([section, key, value]) =>
        section.startsWith('url ') && key === wanted && url.startsWith(value),
    )
    const [best] = fits.toSorted((a, b) => b[2].length - a[2].length)
    if (best !== undefined) return best[0].slice('url '.length) + url.slice(best[2].length)
  }
  return url
}

/** Where a project takes its code from: registries, repositories, archives that its files name. */
import type { Identity } from '../effects/effect.ts'
import { gitIdentity } from '../resources/git.ts'
import { parseUrl, registryIdentity } from '../resources/url.ts'
import type { Change } from './change.ts'

const MANIFESTS =
  /(^|\/)(package(-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|requirements[\w.-]*\.(txt|in)|constraints[\w.-]*\.txt|pyproject\.toml|poetry\.lock|uv\.lock|uv\.toml|Pipfile(\.lock)?|setup\.(py|cfg)|environment\.ya?ml|Cargo\.(toml|lock)|go\.(mod|sum|work)|Gemfile(\.lock)?|.*\.gemspec|composer\.(json|lock)|pom\.xml|build\.gradle(\.kts)?|settings\.gradle(\.kts)?|gradle-wrapper\.properties|libs\.versions\.toml|mix\.(exs|lock)|rebar\.config|Package\.(swift|resolved)|Podfile(\.lock)?|pubspec\.(ya?ml|lock)|Directory\.Packages\.props|.*\.csproj|packages\.config|nuget\.config|deno\.jsonc?|import_map\.json|\.npmrc|\.yarnrc(\.yml)?|\.pnpmrc|bunfig\.toml|pip\.conf|pip\.ini|\.pypirc|\.gemrc|\.bundle\/config|\.cargo\/config(\.toml)?|settings\.xml|\.gitmodules|Dockerfile[\w.-]*|.*\.dockerfile|vcpkg(-configuration)?\.json|conanfile\.(txt|py)|flake\.(nix|lock)|\.tool-versions|Brewfile|stack\.yaml|cabal\.project|dub\.json|build\.zig\.zon)$/i

const PUBLIC =
  /^(registry\.npmjs\.org|registry\.yarnpkg\.com|npm\.pkg\.github\.com|pypi\.org|files\.pythonhosted\.org|download\.pytorch\.org|crates\.io|static\.crates\.io|index\.crates\.io|rubygems\.org|repo1?\.maven\.(apache\.)?org|repo\.maven\.apache\.org|plugins\.gradle\.org|services\.gradle\.org|downloads\.gradle(-dn)?\.(org|com)|dl\.google\.com|maven\.google\.com|proxy\.golang\.org|sum\.golang\.org|golang\.org|repo\.packagist\.org|packagist\.org|api\.nuget\.org|www\.nuget\.org|hex\.pm|repo\.hex\.pm|pub\.dev|cdn\.cocoapods\.org|conda\.anaconda\.org|repo\.anaconda\.com|deno\.land|jsr\.io|esm\.sh|hackage\.haskell\.org|cache\.nixos\.org|json\.schemastore\.org|maven\.apache\.org|www\.w3\.org|schemas?\.\w+\.(com|org)|docs\.\w+\.\w+|opensource\.org|spdx\.org|www\.apache\.org|json-schema\.org|biomejs\.dev|turbo\.build|nodejs\.org|python\.org|www\.python\.org|rustup\.rs|go\.dev|schemas\.android\.com|schemas\.microsoft\.com|javadoc\.io)$/

const URLS =
  /(?:git\+)?(?:https?|ssh|git):\\?\/\\?\/[^\s"'`<>)\]},;\\]+(?:\\:\/\/[^\s"']+)?|git@[\w.-]+:[\w./-]+/g

export interface Source {
  readonly identity: Identity
  readonly evidence: string
}

/** The places that a change of a manifest, a lock file or a registry's settings brings in. */
export function sourcesOf({ path, added, removed }: Change): readonly Source[] {
  if (!MANIFESTS.test(path)) return []
  const before = new Set(urlsIn(removed).map(it => it.identity.id))
  const hosts =
    /(pip\.(conf|ini)|uv\.toml|\.npmrc|\.yarnrc(\.yml)?|nuget\.config|settings\.xml|\.pypirc|Dockerfile[\w.-]*|\.gitmodules|config\.toml)$/i.test(
      path,
    ) && removed !== ''
      ? hostsIn(added, removed)
      : []
  const fresh = [...urlsIn(added), ...hosts, ...shortIn(path, added)].filter(
    it => !before.has(it.identity.id),
  )
  return fresh.filter(it => !isPublic(it.identity))
}

/** An edit may change no more than the name of the host. */
function hostsIn(added: string, removed: string): readonly Source[] {
  const pattern = /(?<![\w./:@-])([a-z0-9-]+(?:\.[a-z0-9-]+)+\.?[a-z]{2,})(?:[:/][^\s"']*)?/gi
  const before = new Set(Array.from(removed.matchAll(pattern), match => match[1]))
  return Array.from(added.matchAll(pattern))
    .filter(
      match =>
        !before.has(match[1]) &&
        !/\.(js|ts|py|json|txt|lock|toml|cfg|ya?ml|sh|md)$/.test(match[1] ?? ''),
    )
    .flatMap(match => {
      const identity = registryIdentity(match[1] ?? '')
      return identity === null ? [] : [{ identity, evidence: added.trim().slice(0, 160) }]
    })
}

function isPublic({ kind, id }: Identity): boolean {
  return kind !== 'git' && PUBLIC.test(id.split('/')[0]?.replace(/:\d+$/, '') ?? '')
}

function urlsIn(text: string): readonly Source[] {
  return text.split('\n').flatMap(line => {
    // Where a project says who and where it is, nothing is taken from.
    if (
      /["']?(homepage|bugs|repository|url|author|funding|license|documentation|scm|issueManagement|xmlns|xsi|\$schema|schema|Homepage|Documentation|Source|Issues|Changelog|readme|connection|developerConnection)["']?\s*[:=>]/i.test(
        line,
      ) &&
      !/git\+|tarball|resolved|registry|\.tgz|\.zip|\.tar|\.gitmodules|index|maven\s*\{|insteadOf|extra/i.test(
        line,
      )
    )
      return []
    return Array.from(line.replaceAll('\\:', ':').matchAll(URLS), match =>
      sourceOf(match[0] ?? '', line),
    ).filter(it => it !== null)
  })
}

function sourceOf(text: string, line: string): Source | null {
  const bare = text
    .replace(/^git\+/, '')
    .replaceAll('\\/', '/')
    .replace(/[#@][^/]*$/, '')
  const url = parseUrl(bare)
  const hosted =
    url !== null && /^(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)$/.test(url.host)
  const git = /^git@|\.git(\/|$|[#?])|^ssh:|^git:/.test(bare) || text.startsWith('git+') || hosted
  const identity = git ? gitIdentity(bare) : registryIdentity(bare)
  return identity === null ? null : { identity, evidence: line.trim().slice(0, 160) }
}

/** `"left-pad": "github:someone/left-pad"`, `replace a => github.com/someone/a v1`, `FROM someone/image`. */
function shortIn(path: string, added: string): readonly Source[] {
  const found: Source[] = []
  const add = (owner: string, line: string): void => {
    const identity = gitIdentity(`https://github.com/${owner}`)
    if (identity !== null) found.push({ identity, evidence: line.trim().slice(0, 160) })
  }
  for (const line of added.split('\n')) {
    const short = /["'](?:github:)?([\w.-]+\/[\w.-]+)(?:#[\w./-]+)?["']\s*,?\s*$/.exec(line)?.[1]
    if (
      /package\.json$/.test(path) &&
      short !== undefined &&
      /:\s*["'](github:)?[\w-]+\/[\w.-]+(#|["'])/.test(line) &&
      !/["'](name|main|types|module|bin|directory|path|url|extends|files|import|require|default|packageManager|tsconfig|preset)["']\s*:/.test(
        line,
      ) &&
      !/["'](\.|@)/.test(line.split(':')[1] ?? '')
    )
      if (/github:|#/.test(line)) add(short, line)
    const gem = /\bgithub:\s*["']([\w.-]+\/[\w.-]+)["']/.exec(line)?.[1]
    if (gem !== undefined) add(gem, line)
    const replaced = /=>\s*(github\.com\/[\w.-]+\/[\w.-]+)/.exec(line)?.[1]
    if (replaced !== undefined && /go\.(mod|work)$/.test(path))
      add(replaced.slice('github.com/'.length), line)
    const image =
      /^\s*FROM\s+(?:--platform=\S+\s+)?([\w.-]+(?:\.[\w.-]+)*(?::\d+)?\/[\w./-]+)/i.exec(line)?.[1]
    if (image !== undefined) {
      const [host = ''] = image.split('/')
      const place = /[.:]/.test(host) ? image : `docker.io/${image}`
      if (
        !/^(mcr\.microsoft\.com|gcr\.io\/distroless|registry\.access\.redhat\.com|public\.ecr\.aws)/.test(
          place,
        )
      )
        found.push({
          identity: { kind: 'registry', id: place.replace(/:[^/]*$/, '').toLowerCase() },
          evidence: line.trim(),
        })
    }
  }
  return found
}

/** Package managers and build tools: the project's own, what it declares, and what is new. */
import { posix } from 'node:path'
import { gitIdentity } from '../../../resources/git.ts'
import { parseUrl, registryIdentity } from '../../../resources/url.ts'
import { type Content, SOMETHING } from '../../effect.ts'
import { type Call, dispatch, type Handler, type Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, type Options, optionsOf, valuesOf } from '../value.ts'
import { walkText } from '../walk.ts'

const TAKING =
  'registry index-url i-url extra-index-url index find-links f r requirement c constraint C prefix cwd dir w workspace filter F tag p package e editable t target proxy cert otp access userconfig features manifest-path j jobs python default-index with m k test-timeout G g o'

const words = (call: Call): string => [call.name.text, ...call.args.map(arg => arg.text)].join(' ')

/** `npm install lodash --registry URL`: from where, and what. */
function registries(options: Options, call: Call, sh: Shell): void {
  for (const arg of valuesOf(
    options,
    'registry',
    'index-url',
    'i',
    'extra-index-url',
    'index',
    'find-links',
    'default-index',
    'source',
  ))
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: 'write',
      names: [words(call)],
      on: arg.known ? registryIdentity(arg.text) : null,
    })
  if (has(options, 'trusted-host'))
    sh.emit({ kind: 'privilege', what: 'disable-check', names: ['--trusted-host'] })
  if (/--strict-ssl[= ]false|--no-verify-ssl/.test(words(call)))
    sh.emit({ kind: 'privilege', what: 'disable-check', names: ['strict-ssl'] })
}

function add(packages: readonly Arg[], call: Call, sh: Shell): Content {
  const fresh = packages.filter(arg => !isOwn(arg.text, call, sh))
  if (fresh.length === 0) sh.exec('declared', words(call))
  for (const arg of fresh) {
    const url = parseUrl(arg.text)
    const remote = /^(git\+|https?:|git:|ssh:|github:|gitlab:)|^[\w.-]+\/[\w.-]+$/.test(arg.text)
    const from = remote
      ? (gitIdentity(arg.text.replace(/^git\+/, '')) ??
        (url === null ? null : { kind: 'domain' as const, id: url.place }))
      : null
    sh.exec(remote ? 'network' : 'package', words(call), from === null ? [] : [from])
  }
  return SOMETHING
}

/** A path in the project, or a name that its manifest has. */
function isOwn(text: string, call: Call, sh: Shell): boolean {
  if (/^(\.{0,2}\/|\.$|\.\[|file:|-e)/.test(text)) return !/^(\/|\.\.)/.test(text)
  const name = text.replace(/(?<=.)@[^/]*$/, '').replace(/[=<>~![].*$/, '')
  const manifest = /^(npm|pnpm|yarn|bun)$/.test(call.name.text)
    ? 'package.json'
    : /pip|uv|poetry/.test(call.name.text)
      ? 'pyproject.toml'
      : 'Cargo.toml'
  const fact = sh.facts.files[posix.join(sh.scope.cwd ?? sh.facts.projectRoot, manifest)]
  return (
    fact?.kind === 'file' &&
    name !== '' &&
    (fact.content.includes(`"${name}"`) || fact.content.includes(`\n${name} `))
  )
}

/** A script of package.json, looked into where it is known. */
function script(name: Arg | undefined, args: readonly Arg[], call: Call, sh: Shell): Content {
  const file = sh.facts.files[posix.join(sh.scope.cwd ?? sh.facts.projectRoot, 'package.json')]
  const text = file?.kind === 'file' && name?.known ? scriptIn(file.content, name.text) : null
  sh.exec('project', words(call))
  if (text === null || !sh.enter()) return SOMETHING
  try {
    const extra = args.filter(arg => arg.text !== '--').map(arg => arg.text)
    return sh.apart(() => walkText([text, ...extra].join(' '), call.stdin, sh))
  } finally {
    sh.leave()
  }
}

function scriptIn(manifest: string, name: string): string | null {
  try {
    const parsed: unknown = JSON.parse(manifest)
    if (typeof parsed !== 'object' || parsed === null || !('scripts' in parsed)) return null
    const { scripts } = parsed
    if (typeof scripts !== 'object' || scripts === null || !Object.hasOwn(scripts, name))
      return null
    const text: unknown = Reflect.get(scripts, name)
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}

const NPM_READS =
  /^(view|info|show|ls|list|outdated|audit|why|explain|fund|ping|root|bin|prefix|whoami|help|search|docs|pack|version|-v|--version|query|doctor|licenses|store|cache)$/
const PUBLISHES =
  /^(publish|unpublish|deprecate|dist-tag|owner|access|token|team|org|login|logout|adduser|hook|star|yank)$/

const npm: Handler = (call, sh) => {
  const options = optionsOf(call.args, TAKING)
  const [verb = known(''), ...rest] = options.rest
  const folder = valuesOf(options, 'prefix', 'C', 'cwd', 'dir')[0]
  return sh.apart(() => {
    if (folder !== undefined) sh.scope.cwd = sh.target(folder).path
    registries(options, call, sh)
    const name = verb.text
    if (!verb.known) return unseen(call, sh)
    if (PUBLISHES.test(name)) return publish(name, rest, options, call, sh)
    if (name === 'config' || name === 'set') return config(rest, call, sh)
    if (/^(exec|x|dlx|create|init)$/.test(name))
      return rest.length === 0 ? declared(call, sh) : npx({ ...call, args: rest }, sh)
    if (/^(run|run-script)$/.test(name)) return script(rest[0], rest.slice(1), call, sh)
    if (/^(test|t|start|stop|restart|build|dev|lint)$/.test(name))
      return script(verb, rest, call, sh)
    if (/^(ci|install-test|prune|dedupe|rebuild|install-ci-test|link|import)$/.test(name))
      return declared(call, sh)
    if (/^(install|i|add|in|ins|upgrade|update|up)$/.test(name))
      return has(options, 'g', 'global') ? globally(call, sh) : add(rest, call, sh)
    if (/^(uninstall|remove|rm|un|r)$/.test(name)) return declared(call, sh)
    if (NPM_READS.test(name)) return SOMETHING
    // yarn, pnpm and bun run scripts, or files, by their bare names.
    if (call.name.text === 'bun' && /\.[cm]?[jt]sx?$/.test(name))
      return dispatch({ ...call, name: known('node') }, sh)
    if (call.name.text === 'yarn' && name === '') return declared(call, sh)
    return call.name.text === 'npm' ? unseen(call, sh) : script(verb, rest, call, sh)
  })
}

function unseen(call: Call, sh: Shell): Content {
  sh.exec('unknown', words(call))
  return SOMETHING
}

function declared(call: Call, sh: Shell): Content {
  sh.exec('declared', words(call))
  return SOMETHING
}

function globally(call: Call, sh: Shell): Content {
  sh.exec('package', words(call))
  return SOMETHING
}

function publish(
  verb: string,
  rest: readonly Arg[],
  options: Options,
  call: Call,
  sh: Shell,
): Content {
  if (/^(owner|access|token|team|org|login|logout|adduser)$/.test(verb)) {
    const reads = /^(ls|list|get)$/.test(rest[0]?.text ?? '')
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: reads ? 'read' : 'grant',
      names: [words(call)],
      on: null,
    })
    return SOMETHING
  }
  const to = valuesOf(options, 'registry', 'repository-url', 'index')[0]
  const dry = has(options, 'dry-run', 'n')
  if (!dry)
    sh.emit({
      kind: 'send',
      to: to === undefined ? null : registryIdentity(to.text),
      means: 'publish',
      payload: ['project'],
      does: 'write',
    })
  return SOMETHING
}

function config(rest: readonly Arg[], call: Call, sh: Shell): Content {
  const text = rest.map(arg => arg.text).join(' ')
  if (/^(get|list|ls)\b/.test(text)) return SOMETHING
  if (
    /strict-ssl[= ]+false|ssl.?verify|cafile|https?-proxy|ignore-scripts[= ]+false|trusted-host|audit[= ]+false/i.test(
      text,
    )
  )
    sh.emit({ kind: 'privilege', what: 'disable-check', names: [text] })
  const url = rest
    .map(arg => /(?:^|=)(https?:\/\/\S+)/.exec(arg.text)?.[1])
    .find(found => found !== undefined)
  if (/registry|index-url/.test(text))
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: 'write',
      names: [words(call)],
      on: url === undefined ? null : registryIdentity(url),
    })
  sh.emit({
    kind: 'write',
    target: sh.target(known(`${sh.facts.home}/.npmrc`)),
    how: 'edit',
    content: null,
    replaced: null,
  })
  return SOMETHING
}

/** Tools that projects run this way; another package's name means code from the registry. */
const TOOLS =
  /^(vitest|jest|mocha|ava|eslint|prettier|tsc|tsx|ts-node|tsup|vite|webpack|rollup|esbuild|turbo|nx|next|playwright|cypress|biome|@biomejs\/biome|stylelint|nodemon|concurrently|rimraf|c8|nyc|knip|astro|svelte-check|vue-tsc|typedoc|storybook|oxlint|husky|lint-staged|commitlint|changeset|prisma|drizzle-kit|lerna|tap|xo|standard|depcheck|madge|ruff|black|mypy|pytest|isort|flake8|pyright|tox|nox|pre-commit|jscodeshift|ncu|npm-check-updates|tailwindcss|postcss|sass|swc|babel|gulp|grunt|size-limit|publint|attw|tsd|cspell|markdownlint|markdownlint-cli2|uvicorn|alembic|serve|http-server|wait-on|json|semver|mkdirp|cross-env|dotenv|ng|expo|react-scripts|gatsby|nuxt|nuxi|remix|cdk|sst|serverless|wrangler|vercel|netlify|firebase|pulumi|codex|claude|cowsay)$/

const npx: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'p package c call from with python', true)
  const [code] = valuesOf(options, 'c', 'call')
  if (code !== undefined) return walkText(code.text, call.stdin, sh)
  const [name, ...args] = options.rest
  if (name === undefined || !name.known) return unseen(call, sh)
  const tool = name.text
    .replace(/^@biomejs\/biome$/, 'biome')
    .replace(/^(aws-)?cdk$/, 'cdk')
    .replace(/(?<=.)@[\w.^~-]+$/, '')
  if (options.flags.has('p') || options.flags.has('package') || !TOOLS.test(tool)) {
    sh.exec('package', words(call))
    return SOMETHING
  }
  return dispatch({ ...call, name: { ...name, text: tool }, args }, sh)
}

/** Compilers, test runners, linters: what they run is the project's. */
const build: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'o out-dir outDir output')
  sh.exec('project', words(call))
  for (const file of valuesOf(options, 'o', 'output', 'out-dir', 'outDir'))
    sh.write(sh.target(file), 'make', SOMETHING)
  return SOMETHING
}

const make: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'f file makefile C directory I j W o')
  const file = valuesOf(options, 'f', 'file', 'makefile')[0]
  const content =
    file?.text === '-' ? call.stdin : file === undefined ? null : sh.content(sh.target(file))
  if (content?.flows.includes('network')) sh.exec('network', words(call), content.from)
  else if (content !== null && content?.text !== null && content !== undefined) {
    for (const line of content.text.split('\n'))
      if (/^\t/.test(line))
        walkText(
          line
            .trim()
            .replace(/^[@-]+/, '')
            .replaceAll('$$', '$'),
          SOMETHING,
          sh,
        )
  } else if (file?.text === '-') sh.exec('unknown', words(call))
  else build(call, sh)
  return SOMETHING
}

const pip: Handler = (call, sh) => {
  const options = optionsOf(call.args, TAKING)
  const [verb, ...rest] = options.rest
  registries(options, call, sh)
  switch (verb?.text) {
    case 'install':
    case 'download':
    case 'wheel':
    case 'add': {
      const listed = has(options, 'r', 'requirement', 'e', 'editable')
      return listed && rest.length === 0 ? declared(call, sh) : add(rest, call, sh)
    }
    case 'sync':
    case 'lock':
    case 'venv':
    case 'check':
    case 'list':
    case 'show':
    case 'freeze':
    case 'tree':
    case '--version':
    case 'uninstall':
    case 'remove':
    case 'debug':
    case 'cache':
    case 'python':
      return declared(call, sh)
    case 'pip':
      return pip({ ...call, args: rest }, sh)
    case 'config':
      return config(rest, call, sh)
    case 'publish':
    case 'upload':
      return publish('publish', rest, options, call, sh)
    case 'run': {
      const [name, ...args] = optionsOf(call.args.slice(1), 'with python p extra group', true).rest
      return name === undefined ? declared(call, sh) : dispatch({ ...call, name, args }, sh)
    }
    case 'tool':
    case 'x':
      return npx({ ...call, args: rest.filter(arg => arg.text !== 'run') }, sh)
    default:
      return unseen(call, sh)
  }
}

/** Verbs of build tools that have their own package manager. */
function toolchain(project: RegExp, adds: RegExp, publishes: RegExp): Handler {
  return (call, sh) => {
    const options = optionsOf(call.args, TAKING)
    const [verb = known(''), ...rest] = options.rest
    registries(options, call, sh)
    if (!verb.known) return unseen(call, sh)
    if (publishes.test(verb.text)) return publish(verb.text, rest, options, call, sh)
    if (adds.test(verb.text)) return rest.length === 0 ? declared(call, sh) : add(rest, call, sh)
    // `go run example.org/x@latest`
    if (verb.text === 'run' && rest[0]?.text.includes('@')) return globally(call, sh)
    if (project.test(verb.text)) return build(call, sh)
    return unseen(call, sh)
  }
}

const cargo = toolchain(
  /^(build|b|test|t|run|r|check|c|clippy|fmt|doc|bench|clean|fetch|update|tree|metadata|nextest|--version|generate-lockfile|vendor|fix|expand|llvm-cov|audit|init|new)$/,
  /^(add|install|remove)$/,
  /^(publish|yank|owner|login)$/,
)
const go = toolchain(
  /^(build|test|vet|fmt|mod|list|env|version|generate|doc|tool|clean|work|run)$/,
  /^(get|install)$/,
  /^$/,
)
const gem = toolchain(/^(list|info|search|environment|build)$/, /^install$/, /^(push|yank|owner)$/)
const bundle = toolchain(
  /^(install|exec|check|list|show|update|outdated|info|lock|config|)$/,
  /^add$/,
  /^$/,
)
const poetry = toolchain(
  /^(install|lock|check|show|build|env|run|update|sync)$/,
  /^add$/,
  /^publish$/,
)
const maven = toolchain(
  /^(test|compile|package|verify|install|clean|dependency:\w+|validate|build|check|assemble|tasks|dependencies|site|spotless\w+|ktlint\w+|test\w*|lint\w*)$/,
  /^$/,
  /^(deploy|publish\w*|release:\w+|uploadArchives)$/,
)
const system = toolchain(
  /^(list|info|search|show|outdated|--version|policy|leaves|deps|config)$/,
  /^(install|upgrade|update|reinstall|dist-upgrade|add|tap)$/,
  /^$/,
)

const twine: Handler = (call, sh) =>
  call.args[0]?.text === 'check'
    ? SOMETHING
    : publish('publish', [], optionsOf(call.args, TAKING), call, sh)

const BUILDS =
  'tsc vitest jest mocha ava eslint prettier biome tsup vite webpack rollup esbuild turbo nx next playwright cypress stylelint c8 nyc knip astro svelte-check vue-tsc typedoc oxlint lint-staged commitlint changeset tap xo standard depcheck madge ruff black mypy pytest isort flake8 pyright tox nox pre-commit pylint bandit coverage jscodeshift ncu npm-check-updates tailwindcss postcss sass swc babel gulp grunt size-limit publint attw tsd cspell markdownlint markdownlint-cli2 serve wait-on semver mkdirp ng react-scripts gatsby nuxt remix lerna cmake ctest ninja meson bazel gcc g++ clang clang++ cc c++ javac rustc rustfmt gofmt golangci-lint clang-format clang-tidy shellcheck shfmt hadolint actionlint yamllint rspec rubocop rake mix phpunit phpstan composer-none swift xcodebuild dotnet sbt zig just task tsx ts-node nodemon concurrently storybook expo hatch'

export const packages: Handlers = {
  ...Object.fromEntries(BUILDS.split(' ').map(name => [name, build])),
  npm,
  pnpm: npm,
  yarn: npm,
  bun: npm,
  npx,
  bunx: npx,
  pnpx: npx,
  uvx: npx,
  pipx: pip,
  pip,
  pip3: pip,
  uv: pip,
  poetry,
  pdm: poetry,
  make,
  gmake: make,
  cargo,
  go,
  gem,
  bundle,
  bundler: bundle,
  mvn: maven,
  mvnw: maven,
  gradle: maven,
  gradlew: maven,
  twine,
  brew: system,
  apt: system,
  'apt-get': system,
  yum: system,
  dnf: system,
  apk: system,
  pacman: system,
}

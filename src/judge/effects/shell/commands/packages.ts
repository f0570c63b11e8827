/** Package managers and build tools: what is the project's own, declared, or new. */

import { placeOf } from '../../../paths.ts'
import { gitIdentity } from '../../../resources/git.ts'
import { registryIdentity, urlIdentity } from '../../../resources/url.ts'
import { SOMETHING } from '../../effect.ts'
import { type Handler, type Handlers, program } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'
import {
  add,
  config,
  declared,
  globally,
  publish,
  registries,
  TAKING,
  unseen,
  words,
} from './package-parts.ts'
import { nodePackages, npx } from './packages-node.ts'

/** Compilers, test runners, linters: what they run is the project's. */
const build: Handler = (call, sh) => {
  if (fetchedIn(call, sh)) return SOMETHING
  sh.exec('project', words(call))
  for (const file of outputsOf(call.args)) built(file, sh)
  return SOMETHING
}

/** Anything it is told to build that came from elsewhere makes it that. */
function fetchedIn(call: Parameters<Handler>[0], sh: Shell): boolean {
  for (const arg of call.args) {
    const text = arg.text.replace(/^-{1,2}[\w.]*=|^-[A-Z][\w:]*=/, '')
    if (!arg.known || !/[./]/.test(text) || text.startsWith('-')) continue
    const content = sh.content(sh.target({ ...arg, text }))
    if (!content.flows.includes('network')) continue
    sh.exec('network', words(call), content.from)
    return true
  }
  return false
}

/** `-o FILE`; other single dashes of compilers are no clusters of letters. */
function outputsOf(args: readonly Arg[]): readonly Arg[] {
  return args.flatMap((arg, i) => {
    if (/^(-o|--out|--output|--out-?dir|--outDir)$/.test(arg.text)) return args.slice(i + 1, i + 2)
    const given = /^(?:-o|--out(?:put)?(?:-?[dD]ir)?=)(.+)$/.exec(arg.text)?.[1]
    return given === undefined || /^-o(pt|k|[a-z]{4,})/.test(arg.text)
      ? []
      : [{ ...arg, text: given }]
  })
}

/** What is built from the project is the project's, wherever it is put. */
function built(file: Arg, sh: Shell): void {
  const target = sh.target(file)
  sh.write(target, 'make', SOMETHING)
  if (target.path === null || target.glob !== '') return
  sh.puts(target.path, { text: null, flows: ['project'], from: [] })
  sh.makesFile(target.path)
}

/** The lines of a makefile that a shell runs: behind a tab, or behind a `;` of the rule's own line. */
function rules(text: string, sh: Shell): void {
  for (const line of text.split('\n')) {
    const recipe = /^\t(.*)$/.exec(line)?.[1] ?? /^[^\t#=:]*::?[^=;]*;(.*)$/.exec(line)?.[1]
    if (/\$\(\s*(shell|eval|file|guile)\b|^[^#]*!=|^\s*-?(include|load)\b/.test(line))
      sh.exec('unknown', line)
    if (recipe === undefined) continue
    const code = recipe.trim().replace(/^[@+-]+/, '')
    runShell(code.replaceAll('$$', '$'), SOMETHING, sh)
  }
}

const make: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'f file makefile C directory I j W o eval E')
  // More of a makefile, and variables such as the shell that runs its lines.
  for (const text of valuesOf(options, 'eval', 'E')) rules(text.text, sh)
  if (call.args.some(arg => /^(SHELL|MAKEFLAGS|MAKEFILES|\.SHELLFLAGS)\W?=/.test(arg.text)))
    sh.exec('unknown', words(call))
  const file = valuesOf(options, 'f', 'file', 'makefile')[0]
  const content =
    file?.text === '-' ? call.stdin : file === undefined ? null : sh.content(sh.target(file))
  if (content?.flows.includes('network')) sh.exec('network', words(call), content.from)
  else if (content !== null && content?.text !== null && content !== undefined) {
    rules(content.text, sh)
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
      const listed =
        has(options, 'r', 'requirement', 'e', 'editable', 'no-deps-none') ||
        call.args.some(arg => /^-r/.test(arg.text)) ||
        rest.some(arg => /^(pip|setuptools|wheel)$/.test(arg.text))
      const fresh = rest.filter(arg => !/^(pip|setuptools|wheel|:\w+:)$|^[./~]/.test(arg.text))
      return listed && fresh.length === 0 ? declared(call, sh) : add(rest, call, sh)
    }
    case 'index':
    case 'compile':
    case 'inspect':
    case 'hash':
    case 'export':
    case 'version':
    case 'init':
    case 'build':
    case 'help':
    case 'self':
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
      return name === undefined || /^\w+:\w+$/.test(name.text)
        ? declared(call, sh)
        : program({ ...call, name, args }, sh)
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
    if (
      /^(--?version|-[vVQ]\w*|--?help|help|version)$/.test(call.args[0]?.text ?? '') &&
      rest.length === 0
    )
      return SOMETHING
    if (publishes.test(verb.text)) return publish(verb.text, rest, options, call, sh)
    if (adds.test(verb.text)) return rest.length === 0 ? declared(call, sh) : add(rest, call, sh)
    // `go run example.org/x@latest`
    if (verb.text === 'run' && rest[0]?.text.includes('@')) return globally(call, sh)
    if (project.test(verb.text)) return build(call, sh)
    // A plug-in of the tool's, or a task of the project's.
    return /^[\w:.-]+$/.test(verb.text) ? build(call, sh) : unseen(call, sh)
  }
}

const cargo: Handler = (call, sh) =>
  // From the project's own folder.
  (call.args[0]?.text === 'install' && call.args.some(arg => arg.text === '--path')
    ? build
    : cargoVerbs)(
    { ...call, args: call.args.filter((arg, i) => !(i === 0 && arg.text.startsWith('+'))) },
    sh,
  )

const cargoVerbs = toolchain(
  /^(build|b|test|t|run|r|check|c|clippy|fmt|doc|bench|clean|fetch|update|tree|metadata|nextest|--version|generate-lockfile|vendor|fix|expand|llvm-cov|audit|init|new)$/,
  /^(add|install|remove)$/,
  /^(publish|yank|owner|login)$/,
)
const go = toolchain(
  /^(build|test|vet|fmt|mod|list|env|version|generate|doc|tool|clean|work|run)$/,
  /^(get|install)$/,
  /^$/,
)
const gem: Handler = (call, sh) => {
  const text = call.args.map(arg => arg.text).join(' ')
  const url = /^sources? .*(-a|--add)\s+(\S+)/.exec(text)?.[2]
  if (url !== undefined)
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: 'write',
      names: [words(call)],
      on: registryIdentity(url),
    })
  return url === undefined ? gemVerbs(call, sh) : SOMETHING
}

const gemVerbs = toolchain(
  /^(list|info|search|environment|build)$/,
  /^install$/,
  /^(push|yank|owner)$/,
)
/** `poetry run command`: the command too, whatever the tool itself does. */
function starting(verb: string, handler: Handler): Handler {
  return (call, sh) => {
    const at = call.args.findIndex(arg => arg.text === verb)
    const [name, ...args] = at < 0 ? [] : optionsOf(call.args.slice(at + 1), '', true).rest
    if (name !== undefined) program({ ...call, name, args }, sh)
    return handler(call, sh)
  }
}

const bundle = starting(
  'exec',
  toolchain(/^(install|exec|check|list|show|update|outdated|info|lock|config|)$/, /^add$/, /^$/),
)
const poetry = starting(
  'run',
  toolchain(/^(install|lock|check|show|build|env|run|update|sync)$/, /^add$/, /^publish$/),
)
/** Settings from elsewhere say where everything is taken from. */
function mavenSettings(call: Parameters<Handler>[0], sh: Shell): null {
  const at = call.args.findIndex(arg => /^(-s|--settings)$/.test(arg.text))
  const file = at < 0 ? undefined : call.args[at + 1]
  if (file === undefined) return null
  const { path } = sh.target(file)
  if (path === null || placeOf(path, sh.facts).kind !== 'project')
    sh.emit({ kind: 'cloud', provider: 'registry', verb: 'write', names: [words(call)], on: null })
  return null
}

/** Where a property says that sources or a database are. */
function mavenProperties(call: Parameters<Handler>[0], sh: Shell): null {
  for (const { text } of call.args) {
    const server = /^-Dsonar\.host\.url=(.+)$/.exec(text)?.[1]
    if (server !== undefined)
      sh.emit({
        kind: 'send',
        to: urlIdentity(server),
        means: 'copy',
        payload: ['project'],
        does: 'write',
      })
    const host = /^-D[\w.]*\burl=jdbc:\w+:\/\/([\w.-]+)/.exec(text)?.[1]
    const verb = call.args.some(arg => /^flyway:clean$/.test(arg.text)) ? 'destroy' : 'write'
    if (host !== undefined)
      sh.emit({
        kind: 'cloud',
        provider: 'database',
        verb,
        names: [text],
        on: { kind: 'database', id: host },
      })
  }
  return null
}

/** `-o` is offline here, and `-pl` takes a value. */
const maven: Handler = (call, sh) =>
  mavenSettings(call, sh) ??
  mavenProperties(call, sh) ??
  mavenVerbs(
    {
      ...call,
      args: call.args.filter(
        (arg, i) =>
          !/^-(o|q|X|e|B|ntp|am|amd|U|fae|T\d?|P.*|D.*|pl|f|s|rf|--.*)$/.test(arg.text) &&
          !/^-(pl|f|s|rf|T|P)$/.test(call.args[i - 1]?.text ?? ''),
      ),
    },
    sh,
  )

const mavenVerbs = toolchain(
  /^(test|compile|package|verify|install|clean|dependency:\w+|validate|build|check|assemble|tasks|dependencies|site|spotless\w+|ktlint\w+|test\w*|lint\w*)$/,
  /^$/,
  /^(deploy|publish\w*|release:\w+|uploadArchives)$/,
)
const systemVerbs = toolchain(
  /^(list|info|search|show|outdated|--version|policy|leaves|deps|config)$/,
  /^(install|upgrade|update|reinstall|dist-upgrade|add|tap)$/,
  /^$/,
)

const system: Handler = (call, sh) =>
  /^-(Q|S[si]|F|T|D)|^-l|^--(installed|list)/.test(call.args[0]?.text ?? '')
    ? SOMETHING
    : systemVerbs(call, sh)

/** `pod trunk push`, `fastlane deliver`. */
const store: Handler = (call, sh) => {
  const text = call.args.map(arg => arg.text).join(' ')
  const options = optionsOf(call.args, TAKING)
  if (/^(trunk|repo) push\b|\b(deliver|pilot|upload_to_\w+|supply|release|beta)\b/.test(text))
    return publish('publish', options.rest, options, call, sh)
  return build(call, sh)
}

/** `dotnet nuget push`, `mix hex.publish`. */
const dotnet: Handler = (call, sh) => {
  const text = call.args.map(arg => arg.text).join(' ')
  const options = optionsOf(call.args, TAKING)
  if (/^nuget (push|delete)\b|^hex\.publish\b(?! docs)|^hex\.retire\b/.test(text))
    return publish('publish', options.rest, options, call, sh)
  if (/^nuget add source\b|--add-source\b/.test(text)) {
    const url = call.args.find(arg => /^https?:/.test(arg.text))
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: 'write',
      names: [words(call)],
      on: url === undefined ? null : registryIdentity(url.text),
    })
  }
  return build(call, sh)
}

const twine: Handler = (call, sh) =>
  call.args[0]?.text === 'check'
    ? SOMETHING
    : publish('publish', [], optionsOf(call.args, TAKING), call, sh)

const BUILDS =
  'tsc vitest jest mocha ava eslint prettier biome tsup vite webpack rollup esbuild turbo nx next playwright cypress stylelint c8 nyc knip astro svelte-check vue-tsc typedoc oxlint lint-staged commitlint changeset tap xo standard depcheck madge ruff black mypy pytest isort flake8 pyright tox nox pre-commit pylint bandit coverage jscodeshift ncu npm-check-updates tailwindcss postcss sass swc babel gulp grunt size-limit publint attw tsd cspell markdownlint markdownlint-cli2 serve wait-on semver mkdirp ng react-scripts gatsby nuxt remix lerna cmake ctest ninja meson bazel gcc g++ clang clang++ cc c++ javac rustc rustfmt gofmt golangci-lint clang-format clang-tidy shellcheck shfmt hadolint actionlint yamllint rspec rubocop rake mix phpunit phpstan composer-none swift xcodebuild dotnet sbt zig just task tsx ts-node nodemon concurrently storybook expo cap molecule kitchen ionic tns wasm-pack trunk leptos sqlx diesel buf protoc xcodegen swiftlint swiftformat ktlint detekt flutter dart gleam rebar3 stack cabal idf.py pio platformio west openscad conan pg_ctl initdb'

/** Settings that lead to another registry, or stop looking at who it is. */
function settings(then: Handler): Handler {
  return (call, sh) => {
    const text = call.args.map(arg => arg.text).join(' ')
    if (
      /^config\b/.test(text) &&
      /ssl_verify|no_verify|secure-http false|disable-tls|audit/i.test(text)
    )
      sh.emit({ kind: 'privilege', what: 'disable-check', names: [call.name.text, text] })
    const url =
      /^(?:config|mod edit)\b.*?\b(?:mirror|repositories|repo|registry|source|-replace)\S*.*?((?:https?:\/\/|github\.com\/)\S+)$/.exec(
        text,
      )?.[1]
    if (url === undefined) return then(call, sh)
    const on = /github\.com/.test(url)
      ? gitIdentity(/:\/\//.test(url) ? url : `https://${url.replace(/@.*$/, '')}`)
      : registryIdentity(url)
    sh.emit({ kind: 'cloud', provider: 'registry', verb: 'write', names: [words(call)], on })
    return SOMETHING
  }
}

const composer = toolchain(
  /^(install|update|dump-autoload|show|validate|test|run|run-script|exec|outdated|audit|check|why|licenses|config|init|fund|status|diagnose|reinstall|bump)$/,
  /^(require|create-project|global)$/,
  /^$/,
)

export const packages: Handlers = {
  ...Object.fromEntries(BUILDS.split(' ').map(name => [name, build])),
  ...nodePackages,
  pipx: pip,
  pip,
  pip3: pip,
  uv: pip,
  poetry,
  pdm: poetry,
  pipenv: poetry,
  rye: poetry,
  hatch: poetry,
  make,
  gmake: make,
  cargo,
  go: settings(go),
  gem,
  bundle: settings(bundle),
  bundler: settings(bundle),
  composer: settings(composer),
  mvn: maven,
  mvnw: maven,
  gradle: maven,
  gradlew: maven,
  twine,
  dotnet,
  mix: dotnet,
  pod: store,
  fastlane: store,
  brew: system,
  apt: system,
  'apt-get': system,
  yum: system,
  dnf: system,
  apk: system,
  pacman: system,
}

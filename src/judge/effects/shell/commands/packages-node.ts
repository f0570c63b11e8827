/** npm and its like: scripts of package.json, packages, and tools that run from the registry. */
import { posix } from 'node:path'
import { type Content, SOMETHING } from '../../effect.ts'
import { type Call, type Handler, type Handlers, program } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, optionsOf, valuesOf } from '../value.ts'
import { runShell } from '../walk.ts'
import { runCode } from './builtins.ts'
import {
  add,
  config,
  declared,
  globally,
  publish,
  registries,
  unseen,
  words,
} from './package-parts.ts'

/** A script of package.json, looked into where it is known. */
function script(name: Arg | undefined, args: readonly Arg[], call: Call, sh: Shell): Content {
  const file = sh.facts.files[posix.join(sh.scope.cwd ?? sh.facts.projectRoot, 'package.json')]
  const text = file?.kind === 'file' && name?.known ? scriptIn(file.content, name.text) : null
  sh.exec('project', words(call))
  if (text === null || !sh.enter()) return SOMETHING
  try {
    const extra = args.filter(arg => arg.text !== '--').map(arg => arg.text)
    return runShell([text, ...extra].join(' '), call.stdin, sh)
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
  /^(view|info|show|ls|list|outdated|audit|why|explain|fund|ping|root|bin|prefix|whoami|help|search|docs|pack|version|-v|--version|query|doctor|licenses|store|cache|pkg|sbom|shrinkwrap|edit|explore|diff|team-none)$/
const PUBLISHES =
  /^(publish|unpublish|deprecate|dist-tag|owner|access|token|team|org|login|logout|adduser|hook|star|yank)$/

/** Here `-r` and `-f` stand alone. */
const NODE_TAKING =
  'registry C prefix cwd dir w workspace filter F tag otp access userconfig cache loglevel cert proxy p-none'

const npm: Handler = (call, sh) => {
  const options = optionsOf(call.args, NODE_TAKING)
  const [verb = known(''), ...rest] = options.rest
  const folder = valuesOf(options, 'prefix', 'C', 'cwd', 'dir')[0]
  return sh.apart(() => {
    if (folder !== undefined) sh.scope.cwd = sh.target(folder).path
    registries(options, call, sh)
    const name = verb.text
    if (name === '' && has(options, 'v', 'version', 'h', 'help')) return SOMETHING
    if (!verb.known) return unseen(call, sh)
    if (PUBLISHES.test(name)) return publish(name, rest, options, call, sh)
    if (name === 'config' || name === 'set') return config(rest, call, sh)
    if (/^(exec|x)$/.test(name) && has(options, 'c', 'call'))
      return npx({ ...call, args: call.args.slice(call.args.indexOf(verb) + 1) }, sh)
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
      return program({ ...call, name: known('node') }, sh)
    if (call.name.text === 'yarn' && name === '') return declared(call, sh)
    return call.name.text === 'npm' ? unseen(call, sh) : script(verb, rest, call, sh)
  })
}

/** Tools that projects run this way; another package's name means code from the registry. */
const TOOLS =
  /^(vitest|jest|mocha|ava|eslint|prettier|tsc|tsx|ts-node|tsup|vite|webpack|rollup|esbuild|turbo|nx|next|playwright|cypress|biome|@biomejs\/biome|stylelint|nodemon|concurrently|rimraf|c8|nyc|knip|astro|svelte-check|vue-tsc|typedoc|storybook|oxlint|husky|lint-staged|commitlint|changeset|prisma|drizzle-kit|lerna|tap|xo|standard|depcheck|madge|ruff|black|mypy|pytest|isort|flake8|pyright|tox|nox|pre-commit|jscodeshift|ncu|npm-check-updates|tailwindcss|postcss|sass|swc|babel|gulp|grunt|size-limit|publint|attw|tsd|cspell|markdownlint|markdownlint-cli2|autocannon|json-server|license-checker|npm-run-all|npm-run-all2|kill-port|create-[\w-]+|openapi-typescript|graphql-codegen|@graphql-codegen\/cli|@redocly\/cli|redocly|swagger-cli|tsc-watch|ts-prune|tsdown|unbuild|wdio|@playwright\/test|@angular\/cli|@vue\/cli|@nestjs\/cli|nest|sequelize-cli|sequelize|typeorm|knex|mikro-orm|http-server|degit|vitepress|docusaurus|eleventy|@11ty\/eleventy|astro|markdown-link-check|linkinator|pa11y|lighthouse|@lhci\/cli|bundlesize|source-map-explorer|webpack-bundle-analyzer|esbuild-visualizer|dependency-cruiser|depcruise|syncpack|manypkg|@manypkg\/cli|publint|@arethetypeswrong\/cli|sort-package-json|prettier-package-json|cowsay|hint|eslint_d|prettierd|react-native|react-devtools|eas-cli|expo-doctor|electron|electron-builder|tauri|@tauri-apps\/cli|cap|wasm-pack|node-gyp|zx|tldr|newman|k6|artillery|loadtest|mkdocs|sphinx-build|codespell|vulture|bandit|pip-audit|cookiecutter|copier|jupyter|ipython|streamlit|poethepoet|poe|httpie|uvicorn|alembic|serve|http-server|wait-on|json|semver|mkdirp|cross-env|dotenv|ng|expo|react-scripts|gatsby|nuxt|nuxi|remix|cdk|sst|serverless|wrangler|vercel|netlify|firebase|pulumi|codex|claude|signalbox)$/

export const npx: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'p package c call from with python', true)
  const [code] = valuesOf(options, 'c', 'call')
  if (code !== undefined) return sh.child(() => runCode(code, call.stdin, sh))
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
  return program({ ...call, name: { ...name, text: tool }, args }, sh)
}

export const nodePackages: Handlers = {
  npm,
  pnpm: npm,
  yarn: npm,
  bun: npm,
  npx,
  bunx: npx,
  pnpx: npx,
  uvx: npx,
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, constants, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The generation whose safety classifier runs in the client, and the one that asks the server. */
export const CLIENT_VERSIONS = ['2.1.150', '2.1.330'] as const

/**
 * Between them: 2.1.205 still classifies by itself, and is the first to mark its refusals; 2.1.278 asks
 * the server, and classifies by itself where that does not answer. Neither writes down who approved.
 */
export const ALL_VERSIONS = ['2.1.150', '2.1.205', '2.1.278', '2.1.330'] as const

/**
 * Installs a version of the client, unless an earlier run has, and returns the path of its
 * program. The copies (240 and 370 MB) stay in the user's cache folder, never in the repository.
 */
export function installClient(version: string): Promise<string> {
  return installed(version, `@anthropic-ai/claude-code@${version}`, [], programIn)
}

/** The Agent SDK of the newest client, without a client of its own (67 MB). @returns its module */
export function installSdk(): Promise<string> {
  const specification = '@anthropic-ai/claude-agent-sdk@0.3.330'
  return installed('sdk-0.3.330', specification, ['--omit=optional'], folder =>
    join(folder, 'node_modules/@anthropic-ai/claude-agent-sdk/sdk.mjs'),
  )
}

/** The oldest Node that is supported, and the newest of each line that is. */
export const NODE_VERSIONS = ['22.22.0', '24.21.0', '26.10.0'] as const

/** A Node of that version (about 190 MB each). @returns the path of its program */
export function installNode(version: string): Promise<string> {
  const isAppleSilicon = process.platform === 'darwin' && process.arch === 'arm64'
  const name = `node${isAppleSilicon ? '-bin' : ''}-${process.platform}-${process.arch}`
  return installed(`node-${version}`, `${name}@${version}`, [], folder =>
    join(folder, 'node_modules', name, 'bin', 'node'),
  )
}

async function installed(
  name: string,
  specification: string,
  flags: readonly string[],
  fileIn: (folder: string) => string,
): Promise<string> {
  const folder = join(cacheFolder(), name)
  const file = fileIn(folder)
  if (await isThere(file)) return file
  await mkdir(cacheFolder(), { recursive: true })
  const temporary = await mkdtemp(`${folder}.`)
  try {
    await npmInstall(temporary, [...flags, specification])
    if (!(await isThere(fileIn(temporary))))
      throw new Error(`${specification} has nothing for this platform`)
    await moveInto(temporary, folder, file)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  return file
}

function cacheFolder(): string {
  const chosen = process.env.SIGNALBOX_CLIENT_CACHE
  if (chosen) return chosen
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'signalbox-test-clients')
}

function programIn(folder: string): string {
  const name = process.platform === 'win32' ? 'claude.exe' : 'claude'
  const platform = `claude-code-${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`
  return join(folder, 'node_modules', '@anthropic-ai', platform, name)
}

/** Alpine and its like: the report names the glibc version only where there is one. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false
  // Node types the report as a bare object.
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime === undefined
}

async function npmInstall(folder: string, words: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--no-audit', '--no-fund', '--loglevel', 'error', ...words]
  const npm = spawn('npm', args, { cwd: folder, stdio: 'inherit' })
  const [code] = await once(npm, 'close')
  if (code !== 0) throw new Error(`npm install ${words.join(' ')} ended with code ${code}`)
}

/** A rename is all or nothing: an interrupted install is never taken for a whole one. */
async function moveInto(temporary: string, folder: string, file: string): Promise<void> {
  if (!(await isThere(file))) await rm(folder, { recursive: true, force: true })
  try {
    await rename(temporary, folder)
  } catch (error) {
    // Another run was faster; its copy is as good as ours.
    if (!(await isThere(file))) throw error
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, constants, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The generation whose safety classifier runs in the client, and the one that asks the server. */
export const CLIENT_VERSIONS = ['2.1.150', '2.1.330'] as const

/**
 * Installs a version of the client, unless an earlier run has, and returns the path of its
 * program. The copies (240 and 370 MB) stay in the user's cache folder, never in the repository.
 */
export async function installClient(version: string): Promise<string> {
  const folder = join(cacheFolder(), version)
  const program = programIn(folder)
  if (await isExecutable(program)) return program
  await mkdir(cacheFolder(), { recursive: true })
  const temporary = await mkdtemp(`${folder}.`)
  try {
    await npmInstall(temporary, `@anthropic-ai/claude-code@${version}`)
    if (!(await isExecutable(programIn(temporary)))) {
      throw new Error(`@anthropic-ai/claude-code@${version} has no program for this platform`)
    }
    await moveInto(temporary, folder)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  return program
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

async function npmInstall(folder: string, specification: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--no-audit', '--no-fund', '--loglevel', 'error', specification]
  const npm = spawn('npm', args, { cwd: folder, stdio: 'inherit' })
  const [code] = await once(npm, 'close')
  if (code !== 0) throw new Error(`npm install ${specification} ended with code ${code}`)
}

/** A rename is all or nothing: an interrupted install is never taken for a whole one. */
async function moveInto(temporary: string, folder: string): Promise<void> {
  if (!(await isExecutable(programIn(folder)))) await rm(folder, { recursive: true, force: true })
  try {
    await rename(temporary, folder)
  } catch (error) {
    // Another run was faster; its copy is as good as ours.
    if (!(await isExecutable(programIn(folder)))) throw error
  }
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

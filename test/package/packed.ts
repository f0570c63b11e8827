/** The package as npm makes it, installed as a user installs it, and started in a throw-away home. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Starting {
  readonly cwd?: string
  readonly env?: Record<string, string | undefined>
  readonly input?: string
}

export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = process.env, input = '' }: Starting = {},
): Promise<Ended> {
  const child = spawn(program, args, { cwd, env })
  child.stdin.on('error', () => {}) // who reads nothing may be gone
  child.stdin.end(input)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  return { code: typeof code === 'number' ? code : null, stdout, stderr }
}

/** npm with the user's own cache, so that nothing is downloaded twice. */
export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error']
  const { code, stdout, stderr } = await runProgram('npm', [...args, ...quiet], { cwd })
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/**
 * Packs what is built, without building it again: other tests run from it meanwhile.
 * @returns the path of the tarball
 */
export async function pack(folder: string): Promise<string> {
  await npm(REPOSITORY, 'pack', '--ignore-scripts', '--pack-destination', folder)
  const [name] = readdirSync(folder).filter(it => it.endsWith('.tgz'))
  if (name === undefined) throw new Error('npm packed nothing')
  return join(folder, name)
}

/** The environment of a home that nobody used before, in a folder with a short name. */
export function freshHome(folder: string) {
  const env = {
    // The program says `env node`.
    PATH: [dirname(process.execPath), process.env.PATH ?? '/usr/bin:/bin'].join(delimiter),
    TZ: 'UTC',
    HOME: join(folder, 'home'),
    CLAUDE_CONFIG_DIR: join(folder, 'home', '.claude'),
    TMPDIR: join(folder, 'tmp'),
  }
  mkdirSync(env.CLAUDE_CONFIG_DIR, { recursive: true })
  mkdirSync(env.TMPDIR)
  return env
}

/** Every file below a folder, as paths from it. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(it => !it.isDirectory())
    .map(it => join(it.parentPath, it.name).slice(folder.length + 1))
    .sort()
}

/** The package as npm makes it, installed as a user installs it, and started in a throw-away home. */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Finished, finished } from '../helpers/cli.ts'

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

interface Starting {
  readonly cwd?: string
  readonly env?: Record<string, string | undefined>
  readonly input?: string
}

export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = process.env, input = '' }: Starting = {},
): Promise<Finished> {
  const child = spawn(program, args, { cwd, env })
  child.stdin.on('error', () => {}) // who reads nothing may be gone
  child.stdin.end(input)
  return finished(child)
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

/** What the installed hook says to a forced push, by the very text that stands in the client's settings. */
export async function answerToForcedPush(
  place: string,
  env: Readonly<{ CLAUDE_CONFIG_DIR: string }> & Record<string, string | undefined>,
): Promise<string> {
  const settings = readFileSync(join(env.CLAUDE_CONFIG_DIR, 'settings.json'), 'utf8')
  const command: string = JSON.parse(settings).hooks.PreToolUse[0].hooks[0].command
  const payload = {
    session_id: 's1',
    hook_event_name: 'PreToolUse',
    permission_mode: 'auto',
    cwd: place,
    tool_name: 'Bash',
    tool_input: { command: 'git push --force origin main' },
    tool_use_id: 'toolu_1',
  }
  const input = JSON.stringify(payload)
  return (await runProgram('/bin/sh', ['-c', command], { cwd: place, env, input })).stdout
}

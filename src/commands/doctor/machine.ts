/** What is on the machine: Node, the install's files and folders, the client. */
import { accessSync, constants, existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path'
import { HOOK_PROGRAMS } from '../../clients/claude-code/hook-command.ts'
import type { Install } from '../../config/install.ts'
import { folderProblem, installFile, octal } from '../../config/install-file.ts'
import { type Check, ok, problem, warning } from './check.ts'

export function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = major > 22 || (major === 22 && minor >= 22)
  const text = `Node ${process.versions.node} (${process.execPath})`
  return fits ? ok('node', text) : problem('node', text, 'install Node 22.22 or newer')
}

export function rootCheck(): Check[] {
  if (process.getuid?.() !== 0) return []
  return [
    warning(
      'root',
      'running as root: gate, hooks and the agent may do anything',
      'use an account of your own',
    ),
  ]
}

const AGAIN = "run 'signalbox init' again"

export function installChecks(install: Install): Check[] {
  const file = installFile(install.state)
  const programs = [install.node, install.program, ...HOOK_PROGRAMS].filter(it => !runnable(it))
  return [
    ownFile('install.json', file),
    programs.length === 0
      ? ok('programs', 'all that the hook starts is there')
      : problem('programs', `not there: ${programs.join(', ')}`, AGAIN),
    ownFolder('state folder', install.state),
    ...(existsSync(install.sockets)
      ? [ownFolder('socket folder', install.sockets)]
      : [warning('socket folder', `${install.sockets}: is not there`, AGAIN)]),
    ...(existsSync(join(install.config, 'config.yaml'))
      ? [unwritable('policy file', join(install.config, 'config.yaml'))]
      : []),
  ]
}

function runnable(path: string): boolean {
  try {
    accessSync(path, path.endsWith('.js') ? constants.R_OK : constants.X_OK)
    return true
  } catch {
    return false
  }
}

function ownFolder(name: string, path: string): Check {
  const wrong = folderProblem(path)
  if (wrong === null) return ok(name, path)
  return problem(name, `${path}: ${wrong}`, `chmod 700 ${path}, or move it away and ${AGAIN}`)
}

function ownFile(name: string, path: string): Check {
  const stat = lstatSync(path)
  if (!stat.isFile()) return problem(name, `${path}: is not a file`, `move it away and ${AGAIN}`)
  return (stat.mode & 0o077) === 0
    ? ok(name, path)
    : problem(name, `${path}: others may use it (mode ${octal(stat.mode)})`, `chmod 600 ${path}`)
}

function unwritable(name: string, path: string): Check {
  const { mode } = lstatSync(realpathSync(path))
  return (mode & 0o022) === 0
    ? ok(name, path)
    : problem(name, `${path}: others may write it (mode ${octal(mode)})`, `chmod 600 ${path}`)
}

/** From this version on a hook that cannot be started refuses the call. */
const FAILS_CLOSED = [2, 1, 295] as const

/** The client is not run: its version is in its folder's name, or its package's. */
export function clientCheck(env: NodeJS.ProcessEnv): Check {
  const found = (env.PATH ?? '')
    .split(delimiter)
    .filter(folder => isAbsolute(folder))
    .map(folder => join(folder, 'claude'))
    .find(runnable)
  if (found === undefined) return warning('client', 'no claude on the PATH', '')
  const version = versionOf(realpathSync(found))
  if (version === null) return warning('client', `${found}, of a version not known`, '')
  const parts = version.split('.').map(Number)
  const differs = FAILS_CLOSED.findIndex((part, i) => part !== parts[i])
  const old = differs !== -1 && (parts[differs] ?? 0) < (FAILS_CLOSED[differs] ?? 0)
  return old
    ? warning(
        'client',
        `${found} ${version}: does not refuse a call whose hook cannot be started`,
        `update it to ${FAILS_CLOSED.join('.')} or newer`,
      )
    : ok('client', `${found} ${version}`)
}

const VERSION = /^\d+\.\d+\.\d+$/

function versionOf(program: string): string | null {
  if (VERSION.test(basename(program))) return basename(program)
  for (let folder = dirname(program); folder !== dirname(folder); folder = dirname(folder)) {
    const version = packageVersion(join(folder, 'package.json'))
    if (version !== null) return version
  }
  return null
}

function packageVersion(path: string): string | null {
  try {
    const { name, version }: { name?: unknown; version?: unknown } = Object(
      JSON.parse(readFileSync(path, 'utf8')),
    )
    const ours = typeof name === 'string' && name.startsWith('@anthropic-ai/claude-code')
    return ours && typeof version === 'string' && VERSION.test(version) ? version : null
  } catch {
    return null
  }
}

/** Chooses where everything lives, and keeps that in `install.json` in the state folder. */
import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import * as v from 'valibot'
import { codeOf } from './error-code.ts'
import { INSTALL, type Install } from './install.ts'
import { configFolder, shipped, stateFolder } from './paths.ts'
import { UsageError } from './usage-error.ts'

export const installFile = (state: string): string => join(state, 'install.json')

/** @returns null when there is none. @throws UsageError when it is there and is none */
export function readInstall(state: string): Install | null {
  const path = installFile(state)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new UsageError(`${path}: cannot be read (${codeOf(error)})`)
  }
  try {
    return v.parse(INSTALL, JSON.parse(text))
  } catch {
    throw new UsageError(`${path}: is not what init writes; remove it and run 'signalbox init'`)
  }
}

/**
 * The install of this user, or the one whose file was named.
 * @throws UsageError when a named one is not there
 */
export function findInstall(env: NodeJS.ProcessEnv, named?: string): Install | null {
  if (named === undefined) return readInstall(stateFolder(env))
  const install = readInstall(dirname(named))
  if (install === null) throw new UsageError(`--install ${named}: is not there`)
  return install
}

/** The administrator's policy, whether or not there is one. */
export function managedPolicy(platform: NodeJS.Platform): string {
  return platform === 'darwin'
    ? '/Library/Application Support/Signalbox/policy.yaml'
    : '/etc/signalbox/policy.yaml'
}

/** All paths for this user on this machine. @throws UsageError when one cannot stand in a hook */
export function newInstall(
  env: NodeJS.ProcessEnv,
  client: string,
  platform = process.platform,
): Install {
  const state = stateFolder(env)
  const install = {
    node: process.execPath,
    program: shipped('bin', 'signalbox.js'),
    config: configFolder(env),
    state,
    sockets: socketFolder(env, state),
    managed: managedPolicy(platform),
    client,
    home: homedir(),
  }
  for (const [name, path] of Object.entries(install)) {
    if (!isAbsolute(path)) throw new UsageError(`${name}: '${path}' is not an absolute path`)
    if (/\p{Cc}/u.test(path))
      throw new UsageError(`${name}: a path with control characters cannot stand in a hook`)
  }
  if (/[\\/]_npx[\\/]/.test(install.program))
    throw new UsageError(
      'npx keeps programs only for a while, and the hook needs this one: npm install -g signalbox first',
    )
  return { ...install, checkpoint: null }
}

/** The longest name of a socket, and what the system takes (108 bytes on Linux, 104 on macOS). */
const LONGEST_SOCKET = '/control.sock'
const SOCKET_BYTES = 100

/**
 * The first of the usual places that is short enough. The last one is in a folder that everybody can
 * write to, and is taken only when the others are too long.
 */
function socketFolder(env: NodeJS.ProcessEnv, state: string): string {
  const user = process.getuid?.() ?? 0
  const runtime = env.XDG_RUNTIME_DIR ?? ''
  const places = [
    ...(isAbsolute(runtime) && isOwn(runtime, user) ? [join(runtime, 'signalbox')] : []),
    join(state, 'run'),
    join('/tmp', `signalbox-${user}`),
  ]
  const place = places.find(it => Buffer.byteLength(it + LONGEST_SOCKET) < SOCKET_BYTES)
  return place ?? join(tmpdir(), `signalbox-${user}`)
}

function isOwn(folder: string, user: number): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === user
}

/** What is wrong with a folder that must be its owner's only, or null. */
export function folderProblem(folder: string): string | null {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return 'is not there'
  if (stat.isSymbolicLink()) return 'is a link, and must be a folder'
  if (!stat.isDirectory()) return 'is not a folder'
  if (stat.uid !== (process.getuid?.() ?? stat.uid)) return `belongs to user ${stat.uid}`
  if ((stat.mode & 0o077) !== 0) return `can be used by others (mode ${octal(stat.mode)})`
  return null
}

export const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

/** Makes a folder its owner's only. @throws UsageError when it is somebody else's, or no folder */
export function privateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const stat = lstatSync(folder)
    if (stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid))
      chmodSync(folder, 0o700)
  } catch (error) {
    throw new UsageError(`${folder}: cannot be made (${codeOf(error)})`)
  }
  const problem = folderProblem(folder)
  if (problem !== null) throw new UsageError(`${folder}: ${problem}; move it away and start again`)
}

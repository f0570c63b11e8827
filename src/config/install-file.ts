/** Chooses where everything lives, and keeps that in `install.json` in the state folder. */
import { randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import * as v from 'valibot'
import { codeOf } from './error-code.ts'
import { INSTALL, type Install } from './install.ts'
import { readOwn } from './own-file.ts'
import { configFolder, shipped, stateFolder } from './paths.ts'
import { UsageError } from './usage-error.ts'

export const installFile = (state: string): string => join(state, 'install.json')

/** @returns null when there is none. @throws UsageError when it is there and is none */
export function readInstall(state: string): Install | null {
  const path = installFile(state)
  let text: string | null
  try {
    text = readOwn(path)
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${codeOf(error)})`)
  }
  if (text === null) return null
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
  const install = readInstall(named === undefined ? stateFolder(env) : dirname(named))
  if (install === null && named !== undefined)
    throw new UsageError(`--install ${named}: is not there`)
  // Who owns the folder answers on the sockets in it.
  if (install !== null && isForeign(install.sockets))
    throw new UsageError(
      `${install.sockets}: is another user's, so its sockets are not used; 'signalbox init' takes another folder`,
    )
  return install
}

const own = (): number => process.getuid?.() ?? 0

/** It is there, and another user made it. */
export const isForeign = (path: string): boolean =>
  (lstatSync(path, { throwIfNoEntry: false })?.uid ?? own()) !== own()

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
 * The first of the usual places that is short enough. The last ones are in a folder that everybody can
 * write to, and are taken only when the others are too long: under a name that nobody else took.
 */
function socketFolder(env: NodeJS.ProcessEnv, state: string): string {
  const user = own()
  const runtime = env.XDG_RUNTIME_DIR ?? ''
  const places = [
    ...(isAbsolute(runtime) && isOwn(runtime, user) ? [join(runtime, 'signalbox')] : []),
    join(state, 'run'),
    join(SHARED, `signalbox-${user}`),
  ]
  const fits = (it: string): boolean => Buffer.byteLength(it + LONGEST_SOCKET) < SOCKET_BYTES
  const place = places.find(it => fits(it) && !isForeign(it))
  return place ?? join(SHARED, `signalbox-${user}-${randomBytes(4).toString('hex')}`)
}

/** Everybody makes folders here, and they go with the next start of the machine. */
const SHARED = '/tmp'

/** Somebody else may have the folder by the time that it is used. */
export const isShared = (folder: string): boolean => dirname(folder) === SHARED

function isOwn(folder: string, user: number): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === user
}

const NOT_THERE = 'is not there'

/** What is wrong with a folder that must be its owner's only, or null. */
export function folderProblem(folder: string): string | null {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return NOT_THERE
  if (stat.isSymbolicLink()) return 'is a link, and must be a folder'
  if (!stat.isDirectory()) return 'is not a folder'
  if (stat.uid !== own()) return `belongs to user ${stat.uid}`
  if ((stat.mode & 0o077) !== 0) return `can be used by others (mode ${octal(stat.mode)})`
  return null
}

export const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

/**
 * Makes a folder its owner's only.
 * @returns what was amiss with it, for people; `''` when nothing
 * @throws UsageError when it is somebody else's, or no folder
 */
export function privateFolder(folder: string): string {
  const before = folderProblem(folder)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const stat = lstatSync(folder)
    const isOurs = stat.isDirectory() && stat.uid === own()
    // One that is right already is not touched: its disk may be read-only.
    if (isOurs && (stat.mode & 0o777) !== 0o700) chmodSync(folder, 0o700)
  } catch (error) {
    throw new UsageError(`${folder}: cannot be made (${codeOf(error)})`)
  }
  const problem = folderProblem(folder)
  if (problem !== null) throw new UsageError(`${folder}: ${problem}; move it away and start again`)
  return before === null || before === NOT_THERE
    ? ''
    : `${folder}: ${before}; now it is yours alone`
}

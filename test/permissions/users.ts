/** Another user of the machine, and what lies on it. */
import { spawnSync } from 'node:child_process'
import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const OTHER = 12_345

/** Only root can be somebody else: elsewhere the reason is printed, and what needs it is left out. */
export const canBeOther = process.getuid?.() === 0

if (!canBeOther)
  console.warn('NOT TESTED: what other users of the machine can do; run these tests as root')

export interface Tried {
  readonly code: number | null
  readonly said: string
}

/** Runs a line of shell as another user, who belongs to no group of ours. */
export function asOther(line: string): Tried {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line], {
    uid: OTHER,
    gid: OTHER,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
    timeout: 10_000,
  })
  return { code: status, said: stdout + stderr }
}

export interface Thing {
  readonly path: string
  readonly kind: 'file' | 'folder' | 'socket' | 'link' | 'other'
  /** As `chmod` takes it: `600`. */
  readonly mode: string
}

/** All that lies under a folder, but not the folder itself. */
export function thingsIn(folder: string): Thing[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    const mode = (lstatSync(path).mode & 0o7777).toString(8)
    const thing = { path, kind: kindOf(entry), mode }
    return entry.isDirectory() ? [thing, ...thingsIn(path)] : [thing]
  })
}

function kindOf(entry: Dirent): Thing['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  if (entry.isSocket()) return 'socket'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

/**
 * One gate a user. Whoever takes the lock makes the file of the next turn, `gate.lock.7`, which
 * names its process; the newest file says who has it. A turn is never taken away from anybody, not
 * even from a process that is gone: moving a file that another one may just have made is what lets
 * two in.
 */
import {
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'

/** Turns that are over and still lie there, for one that listed them a moment ago. */
const KEPT = 4

/**
 * Takes the lock, also after a process that is no longer there.
 * @returns null when a living process has it, else how to give it back
 */
export function takeLock(path: string): (() => void) | null {
  for (;;) {
    const turns = turnsOf(path)
    const last = turns.at(-1) ?? 0
    if (isAlive(read(`${path}.${last}`))) return null
    const mine = `${path}.${last + 1}`
    if (!create(mine, nameOf(process.pid))) continue
    // A turn from before the newest one: it was over and tidied away since we looked.
    if (turnsOf(path).at(-1) !== last + 1) {
      rmSync(mine, { force: true })
      continue
    }
    for (const turn of turns.slice(0, -KEPT)) rmSync(`${path}.${turn}`, { force: true })
    return () => truncateSync(mine)
  }
}

/** The turns there are files of, in their order. */
function turnsOf(path: string): number[] {
  const name = `${basename(path)}.`
  return readdirSync(dirname(path))
    .filter(file => file.startsWith(name) && /^\d+$/.test(file.slice(name.length)))
    .map(file => Number(file.slice(name.length)))
    .sort((a, b) => a - b)
}

/** @returns whether the file was not there yet; it is whole at once, or not there at all */
function create(path: string, content: string): boolean {
  const draft = `${path}.draft.${process.pid}`
  rmSync(draft, { force: true }) // of one that died with our number
  const fd = openSync(draft, 'wx', 0o600)
  writeSync(fd, content)
  closeSync(fd)
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A process and when it started, so that a number that was used again is not taken for it. */
function nameOf(pid: number): string {
  return `${pid} ${startOf(pid)}`
}

function isAlive(holder: string): boolean {
  const pid = Number(holder.split(' ')[0])
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return nameOf(pid) === holder
}

/**
 * Linux tells when a process started, and whether it only waits to be buried; elsewhere its number
 * must do.
 */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === '') return ''
  const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return /[ZX]/.test(state) ? 'dead' : (rest[18] ?? '')
}

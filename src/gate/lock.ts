/** One gate a user: a file that names the process which has it. */
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'

/**
 * Takes the lock, also from a process that is no longer there.
 * @returns null when a living process has it, else how to give it back
 */
export function takeLock(path: string): (() => void) | null {
  const own = nameOf(process.pid)
  for (;;) {
    if (create(path, own)) return () => release(path, own)
    const holder = read(path)
    if (holder === null) continue // given back just now
    if (isAlive(holder)) return null
    // Only one of several gates that start at once gets the dead one's file out of the way.
    const aside = `${path}.${process.pid}`
    try {
      renameSync(path, aside)
    } catch {
      continue
    }
    // Had another gate put its own in place meanwhile, that one stays.
    if (read(aside) !== holder) putBack(aside, path)
    rmSync(aside, { force: true })
  }
}

function create(path: string, content: string): boolean {
  const draft = `${path}.draft.${process.pid}`
  const fd = openSync(draft, 'w', 0o600)
  writeSync(fd, content)
  closeSync(fd)
  try {
    linkSync(draft, path) // whole, or not at all
    return true
  } catch {
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

function putBack(aside: string, path: string): void {
  try {
    linkSync(aside, path)
  } catch {
    // A third one has it by now; its holder is alive.
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function release(path: string, own: string): void {
  if (read(path) === own) rmSync(path, { force: true })
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
  if (stat === null) return ''
  const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return /[ZX]/.test(state) ? 'dead' : (rest[18] ?? '')
}

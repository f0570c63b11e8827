/**
 * Which sessions live, and whether they wait for a person: `sessions/<pid>.json` in the client's
 * config folder (2.1.150 and 2.1.330, seen). It is written when the status changes and taken away
 * at the end, except after kill -9: so the process is looked at too. The `.key` files beside hold
 * secrets and are never read.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Presence } from '../../action/event.ts'

const FILE = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sessionId: v.pipe(v.string(), v.minLength(1)),
  procStart: v.optional(v.fallback(v.string(), ''), ''),
  status: v.optional(v.fallback(v.picklist(['busy', 'idle', 'waiting']), 'busy'), 'busy'),
  waitingFor: v.optional(v.fallback(v.optional(v.string()), undefined)),
  updatedAt: v.optional(v.fallback(v.number(), 0), 0),
  startedAt: v.optional(v.fallback(v.number(), 0), 0),
})

export interface LiveSession {
  readonly session: string
  /** Unix ms */
  readonly at: number
  readonly presence: Presence
}

export const presenceFolder = (root: string): string => join(root, 'sessions')

/** The sessions whose process runs, or null when the folder is not one of a client that tells. */
export function liveSessions(root: string): LiveSession[] | null {
  let names: string[]
  try {
    names = readdirSync(presenceFolder(root))
  } catch {
    return null
  }
  return names.filter(name => /^\d+\.json$/.test(name)).flatMap(name => read(root, name) ?? [])
}

function read(root: string, name: string): LiveSession | null {
  try {
    const file = v.parse(FILE, JSON.parse(readFileSync(join(presenceFolder(root), name), 'utf8')))
    if (!runs(file.pid, file.procStart)) return null
    const presence =
      file.waitingFor === undefined
        ? { status: file.status }
        : { status: file.status, waitingFor: file.waitingFor }
    return { session: file.sessionId, at: file.updatedAt || file.startedAt, presence }
  } catch {
    return null // half written, or gone: the next look tells
  }
}

/** Whether the process still runs, and is not another one that got the same number. */
function runs(pid: number, procStart: string): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, as another user
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  const started = startOf(pid)
  return started === '' || procStart === '' || started === procStart
}

/** Field 22 of /proc/<pid>/stat, or `''` where there is no such file. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

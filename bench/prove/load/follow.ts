// Sessions write, the real screen follows them, and both are counted.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withHome, withTemp } from '../../common.ts'
import { cpuMs, measure, rssMb } from '../../process.ts'
import type { StreamOptions } from '../../stream.ts'
import { at } from './figures.ts'
import type { FrameTime } from './frame-clock.ts'
import { openWatched, type Seen, type Watched } from './watched.ts'
import type { WriterReport, Written } from './writer.ts'

export interface Followed {
  readonly written: WriterReport
  readonly last: Seen
  /** All that was written is counted on the screen. */
  readonly isWhole: boolean
  /** From the last line written until then. */
  readonly caughtUpMs: number
  /** From an event's line to the first frame that counts it, of every event, ascending. */
  readonly lags: readonly Weighted[]
  /** Share of one core. */
  readonly cpu: number
  /** Once a second while it is written: how many actions it has, and its resident megabytes. */
  readonly memory: readonly { readonly calls: number; readonly mb: number }[]
  readonly frames: readonly FrameTime[]
  readonly watches: number
  /** The screen said that it is behind. */
  readonly behind: number
}

export interface Weighted {
  readonly ms: number
  readonly events: number
}

const START_MS = 60_000

export function follow(
  name: string,
  options: StreamOptions,
  patienceMs: number,
): Promise<Followed> {
  return withTemp(name, dir =>
    withHome(async env => {
      mkdirSync(join(dir, 'projects'))
      const frames = join(dir, 'frames.json')
      const watched = await openWatched({ root: dir, env, frames })
      try {
        await watched.pty.settle(START_MS)
        return await writing(watched, dir, frames, options, patienceMs)
      } finally {
        await watched.pty.stop()
      }
    }),
  )
}

async function writing(
  watched: Watched,
  dir: string,
  frames: string,
  options: StreamOptions,
  patienceMs: number,
): Promise<Followed> {
  const { pid } = watched.pty
  const memory: { calls: number; mb: number }[] = []
  const sampling = setInterval(
    () => memory.push({ calls: watched.seen.at(-1)?.calls ?? 0, mb: rssMb(pid).now }),
    1000,
  )
  const [begun, cpuBefore] = [Date.now(), cpuMs(pid)]
  const script = join(import.meta.dirname, 'writer.ts')
  const writer = await measure([process.execPath, script, dir, JSON.stringify(options)], {
    timeoutMs: 1_200_000,
  })
  if (writer.code !== 0) throw new Error(`writer.ts: ${writer.stderr}`)
  const ended = Date.now()
  const cpu = (cpuMs(pid) - cpuBefore) / (ended - begun)
  // Printed by writer.ts itself.
  const written = JSON.parse(writer.stdout) as WriterReport
  const isThere = await watched.until(
    seen => seen.results >= written.lines - written.calls,
    patienceMs,
  )
  const caughtUpMs = Date.now() - ended
  await sleep(500)
  clearInterval(sampling)
  const watches = watchesOf(pid)
  const last = watched.seen.at(-1) ?? { at: 0, calls: 0, results: 0 }
  await watched.quit()
  return {
    written,
    last,
    isWhole:
      isThere && last.calls === written.calls && last.results === written.lines - written.calls,
    caughtUpMs,
    lags: lagsOf(written.timeline, watched.seen),
    cpu,
    memory,
    // As frame-clock.ts wrote it; a screen that did not end itself has left none.
    frames: JSON.parse(readFileSync(frames, 'utf8')) as FrameTime[],
    watches,
    behind: watched.behind.length,
  }
}

/** Of calls and of results: each is in the first frame that counts as many of its kind. */
export function lagsOf(timeline: readonly Written[], seen: readonly Seen[]): Weighted[] {
  const lags: Weighted[] = []
  for (const [which, kind] of [
    [1, 'calls'],
    [2, 'results'],
  ] as const) {
    let counted = 0
    let next = 0
    for (const written of timeline) {
      const until = written[which]
      if (until === counted) continue
      while (next < seen.length && (seen[next]?.[kind] ?? 0) < until) next++
      const frame = seen[next]
      const ms = frame === undefined ? Number.POSITIVE_INFINITY : frame.at - written[0]
      lags.push({ ms, events: until - counted })
      counted = until
    }
  }
  return lags.sort((a, b) => a.ms - b.ms)
}

export function lagAt(lags: readonly Weighted[], part: number): number {
  const all = lags.reduce((sum, lag) => sum + lag.events, 0)
  let events = 0
  for (const lag of lags) {
    events += lag.events
    if (events >= all * part) return lag.ms
  }
  return Number.NaN
}

export const frameAt = (
  frames: readonly FrameTime[],
  kind: 'wallMs' | 'cpuMs',
  part: number,
): number =>
  at(
    frames.map(frame => frame[kind]).sort((a, b) => a - b),
    part,
  )

/** What the kernel watches for the program, files and folders. */
function watchesOf(pid: number): number {
  const folder = `/proc/${pid}/fdinfo`
  const linesOf = (fd: string): string[] => {
    try {
      return readFileSync(join(folder, fd), 'utf8').split('\n')
    } catch {
      return [] // closed meanwhile
    }
  }
  return readdirSync(folder)
    .flatMap(linesOf)
    .filter(line => line.startsWith('inotify wd:')).length
}

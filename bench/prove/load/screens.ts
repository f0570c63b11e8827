// The live screen under load: many files, a burst, a flood, and more than can be read.
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { MOST_KEPT } from '../../../src/monitor/room.ts'
import { count, megabytes, percent, SCREEN, say, withHome, withTemp } from '../../common.ts'
import { stream } from '../../stream.ts'
import type { Proof } from '../proof.ts'
import { ms } from './figures.ts'
import { type Followed, follow, frameAt, lagAt } from './follow.ts'
import { openWatched } from './watched.ts'

/** Machines of CI are slow and busy: there only what must never happen has narrow bounds. */
const LAG_MS = { long: 100, short: 1500 }
const FRAME_MS = { long: 16, short: 60 }
const PATIENCE_MS = 60_000

/** 100 sessions with 50 subagents each, all at work. */
export async function many(short: boolean): Promise<Proof[]> {
  const seconds = short ? 4 : 30
  say(`load: 100 sessions of 50 subagents for ${seconds} s`)
  const options = { rate: 1000, seconds, sessions: 100, subagents: 50, seed: 11 }
  const done = await follow('load-many', options, PATIENCE_MS)
  const mb = done.memory.at(-1)?.mb ?? Number.NaN
  const lag = lagAt(done.lags, 0.95)
  const limit = short ? 10_000 : 1000
  return [
    whole('100 sessions of 50 subagents, 5,100 files at work, 1,000 events/s', done),
    {
      what: 'the same: event to frame, p95',
      figure: `${ms(lag)}, p50 ${ms(lagAt(done.lags, 0.5))}`,
      bound: `${limit} ms`,
      kept: lag < limit,
    },
    {
      what: 'the same: memory, processor, file watches',
      figure: `${megabytes(mb)}, ${percent(done.cpu)} of one core, ${count(done.watches)} watches`,
      bound: '600 MB, 5,600 watches',
      kept: mb < 600 && done.watches < 5600,
    },
  ]
}

/** 5,000 events a second for a minute. */
export async function burst(short: boolean): Promise<Proof[]> {
  const seconds = short ? 6 : 60
  say(`load: 5,000 events/s for ${seconds} s`)
  const done = await follow('load-burst', { ...BUSY, rate: 5000, seconds, seed: 12 }, PATIENCE_MS)
  const what = `5,000 events/s for ${seconds} s at ${SCREEN.columns}x${SCREEN.rows}`
  const [lag, frame] = [lagAt(done.lags, 0.95), frameAt(done.frames, 'cpuMs', 0.95)]
  const wall = [0.5, 0.95].map(part => ms(frameAt(done.frames, 'wallMs', part)))
  const limit = short
    ? { lag: LAG_MS.short, frame: FRAME_MS.short }
    : { lag: LAG_MS.long, frame: FRAME_MS.long }
  return [
    whole(what, done),
    {
      what: 'the same: event to frame, p95 of all events',
      figure: `${ms(lag)}, p50 ${ms(lagAt(done.lags, 0.5))}, p99 ${ms(lagAt(done.lags, 0.99))}`,
      bound: `${limit.lag} ms`,
      kept: lag < limit.lag,
    },
    {
      what: `the same: processor time of a frame, p95 of ${count(done.frames.length)}`,
      figure: `${ms(frame)}, p50 ${ms(frameAt(done.frames, 'cpuMs', 0.5))}; by the clock p50 ${wall[0]}, p95 ${wall[1]}; ${percent(done.cpu)} of one core in all`,
      bound: `${limit.frame} ms`,
      kept: frame < limit.frame,
    },
  ]
}

const BUSY = { sessions: 20 }

/** 20,000 events a second for ten minutes: six million actions in one run. */
export async function flood(short: boolean): Promise<Proof[]> {
  const seconds = short ? 8 : 600
  say(`load: 20,000 events/s for ${seconds} s`)
  const options = { ...BUSY, rate: 20_000, seconds, seed: 13, bulk: 0.05 }
  const done = await follow('load-flood', options, PATIENCE_MS)
  const [lag, frame] = [lagAt(done.lags, 0.95), frameAt(done.frames, 'cpuMs', 0.95)]
  const limit = short ? 5000 : 1000
  const marks = growth(done, short)
  return [
    whole(`20,000 events/s for ${seconds} s`, done),
    {
      what: 'the same: event to frame, p95',
      figure: `${ms(lag)}, p99 ${ms(lagAt(done.lags, 0.99))}; ${percent(done.cpu)} of one core, processor time of a frame p95 ${ms(frame)}; said to be behind in ${count(done.behind)} frames`,
      bound: `${limit} ms`,
      kept: lag < limit,
    },
    {
      what: 'the same: memory by the number of actions',
      figure: `${marks.text}; ${marks.perAction.toFixed(3)} KB for each more${short ? '' : ` from ${count(MOST_KEPT)} on`}`,
      bound: short ? 'less than 2 KB for each more' : 'flat: less than 0.05 KB for each more',
      kept: marks.perAction < (short ? 2 : 0.05),
    },
  ]
}

/**
 * Resident memory at some numbers of actions, and its slope: from a tenth of them on, or where there are
 * enough, from when the first were forgotten.
 */
function growth({ memory }: Followed, short: boolean): { text: string; perAction: number } {
  const total = memory.at(-1)?.calls ?? 0
  const from = short ? total / 10 : MOST_KEPT
  const marks = [from, total * 0.17, total * 0.33, total * 0.67, total]
    .sort((a, b) => a - b)
    .flatMap(calls => memory.find(it => it.calls >= calls) ?? [])
  const [first, last] = [memory.find(it => it.calls >= from), marks.at(-1)]
  const text = marks.map(it => `${count(it.calls)}: ${megabytes(it.mb)}`).join(', ')
  if (first === undefined || last === undefined) return { text, perAction: Number.NaN }
  return { text, perAction: ((last.mb - first.mb) * 1024) / (last.calls - first.calls) }
}

/** Hundreds of megabytes appended at once, which takes seconds to read. */
export async function saturated(short: boolean): Promise<Proof[]> {
  const seconds = short ? 4 : 15
  say(`load: all that is written in ${seconds} s, at once`)
  return withTemp('load-staged', staged =>
    withTemp('load-saturated', dir =>
      withHome(async env => {
        const report = await stream(staged, { ...BUSY, rate: 40_000, seconds, seed: 14 })
        mkdirSync(join(dir, 'projects'))
        const watched = await openWatched({ root: dir, env })
        await watched.pty.settle(PATIENCE_MS)
        const begun = Date.now()
        for (const path of filesIn(staged)) {
          const copy = join(dir, 'projects', basename(dirname(path)), basename(path))
          mkdirSync(dirname(copy), { recursive: true })
          appendFileSync(copy, readFileSync(path))
        }
        const isWhole = await watched.until(
          seen => seen.results >= report.lines - report.calls,
          2 * PATIENCE_MS,
        )
        const took = Date.now() - begun
        await new Promise(resolve => setTimeout(resolve, 1000))
        const last = watched.seen.at(-1)
        const frames = watched.seen.filter(it => it.at >= begun).length
        const still = /behind/.test(watched.lines()[0] ?? '')
        const said = watched.behind.map(it => it.text)
        await watched.quit()
        const what = `${megabytes(report.bytes / 1e6)} of ${count(report.lines)} events at once`
        return [
          {
            what: `${what}: events on the screen in the end`,
            figure: `${count((last?.calls ?? 0) + (last?.results ?? 0))}, after ${ms(took)}`,
            bound: 'all',
            kept: isWhole && last?.calls === report.calls,
          },
          {
            what: 'the same: frames meanwhile, and the word that it is behind',
            figure: `${frames} frames, ${said.length} of them with it, such as '${said.at(-1) ?? ''}'; at the end ${still ? 'still there' : 'gone'}`,
            bound: 'both, where it took more than 2 s, and gone at the end',
            kept: (took < 2000 || (frames >= 3 && said.length > 0)) && !still,
          },
        ]
      }),
    ),
  )
}

const filesIn = (dir: string): string[] =>
  readdirSync(join(dir, 'projects'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.jsonl'))
    .map(name => join(dir, 'projects', name))

function whole(what: string, { written, last, isWhole, caughtUpMs }: Followed): Proof {
  return {
    what: `${what}: events on the screen in the end`,
    figure: `${count(last.calls + last.results)} of ${count(written.lines)}, ${ms(caughtUpMs)} after the last was written`,
    bound: 'all',
    kept: isWhole,
  }
}

// Plays live sessions: appends tool calls and their results to transcripts, stamped with now.
//   node bench/stream.ts DIR --rate 1000 --seconds 15 --sessions 10 [--seed 1]
// At the end one JSON line tells what was really written.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createRandom } from './random.ts'
import { createSession, MODELS, type Session } from './session.ts'
import { createTextPools } from './text.ts'

export type StreamOptions = {
  rate: number
  seconds: number
  sessions: number
  seed: number
  /** Of each session, with a transcript of their own. */
  subagents?: number
  /** Scales the size of texts. */
  bulk?: number
  /** Called whenever all that is counted was written. */
  onWritten?: (report: StreamReport) => void
}
export type StreamReport = {
  /** Of calls and of their results. */
  lines: number
  calls: number
  bytes: number
  seconds: number
}

type Live = { session: Session; fd: number; held: string[] }

const BATCH_MS = 5
const MOST_AT_ONCE = 2000
// Live events are smaller than history's: what scrolls past is mostly short commands.
const BULK = 0.3

export async function stream(dir: string, options: StreamOptions): Promise<StreamReport> {
  const random = createRandom(options.seed)
  const text = createTextPools(random)
  const lives: Live[] = []
  const { bulk = BULK } = options
  const begin = (cwd: string, sessionId: string, file: string, agentId?: string) => {
    mkdirSync(dirname(file), { recursive: true })
    const model = random.pick(MODELS)
    const own = { sessionId, cwd, model, ...(agentId === undefined ? {} : { agentId }) }
    const session = createSession({ random, text, clock: Date.now(), step: 0, bulk, ...own })
    lives.push({ session, fd: openSync(file, 'a'), held: session.start() })
  }
  for (let i = 0; i < options.sessions; i++) {
    const cwd = `/home/dev/live-${i}`
    const sessionId = random.uuid()
    const base = join(dir, 'projects', cwd.replaceAll('/', '-'), sessionId)
    begin(cwd, sessionId, `${base}.jsonl`)
    for (let agent = 0; agent < (options.subagents ?? 0); agent++) {
      const id = random.hex(17)
      begin(cwd, sessionId, join(base, 'subagents', `agent-${id}.jsonl`), id)
    }
  }
  const pending: { live: Live; due: number; result: (at: number) => string }[] = []
  const report: StreamReport = { lines: 0, calls: 0, bytes: 0, seconds: 0 }
  const started = performance.now()
  const flush = () => {
    for (const live of lives) {
      if (live.held.length === 0) continue
      live.held.push('')
      report.bytes += writeSync(live.fd, live.held.join('\n'))
      live.held = []
    }
    options.onWritten?.(report)
  }
  flush()
  for (;;) {
    const elapsed = (performance.now() - started) / 1000
    const due = Math.floor(Math.min(elapsed, options.seconds) * options.rate)
    // On a machine that cannot keep the rate, what is owed would be held in ever larger pieces.
    const owed = Math.min(due, report.lines + MOST_AT_ONCE)
    const now = Date.now()
    for (; report.lines < owed; report.lines++) {
      const first = pending[0]
      if (first !== undefined && first.due <= now) {
        pending.shift()
        first.live.held.push(first.result(now))
        continue
      }
      const live = random.pick(lives)
      const { request, result } = live.session.call(now)
      live.held.push(request)
      report.calls++
      pending.push({ live, due: now + random.int(20, 120), result })
    }
    flush()
    report.seconds = elapsed
    if (elapsed >= options.seconds) break
    await sleep(BATCH_MS)
  }
  // Calls without an answer would stay on screen as running.
  for (const { live, result } of pending) {
    live.held.push(result(Date.now()))
    report.lines++
  }
  flush()
  for (const live of lives) closeSync(live.fd)
  return report
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rate: { type: 'string', default: '1000' },
      seconds: { type: 'string', default: '15' },
      sessions: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
    },
  })
  const dir = positionals[0]
  if (dir === undefined) {
    console.error('usage: node bench/stream.ts DIR [--rate N] [--seconds N] [--sessions N]')
    process.exit(2)
  }
  const report = await stream(dir, {
    rate: Number(values.rate),
    seconds: Number(values.seconds),
    sessions: Number(values.sessions),
    seed: Number(values.seed),
  })
  console.log(JSON.stringify(report))
}

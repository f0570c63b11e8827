// How long after a line is written its action is on the screen: 300 stamped lines, once at a quiet
// terminal and once while other sessions write too.
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownScript, type Row, SCREEN, say, signalbox, withHome, withTemp } from './common.ts'
import { Markers } from './markers.ts'
import { measure } from './process.ts'
import { openPty } from './pty.ts'
import { createRandom } from './random.ts'

const LINES = 300
const OTHERS_PER_SECOND = 100
const SESSION = '3f0c2d1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f'

export async function latency(): Promise<Row[]> {
  const quiet = await measured('quiet', 0)
  const busy = await measured('busy', OTHERS_PER_SECOND)
  return [
    row('line written to action on screen, quiet terminal', quiet),
    row(`the same beside ${OTHERS_PER_SECOND} lines/s of other sessions`, busy),
  ]
}

function row(measure: string, times: readonly number[]): Row {
  const at = (p: number): string =>
    `${(times[Math.min(times.length - 1, Math.floor(times.length * p))] ?? Number.NaN).toFixed(0)} ms`
  const seen = times.filter(ms => Number.isFinite(ms)).length
  const figures = `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`
  return { measure, signalbox: figures, peer: '', note: `${seen} of ${LINES} lines seen` }
}

/** Milliseconds, ascending; infinity for a line that never showed. */
async function measured(name: string, others: number): Promise<number[]> {
  say(`latency: ${LINES} lines, ${name}`)
  return withTemp(`latency-${name}`, dir =>
    withHome(async env => {
      const folder = join(dir, 'projects', '-home-dev-latency')
      const file = join(folder, `${SESSION}.jsonl`)
      mkdirSync(folder, { recursive: true })
      appendFileSync(file, line('start', 0))
      const screen = await openPty(signalbox('--root', dir), { ...SCREEN, env })
      const markers = new Markers(screen)
      await sleep(2000)
      const writer = ownScript('stream.ts', dir, '--rate', String(others), '--seconds', '40')
      const stop = others > 0 ? measure(writer, { timeoutMs: 60_000 }) : null
      const random = createRandom(7)
      for (let i = 1; i <= LINES; i++) {
        const marker = random.hex(16)
        markers.give(marker)
        appendFileSync(file, line(marker, i))
        await sleep(60 + random.next() * 80)
      }
      const times = await markers.all()
      await screen.stop()
      await stop
      return times
    }),
  )
}

function line(marker: string, i: number): string {
  const call = {
    type: 'tool_use',
    id: `toolu_${i}`,
    name: 'Bash',
    input: { command: `touch ${marker}` },
  }
  const usage = { input_tokens: 10, output_tokens: 10 }
  return `${JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    message: {
      id: `msg_${i}`,
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-4-6',
      content: [call],
      usage,
    },
    requestId: `req_${i}`,
    type: 'assistant',
    uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    timestamp: new Date().toISOString(),
    cwd: '/home/dev/latency',
    sessionId: SESSION,
    version: '2.1.330',
  })}\n`
}

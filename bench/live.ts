// The live screen at rest and under load, beside a writer without any framework on the same files.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  firstLine,
  megabytes,
  missing,
  ownScript,
  percent,
  type Row,
  SCREEN,
  say,
  signalbox,
  withHome,
  withTemp,
} from './common.ts'
import { cpuMs, measure, rssMb } from './process.ts'
import { openPty, type Pty } from './pty.ts'
import { type StreamReport, stream as writeStream } from './stream.ts'

const SESSIONS = 10
const IDLE_SECONDS = 20
const STREAM_SECONDS = 15
const RATE = 1000
// The first second of a stream is not measured: both programs are still warming up.
const LEAD_SECONDS = 1

type Usage = { cpu: number; bytesPerSecond: number; rss: number }
type Screens = { ours: Pty | undefined; raw: Pty }

export async function idle(): Promise<Row[]> {
  return withScreens('idle', async ({ ours, raw }) => {
    say(`idle: ${IDLE_SECONDS} s`)
    const both = await Promise.all([
      ours && usageOf(ours, IDLE_SECONDS),
      usageOf(raw, IDLE_SECONDS),
    ])
    const label = `idle, ${SESSIONS} quiet sessions, 200x60, CPU of one core`
    return [row(label, ours, both, 'peer: raw writer, polls every 50 ms')]
  })
}

export async function stream(): Promise<Row[]> {
  return withScreens('stream', async ({ ours, raw }, dir) => {
    say(`stream: ${RATE} events/s for ${STREAM_SECONDS} s`)
    const total = STREAM_SECONDS + LEAD_SECONDS
    const args = ['--rate', String(RATE), '--seconds', String(total), '--sessions', '10']
    // Another process, and another seed than the warm-up: its sessions are new files.
    const writing = measure(ownScript('stream.ts', dir, ...args, '--seed', '2'))
    await sleep(LEAD_SECONDS * 1000)
    const window = STREAM_SECONDS - 1
    const both = await Promise.all([ours && usageOf(ours, window), usageOf(raw, window)])
    const writer = await writing
    if (writer.code !== 0) throw new Error(`stream.ts failed: ${firstLine(writer.stderr)}`)
    // Printed by stream.ts itself.
    const report = JSON.parse(writer.stdout) as StreamReport
    await sleep(500)
    const got = Math.round(report.lines / report.seconds)
    const [own, peer] = both
    const label = `stream, ${RATE} events/s, 200x60`
    const rows = [row(`${label}, CPU of one core`, ours, both, ratio(own, peer))]
    rows.push({
      measure: `${label}, bytes painted/s`,
      signalbox: own === undefined ? 'not run' : kilobytes(own),
      peer: peer === undefined ? '' : kilobytes(peer),
      note: `written: ${got} lines/s, ${kilobytesOf(report.bytes / report.seconds)}`,
    })
    rows.push({
      measure: `${label}, RSS at the end`,
      signalbox: own === undefined ? 'not run' : megabytes(own.rss),
      peer: peer === undefined ? '' : megabytes(peer.rss),
      note: `raw writer saw ${/(\d+) lines/g.exec(lastHeader(raw))?.[1] ?? '?'} lines`,
    })
    return rows
  })
}

/** The newest count the raw writer painted; its header is repainted in place, so the last wins. */
function lastHeader(raw: Pty): string {
  const found = raw.text().match(/\d+ lines/g)
  return found?.at(-1) ?? ''
}

const kilobytesOf = (bytes: number) => `${Math.round(bytes / 1000)} kB/s`
const kilobytes = (usage: Usage) => kilobytesOf(usage.bytesPerSecond)

const ratio = (own: Usage | undefined, peer: Usage | undefined) =>
  own === undefined || peer === undefined ? '' : `${(own.cpu / peer.cpu).toFixed(1)} times the peer`

function row(
  label: string,
  ours: Pty | undefined,
  [own, peer]: (Usage | undefined)[],
  note: string,
): Row {
  const ended = ours?.exited() ? `ended: ${firstLine(ours.text())}` : undefined
  const reason = missing() ?? 'not run'
  return {
    measure: label,
    signalbox: ended ?? (own === undefined ? reason : percent(own.cpu)),
    peer: peer === undefined ? 'not run' : percent(peer.cpu),
    note,
  }
}

async function usageOf(pty: Pty, seconds: number): Promise<Usage> {
  const cpuBefore = cpuMs(pty.pid)
  const bytesBefore = pty.bytes()
  const started = performance.now()
  await sleep(seconds * 1000)
  const elapsed = performance.now() - started
  return {
    cpu: (cpuMs(pty.pid) - cpuBefore) / elapsed,
    bytesPerSecond: ((pty.bytes() - bytesBefore) / elapsed) * 1000,
    rss: rssMb(pty.pid).now,
  }
}

/** Opens both screens on a folder with ten sessions that just did something. */
async function withScreens(
  name: string,
  use: (screens: Screens, dir: string) => Promise<Row[]>,
): Promise<Row[]> {
  return withTemp(name, dir =>
    withHome(async env => {
      await writeStream(dir, { rate: 200, seconds: 1, sessions: SESSIONS, seed: 1 })
      const raw = await openPty(ownScript('raw-writer.ts', dir), { ...SCREEN, env })
      const command = signalbox('--root', dir)
      const ours = missing() === undefined ? await openPty(command, { ...SCREEN, env }) : undefined
      try {
        await Promise.all([ours?.settle(20_000), raw.settle(20_000)])
        return await use({ ours, raw }, dir)
      } finally {
        await Promise.all([ours?.stop(), raw.stop()])
      }
    }),
  )
}

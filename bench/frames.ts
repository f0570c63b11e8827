// How smooth the live screen is while lines come in: frames a second, the time from one to the next, and
// what could flicker. A frame is a synchronized update (mode 2026), which a terminal shows at once.
import { setTimeout as sleep } from 'node:timers/promises'
import { ownScript, type Row, SCREEN, say, signalbox, withHome, withTemp } from './common.ts'
import { measure } from './process.ts'
import { openPty, type Pty } from './pty.ts'

const RATES = [30, 100, 1000]
const SECONDS = 15
// The first second of a stream is not measured: the screen is still warming up.
const LEAD_SECONDS = 2

const BEGIN = '\x1b[?2026h'
const END = '\x1b[?2026l'
/** Longer than a control sequence. */
const KEPT = BEGIN.length - 1

export interface Frames {
  /** When each began, milliseconds. */
  readonly begins: readonly number[]
  /** Characters that were drawn outside of any. */
  readonly outside: number
  /** Screens that were emptied before they were drawn anew. */
  readonly erased: number
}

export async function frames(): Promise<Row[]> {
  const rows: Row[] = []
  for (const rate of RATES) {
    say(`frames: ${rate} lines/s for ${SECONDS} s`)
    rows.push(row(rate, await framesAt(rate)))
  }
  return rows
}

function row(rate: number, { begins, outside, erased }: Frames): Row {
  const gaps = begins.slice(1).map((at, i) => at - (begins[i] ?? at))
  gaps.sort((a, b) => a - b)
  const gap = (p: number): string =>
    `${Math.round(gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * p))] ?? Number.NaN)} ms`
  return {
    measure: `frames while ${rate} lines/s come in, 200x60`,
    signalbox: `${(begins.length / SECONDS).toFixed(1)}/s, one to the next p50 ${gap(0.5)}, p95 ${gap(0.95)}, most ${gap(1)}`,
    peer: '',
    note: `${outside} characters outside of frames, ${erased} screens emptied`,
  }
}

const framesAt = (rate: number): Promise<Frames> =>
  withTemp('frames', dir =>
    withHome(async env => {
      const screen = await openPty(signalbox('--root', dir), { ...SCREEN, env })
      try {
        await screen.settle(20_000)
        const total = String(SECONDS + LEAD_SECONDS + 1)
        const args = ['--rate', String(rate), '--seconds', total, '--sessions', '10']
        const writing = measure(ownScript('stream.ts', dir, ...args))
        await sleep(LEAD_SECONDS * 1000)
        const seen = await framesOf(screen, SECONDS)
        await writing
        return seen
      } finally {
        await screen.stop()
      }
    }),
  )

export async function framesOf(screen: Pty, seconds: number): Promise<Frames> {
  const begins: number[] = []
  let [outside, erased, isWithin, rest] = [0, 0, true, '']
  let isOver = false
  screen.onOutput(output => {
    if (isOver) return
    const now = performance.now()
    const text = rest + output
    // A sequence may come in two pieces.
    const cut = /\x1b[^a-zA-Z]*$/.exec(text)?.index ?? text.length
    rest = text.slice(Math.max(cut, text.length - KEPT))
    for (const part of text.slice(0, text.length - rest.length).split(/(\x1b\[\?2026[hl])/)) {
      if (part === BEGIN) begins.push(now)
      if (part === BEGIN || part === END) isWithin = part === BEGIN
      else if (!isWithin) outside += part.length
      if (part.includes('\x1b[2J')) erased++
    }
  })
  await sleep(seconds * 1000)
  isOver = true
  return { begins, outside, erased }
}

/** Recorded transcripts as if they happened now: the same events, at the recorded pace. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Event } from '../action/event.ts'
import { findTranscripts } from '../clients/claude-code/layout.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { agentEvent, TranscriptFile } from './transcript-file.ts'

export interface ReplayOptions {
  readonly path: string
  /** What every frame says of it. */
  readonly mark: string
  readonly price: Price
  /** So many times as fast as recorded. */
  readonly speed: number
  readonly signal: AbortSignal
}

/** A pause in the recording is never longer on the screen, in milliseconds. */
const LONGEST_PAUSE_MS = 3000

export async function* replay(options: ReplayOptions): AsyncGenerator<readonly Event[]> {
  yield [{ type: 'restart', mark: options.mark }]
  const timed = recorded(options)
  const first = timed[0]?.at ?? 0
  const start = Date.now()
  // Recorded times move to now, so that ages, rates and clocks are those of a live session.
  let shift = start - first
  let previous = first
  for (const { at, event } of timed) {
    const pause = Math.min((at - previous) / options.speed, LONGEST_PAUSE_MS)
    previous = at
    if (pause > 1) await sleep(pause, undefined, { signal: options.signal }).catch(() => {})
    if (options.signal.aborted) return
    shift = Date.now() - at
    yield [shifted(event, shift)]
  }
  yield [{ type: 'progress', doneBytes: 1, totalBytes: 1 }]
}

function recorded({ path, price }: ReplayOptions): { at: number; event: Event }[] {
  const timed: { at: number; event: Event }[] = []
  for (const { path: file, agent } of findTranscripts(path)) {
    let at = 0
    let session = ''
    const take = (event: Event): void => {
      if ('at' in event) at = event.at
      if ('session' in event) session = event.session
      timed.push({ at, event })
    }
    new TranscriptFile({ path: file, agent, from: 0, since: 0 }, price, take).read('exact')
    const named = agentEvent(file, agent, session)
    if (named !== null) timed.push({ at, event: named })
  }
  return timed.sort((a, b) => a.at - b.at)
}

function shifted(event: Event, by: number): Event {
  return 'at' in event ? { ...event, at: event.at + by } : event
}

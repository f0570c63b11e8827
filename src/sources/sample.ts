/** A newcomer sees it work at once: a recorded session plays until a real one appears. */
import type { Event } from '../action/event.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { shipped } from '../config/paths.ts'
import { Queue } from './queue.ts'
import { replay } from './replay.ts'

export interface SampleOptions {
  readonly price: Price
  readonly speed: number
  readonly signal: AbortSignal
  /** Why it plays, for a user who did not ask for it. */
  readonly why?: string
}

export function sample(options: SampleOptions): AsyncIterable<readonly Event[]> {
  const path = shipped('src', 'sources', 'sample')
  const why = options.why === undefined ? '' : `; ${options.why}`
  return replay({ ...options, path, mark: `SAMPLE - recorded, not live${why}` })
}

/** The sample, and from the first sign of a real session on only what is live. */
export function sampleUntil(
  live: AsyncIterable<readonly Event[]>,
  options: SampleOptions,
): AsyncIterable<readonly Event[]> {
  const queue = new Queue<Event>()
  const begun = new AbortController()
  const signal = AbortSignal.any([begun.signal, options.signal])
  const play = async (): Promise<void> => {
    for await (const batch of sample({ ...options, signal })) {
      if (begun.signal.aborted) return
      for (const event of batch) queue.push(event)
    }
  }
  const follow = async (): Promise<void> => {
    let progress: Event | null = null
    for await (const batch of live) {
      if (!begun.signal.aborted && batch.some(isOfSession)) {
        begun.abort()
        queue.push({ type: 'restart', mark: '' })
        if (progress !== null) queue.push(progress)
      }
      progress = batch.findLast(event => event.type === 'progress') ?? progress
      if (begun.signal.aborted) for (const event of batch) queue.push(event)
    }
    queue.close()
  }
  play().catch(error => queue.fail(error))
  follow().catch(error => queue.fail(error))
  return queue
}

/** The gate's word on all sessions is about none. */
const isOfSession = (event: Event): boolean => 'session' in event && event.session !== ''

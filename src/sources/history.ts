/** The backlog: all that was written before the screen opened, newest first, on other threads. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { RawWorld } from '../action/world.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { foldRanges, pricePart } from './history-part.ts'
import type { Range } from './transcript-file.ts'

/** Below this a thread costs more time than it saves. */
const INLINE_BYTES = 8 << 20
/** Small enough that history appears while it is read, large enough that a hand-over is nothing. */
const JOB_BYTES = 24 << 20
const MAX_THREADS = 4

export interface HistoryPart {
  readonly part: RawWorld
  readonly bytes: number
}

/** Yields the ranges' content in parts, in about the order given. Each range is read once. */
export async function* readHistory(
  ranges: readonly Range[],
  price: Price,
): AsyncGenerator<HistoryPart> {
  const total = sizeOf(ranges)
  const parts = total <= INLINE_BYTES ? inline(ranges) : threaded(jobsOf(ranges))
  for await (const part of parts) {
    pricePart(part.part, price)
    yield part
  }
}

async function* inline(ranges: readonly Range[]): AsyncGenerator<HistoryPart> {
  if (ranges.length > 0) yield { part: foldRanges(ranges), bytes: sizeOf(ranges) }
}

async function* threaded(jobs: Range[][]): AsyncGenerator<HistoryPart> {
  const results: HistoryPart[] = []
  let failure: Error | null = null
  let wake = (): void => {}
  let left = jobs.length
  const threads = Math.min(MAX_THREADS, availableParallelism(), jobs.length)
  const workers = Array.from({ length: threads }, () => startWorker())
  const next = (worker: Worker): void => {
    const job = jobs.shift()
    if (job === undefined) return void worker.terminate()
    worker.once('message', (part: RawWorld) => {
      results.push({ part, bytes: sizeOf(job) })
      left--
      wake()
      next(worker)
    })
    worker.postMessage(job)
  }
  for (const worker of workers) {
    worker.on('error', error => {
      failure = error
      wake()
    })
    next(worker)
  }
  try {
    while (left > 0 || results.length > 0) {
      const part = results.shift()
      if (part !== undefined) yield part
      else if (failure !== null) throw failure
      else await new Promise<void>(resolve => (wake = resolve))
    }
  } finally {
    for (const worker of workers) void worker.terminate()
  }
}

function startWorker(): Worker {
  // The bundle and the sources differ in where this file stands, not in what it is called.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const url = new URL(`./history-worker.${extension}`, import.meta.url)
  // Short-lived strings by the gigabyte: a small young generation keeps the process small.
  return new Worker(url, { resourceLimits: { maxYoungGenerationSizeMb: 24 } })
}

function jobsOf(ranges: readonly Range[]): Range[][] {
  const jobs: Range[][] = []
  let room = 0
  for (const range of ranges) {
    const bytes = range.to - range.from
    if (bytes > room || jobs.length === 0) {
      jobs.push([])
      room = JOB_BYTES
    }
    jobs.at(-1)?.push(range)
    room -= bytes
  }
  return jobs
}

const sizeOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, range) => sum + range.to - range.from, 0)

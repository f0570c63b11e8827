/** The backlog: all that was written before the screen opened, newest first, on other threads. */
import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { RawWorld } from '../action/world.ts'
import { foldRanges } from './history-part.ts'
import { Queue } from './queue.ts'
import type { Range } from './transcript-file.ts'

/** Below this a thread costs more time than it saves. */
const INLINE_BYTES = 8 << 20
/** Small enough that history appears while it is read, large enough that a hand-over is nothing. */
const JOB_BYTES = 12 << 20
const MAX_THREADS = 4

export interface HistoryPart {
  readonly part: RawWorld
  readonly bytes: number
}

/** Reads ranges, each once, in about the order given; threads begin their work at once. */
export class History {
  readonly totalBytes: number
  readonly #ranges: readonly Range[]
  readonly #jobs: Range[][]
  readonly #workers: Worker[] = []
  readonly #queue = new Queue<HistoryPart>()
  readonly #threaded: boolean

  constructor(ranges: readonly Range[]) {
    this.#ranges = ranges.filter(range => range.to > range.from)
    this.totalBytes = sizeOf(this.#ranges)
    this.#threaded = this.totalBytes > INLINE_BYTES
    this.#jobs = this.#threaded ? jobsOf(this.#ranges) : []
    const threads = Math.min(MAX_THREADS, availableParallelism(), this.#jobs.length)
    if (threads > 0) tuneCollector()
    for (let i = 0; i < threads; i++) this.#start()
  }

  async *read(): AsyncGenerator<HistoryPart> {
    if (this.#threaded) for await (const parts of this.#queue) yield* parts
    else if (this.totalBytes > 0) yield { part: foldRanges(this.#ranges), bytes: this.totalBytes }
  }

  #start(): void {
    const worker = startWorker()
    this.#workers.push(worker)
    const given: (readonly Range[])[] = []
    const give = (): void => {
      const job = this.#jobs.shift()
      if (job !== undefined) worker.postMessage(given[given.push(job) - 1])
    }
    worker.on('message', (part: RawWorld) => {
      this.#queue.push({ part, bytes: sizeOf(given.shift() ?? []) })
      give()
      if (given.length === 0) this.#end(worker)
    })
    worker.on('error', error => this.#queue.fail(error))
    // One job ahead, so that no thread waits while this one is busy with a part.
    give()
    give()
  }

  #end(worker: Worker): void {
    void worker.terminate()
    this.#workers.splice(this.#workers.indexOf(worker), 1)
    if (this.#workers.length === 0) this.#queue.close()
  }
}

/**
 * Scanning makes short-lived strings by the gigabyte. With room for them from the start few live
 * long enough to be copied; and as every core is busy reading, helper threads of the collector
 * would only be in the way. Both are read when a thread starts or collects, so setting them late
 * is safe.
 */
function tuneCollector(): void {
  setFlagsFromString('--min-semi-space-size=8')
  setFlagsFromString('--no-parallel-scavenge')
}

function startWorker(): Worker {
  // The bundle and the sources differ in where this file stands, not in what it is called.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const url = new URL(`./history-worker.${extension}`, import.meta.url)
  return new Worker(url, { resourceLimits: { maxYoungGenerationSizeMb: 48 } })
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

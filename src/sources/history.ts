/** The backlog: all that was written before the screen opened, newest first, on other threads. */
import { availableParallelism } from 'node:os'
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
    for (let i = 0; i < threads; i++) this.#start()
  }

  async *read(): AsyncGenerator<HistoryPart> {
    if (this.#threaded) for await (const parts of this.#queue) yield* parts
    else if (this.totalBytes > 0) yield { part: foldRanges(this.#ranges), bytes: this.totalBytes }
  }

  #start(): void {
    const worker = startWorker()
    this.#workers.push(worker)
    let job: readonly Range[] = []
    const next = (): void => {
      job = this.#jobs.shift() ?? []
      if (job.length > 0) worker.postMessage(job)
      else this.#end(worker)
    }
    worker.on('message', (part: RawWorld) => {
      this.#queue.push({ part, bytes: sizeOf(job) })
      next()
    })
    worker.on('error', error => this.#queue.fail(error))
    next()
  }

  #end(worker: Worker): void {
    void worker.terminate()
    this.#workers.splice(this.#workers.indexOf(worker), 1)
    if (this.#workers.length === 0) this.#queue.close()
  }
}

function startWorker(): Worker {
  // The bundle and the sources differ in where this file stands, not in what it is called.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const url = new URL(`./history-worker.${extension}`, import.meta.url)
  // Short-lived strings by the gigabyte: a small young generation keeps the process small.
  return new Worker(url, { resourceLimits: { maxYoungGenerationSizeMb: 64 } })
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

/** Runs of targets on threads, two at a time; one that hangs or dies is a finding with its input. */
import { Worker } from 'node:worker_threads'
import type { Run } from './engine.ts'
import { MOST_BYTES } from './mutate.ts'

/** A thread that begins no other input for so long will not. */
const STUCK_MS = 20_000
const LOOK_MS = 1000
const SIDE_BY_SIDE = 2

export interface Job {
  readonly target: string
  readonly inputs: number
  readonly seed: number
}

export async function runAll(
  jobs: readonly Job[],
  done: (job: Job, run: Run) => void,
): Promise<void> {
  const left = [...jobs]
  const next = async (): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) done(job, await run(job))
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next))
}

function run(job: Job): Promise<Run> {
  const shared = new SharedArrayBuffer(8 + MOST_BYTES)
  const counts = new Int32Array(shared, 0, 2)
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { ...job, shared },
    // What a run leaves on standard error would be among the figures.
    stderr: false,
  })
  const started = performance.now()
  const broken = (what: string): Run => ({
    inputs: counts[0] ?? 0,
    seconds: (performance.now() - started) / 1000,
    outcomes: 0,
    slowestMs: 0,
    growthMb: 0,
    found: [{ what, input: Buffer.from(Buffer.from(shared, 8, counts[1])) }],
  })
  const { promise, resolve } = Promise.withResolvers<Run>()
  let seen = 0
  let since = performance.now()
  const look = setInterval(() => {
    const now = Atomics.load(counts, 0)
    if (now !== seen) since = performance.now()
    seen = now
    if (performance.now() - since > STUCK_MS) resolve(broken('hangs'))
  }, LOOK_MS)
  worker.once('message', (told: Run) => resolve(told))
  worker.once('error', error => resolve(broken(`the thread died: ${String(error)}`)))
  worker.once('exit', () => resolve(broken('the thread ended')))
  return promise.finally(() => {
    clearInterval(look)
    void worker.terminate()
  })
}

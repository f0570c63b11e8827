// Loaded into the real screen before it (`node --import`): how long each frame takes, from the moment
// its timer fires to the moment its bytes were handed to the terminal. The program knows nothing of it.
//   FRAME_TIMES=FILE: where they are put at the end, as JSON.
import { writeFileSync } from 'node:fs'

export interface FrameTime {
  /** Since the program began, milliseconds. */
  readonly at: number
  readonly wallMs: number
  /** Of the thread that draws: what other programs took of the machine is not in it. */
  readonly cpuMs: number
}

const frames: FrameTime[] = []
let begun: { wall: number; cpu: number } | null = null
let last: FrameTime | null = null

const cpuNow = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

const close = (): void => {
  if (last !== null) frames.push(last)
  begun = null
  last = null
}

const { setTimeout: plain } = globalThis
// Callers cannot tell the two apart: all that is added happens around their callback.
globalThis.setTimeout = Object.assign(
  ((work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    plain(() => {
      close()
      begun = { wall: performance.now(), cpu: cpuNow() }
      work(...args)
      // What the callback set off is drawn before the next turn, in which files are read.
      process.nextTick(() => queueMicrotask(() => process.nextTick(close)))
    }, ms)) as typeof plain,
  plain,
)

const write = process.stdout.write.bind(process.stdout)
process.stdout.write = ((...args: Parameters<typeof write>) => {
  const done = write(...args)
  if (begun !== null)
    last = {
      at: begun.wall,
      wallMs: performance.now() - begun.wall,
      cpuMs: cpuNow() - begun.cpu,
    }
  return done
}) as typeof write // the same parameters, as they come

process.on('exit', () =>
  writeFileSync(process.env.FRAME_TIMES ?? '/dev/null', JSON.stringify(frames)),
)

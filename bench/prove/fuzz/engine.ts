/** Runs a target: counts inputs, times each, watches the heap, and makes what it found small. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { crc32 } from 'node:zlib'
import { createRandom, type Random } from '../../random.ts'
import { minimise } from './minimise.ts'
import { MOST_BYTES, Mutator, wordsIn } from './mutate.ts'
import type { Bench, Target } from './target.ts'

/** An input that takes longer, also when it is run again, alone, is a finding. */
export const HANG_MS = 50
/** What was stopped by others, or by the collector, is not so every time. */
const AGAIN = 3
/** A bench that lives on keeps what it is told; a gate, say, is not one of a million sessions. */
const RENEW = 2000
const MOST_KEPT = 3000
/** What was put off by a timer or an event gets its turn. */
const BREATH = 200
const MOST_FOUND = 12

export interface Found {
  /** What went wrong. */
  readonly what: string
  readonly input: Buffer
}

export interface Run {
  readonly inputs: number
  readonly seconds: number
  /** How many different things came of them. */
  readonly outcomes: number
  /** The longest that any took, run alone where that was too long. */
  readonly slowestMs: number
  /** Of the heap, from the first quarter to the end, collected. */
  readonly growthMb: number
  readonly found: readonly Found[]
}

export interface Wanted {
  readonly inputs: number
  readonly seed: number
  /** Told of each input before it is run, for who looks after this thread. */
  readonly begins: (input: Buffer) => void
}

export async function fuzz(target: Target, { inputs, seed, begins }: Wanted): Promise<Run> {
  const tries = new Tries(target, seed, begins)
  const quarter = Math.max(1, inputs >> 2)
  const stretch = Math.min(RENEW, quarter)
  const started = performance.now()
  let early = 0
  for (let done = 0; done < inputs; done += stretch) {
    if (early === 0 && done >= quarter) early = await heapBytes()
    await tries.more(Math.min(stretch, inputs - done))
  }
  const growthMb = ((await heapBytes()) - early) / 2 ** 20
  const seconds = (performance.now() - started) / 1000
  // Looked at after the heap: what nobody needs any more would be gone from it at the end, and only there.
  const { outcomes, slowestMs } = tries
  return { inputs, seconds, outcomes, slowestMs, growthMb, found: await tries.smallFound() }
}

/** One input after the other, each made from those before it. */
class Tries {
  slowestMs = 0
  readonly #target: Target
  readonly #begins: Wanted['begins']
  readonly #seeds: readonly Buffer[]
  readonly #pool: Pool
  readonly #mutator: Mutator
  readonly #found = new Map<string, Found>()
  #begun = 0

  constructor(target: Target, seed: number, begins: Wanted['begins']) {
    const { mostBytes = MOST_BYTES } = target
    const random = createRandom(seed)
    this.#target = target
    this.#begins = begins
    this.#seeds = target.seeds().map(it => it.subarray(0, mostBytes))
    this.#pool = new Pool(this.#seeds, random, mostBytes)
    this.#mutator = new Mutator(random, target, [...target.words, ...wordsIn(this.#seeds)])
  }

  get outcomes(): number {
    return this.#pool.outcomes
  }

  /** In a bench of their own, which nothing holds once this is over. */
  async more(inputs: number): Promise<void> {
    const bench = await this.#target.open()
    for (let i = 0; i < inputs; i++) await this.#next(bench)
    bench.close()
  }

  async #next(bench: Bench): Promise<void> {
    const input =
      this.#seeds[this.#begun] ?? this.#mutator.change(this.#pool.any(), this.#pool.any())
    this.#begins(input)
    if (this.#begun++ % BREATH === 0) await new Promise(resolve => setImmediate(resolve))
    const tried = await timed(bench, input)
    if (tried.ms > HANG_MS) tried.ms = await leastOf(bench, input, tried.ms)
    this.slowestMs = Math.max(this.slowestMs, tried.ms)
    const wrong = tried.ms > HANG_MS ? `took ${Math.round(tried.ms)} ms` : tried.wrong
    if (wrong === '') this.#pool.learn(input, tried.outcome)
    else if (!this.#found.has(kindOf(wrong)) && this.#found.size < MOST_FOUND)
      this.#found.set(kindOf(wrong), { what: wrong, input: Buffer.from(input) })
  }

  async smallFound(): Promise<Found[]> {
    const small: Found[] = []
    for (const one of this.#found.values()) small.push(await smallOf(this.#target, one))
    return small
  }
}

interface Tried {
  ms: number
  readonly outcome: string
  /** What does not hold, or `''`. */
  readonly wrong: string
}

async function timed(bench: Bench, input: Buffer): Promise<Tried> {
  const from = performance.now()
  try {
    const coming = bench.try(input)
    const outcome = typeof coming === 'string' ? coming : await orCrash(coming)
    return { ms: performance.now() - from, outcome, wrong: '' }
  } catch (error) {
    return { ms: performance.now() - from, outcome: '', wrong: wordsOf(error) }
  }
}

async function leastOf(bench: Bench, input: Buffer, first: number): Promise<number> {
  let least = first
  for (let i = 0; i < AGAIN && least > HANG_MS; i++) {
    const before = process.threadCpuUsage()
    const { ms } = await timed(bench, input)
    const { user, system } = process.threadCpuUsage(before)
    // A machine that is busy with others takes time, too; what waits by itself takes no processor.
    least = Math.min(least, ms, (user + system) / 1000)
  }
  return least
}

/** What nobody waits for ends a process: here it is what the input did. */
let crash: ((error: Error) => void) | null = null
for (const event of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(event, error => {
    if (crash === null) {
      console.error(error)
      process.exit(1)
    }
    crash(new Error(`crash: ${wordsOf(error)}`))
  })

/** A million errors are made, and a few looked at. */
Error.stackTraceLimit = 4

// Libraries warn on standard error, which is the screen.
process.emitWarning = (warning: string | Error) => {
  throw new Error(`a warning: ${String(warning)}`)
}

async function orCrash<T>(coming: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  crash = reject
  coming.then(resolve, reject)
  return await promise.finally(() => {
    crash = null
  })
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const at = /\((?:file:\/\/)?\S*?((?:src|bench)\/\S+)\)/.exec(error.stack ?? '')?.[1] ?? ''
  return `${error.name}: ${error.message.split('\n')[0]} ${at}`.trim()
}

/** The same for what went wrong in the same way. */
const kindOf = (what: string): string =>
  what
    .replace(/["'`].*["'`]/g, '')
    .replace(/\d+/g, '')
    .slice(0, 100)

async function smallOf(target: Target, { what, input }: Found): Promise<Found> {
  // A part of a slow one is only less slow; and it was run alone.
  if (what.startsWith('took ')) return { what, input }
  const bench = await target.open()
  const still = async (one: Buffer): Promise<boolean> =>
    kindOf((await timed(bench, one)).wrong) === kindOf(what)
  const small = await minimise(input, still)
  const alone = await still(small)
  bench.close()
  return { what: alone ? what : `${what} (not when run alone)`, input: small }
}

/**
 * Inputs worth changing: the seeds, and those that did something new; of these the newest. All room is
 * taken from the start, so that what grows is the product's.
 */
class Pool {
  /** How many different things came of inputs. */
  outcomes = 0
  readonly #seeds: readonly Buffer[]
  readonly #random: Random
  readonly #mostBytes: number
  readonly #kept: Buffer[] = []
  readonly #room: Buffer
  /** A mark for each outcome: of a hundred thousand, some three hundred pass for another. */
  readonly #seen = new Uint8Array(1 << 21)

  constructor(seeds: readonly Buffer[], random: Random, mostBytes: number) {
    this.#seeds = seeds
    this.#random = random
    this.#mostBytes = mostBytes
    this.#room = Buffer.alloc(MOST_KEPT * mostBytes)
  }

  any(): Buffer {
    const { pick, chance } = this.#random
    return this.#kept.length > 0 && chance(0.5) ? pick(this.#kept) : pick(this.#seeds)
  }

  /** Keeps an input of which something new came. */
  learn(input: Buffer, outcome: string): void {
    const mark = crc32(outcome) >>> 8
    const [byte, bit] = [mark >> 3, 1 << (mark & 7)]
    const seen = this.#seen[byte] ?? 0
    if ((seen & bit) !== 0) return
    this.#seen[byte] = seen | bit
    const slot = this.outcomes++ % MOST_KEPT
    const from = slot * this.#mostBytes
    this.#kept[slot] = this.#room.subarray(from, from + input.copy(this.#room, from))
  }
}

setFlagsFromString('--expose-gc')
/** Node has it only by a flag; a new context has it by now. */
const collect: () => void = runInNewContext('gc')

/** With no bench open: what one holds is over with it. */
async function heapBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await new Promise(resolve => setTimeout(resolve, 20))
    collect()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

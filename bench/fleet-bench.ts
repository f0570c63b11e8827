// What the parts of the fleet's benchmark share: a journal, a relay that sends it, and where it arrives.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as rest } from 'node:timers/promises'
import type { Entry } from '../src/action/entry.ts'
import { type Broker, openBroker } from '../src/fleet/broker.ts'
import type { Journal } from '../src/gate/journal.ts'
import { signalbox } from './common.ts'
import type { Gated } from './gated.ts'
import { cpuMs, rssMb } from './process.ts'

/** So many are sent as fast as it goes; each action is two of them. */
export const ENTRIES = 20_000

/** And so many evenly, at a rate that nothing is busy with. */
export interface Pace {
  readonly perSecond: number
  readonly entries: number
}

export type Call = Extract<Entry, { type: 'judged' | 'ran' }>

export interface Bench extends Gated {
  readonly url: string
  readonly journal: Journal
  /** Of a session: a call is judged, and ended. */
  readonly calls: readonly Call[]
  /** The length of a message, as a relay sends it. */
  readonly bytes: number
}

/** The n-th entry of a busy session, and what it is known by when it comes out. */
export function entryAt({ calls }: Bench, n: number): Call {
  const entry = calls[n % calls.length]
  if (entry === undefined) throw new Error('no call')
  return { ...entry, at: Date.now(), action: `toolu_${n >> 1}`, session: 'fleet' }
}

export const brokerOf = (servers: string, organisation: string): Promise<Broker> =>
  openBroker({ servers, credentials: '', ca: '', organisation, patient: false })

/** Waits until a relay has sent all that is there, and takes it out of the stream. */
export async function emptied({ url, journal }: Bench, organisation: string): Promise<void> {
  const { manager, stream, connection } = await brokerOf(url, organisation)
  while ((await manager.streams.info(stream)).state.last_seq < journal.head.seq) await rest(100)
  await manager.streams.purge(stream)
  await connection.close()
}

/** A server sets aside on its disk what a stream may hold at most: so many of 4 GB find no room. */
export async function dropped({ url }: Bench, organisation: string): Promise<void> {
  const { manager, stream, connection } = await brokerOf(url, organisation)
  await manager.streams.delete(stream)
  await connection.close()
}

/** Counts from the first that came: what it takes to start is not of interest. */
export function rateMeter(): { told: () => void; perSecond: () => number } {
  let [first, last, done] = [0, 0, 0]
  return {
    told: () => {
      last = performance.now()
      if (done++ === 0) first = last
    },
    perSecond: () => ((done - 1) / (last - first)) * 1000,
  }
}

/** What a relay took. */
export interface Used {
  readonly cpuMs: number
  readonly peakMb: number
}

/** While the real program sends the journal. */
export async function withRelay<T>(
  { url, env }: Bench,
  organisation: string,
  use: () => Promise<T>,
): Promise<{ result: T; used: Used }> {
  const own = ['relay', '--nats', url, '--organisation', organisation, '--machine', 'bench']
  const [command = '', ...args] = signalbox(...own)
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = once(child, 'exit')
  try {
    const result = await use()
    const pid = child.pid ?? 0
    const used = { cpuMs: cpuMs(pid), peakMb: rssMb(pid).peak }
    child.kill()
    const [code] = await ended
    if (code !== 0) throw new Error(`the relay ended with ${code}`)
    return { result, used }
  } finally {
    child.kill()
  }
}

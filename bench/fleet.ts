// What a fleet costs: the journal of a gate through relay, broker and the screen's source into a world,
// beside a publisher and a consumer of the same library that do nothing else, on one broker, in turns.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { DeliverPolicy } from '@nats-io/jetstream'
import type { Entry } from '../src/action/entry.ts'
import type { Event } from '../src/action/event.ts'
import { fold } from '../src/action/fold.ts'
import { World } from '../src/action/world.ts'
import { type Broker, openBroker } from '../src/fleet/broker.ts'
import { messageText } from '../src/fleet/message.ts'
import { reduced } from '../src/fleet/reduce.ts'
import { journalSubject } from '../src/fleet/subjects.ts'
import { hashLine } from '../src/gate/chain.ts'
import { Journal } from '../src/gate/journal.ts'
import { fleet as fleetSource } from '../src/sources/fleet.ts'
import { count, median, ownScript, type Row, say, signalbox } from './common.ts'
import { entriesOf } from './fleet-entries.ts'
import { paced } from './fleet-pace.ts'
import { withServer } from './fleet-server.ts'
import { type Gated, withGate } from './gated.ts'
import { cpuMs, rssMb } from './process.ts'
import { stateOf } from './prove/load/asking.ts'

const ROUNDS = 3
const ENTRIES = 20_000
const PER_SECOND = 500
const PACED_ENTRIES = 5000
/** So many times the calls, for what an entry takes. */
const SAMPLE = 8

interface Bench extends Gated {
  readonly url: string
  readonly journal: Journal
  /** Of a session: a call is judged, and ended. */
  readonly calls: readonly Entry[]
  /** The length of a message, as a relay sends it. */
  readonly bytes: number
}

export async function fleet(): Promise<Row[]> {
  return withServer((url, pid) =>
    withGate('fleet', async gated => {
      const entries = await entriesOf(gated, SAMPLE)
      const calls = entries.filter(it => it.type === 'judged' || it.type === 'ran')
      // From here on the journal is another one, written by what measures.
      stopGate(gated)
      const folder = join(stateOf(gated.dir), 'journal')
      rmSync(folder, { recursive: true })
      const journal = new Journal(folder)
      const bytes = mean(calls.map(it => messageLength(reduced(it))))
      const it: Bench = { ...gated, url, journal, calls, bytes }
      try {
        return [sizes(it), ...(await rates(it)), await latencies(it), await onDisk(it, pid)]
      } finally {
        journal.close()
      }
    }),
  )
}

function stopGate({ env }: Gated): void {
  const [command = '', ...args] = signalbox('gate', 'stop')
  const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

const messageLength = (entry: Entry): number =>
  Buffer.byteLength(messageText({ machine: 'bench', id: hashLine(''), entry }))

const mean = (values: readonly number[]): number =>
  Math.round(values.reduce((sum, it) => sum + it, 0) / values.length)

function sizes({ calls, bytes }: Bench): Row {
  const redacted = mean(calls.map(messageLength))
  return {
    measure: `fleet: an entry on its way, mean of ${calls.length} of ${calls.length / 2} calls`,
    signalbox: `${bytes} bytes reduced, ${redacted} redacted`,
    peer: '',
    note: 'judged and ran, without the subject and the id',
  }
}

/** The n-th entry of a busy session, and what it is known by when it comes out. */
function entryAt({ calls }: Bench, n: number): Entry {
  const entry = calls[n % calls.length]
  if (entry?.type !== 'judged' && entry?.type !== 'ran') throw new Error('no call')
  return { ...entry, at: Date.now(), action: `toolu_${n >> 1}`, session: 'fleet' }
}

/** What comes out of a stream, into a world; ends after so many. */
async function watched(
  { url }: Bench,
  organisation: string,
  most: number,
  told: (event: Event) => void,
): Promise<void> {
  const broker = await brokerOf(url, organisation)
  const stop = new AbortController()
  const { signal } = stop
  const loadPrice = async () => () => null
  let world = new World()
  let done = 0
  for await (const batch of fleetSource({ broker, loadPrice, follow: true, signal }).events)
    for (const event of batch) {
      world = fold(world, event)
      if (event.type !== 'judged' && event.type !== 'ran') continue
      told(event)
      if (++done === most) stop.abort()
    }
  if (world.actions.length !== most / 2) throw new Error(`${world.actions.length} actions`)
  await broker.connection.close()
}

/** The same by somebody who only reads. */
async function consumed(
  { url }: Bench,
  organisation: string,
  most: number,
  told: (text: string) => void,
): Promise<void> {
  const broker = await brokerOf(url, organisation)
  const from = { deliver_policy: DeliverPolicy.All }
  const consumer = await broker.js.consumers.get(broker.stream, from)
  let done = 0
  for await (const one of await consumer.consume({ max_messages: 1000 })) {
    told(one.string())
    if (++done === most) break
  }
  await broker.connection.close()
}

const brokerOf = (servers: string, organisation: string): Promise<Broker> =>
  openBroker({ servers, credentials: '', ca: '', organisation, patient: false })

/** Counts from the first that came: what it takes to start is not of interest. */
function rateMeter(): { told: () => void; perSecond: () => number } {
  let [first, last, done] = [0, 0, 0]
  return {
    told: () => {
      last = performance.now()
      if (done++ === 0) first = last
    },
    perSecond: () => ((done - 1) / (last - first)) * 1000,
  }
}

async function rates(bench: Bench): Promise<Row[]> {
  for (let n = 0; n < ENTRIES; n++) bench.journal.append(entryAt(bench, n))
  say(`fleet: ${count(ENTRIES)} entries are in the journal`)
  const ours: number[] = []
  const theirs: number[] = []
  const used: Used[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const own = rateMeter()
    const relay = relayOf(bench, `ours-${round}`)
    await watched(bench, `ours-${round}`, ENTRIES, own.told)
    const its = await relay.end()
    const other = rateMeter()
    const peer = peerOf(bench, `theirs-${round}`, ENTRIES, 0)
    await consumed(bench, `theirs-${round}`, ENTRIES, other.told)
    await peer
    say(`fleet: ${own.perSecond().toFixed(0)}/s, plain ${other.perSecond().toFixed(0)}/s`)
    if (round === 0) continue // warm from here on
    ours.push(own.perSecond())
    theirs.push(other.perSecond())
    used.push(its)
  }
  const [own, other] = [median(ours), median(theirs)]
  const cpu = (median(used.map(it => it.cpuMs)) / ENTRIES) * 1000
  const peak = median(used.map(it => it.peakMb))
  return [
    {
      measure: `fleet: ${count(ENTRIES)} entries from relay to world, median of ${ROUNDS}`,
      signalbox: `${count(Math.round(own))} a second`,
      peer: `${count(Math.round(other))} a second, publisher and consumer alone`,
      note: `ratio ${(own / other).toFixed(2)}; messages of ${bench.bytes} bytes`,
    },
    {
      measure: 'fleet: a relay that sends them, its start with it',
      signalbox: `${cpu.toFixed(0)} µs of CPU an entry, ${peak.toFixed(0)} MB at its peak`,
      peer: '',
      note: '',
    },
  ]
}

/** At a rate that nothing is busy with: what is measured is the way. */
async function latencies(bench: Bench): Promise<Row> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(...(await ownLatencies(bench, `paced-${round}`)))
    theirs.push(...(await peerLatencies(bench, `plain-${round}`)))
    say(`fleet: ${figures(ours)}, plain ${figures(theirs)}`)
  }
  return {
    measure: `fleet: from the journal to the world, ${PER_SECOND} a second, ${count(ours.length)} entries`,
    signalbox: figures(ours),
    peer: `${figures(theirs)}, publisher to consumer alone`,
    note: `ratio of p95 ${(quantile(ours, 0.95) / quantile(theirs, 0.95)).toFixed(2)}`,
  }
}

async function ownLatencies(bench: Bench, organisation: string): Promise<number[]> {
  const before = bench.journal.head.seq
  // What the relay sends first is what was there; it is at the end when that is in.
  const relay = relayOf(bench, organisation)
  const given: number[] = []
  const times: number[] = []
  const { url } = bench
  const broker = await brokerOf(url, organisation)
  while ((await broker.manager.streams.info(broker.stream)).state.messages < before) await rest(100)
  await broker.manager.streams.purge(broker.stream)
  await broker.connection.close()
  const seen = watched(bench, organisation, PACED_ENTRIES, () => {
    times.push(performance.now() - (given[times.length] ?? Number.NaN))
  })
  await rest(500)
  await paced(PACED_ENTRIES, PER_SECOND, () => {
    const entry = entryAt(bench, given.length)
    given.push(performance.now())
    bench.journal.append(entry)
  })
  await seen
  await relay.end()
  return times
}

async function peerLatencies(bench: Bench, organisation: string): Promise<number[]> {
  const times: number[] = []
  const seen = consumed(bench, organisation, PACED_ENTRIES, text => {
    times.push(performance.timeOrigin + performance.now() - Number.parseFloat(text))
  })
  await rest(500)
  await peerOf(bench, organisation, PACED_ENTRIES, PER_SECOND)
  await seen
  return times
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN

const figures = (times: readonly number[]): string =>
  `p50 ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms`

interface Used {
  readonly cpuMs: number
  readonly peakMb: number
}

/** The real program. */
function relayOf({ url, env }: Bench, organisation: string): { end: () => Promise<Used> } {
  const own = ['relay', '--nats', url, '--organisation', organisation, '--machine', 'bench']
  const [command = '', ...args] = signalbox(...own)
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = once(child, 'exit')
  return {
    end: async () => {
      const pid = child.pid ?? 0
      const used = { cpuMs: cpuMs(pid), peakMb: rssMb(pid).peak }
      child.kill()
      const [code] = await ended
      if (code !== 0) throw new Error(`the relay ended with ${code}`)
      return used
    },
  }
}

async function peerOf(
  { url, bytes }: Bench,
  organisation: string,
  most: number,
  perSecond: number,
): Promise<void> {
  const subject = journalSubject(organisation, 'bench', 'fleet')
  const given = [url, subject, most, bytes, perSecond].map(String)
  const [command = '', ...args] = ownScript('fleet-peer.ts', ...given)
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the publisher ended with ${code}`)
}

/** What the broker keeps of them. */
async function onDisk({ url }: Bench, pid: number): Promise<Row> {
  const broker = await brokerOf(url, `ours-${ROUNDS}`)
  const { state } = await broker.manager.streams.info(broker.stream)
  await broker.connection.close()
  return {
    measure: 'fleet: an entry in the stream, reduced',
    signalbox: `${Math.round(state.bytes / state.messages)} bytes`,
    peer: '',
    note: `nats-server had ${rssMb(pid).peak.toFixed(0)} MB at its peak`,
  }
}

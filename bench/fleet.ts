// What a fleet costs: the journal of a gate through relay and broker to the world that a screen draws, and
// to what is drawn, beside a publisher and a consumer of the same library that do nothing else, on one
// broker, in turns.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from '../src/action/entry.ts'
import { messageText } from '../src/fleet/message.ts'
import { reduced } from '../src/fleet/reduce.ts'
import { hashLine } from '../src/gate/chain.ts'
import { Journal } from '../src/gate/journal.ts'
import { count, median, type Row, say, signalbox } from './common.ts'
import {
  type Bench,
  brokerOf,
  ENTRIES,
  entryAt,
  type Pace,
  type Used,
  withRelay,
} from './fleet-bench.ts'
import { entriesOf } from './fleet-entries.ts'
import { many } from './fleet-many.ts'
import { plainLatencies, plainRate } from './fleet-plain.ts'
import { screenLatencies, screenRate } from './fleet-screen.ts'
import { withServer } from './fleet-server.ts'
import { worldLatencies, worldRate } from './fleet-world.ts'
import { type Gated, withGate } from './gated.ts'
import { rssMb } from './process.ts'
import { stateOf } from './prove/load/asking.ts'

const ROUNDS = 3
/** At the second one a row stays for two seconds: each action is in some frame, whatever else runs. */
const PACES = [
  { perSecond: 500, entries: 5000 },
  { perSecond: 50, entries: 500 },
] as const
/** So many times the calls, for what an entry takes. */
const SAMPLE = 8

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
        const busy = [...(await rates(it)), ...(await latencies(it)), await onDisk(it, pid)]
        return [sizes(it), ...busy, ...(await many(it))]
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

async function rates(bench: Bench): Promise<Row[]> {
  for (let n = 0; n < ENTRIES; n++) bench.journal.append(entryAt(bench, n))
  say(`fleet: ${count(ENTRIES)} entries are in the journal`)
  const world: number[] = []
  const screen: number[] = []
  const plain: number[] = []
  const used: Used[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const own = await worldRate(bench, `world-${round}`)
    const drawn = await screenRate(bench, `screen-${round}`)
    const other = await plainRate(bench, `plain-${round}`)
    const told = [own.perSecond, drawn, other].map(it => it.toFixed(0))
    say(`fleet: to the world, drawn, plain: ${told.join(', ')} a second`)
    if (round === 0) continue // warm from here on
    world.push(own.perSecond)
    screen.push(drawn)
    plain.push(other)
    used.push(own.used)
  }
  return [
    rateRow('world', world, plain, bench),
    rateRow('screen', screen, plain, bench),
    took(used),
  ]
}

const TO = { world: 'to the world', screen: 'to the screen as drawn' } as const

function rateRow(to: keyof typeof TO, ours: number[], theirs: number[], { bytes }: Bench): Row {
  const [own, other] = [median(ours), median(theirs)]
  return {
    measure: `fleet: ${count(ENTRIES)} entries from relay ${TO[to]}, median of ${ROUNDS}`,
    signalbox: `${count(Math.round(own))} a second`,
    peer: `${count(Math.round(other))} a second, publisher and consumer alone`,
    note: `ratio ${(own / other).toFixed(2)}; messages of ${bytes} bytes`,
  }
}

function took(used: readonly Used[]): Row {
  const cpu = (median(used.map(it => it.cpuMs)) / ENTRIES) * 1000
  const peak = median(used.map(it => it.peakMb))
  return {
    measure: 'fleet: a relay that sends them, its start with it',
    signalbox: `${cpu.toFixed(0)} µs of CPU an entry, ${peak.toFixed(0)} MB at its peak`,
    peer: '',
    note: '',
  }
}

async function latencies(bench: Bench): Promise<Row[]> {
  const { result } = await withRelay(bench, 'paced', async () => {
    const rows: Row[] = []
    for (const pace of PACES) rows.push(...(await latenciesAt(bench, pace)))
    return rows
  })
  return result
}

async function latenciesAt(bench: Bench, pace: Pace): Promise<Row[]> {
  const world: number[] = []
  const screen: number[] = []
  const plain: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    world.push(...(await worldLatencies(bench, 'paced', pace)))
    screen.push(...(await screenLatencies(bench, 'paced', pace)))
    plain.push(...(await plainLatencies(bench, `plain-${pace.perSecond}-${round}`, pace)))
    const told = [world, screen, plain].map(figures)
    say(`fleet: ${pace.perSecond} a second to the world, drawn, plain: ${told.join('; ')}`)
  }
  const ratio = quantile(world, 0.95) / quantile(plain, 0.95)
  const seen = screen.filter(Number.isFinite).length
  const peer = `${figures(plain)}, publisher to consumer alone`
  return [
    {
      measure: `fleet: from the journal to the world, ${pace.perSecond} a second, ${count(world.length)} entries`,
      signalbox: figures(world),
      peer,
      note: `ratio of p95 ${ratio.toFixed(2)}`,
    },
    {
      measure: `fleet: from the journal to the row as drawn, ${pace.perSecond} a second`,
      signalbox: figures(screen),
      peer,
      note: `${count(seen)} of ${count(screen.length)} actions seen, reduced; a frame comes every 33 to 50 ms, not sooner`,
    },
  ]
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN

const figures = (times: readonly number[]): string =>
  `p50 ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms`

/** What the broker keeps of them. */
async function onDisk({ url }: Bench, pid: number): Promise<Row> {
  const broker = await brokerOf(url, `world-${ROUNDS}`)
  const { state } = await broker.manager.streams.info(broker.stream)
  await broker.connection.close()
  return {
    measure: 'fleet: an entry in the stream, reduced',
    signalbox: `${Math.round(state.bytes / state.messages)} bytes`,
    peer: '',
    note: `nats-server had ${rssMb(pid).peak.toFixed(0)} MB at its peak`,
  }
}

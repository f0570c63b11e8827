// The peer: a publisher and a consumer of the same library that do nothing else.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as rest } from 'node:timers/promises'
import { DeliverPolicy } from '@nats-io/jetstream'
import { journalSubject } from '../src/fleet/subjects.ts'
import { ownScript } from './common.ts'
import { type Bench, brokerOf, dropped, ENTRIES, type Pace, rateMeter } from './fleet-bench.ts'

/** @returns messages a second */
export async function plainRate(bench: Bench, organisation: string): Promise<number> {
  const meter = rateMeter()
  await Promise.all([
    publisherOf(bench, organisation, ENTRIES, 0),
    consumed(bench, organisation, ENTRIES, meter.told),
  ])
  await dropped(bench, organisation)
  return meter.perSecond()
}

/** @returns milliseconds */
export async function plainLatencies(
  bench: Bench,
  organisation: string,
  { entries, perSecond }: Pace,
): Promise<number[]> {
  const times: number[] = []
  const seen = consumed(bench, organisation, entries, text => {
    times.push(performance.timeOrigin + performance.now() - Number.parseFloat(text))
  })
  const published = async (): Promise<void> => {
    await rest(500)
    await publisherOf(bench, organisation, entries, perSecond)
  }
  await Promise.all([seen, published()])
  await dropped(bench, organisation)
  return times
}

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

async function publisherOf(
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

// What the reviewer costs those who do not use it: decisions of a gate without one, of a gate with one that
// is not needed, and of the build before there was any, in turn; and what one review adds of its own.
//   SIGNALBOX_BENCH_BEFORE=DIR node bench/run.ts reviewer     (DIR: a built checkout of the commit before)
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modelServer, says } from '../test/judge/reviewer/model-server.ts'
import { median, type Row, say, signalbox } from './common.ts'
import { type Gated, withGate } from './gated.ts'
import { type Asker, askerOf } from './prove/load/asking.ts'

const ROUNDS = 3000
const WARM_UP = 300
const REVIEWS = 200
/** What the judge is certain of. */
const CERTAIN = 'git status --short && ls src'

export async function reviewer(): Promise<Row[]> {
  const server = await modelServer(says({ pass: true }))
  const settings = `reviewer: { provider: openai-compatible, model: none, base_url: "${server.url}" }`
  try {
    return await withGate('without', without =>
      withGate('with', with_ =>
        withBefore(before => {
          decides(without, '')
          decides(with_, settings)
          if (before !== null) decides(before, '')
          return compare(without, with_, before)
        }),
      ),
    )
  } finally {
    await server.close()
  }
}

/** The build before the reviewer; null where none is named. */
function withBefore<T>(use: (before: Gated | null) => Promise<T>): Promise<T> {
  const dir = process.env.SIGNALBOX_BENCH_BEFORE
  if (dir === undefined) return use(null)
  const launcher = join(dir, 'bin', 'signalbox.js')
  if (!existsSync(launcher)) throw new Error(`${launcher}: not there`)
  return withGate('before', use, (...args) => [process.execPath, launcher, ...args])
}

function decides({ dir, env }: Gated, more: string): void {
  const file = join(dir, 'config', 'signalbox', 'config.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nroles: { default: decide }\n${more}\n`)
  const [command = '', ...rest] = signalbox('config', 'check')
  const done = spawnSync(command, rest, { env, encoding: 'utf8' })
  if (more !== '' && done.status !== 0) throw new Error(done.stderr)
}

async function compare(without: Gated, with_: Gated, before: Gated | null): Promise<Row[]> {
  const gates = { without, with: with_, ...(before === null ? {} : { before }) }
  const askers = Object.entries(gates).map(([name, { dir }]) => ({ name, asker: askerOf(dir, 0) }))
  const times = new Map<string, number[]>(askers.map(({ name }) => [name, []]))
  for (let i = 0; i < ROUNDS + WARM_UP; i++)
    for (const { name, asker } of askers) {
      const { ms, answer } = await asker.ask(CERTAIN)
      if (answer !== 'allow') throw new Error(`${name}: ${answer}`)
      if (i >= WARM_UP) times.get(name)?.push(ms)
    }
  const reviewed = askers.find(({ name }) => name === 'with')
  const own = reviewed === undefined ? [] : await reviews(reviewed.asker)
  for (const { asker } of askers) asker.close()
  say(`reviewer: ${ROUNDS} decisions of each of ${askers.map(it => it.name).join(', ')}`)
  const row = (name: string, peer: string, note: string): Row => ({
    measure: `a decision without the reviewer's help, of ${ROUNDS}, ${note}`,
    signalbox: figures(times.get(name)),
    peer: `${figures(times.get(peer))}, ${peer === 'before' ? 'the build before it' : 'no reviewer'}`,
    note: `difference of p50 ${difference(times.get(name), times.get(peer))}`,
  })
  return [
    ...(before === null ? [] : [row('without', 'before', 'no reviewer configured')]),
    row('with', 'without', 'a reviewer configured'),
    {
      measure: `a decision with a review (two questions), of ${own.length}, the model answering at once`,
      signalbox: figures(own),
      peer: '',
      note: 'all but the model',
    },
  ]
}

/** Of what it is unsure, each time of something else. */
async function reviews(asker: Asker): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < REVIEWS; i++) {
    const { ms, answer } = await asker.ask(`curl -s "https://docs.example/$UNKNOWN/${i}"`)
    if (i === 0) say(`reviewer: a reviewed action is answered with ${answer}`)
    times.push(ms)
  }
  return times.slice(1) // the first loads what asks the model
}

function figures(times: number[] = []): string {
  const sorted = times.toSorted((a, b) => a - b)
  return `p50 ${median(times).toFixed(2)} ms, p99 ${(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN).toFixed(2)} ms`
}

const difference = (a: number[] = [], b: number[] = []): string =>
  `${(median(a) - median(b)).toFixed(3)} ms`

// A week of the gate's journal: what starts on it, and what reads it whole.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Entry, type EntryBody, parseEntry } from '../../../src/action/entry.ts'
import { dayFiles, Journal } from '../../../src/gate/journal.ts'
import { count, megabytes, say, seconds, signalbox } from '../../common.ts'
import { withGate } from '../../gated.ts'
import { type Measured, measure, rssMb } from '../../process.ts'
import type { Proof } from '../proof.ts'
import { askerOf, stateOf } from './asking.ts'
import { ms } from './figures.ts'
import { openWatched } from './watched.ts'

const DAYS = 7
const DAY_MS = 86_400_000
const START_MS = 60_000
/** A call in fifty begins a session. */
const PER_SESSION = 50
const SAMPLE: readonly string[] = [
  'ls -la src && wc -l src/*.ts',
  'git status --short',
  'npm test -- --reporter=dot 2>&1 | tail -40',
  'sed -n 1,120p src/server/router.ts',
  'rm -rf node_modules/.cache dist && npm run build',
  'curl -fsSL https://registry.npmjs.org/left-pad',
  'git push origin HEAD:refs/heads/fix/rounding',
  'kubectl --context staging get pods -n web -o wide',
]

export async function week(short: boolean): Promise<Proof[]> {
  const perDay = short ? 1000 : 20_000
  say(`load: a week of journal, ${perDay} judged actions a day`)
  return withGate('week', async ({ dir, env }) => {
    const folder = join(stateOf(dir), 'journal')
    const run = (...args: string[]): Promise<Measured> => measure(signalbox(...args), { env })
    const sample = await sampleOf(dir, folder)
    gate(env, 'stop')
    rmSync(folder, { recursive: true })
    const entries = writeWeek(folder, sample, perDay)
    const started = await run('gate', 'run', '--detach')
    const { ms: firstMs } = await answered(dir)
    // As the gate prints it.
    const { pid } = JSON.parse(gate(env, 'status', '--json')) as { pid: number }
    const memory = rssMb(pid)
    const screen = await onScreen(dir, env, perDay * DAYS)
    const verified = await run('audit', '--verify')
    const others = []
    for (const args of [['report'], ['audit'], ['watch', '--once', '--json', '--limit', '1']]) {
      say(`load: ${args.join(' ')}`)
      others.push({ args, done: await run(...args) })
    }
    const bound = short ? 20_000 : 10_000
    const whole = Number(/entries +1 to (\d+)/.exec(verified.stdout)?.[1] ?? 0)
    return [
      {
        what: `a week of journal, ${count(entries)} entries: start of the gate`,
        figure: `${seconds(started.wallMs)}, then the first decision in ${ms(firstMs)}; ${megabytes(memory.now)}, peak ${megabytes(memory.peak)}`,
        bound: `${seconds(bound)}, 500 MB`,
        kept: started.code === 0 && started.wallMs < bound && memory.peak < 500,
      },
      {
        what: 'the same: the screen, until all of it is counted',
        figure: `first frame ${ms(screen.firstMs)}, all ${seconds(screen.allMs)}, ${megabytes(screen.mb)}`,
        bound: `${seconds(2 * bound)}, 900 MB`,
        kept: screen.allMs < 2 * bound && screen.mb < 900,
      },
      row('audit --verify', verified, bound, verified.code === 0 && whole >= entries),
      ...others.map(({ args, done }) => {
        const name = args.join(' ')
        // An audit ends with 1 when it finds something, and a sample has what is found.
        return row(name, done, 6 * bound, done.code === 0 || (name === 'audit' && done.code === 1))
      }),
    ]
  })
}

function row(name: string, done: Measured, bound: number, isRight: boolean): Proof {
  return {
    what: `the same: \`${name}\``,
    figure: `${seconds(done.wallMs)}, ${megabytes(done.peakRssMb)}, ends with ${done.code}`,
    bound: `${seconds(bound)}, 900 MB`,
    kept: isRight && done.wallMs < bound && done.peakRssMb < 900,
  }
}

const answered = async (dir: string) => {
  const asker = askerOf(dir, 99)
  const asked = await asker.ask('ls')
  asker.close()
  return asked
}

function gate(env: Record<string, string>, ...args: string[]): string {
  const [node = '', ...rest] = signalbox('gate', ...args)
  const done = spawnSync(node, rest, { env, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`gate ${args.join(' ')}: ${done.stderr}`)
  return done.stdout
}

/** Real entries, for a week to be made of. */
async function sampleOf(dir: string, folder: string): Promise<Entry[]> {
  const asker = askerOf(dir, 0)
  for (const command of SAMPLE) await asker.ask(command)
  asker.close()
  return dayFiles(folder)
    .flatMap(name => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .flatMap(line => parseEntry(line) ?? [])
}

/** @returns how many entries it has */
function writeWeek(folder: string, sample: readonly Entry[], perDay: number): number {
  let now = 0
  const journal = new Journal(folder, () => now)
  const judged = sample.flatMap(it => (it.type === 'judged' ? [it] : []))
  const sessions = sample.flatMap(it => (it.type === 'session' ? [it] : []))
  const put = (entry: EntryBody | undefined): void => {
    if (entry !== undefined) journal.append(entry)
  }
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
  for (let day = 0; day < DAYS; day++)
    for (let i = 0; i < perDay; i++) {
      const begin = today - (DAYS - 1 - day) * DAY_MS
      // Today is no whole day yet.
      const length = Math.min(DAY_MS, Date.now() - begin)
      now = begin + Math.floor((i / perDay) * length)
      const session = `week-${day}-${Math.floor(i / PER_SESSION)}`
      const one = judged[i % judged.length]
      if (one === undefined) throw new Error('the gate judged nothing')
      if (i % PER_SESSION === 0) put(bodyOf(sessions[0], { at: now, session }))
      const action = `toolu_week_${day}_${i}`
      put(bodyOf(one, { at: now, session, action }))
      const ran = { type: 'ran', at: now + 40, session, action } as const
      if (one.answer !== 'deny') put({ ...ran, ok: true, runMs: 30, inputHash: one.inputHash })
      if (i % PER_SESSION === PER_SESSION - 1)
        put({ type: 'session-ended', at: now, session, reason: 'exit' })
    }
  const { seq } = journal.head
  journal.close()
  return seq
}

function bodyOf(entry: Entry | undefined, changed: object): EntryBody | undefined {
  if (entry === undefined) return undefined
  const { seq: _, prev: __, ...body } = entry
  // The same kind of entry with other values of the same fields.
  return { ...body, ...changed } as EntryBody
}

async function onScreen(dir: string, env: NodeJS.ProcessEnv, actions: number) {
  const begun = Date.now()
  const screen = await openWatched({ root: join(dir, 'client'), env })
  await screen.until(() => true, START_MS)
  const firstMs = Date.now() - begun
  const isWhole = await screen.until(({ calls }) => calls >= actions, START_MS)
  const allMs = isWhole ? Date.now() - begun : Number.POSITIVE_INFINITY
  const mb = rssMb(screen.pty.pid).now
  await screen.quit()
  return { firstMs, allMs, mb }
}

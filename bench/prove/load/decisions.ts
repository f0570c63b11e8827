// 50 sessions, each over its own kept connection, ask the gate 200 times a second in all. Requests come
// by the clock, whether or not the ones before them were answered.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { say, signalbox } from '../../common.ts'
import { withGate } from '../../gated.ts'
import type { Proof } from '../proof.ts'
import { askerOf, stateOf } from './asking.ts'
import { at, ms } from './figures.ts'

const SESSIONS = 50
const RATE = 200
/** With what the gate must answer; refusals are few, so that no breaker trips. */
const CALLS: readonly (readonly [command: string, answer: string])[] = [
  ['ls -la src', 'allow'],
  ['git status --short', 'allow'],
  ['npm test', 'allow'],
  ['eval "$X"', 'ask'],
  ['sed -n 1,80p src/main.ts', 'allow'],
  ['rg -n TODO src', 'allow'],
  ['ls test && wc -l test/a.ts', 'allow'],
  ['rm -rf /', 'deny'],
]
const LIMIT_MS = { long: 20, short: 1000 }

export async function decisions(short: boolean): Promise<Proof[]> {
  const seconds = short ? 5 : 60
  say(`load: ${RATE} decisions/s for ${seconds} s`)
  return withGate('decisions', async ({ dir, env }) => {
    decideAll(dir)
    const clients = Array.from({ length: SESSIONS }, (_, i) => askerOf(dir, i))
    for (const client of clients) await client.ask('ls') // each session begins
    const times: number[] = []
    const wrong: string[] = []
    const asking: Promise<void>[] = []
    const started = performance.now()
    for (let n = 0; n < RATE * seconds; n++) {
      await sleep(Math.max(0, started + (n * 1000) / RATE - performance.now()))
      const client = clients[n % SESSIONS]
      if (client === undefined) continue
      const [command = '', right] = CALLS[(Math.floor(n / SESSIONS) + n) % CALLS.length] ?? []
      asking.push(
        client.ask(command).then(asked => {
          times.push(asked.ms)
          if (asked.answer !== right) wrong.push(`${command}: ${asked.answer}`)
        }),
      )
    }
    await Promise.all(asking)
    for (const client of clients) client.close()
    const rate = times.length / ((performance.now() - started) / 1000)
    const sent = times.length + SESSIONS
    const journal = judgedIn(dir)
    const verified = spawnSync(signalbox()[0] ?? '', signalbox('audit', '--verify').slice(1), {
      env,
      encoding: 'utf8',
    })
    const limit = short ? LIMIT_MS.short : LIMIT_MS.long
    times.sort((a, b) => a - b)
    return [
      {
        what: `decisions of ${SESSIONS} sessions over kept connections, ${rate.toFixed(0)}/s for ${seconds} s`,
        figure: `p50 ${ms(at(times, 0.5))}, p99 ${ms(at(times, 0.99))}, slowest ${ms(at(times, 1))}`,
        bound: `p99 under ${limit} ms`,
        kept: at(times, 0.99) < limit,
      },
      {
        what: 'the same: answers that were not the right one',
        figure: `${wrong.length} of ${times.length}${wrong.length > 0 ? `, such as ${wrong[0]}` : ''}`,
        bound: '0',
        kept: wrong.length === 0,
      },
      {
        what: 'the same: the journal afterwards',
        figure: `${journal.size} of ${sent} calls in it once, audit --verify ends with ${verified.status}`,
        bound: 'all, and 0',
        kept: journal.size === sent && verified.status === 0,
      },
    ]
  })
}

function decideAll(dir: string): void {
  const file = join(dir, 'config', 'signalbox', 'config.yaml')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nroles: { default: decide }\n`)
}

/** The actions that the journal has as judged; @throws when one is there twice. */
function judgedIn(dir: string): Set<string> {
  const folder = join(stateOf(dir), 'journal')
  const judged = new Set<string>()
  for (const name of readdirSync(folder).filter(it => it.endsWith('.jsonl')))
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (!line.includes('"type":"judged"')) continue
      // What the gate wrote.
      const { action } = JSON.parse(line) as { action: string }
      if (judged.has(action)) throw new Error(`${action} is in the journal twice`)
      judged.add(action)
    }
  return judged
}

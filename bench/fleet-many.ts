// A screen over many machines: what it takes to have them, and what it takes of the processor while all of
// them give their signs of life and the machines screen is open.
import { messageText } from '../src/fleet/message.ts'
import { reduced } from '../src/fleet/reduce.ts'
import { journalSubject, relaySubject } from '../src/fleet/subjects.ts'
import { hashLine } from '../src/gate/chain.ts'
import { count, megabytes, percent, type Row, SCREEN, say, signalbox } from './common.ts'
import { type Bench, brokerOf, dropped } from './fleet-bench.ts'
import { framesOf } from './frames.ts'
import { cpuMs, rssMb } from './process.ts'
import { openPty, type Pty } from './pty.ts'

const MACHINES = 2000
const SESSIONS_OF_EACH = 5
const SESSIONS = MACHINES * SESSIONS_OF_EACH
/** As often as a relay gives one. */
const SIGN_MS = 3000
const SECONDS = 15
const READ_MS = 120_000
/** Acknowledged before the next ones go. */
const BATCH = 500

const ORGANISATION = 'many'

export async function many(bench: Bench): Promise<Row[]> {
  say(`fleet: ${count(MACHINES)} machines with ${SESSIONS_OF_EACH} sessions each`)
  await told(bench)
  const signs = await givingSigns(bench)
  const command = signalbox('watch', '--nats', bench.url, '--organisation', ORGANISATION)
  const screen = await openPty(command, { ...SCREEN, env: bench.env })
  try {
    const all = `${count(SESSIONS)} actions, following`
    const read = await screen.waitFor(text => text.includes(all), READ_MS)
    if (read === undefined) throw new Error(`no screen: ${screen.text().slice(-400)}`)
    screen.write('M')
    await screen.waitFor(text => text.includes('machines: Enter'), READ_MS)
    return [await atRest(screen, read)]
  } finally {
    signs.stop()
    await screen.stop()
    await dropped(bench, ORGANISATION)
  }
}

async function atRest(screen: Pty, readMs: number): Promise<Row> {
  const before = cpuMs(screen.pid)
  const { begins } = await framesOf(screen, SECONDS)
  const share = (cpuMs(screen.pid) - before) / (SECONDS * 1000)
  return {
    measure: `fleet: ${count(MACHINES)} machines, ${count(SESSIONS)} sessions, machines screen, a sign of each every ${SIGN_MS / 1000} s`,
    signalbox: `${percent(share)} of one core, ${(begins.length / SECONDS).toFixed(1)} frames a second, ${megabytes(rssMb(screen.pid).now)}`,
    peer: '',
    note: `start to all that the stream has: ${(readMs / 1000).toFixed(1)} s`,
  }
}

const nameOf = (machine: number): string => `host-${String(machine).padStart(4, '0')}`

/** One call of each session, judged and ended. */
async function told({ url, calls }: Bench): Promise<void> {
  const { js, connection } = await brokerOf(url, ORGANISATION)
  let sent: Promise<unknown>[] = []
  for (let n = 0; n < SESSIONS; n++) {
    const [machine, session] = [nameOf(n % MACHINES), `session-${n}`]
    for (const call of calls.slice(0, 2)) {
      const entry = reduced({ ...call, at: Date.now(), session, action: `toolu_${n}` })
      const text = messageText({ machine, id: hashLine(`${n} ${call.type}`), entry })
      sent.push(js.publish(journalSubject(ORGANISATION, machine, session), text))
    }
    if (sent.length < BATCH) continue
    await Promise.all(sent)
    sent = []
  }
  await Promise.all(sent)
  await connection.close()
}

/** Of every machine in its turn, spread over the time. */
async function givingSigns({ url }: Bench): Promise<{ stop: () => void }> {
  const { connection } = await brokerOf(url, ORGANISATION)
  let next = 0
  const began = performance.now()
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / SIGN_MS) * MACHINES
    for (; next < due; next++) {
      const machine = nameOf(next % MACHINES)
      const sign = { machine, waitingMs: 0, ends: false }
      connection.publish(relaySubject(ORGANISATION, machine), JSON.stringify(sign))
    }
  }, 10)
  return {
    stop: () => {
      clearInterval(timer)
      void connection.close()
    },
  }
}

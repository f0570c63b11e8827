// What a checkpoint costs: the same requests to the same API, directly and through the program as it
// is installed, in turns. Each asks for the client's check, and its tool call is judged by the gate.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { median, ownScript, type Row, say, signalbox } from './common.ts'
import { type Gated, withGate } from './gated.ts'

const FIRST_RUNS = 400
const WARM_UP = 50
/** A client's request, of a conversation that is under way. */
const BODY_BYTES = 100_000
const STREAMS = 200
/** One of them: 10 s of a model that says 25 events a second. */
const PACED = '/v1/messages?events=250&ms=40'
const FAST = '/v1/messages?events=60000&ms=0'
const FAST_STREAMS = 4
const FAST_RUNS = 5

export async function checkpoint(): Promise<Row[]> {
  return withGate('checkpoint', async gated => {
    const api = await started(ownScript('checkpoint-api.ts'), gated, /^(\d+)/)
    const direct = `http://127.0.0.1:${api.said}`
    const own = signalbox('checkpoint', '--upstream', direct)
    // Each part has one of its own: of the last one the memory is looked at.
    const through = async <T>(use: (url: string, pid: number) => Promise<T>): Promise<T> => {
      const { child, said } = await started(own, gated, /on (http:\S+),/)
      try {
        return await use(said, child.pid ?? 0)
      } finally {
        child.kill()
      }
    }
    try {
      return [
        await through(url => firstByte(direct, url)),
        await through(url => fast(direct, url, 'parsed')),
        await through(url => fast(direct, url, 'counted')),
        ...(await through((url, pid) => paced(direct, url, pid))),
      ]
    } finally {
      api.child.kill()
    }
  })
}

async function firstByte(direct: string, through: string): Promise<Row> {
  const times: Record<'direct' | 'through', number[]> = { direct: [], through: [] }
  for (let i = 0; i < FIRST_RUNS + WARM_UP; i++)
    for (const [name, url] of [
      ['direct', direct],
      ['through', through],
    ] as const) {
      const { firstMs, answered } = await got(url, '/v1/messages?events=20&ms=0')
      if (answered !== (url === through))
        throw new Error('the check was not answered as it should be')
      if (i >= WARM_UP) times[name].push(firstMs)
    }
  say(`checkpoint: first byte, ${FIRST_RUNS} requests each`)
  const more = median(times.through) - median(times.direct)
  return {
    measure: `checkpoint: first byte of an answer, p50 of ${FIRST_RUNS}`,
    signalbox: `${median(times.through).toFixed(2)} ms`,
    peer: `${median(times.direct).toFixed(2)} ms, the API directly`,
    note: `${more.toFixed(2)} ms more; target 2; requests of ${BODY_BYTES / 1000} KB`,
  }
}

async function fast(direct: string, through: string, read: Read): Promise<Row> {
  const rates: Record<'direct' | 'through', number[]> = { direct: [], through: [] }
  // The first run of each is not counted: API and client are warm by then, a checkpoint is new.
  for (let run = 0; run <= FAST_RUNS; run++)
    for (const [name, url] of [
      ['direct', direct],
      ['through', through],
    ] as const) {
      const { mbPerSecond } = await atOnce(url, FAST, FAST_STREAMS, read)
      if (run > 0) rates[name].push(mbPerSecond)
    }
  say(`checkpoint: as fast as it goes, ${FAST_RUNS} runs each`)
  const [ours, theirs] = [median(rates.through), median(rates.direct)]
  return {
    measure: `checkpoint: ${FAST_STREAMS} streams as fast as they go, ${HOW[read]}`,
    signalbox: `${ours.toFixed(0)} MB/s`,
    peer: `${theirs.toFixed(0)} MB/s, the API directly`,
    note: `ratio ${(ours / theirs).toFixed(2)}; API, checkpoint and client share the cores`,
  }
}

async function paced(direct: string, through: string, pid: number): Promise<Row[]> {
  const theirs = await atOnce(direct, PACED, STREAMS, 'parsed')
  const ours = await atOnce(through, PACED, STREAMS, 'parsed')
  say(`checkpoint: ${STREAMS} streams at a model's pace`)
  const peak =
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  return [
    {
      measure: `checkpoint: ${STREAMS} streams at a model's pace (25 events a second each)`,
      signalbox: `${ours.mbPerSecond.toFixed(2)} MB/s`,
      peer: `${theirs.mbPerSecond.toFixed(2)} MB/s, the API directly`,
      note: `ratio ${(ours.mbPerSecond / theirs.mbPerSecond).toFixed(3)}; target 0.9`,
    },
    {
      measure: `checkpoint: peak memory with ${STREAMS} streams at once`,
      signalbox: `${peak.toFixed(0)} MB`,
      peer: '',
      note: `target 300 MB; requests of ${BODY_BYTES / 1000} KB`,
    },
  ]
}

const agent = new Agent({ keepAlive: true })
const BODY = JSON.stringify({
  model: 'claude-opus-4-6',
  stream: true,
  // Most of what a client sends are its own instructions, its tools, and results of calls.
  system: [{ type: 'text', text: 'x'.repeat(BODY_BYTES * 0.3) }],
  tools: [{ name: 'Bash', description: 'x'.repeat(BODY_BYTES * 0.4) }],
  messages: [
    { role: 'user', content: 'list what is there' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_0', name: 'Bash', input: {} }] },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'toolu_0', content: 'x'.repeat(BODY_BYTES * 0.3) },
      ],
    },
  ],
  safeguards: [
    {
      type: 'dangerous_tool_use',
      classifier_context: { permission_mode: 'auto', live_cwd: '/tmp', home_dir: '/tmp' },
    },
  ],
})

/** Whether the client looks into each event, as clients do, or only counts its bytes. */
type Read = 'parsed' | 'counted'
const HOW = {
  parsed: 'to a client that parses each event',
  counted: 'to one that throws them away',
} as const

interface Got {
  readonly firstMs: number
  readonly bytes: number
  /** The client's check was answered in it. */
  readonly answered: boolean
}

async function got(url: string, path: string, read: Read = 'counted'): Promise<Got> {
  const { hostname, port } = new URL(url)
  const headers = {
    'content-length': Buffer.byteLength(BODY),
    'x-claude-code-session-id': 'bench',
    'content-type': 'application/json',
  }
  const began = performance.now()
  const asked = request({ hostname, port, method: 'POST', path, headers, agent })
  asked.end(BODY)
  const [answer] = await once(asked, 'response')
  let firstMs = 0
  let bytes = 0
  let tail = ''
  let events = ''
  for await (const chunk of answer) {
    firstMs ||= performance.now() - began
    bytes += chunk.length
    tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 2000))).slice(-2000)
    if (read === 'parsed') events = parsed(events + chunk.toString('utf8'))
  }
  if (!tail.includes('"message_stop"')) throw new Error(`an answer of ${url} is not whole`)
  return { firstMs, bytes, answered: tail.includes('"safeguard_results"') }
}

/** @returns what is not a whole event yet */
function parsed(text: string): string {
  const end = text.lastIndexOf('\n\n')
  if (end < 0) return text
  for (const event of text.slice(0, end).split('\n\n')) {
    const data = event.slice(event.indexOf('\ndata: ') + 7)
    const { type }: { type: string } = JSON.parse(data)
    if (type === '') throw new Error('an event without a type')
  }
  return text.slice(end + 2)
}

async function atOnce(
  url: string,
  path: string,
  streams: number,
  read: Read,
): Promise<{ mbPerSecond: number }> {
  const began = performance.now()
  const all = await Promise.all(Array.from({ length: streams }, () => got(url, path, read)))
  const bytes = all.reduce((sum, it) => sum + it.bytes, 0)
  return { mbPerSecond: bytes / 1e6 / ((performance.now() - began) / 1000) }
}

/** Starts a program and waits for what it says first. */
async function started(
  [command = '', ...args]: string[],
  { env }: Gated,
  says: RegExp,
): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', text => resolve(says.exec(String(text))?.[1] ?? ''))
    child.on('exit', code => reject(new Error(`${args.join(' ')} ended with ${code}`)))
  })
  return { child, said }
}

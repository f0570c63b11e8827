// The hook's round trip: the shell text that `init` installs, asking a running gate, against a bare
// curl that asks a server which does nothing. Alternating, so that a slow moment meets both.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { median, type Row, say } from './common.ts'
import { withGate } from './gated.ts'

const RUNS = 200
const WARM_UP = 20

export async function hook(): Promise<Row[]> {
  return withGate('hook', async ({ dir, env }) => {
    const nothing = join(dir, 'nothing.sock')
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.end('{}'))
    })
    await new Promise<void>(resolve => server.listen(nothing, resolve))
    try {
      return await compare(hookText(dir), bareCurl(nothing), dir, env)
    } finally {
      server.close()
    }
  })
}

async function compare(
  ours: string,
  bare: string,
  cwd: string,
  env: Record<string, string>,
): Promise<Row[]> {
  const hooks: number[] = []
  const curls: number[] = []
  for (let i = 0; i < RUNS + WARM_UP; i++) {
    const payload = payloadOf(cwd, i)
    const one = await timed(ours, payload, env)
    const other = await timed(bare, payload, env)
    if (i < WARM_UP) continue
    hooks.push(one)
    curls.push(other)
  }
  say(`hook: ${RUNS} runs`)
  return [
    {
      measure: `hook round trip, p50 of ${RUNS}`,
      signalbox: `${median(hooks).toFixed(1)} ms`,
      peer: `${median(curls).toFixed(1)} ms, a bare curl to a server that does nothing`,
      note: `ratio ${(median(hooks) / median(curls)).toFixed(2)}`,
    },
  ]
}

/** The text stands in the client's settings, as init wrote it. */
function hookText(dir: string): string {
  // The shape that init writes; anything else fails loudly.
  const settings = JSON.parse(readFileSync(join(dir, 'client', 'settings.json'), 'utf8')) as {
    hooks: { PreToolUse: { hooks: { command: string }[] }[] }
  }
  const command = settings.hooks.PreToolUse[0]?.hooks[0]?.command
  if (command === undefined) throw new Error('init wrote no hook')
  return command
}

const bareCurl = (socket: string): string =>
  `/usr/bin/curl -s --unix-socket ${socket} --data-binary @- http://localhost/hook`

const payloadOf = (cwd: string, i: number): string =>
  JSON.stringify({
    hook_event_name: 'PreToolUse',
    session_id: 'bench',
    transcript_path: join(cwd, 'none.jsonl'),
    cwd,
    permission_mode: 'auto',
    tool_name: 'Bash',
    tool_input: { command: 'git status --short && ls' },
    tool_use_id: `toolu_${i}`,
  })

function timed(text: string, payload: string, env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const shell = spawn('/bin/sh', ['-c', text], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    let answer = ''
    shell.stdout.setEncoding('utf8').on('data', piece => {
      answer += piece
    })
    shell.on('close', () => {
      if (answer.trim().endsWith('}')) resolve(performance.now() - start)
      else reject(new Error(`no answer: ${answer}`))
    })
    shell.stdin.end(payload)
  })
}

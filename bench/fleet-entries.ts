// What a real gate writes into its journal of a session: calls as agents make them, asked and ended.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Entry, parseEntry } from '../src/action/entry.ts'
import type { Gated } from './gated.ts'
import { modelLine, socketsOf, stateOf } from './prove/load/asking.ts'

const bash = (command: string) => ({ tool_name: 'Bash', tool_input: { command } })

const TESTS = "test('an order without a customer is refused', async () => {})\n".repeat(40)

/** In the order of an afternoon's work; what is long in a journal is what was written. */
const CALLS = [
  bash('git status --short && git log --oneline -5'),
  { tool_name: 'Read', tool_input: { file_path: 'src/server/routes/orders.ts' } },
  { tool_name: 'Grep', tool_input: { pattern: 'createOrder\\(', path: 'src' } },
  bash('rg -n "createOrder" src test | head -40'),
  {
    tool_name: 'Edit',
    tool_input: {
      file_path: 'src/server/routes/orders.ts',
      old_string: 'const order = await createOrder(body)\n'.repeat(8),
      new_string: 'const order = await createOrder(parse(ORDER, body))\n'.repeat(12),
    },
  },
  bash('npx tsc --noEmit -p . 2>&1 | tail -20'),
  bash('npx vitest run test/server/orders.test.ts --reporter=dot'),
  { tool_name: 'Write', tool_input: { file_path: 'test/order.ts', content: TESTS } },
  bash('for f in src/server/*.ts; do wc -l "$f"; done | sort -rn | head'),
  bash('curl -s https://registry.npmjs.org/valibot | jq -r \'.["dist-tags"].latest\''),
  bash('git add -A && git commit -m "orders: parse the body before it is used"'),
  bash('git push origin HEAD:orders-parse'),
] as const

/** @returns what the gate wrote of `rounds` times these calls */
export async function entriesOf({ dir }: Gated, rounds: number): Promise<readonly Entry[]> {
  const socketPath = join(socketsOf(dir), 'hook.sock')
  const cwd = join(dir, 'app')
  const transcript = join(dir, 'client', 'projects', '-app', 'fleet.jsonl')
  mkdirSync(cwd, { recursive: true })
  mkdirSync(dirname(transcript), { recursive: true })
  writeFileSync(transcript, modelLine('fleet', cwd))
  const about = { session_id: 'fleet', transcript_path: transcript, cwd, permission_mode: 'auto' }
  const tell = async (payload: object): Promise<void> => {
    const headers = { 'x-signalbox-attended': '1', 'x-signalbox-entrypoint': 'cli' }
    const asking = request({ socketPath, path: '/hook', method: 'POST', headers })
    const answered = new Promise<string>((resolve, reject) => {
      asking.on('response', response => text(response).then(resolve, reject))
      asking.on('error', reject)
    })
    asking.end(JSON.stringify({ ...about, ...payload }))
    await answered
  }
  for (let round = 0; round < rounds; round++)
    for (const [index, call] of CALLS.entries()) {
      const named = { ...call, tool_use_id: `toolu_${round}_${index}` }
      await tell({ hook_event_name: 'PreToolUse', ...named })
      await tell({ hook_event_name: 'PostToolUse', ...named, tool_response: {}, duration_ms: 40 })
    }
  return journalOf(dir)
}

function journalOf(dir: string): readonly Entry[] {
  const folder = join(stateOf(dir), 'journal')
  return readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .flatMap(name => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .flatMap(line => parseEntry(line) ?? [])
}

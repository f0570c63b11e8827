/** The installed gate as a process of its own: where it has the reviewer's key from. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { bash, post } from '../gate/world.ts'
import { put } from '../helpers/folder.ts'
import { type Home, newHome } from '../helpers/home.ts'
import { type ModelServer, modelServer, says } from '../judge/reviewer/model-server.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const KEY = 'sk-of-the-reviewer'
const QUOTE = 'tidy up the announcements'
const COMMAND = 'slack post "it is done"'

async function started(
  key: string,
  env: Record<string, string>,
  ...gate: string[]
): Promise<{ home: Home; server: ModelServer }> {
  const server = await modelServer(says({ pass: true, quote: QUOTE }))
  const home = newHome('{}\n', env)
  open.push(
    () => server.close(),
    () => home.run('gate', 'stop'),
  )
  await home.run('init', '--yes', '--enable-as', 'Ada', '--no-gateway')
  put(
    home.policy,
    `${readFileSync(home.policy, 'utf8')}
roles: { default: decide }
reviewer: { provider: anthropic, model: claude-haiku-4-5, base_url: "${server.url}", ${key} }
`,
  )
  await home.run(...gate)
  return { home, server }
}

async function asked(home: Home): Promise<string> {
  const transcript = join(home.client, 's1.jsonl')
  const typed = { type: 'user', promptSource: 'typed', message: { content: `Please ${QUOTE}.` } }
  const model = { type: 'assistant', version: '2.1.330', message: { model: 'claude-opus-4-6' } }
  put(transcript, `${JSON.stringify(typed)}\n${JSON.stringify(model)}\n`)
  const about = { session_id: 's1', transcript_path: transcript, cwd: home.folder }
  const event = { hook_event_name: 'PreToolUse', permission_mode: 'auto' }
  const body = JSON.stringify({ ...event, ...about, ...bash(COMMAND, 't1') })
  return post(join(home.install().sockets, 'hook.sock'), '/hook', body, {
    'x-signalbox-entrypoint': 'cli',
  })
}

const journalOf = (home: Home): string => {
  const folder = join(home.install().state, 'journal')
  return readdirSync(folder)
    .map(name => readFileSync(join(folder, name), 'utf8'))
    .join('')
}

test('from the shell that restarted it: that variable, and no other', async () => {
  const env = { REVIEW_KEY: KEY, OTHER_SECRET: 'hush' }
  const { home, server } = await started('api_key_env: REVIEW_KEY', env, 'gate', 'restart')
  expect(await asked(home)).toContain('"allow"')
  expect(server.requests.map(it => it.headers['x-api-key'])).toEqual([KEY])
  const { stdout } = await home.run('gate', 'status', '--json')
  // What the program itself prints.
  const { pid } = JSON.parse(stdout) as { pid: number }
  const own = readFileSync(`/proc/${pid}/environ`, 'utf8')
  expect(
    own
      .split('\0')
      .filter(Boolean)
      .map(it => it.split('=')[0])
      .sort(),
  ).toEqual(['HOME', 'PATH', 'REVIEW_KEY'])
  expect(journalOf(home)).not.toContain(KEY)
})

test('from its command, however it was started', async () => {
  const command = `api_key_command: "echo ${KEY}"`
  const { home, server } = await started(command, {}, 'gate', 'run', '--detach')
  expect(await asked(home)).toContain('"allow"')
  expect(server.requests.map(it => it.headers['x-api-key'])).toEqual([KEY])
  expect(journalOf(home)).not.toContain(KEY)
})

test('from nowhere: then a person is asked, and the journal says why', async () => {
  const { home, server } = await started('api_key_env: REVIEW_KEY', {}, 'gate', 'restart')
  expect(await asked(home)).toContain('"ask"')
  expect(server.requests).toEqual([])
  expect(journalOf(home)).toContain('REVIEW_KEY is not set where the gate was started')
})

/** A real client whose gate asks a reviewer, a scripted model on loopback, where the judge is unsure. */
import { existsSync } from 'node:fs'
import { appendFile, copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, onTestFailed, test } from 'vitest'
import type { Entry } from '../../src/action/entry.ts'
import { type ModelServer, modelServer } from '../judge/reviewer/model-server.ts'
import { startApi, type ToolCall } from './api.ts'
import { type GatedHome, listed, makeGatedHome } from './gated.ts'
import { installClient } from './install.ts'
import { runHeadless } from './session.ts'
import { rowOf } from './watching.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const VERSION = '2.1.330'
const PROMPT = 'Run our tool on outside.txt, please.'
const KEY = 'sk-of-the-reviewer'
/** A program that nobody can look into; harmless, and it leaves a trace when it ran. */
const unsure = (file: string): ToolCall => ({
  name: 'Bash',
  input: { command: `../tool ../${file}` },
})

/** Says what a careful model would: the user asked for one of the two. */
const careful = (): Promise<ModelServer> =>
  modelServer(({ stage, id, prompt }) => {
    const asked = (prompt.match(/"action":.*/)?.[0] ?? '').includes('outside.txt')
    if (stage === 1)
      return JSON.stringify({ id, pass: asked, quote: asked ? 'run our tool on outside.txt' : '' })
    const reason = 'It runs a tool on a file that the user did not name.'
    return JSON.stringify({ id, reason, quote: '', risk: 'high', authorisation: 'none' })
  })

async function reviewedBy(home: GatedHome, server: ModelServer): Promise<void> {
  await appendFile(
    join(home.root, '.config/signalbox/config.yaml'),
    `
reviewer:
  provider: anthropic
  model: claude-haiku-4-5
  base_url: ${server.url}
  api_key_command: echo ${KEY}
`,
  )
}

test('what the reviewer clears runs, what it refuses does not, and nobody was asked', async () => {
  const client = await installClient(VERSION)
  const server = await careful()
  const api = await startApi([[unsure('outside.txt')], [unsure('never.txt')], 'All done.'])
  const home = await makeGatedHome(listed(api))
  await copyFile('/usr/bin/touch', join(home.root, 'tool'))
  let journal: readonly Entry[] = []
  open.push(
    server,
    api,
    { close: home.remove },
    {
      close: async () => {
        journal = await home.journal()
      },
    },
  )
  onTestFailed(() => {
    for (const { seq, type, ...entry } of journal) console.error(seq, type, JSON.stringify(entry))
  })
  await reviewedBy(home, server)

  const { stdout } = await runHeadless(client, api, home, PROMPT, { mode: 'auto' })
  expect(stdout).toContain('All done.')
  expect(existsSync(join(home.root, 'outside.txt'))).toBe(true)
  expect(existsSync(join(home.root, 'never.txt'))).toBe(false)
  expect(await home.transcript()).toContain('The reviewer: It runs a tool on a file')

  const entries = await home.journal()
  expect(entries.filter(it => it.type === 'judged').map(it => `${it.answer} by ${it.by}`)).toEqual([
    'allow by reviewer',
    'deny by reviewer',
  ])
  expect(
    entries.filter(it => it.type === 'reviewed').map(it => `${it.risk} ${it.authorisation}`),
  ).toEqual(['medium implied', 'high none'])
  expect(entries.filter(it => it.type === 'asked')).toEqual([])
  // The key went to the model's server, and nowhere else.
  expect(server.requests.every(it => it.headers['x-api-key'] === KEY)).toBe(true)
  expect(JSON.stringify(entries)).not.toContain(KEY)

  const screen = home.openScreen()
  open.push(screen)
  await screen.waitFor(text => rowOf(text, 'never.txt').includes('x blocked'))
  const shown = await screen.waitFor(text => rowOf(text, 'outside.txt').includes('+ approved'))
  expect(rowOf(shown, 'outside.txt')).toContain('reviewer')
  expect(rowOf(shown, 'never.txt')).toContain('did not name')
})

import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Terminal } from '../helpers/terminal.ts'
import { type Api, type ApiOptions, type ScriptedStep, startApi } from './api.ts'
import { ALL_VERSIONS, installClient } from './install.ts'
import {
  type Home,
  makeHome,
  openInteractive,
  pressUntil,
  runHeadless,
  submitPrompt,
  transcripts,
} from './session.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function setUp(script: ScriptedStep[], options?: ApiOptions) {
  const api: Api = await startApi(script, options)
  const home: Home = await makeHome()
  open.push({ close: home.remove }, api)
  return { api, home }
}

async function transcriptOf(home: Home): Promise<string> {
  const [path] = await transcripts(home)
  return path ? readFile(path, 'utf8') : ''
}

describe.each(ALL_VERSIONS)('client %s', version => {
  test('runs a script headless in auto mode', async () => {
    const client = await installClient(version)
    const { api, home } = await setUp(
      [
        [
          { name: 'Bash', input: { command: 'cat hello.txt', description: 'Read the greeting' } },
          { name: 'Bash', input: { command: 'git push --force origin main' } },
        ],
        'All done.',
      ],
      {
        safeguards: 'answer',
        classify: action => ({
          block: action.includes('push'),
          reason: '[Git Destructive] forced',
        }),
        judge: (_, input) => ({
          block: String(input.command).includes('push'),
          reason: '[Git Destructive] forced',
        }),
      },
    )
    const result = await runHeadless(client, api, home, 'do the thing', { mode: 'auto' })

    expect(result.stdout).toContain('All done.')
    const transcript = await transcriptOf(home)
    expect(transcript).toContain(`"version":"${version}"`)
    expect(transcript).toContain('"stdout":"hello"')
    expect(transcript).toContain('[Git Destructive] forced')
    expect(api.requests.filter(request => request.kind === 'main')).toHaveLength(2)
  })

  test('asks in a dialog that a key approves', async () => {
    const client = await installClient(version)
    const { api, home } = await setUp([
      [{ name: 'Bash', input: { command: 'touch made.txt', description: 'Make a file' } }],
      'All done.',
    ])
    const session: Terminal = openInteractive(client, api, home, { mode: 'default' })
    open.push(session)
    await submitPrompt(session, 'do the thing')
    await session.waitFor('Do you want to proceed?')
    await pressUntil(session, '1', screen => !screen.includes('Do you want to proceed?'))
    await session.waitFor('All done.')

    // The client writes its transcript a moment later than the screen.
    const written = expect.poll(() => transcriptOf(home), { timeout: 5_000 })
    await written.toMatch(/"tool_use_id":"toolu_\d_0"/)
  })
})

/** The line in the status bar of a real client. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { PROGRAM } from '../helpers/cli.ts'
import { startApi, type ToolCall } from './api.ts'
import { CLIENT_VERSIONS, installClient } from './install.ts'
import { makeHome, openInteractive, submitPrompt } from './session.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const bash = (command: string): ToolCall => ({ name: 'Bash', input: { command } })

describe.each(CLIENT_VERSIONS)('client %s', version => {
  test('shows the user’s own line, and below it what the session did', async () => {
    const client = await installClient(version)
    const blocked = (text: string) => ({ block: text.includes('push'), reason: 'pushes' })
    const api = await startApi([[bash('touch x')], [bash('git push origin x')], 'All done.'], {
      safeguards: 'answer',
      classify: blocked,
      judge: (_, input) => blocked(JSON.stringify(input)),
    })
    const home = await makeHome()
    open.push({ close: home.remove }, api)
    const own = `${process.execPath} ${PROGRAM} statusline -- 'echo my own line'`
    const settings = {
      skipAutoPermissionPrompt: true,
      statusLine: { type: 'command', command: own },
    }
    await writeFile(join(home.config, 'settings.json'), JSON.stringify(settings))
    const session = openInteractive(client, api, home, { mode: 'auto' })
    open.push(session)
    await submitPrompt(session, 'do it')
    const screen = await session.waitFor(/signalbox: 1 approved, 1 blocked · \$0\.113/)
    const lines = screen.split('\n').map(it => it.trim())
    const place = lines.findIndex(it => it.startsWith('signalbox: '))
    expect(lines[place - 1]).toContain('my own line')
  })
})

/** A pending dialog of a real client, answered from a screen that only the broker knows. */
import { existsSync } from 'node:fs'
import { appendFile, copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { afterEach, describe, expect, test } from 'vitest'
import { isInstalled, natsServer } from '../fleet/server.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { openTerminal } from '../helpers/terminal.ts'
import { startApi } from './api.ts'
import { listed, makeGatedHome } from './gated.ts'
import { installClient } from './install.ts'
import { openInteractive, pressUntil, submitPrompt } from './session.ts'
import { rowOf } from './watching.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const DIALOG = 'Do you want to proceed?'

describe.skipIf(!isInstalled)('a fleet', () => {
  test('an approval from its screen closes the client’s dialog, and the action runs', async () => {
    const client = await installClient('2.1.330')
    const server = await natsServer()
    const call = { name: 'Bash', input: { command: '../tool ../outside.txt' } }
    const api = await startApi([[call], 'All done.'])
    const home = await makeGatedHome(listed(api))
    open.push({ close: server.kill }, api, { close: home.remove })
    await copyFile('/usr/bin/touch', join(home.root, 'tool'))
    const pair = nkeys.createUser()
    const creds = join(home.root, 'dana.nk')
    await writeFile(creds, new TextDecoder().decode(pair.getSeed()), { mode: 0o600 })
    const policy = join(home.root, '.config/signalbox/config.yaml')
    await appendFile(
      policy,
      `\nfleet: { remote: [{ nkey: ${pair.getPublicKey()}, name: Dana }] }\n`,
    )
    const relay = home.start('relay', '--nats', server.url, '--machine', 'alpha')
    open.push({ close: () => relay.kill() })

    const screen = openTerminal({
      command: process.execPath,
      args: [PROGRAM, 'watch', '--nats', server.url, '--creds', creds],
      env: { HOME: join(home.root, 'elsewhere') },
      columns: 190,
      rows: 45,
    })
    open.push(screen)
    const session = openInteractive(client, api, home, { mode: 'auto' })
    open.push(session)
    await submitPrompt(session, 'do the thing')
    await session.waitFor(DIALOG)
    await screen.waitFor(text => rowOf(text, 'tool').includes('? pending'))
    await pressUntil(screen, 'a', text => !rowOf(text, 'tool').includes('? pending'))
    await expect.poll(() => existsSync(join(home.root, 'outside.txt'))).toBe(true)
    await session.waitFor('All done.')
    const answered = (await home.journal()).find(entry => entry.type === 'answered')
    expect(answered).toMatchObject({ answer: 'allow', screen: { tty: 'fleet' } })
    expect(answered?.screen?.name).toMatch(/^Dana \(U/)
  })
})

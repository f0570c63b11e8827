/** The screen for who hears it: plain lines, and no word of it changes while nothing happens. */
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { PROGRAM } from '../helpers/cli.ts'
import { copyOfFixtures, tempFolder } from '../helpers/folder.ts'
import { openTerminal } from '../helpers/terminal.ts'
import { GATE_NOW, withGate } from './gate-harness.ts'
import { KEYS, monitorOf, renderApp } from './harness.ts'

const { up, down, enter } = KEYS

describe('what is heard', () => {
  beforeEach(() => void vi.stubEnv('INK_SCREEN_READER', 'true'))
  afterEach(() => void vi.unstubAllEnvs())

  const screens = [
    { name: 'live', keys: [] },
    { name: 'selected', keys: [up, up] },
    { name: 'details', keys: [up, up, enter] },
    { name: 'filter', keys: ['/', 'nothing'] },
    { name: 'pending', keys: ['w'] },
    { name: 'deny', keys: ['w', 'd', 'use staging'] },
    { name: 'override', keys: ['/', 'backup', enter, up, 'O', down] },
    { name: 'sessions', keys: ['s'] },
    { name: 'trust', keys: ['R', down] },
    { name: 'notices', keys: ['L'] },
    { name: 'insights', keys: ['i'] },
    { name: 'audit', keys: ['A'] },
    { name: 'help', keys: ['?'] },
  ] as const

  test.each(screens)('$name', async ({ name, keys }) => {
    const app = await renderApp(withGate().monitor, { columns: 100, rows: 30 })
    await app.press(...keys)
    await expect(`${app.screen()}\n`).toMatchFileSnapshot(`./screens/spoken/${name}.txt`)
  })

  test.each(screens)('$name stays while nothing happens but time', async ({ keys }) => {
    const clock = { now: GATE_NOW }
    const { monitor } = withGate({ options: { clock: () => clock.now } })
    const app = await renderApp(monitor, { columns: 100, rows: 30 })
    await app.press(...keys)
    const before = app.screen()
    clock.now += 3000
    monitor.publish()
    await app.press()
    expect(app.screen()).toBe(before)
  })

  test('at first', async () => {
    const app = await renderApp(monitorOf())
    await expect(`${app.screen()}\n`).toMatchFileSnapshot('./screens/spoken/first.txt')
  })
})

test('in a terminal it stands below what was there, and on no screen of its own', async () => {
  const home = tempFolder()
  const terminal = openTerminal({
    command: process.execPath,
    args: [PROGRAM, '--root', copyOfFixtures()],
    env: { HOME: home, XDG_CONFIG_HOME: home, TZ: 'UTC', INK_SCREEN_READER: 'true' },
    columns: 100,
    rows: 30,
  })
  onTestFinished(() => terminal.close())
  let bytes = ''
  terminal.onOutput(it => {
    bytes += it.toString('utf8')
  })
  await terminal.waitFor('live, following')
  terminal.write('N')
  await terminal.waitFor('selected: ')
  terminal.write('q')
  expect(await terminal.exited).toBe(0)
  expect(bytes).not.toContain('\u001b[?1049h')
  expect(bytes).not.toMatch(/[─-▟]/u)
})

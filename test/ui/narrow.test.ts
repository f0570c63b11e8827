/** Every screen in a part of a divided window, or on a phone. */
import { expect, test } from 'vitest'
import type { Monitor } from '../../src/monitor/monitor.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { withGate } from './gate-harness.ts'
import { KEYS, monitorOf, renderApp } from './harness.ts'
import { pictured } from './pictures.ts'

const { up, down, enter } = KEYS
const CTRL_P = '\u0010'

const gated = (): Monitor => withGate().monitor
const recorded = (): Monitor => monitorOf(FIXTURES)
const on = (text: string): string[] => ['/', text, enter, up]

const SCREENS: readonly { name: string; monitor: () => Monitor; keys: readonly string[] }[] = [
  { name: 'live', monitor: recorded, keys: [] },
  { name: 'filter', monitor: recorded, keys: ['/', 'state:blocked !by:unattended', enter] },
  { name: 'gate-live', monitor: gated, keys: [] },
  { name: 'details', monitor: gated, keys: [...on('backup'), enter] },
  { name: 'pending', monitor: gated, keys: ['w'] },
  { name: 'trust', monitor: gated, keys: ['R', down] },
  { name: 'trust-details', monitor: gated, keys: ['R', down, enter] },
  { name: 'sessions', monitor: gated, keys: ['s'] },
  { name: 'notices', monitor: gated, keys: ['L', enter] },
  { name: 'insights', monitor: gated, keys: ['i', '['] },
  { name: 'help', monitor: gated, keys: ['?'] },
  { name: 'override', monitor: gated, keys: [...on('backup'), 'O'] },
  { name: 'trust-form', monitor: gated, keys: [...on('backup'), 't', down] },
  { name: 'deny', monitor: gated, keys: ['w', 'd', 'use staging please'] },
  { name: 'pause-hard', monitor: gated, keys: [...on('backup'), CTRL_P] },
]

test.each(SCREENS)('$name at 40x15', async ({ name, monitor, keys }) => {
  const app = await renderApp(monitor(), { columns: 40, rows: 15 })
  await app.press(...keys)
  expect(app.lines()).toHaveLength(15)
  await expect(pictured(app)).toMatchFileSnapshot(`./screens/narrow/${name}.txt`)
})

test('a question is read whole before it is answered', async () => {
  const { monitor, sent } = withGate()
  const app = await renderApp(monitor, { columns: 40, rows: 15 })
  await app.press(...on('backup'), CTRL_P)
  expect(app.screen().replaceAll('\n', ' ')).toContain(
    'auto mode with the next action you approve.',
  )
  await app.press('y')
  expect(sent).toEqual([{ type: 'pause', session: 's1', hard: true }])
})

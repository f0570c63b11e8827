/** A terminal that shows ASCII alone, or nothing but lines. */

import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { chooseGlyphs, glyphsOfTerminal } from '../../src/monitor/glyphs.ts'
import { safe } from '../../src/monitor/safe-text.ts'
import type { Size } from '../../src/ui/layout.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { copyOfFixtures, FIXTURES, put, tempFolder } from '../helpers/folder.ts'
import { openTerminal } from '../helpers/terminal.ts'
import { withGate } from './gate-harness.ts'
import { KEYS, monitorOf, renderApp } from './harness.ts'
import { pictured } from './pictures.ts'

const SIZES: readonly Size[] = [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
]

const PICTURES = [
  { name: 'live', monitor: () => monitorOf(FIXTURES), keys: [] },
  { name: 'insights', monitor: () => monitorOf(FIXTURES), keys: ['i', '['] },
  { name: 'help', monitor: () => monitorOf(FIXTURES), keys: ['?'] },
  {
    name: 'override',
    monitor: () => withGate().monitor,
    keys: ['/', 'backup', KEYS.enter, 'f', 'O'],
  },
  { name: 'deny', monitor: () => withGate().monitor, keys: ['w', 'd', 'nö'] },
] as const

describe('with nothing but ASCII', () => {
  beforeEach(() => chooseGlyphs('ascii'))
  afterEach(() => chooseGlyphs('unicode'))

  const cases = PICTURES.flatMap(picture =>
    SIZES.map(size => ({ ...picture, size, file: `${picture.name}-${size.columns}x${size.rows}` })),
  )
  test.each(cases)('the whole screen, $file', async ({ monitor, keys, size, file }) => {
    const app = await renderApp(monitor(), size)
    await app.press(...keys)
    expect(app.screen()).toMatch(/^[\x20-\x7e\n]*$/)
    await expect(pictured(app)).toMatchFileSnapshot(`./screens/ascii/${file}.txt`)
  })

  test('other letters are escaped: their bytes could be commands to such a terminal', () => {
    expect(safe('grüß 漢\n👍')).toBe('gr\\xfc\\xdf \\u{6f22}\\n\\u{1f44d}')
  })
})

test.each([
  [{ LANG: 'de_DE.UTF-8' }, 'unicode'],
  [{ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, 'ascii'],
  [{ LANG: 'de_DE.UTF-8', LC_CTYPE: 'de_DE.ISO-8859-1' }, 'ascii'],
  [{ LANG: 'C', LC_ALL: 'C.utf8' }, 'unicode'],
  [{ LANG: 'C.UTF-8', TERM: 'linux' }, 'ascii'],
  [{}, 'unicode'],
])('%o is a terminal for %s', (env, set) => {
  expect(glyphsOfTerminal(env)).toBe(set)
})

describe('in a terminal', () => {
  function start(env: Record<string, string>, config = '') {
    const home = tempFolder()
    put(join(home, 'signalbox', 'config.yaml'), config)
    const terminal = openTerminal({
      command: '/usr/bin/env',
      args: [
        ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
        process.execPath,
        PROGRAM,
        '--root',
        copyOfFixtures(),
      ],
      env: { HOME: home, XDG_CONFIG_HOME: home, TZ: 'UTC' },
      columns: 100,
      rows: 30,
    })
    onTestFinished(() => terminal.close())
    return terminal
  }

  test.each([
    ['LC_ALL=C', { LC_ALL: 'C' }, ''],
    ['unicode: off', {}, 'unicode: off'],
  ])('%s draws no other byte', async (_, env, config) => {
    const terminal = start(env, config)
    const pieces: Buffer[] = []
    terminal.onOutput(bytes => void pieces.push(bytes))
    await terminal.waitFor('49 actions')
    terminal.write('i')
    await terminal.waitFor('cost by')
    terminal.write('q')
    expect(await terminal.exited).toBe(0)
    expect(Buffer.concat(pieces).every(byte => byte < 0x7f)).toBe(true)
  })

  test('unicode: on is stronger than the locale', async () => {
    const terminal = start({ LC_ALL: 'C' }, 'unicode: on')
    await terminal.waitFor(/▁{5}/)
  })

  test('a dumb one gets lines, and no cursor is moved', async () => {
    const terminal = start({ TERM: 'dumb' })
    let bytes = ''
    terminal.onOutput(it => {
      bytes += it.toString('latin1')
    })
    await terminal.waitFor('approved')
    expect(bytes).not.toContain('\u001b')
  })
})

/** The same screens by other means, in another size, beside an editor and a shell. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { startMachine } from '../../scripts/pictures/machine.ts'
import { tempFolder } from '../helpers/folder.ts'
import { shellQuote } from '../helpers/terminal.ts'
import { opened, SIZES, type Size, screenOf, screensOf, WIDE, watch, watching } from './stage.ts'
import { EVERYONE } from './steps.ts'
import { walk } from './walk.ts'

const HOME = '/tmp/1-signalbox-walk'
const CTRL_Z = '\u001a'

beforeEach(async () => (await startMachine(HOME)).stop)

const onScreen = (size: Size, theme = 'dark', env: Readonly<Record<string, string>> = {}) =>
  watch({ home: HOME, size, env }, theme)

/** Who has ASCII alone, no colours, or hears the screen. */
const EVERY_MEANS = [
  { name: 'ascii', env: { LC_ALL: 'C' } },
  { name: 'no-color', env: { NO_COLOR: '1' } },
  { name: 'screen-reader', env: { INK_SCREEN_READER: 'true' } },
]

describe.each(SIZES)('at $columns x $rows', size => {
  test.each(EVERY_MEANS)('$name: the same by other means', async ({ name, env }) => {
    await walk(onScreen(size, 'dark', env), EVERYONE, join(screensOf(size), name))
  })
})

test('at 120 x 30, as Windows Terminal opens', async () => {
  const size = { columns: 120, rows: 30 }
  await walk(onScreen(size), EVERYONE, screensOf(size))
})

test('after a storm of resizes the screen is whole, at its last size', async () => {
  const terminal = onScreen(WIDE)
  await terminal.waitFor('p pause')
  for (const [columns, rows] of [
    [200, 60],
    [60, 20],
    [41, 9],
    [160, 50],
    [80, 24],
  ] as const)
    await terminal.resize(columns, rows)
  const wanted = screenOf({ columns: 80, rows: 24 }, '01-live')
  await terminal.waitFor(screen => screen.trimEnd() === wanted)
})

/** The editor of the user, as a shell script that gets the file in `$2`. */
function editor(lines: string): Readonly<Record<string, string>> {
  const file = join(tempFolder(), 'vi')
  writeFileSync(file, `#!/bin/sh\n${lines}\n`)
  chmodSync(file, 0o700)
  // With a clock that goes: Ink draws again only once time has passed.
  return { EDITOR: file, NODE_OPTIONS: '' }
}

describe('E', () => {
  test('opens the policy in the editor, and the screen comes back', async () => {
    const env = editor('clear; echo "EDITING $*"; read -r it; echo "GOT $it"; sleep 1')
    const terminal = onScreen(WIDE, 'dark', env)
    await terminal.waitFor('make deploy')
    await terminal.waitFor('? help')
    terminal.write('E')
    await terminal.waitFor(/^EDITING \+1 \S+config\.yaml/)
    // Every key is the editor's now.
    for (const key of 'abcdefgh\r') terminal.write(key)
    await terminal.waitFor('GOT abcdefgh')
    const back = await terminal.waitFor('config edit')
    expect(back).toMatch(/^SIGNALBOX /)
    expect(back).toContain('make deploy')
    terminal.write('s')
    await terminal.waitFor('-- sessions')
  })

  test.each(SIZES)('at $columns x $rows tells what does not fit, and where', async size => {
    const terminal = onScreen(size, 'dark', editor('clear; echo "motion: wild" >>"$2"'))
    await terminal.waitFor('make deploy')
    await terminal.waitFor('? help')
    terminal.write('E')
    // In forty columns lines are cut anywhere.
    const says = (told: RegExp) => (screen: string) => told.test(screen.replaceAll('\n', ''))
    await terminal.waitFor(says(/^\d+:9: motion: must be.*Edit it again\? \[y\/N\]/))
    terminal.write('n\r')
    // It is told where the words are, and the file is as it was.
    await terminal.waitFor(says(/what you wrote is in.*Enter goes back/))
    expect(readFileSync(join(HOME, '.config/signalbox/config.yaml'), 'utf8')).not.toContain('wild')
    terminal.write('\r')
    await terminal.waitFor(/^SIGNALBOX /)
  })
})

test('Ctrl-Z goes to the shell, and fg comes back', async () => {
  const terminal = opened({ home: HOME, size: WIDE, env: { PS1: 'shell> ' } }, 'bash', [
    '--norc',
    '-i',
  ])
  await terminal.waitFor('shell>')
  terminal.write(`${watching('--root', '.claude', '--theme', 'dark').map(shellQuote).join(' ')}\r`)
  await terminal.waitFor('p pause')
  terminal.write(CTRL_Z)
  await terminal.waitFor('Stopped')
  terminal.write('fg\r')
  await terminal.waitFor(screen => screen.trimEnd() === screenOf(WIDE, '01-live'))
  terminal.write('q')
  await terminal.waitFor(/shell> $|shell>$/m)
})

/**
 * The built program, in a real pseudo-terminal on a machine whose clock stands still: every key from
 * the start to the end, with the whole screen after each, in every size and every theme.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import xterm from '@xterm/headless'
import { afterAll, afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { THEMES } from '../../scripts/pictures/list.ts'
import { type Machine, startMachine } from '../../scripts/pictures/machine.ts'
import { NOW } from '../../scripts/pictures/story.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { tempFolder } from '../helpers/folder.ts'
import { openTerminal, shellQuote, type Terminal, writingTo } from '../helpers/terminal.ts'
import { coloredLines } from './colors.ts'
import { EVERYONE, STEPS } from './steps.ts'
import { walk } from './walk.ts'

/** The same one every time: paths are on the screen. */
const HOME = '/tmp/signalbox-walk'
const NOTHING = '/tmp/signalbox-walk-nothing'
const SCREENS = join(import.meta.dirname, 'screens')
const CLOCK = new URL(`../../scripts/pictures/held-clock.js?at=${NOW}`, import.meta.url).href

const SIZES = [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
]
const WIDE = { columns: 120, rows: 40 }
const WALK = { timeout: 180_000 }
const CTRL_Z = '\u001a'

let machine: Machine
beforeEach(async () => {
  machine = await startMachine(HOME)
})
afterEach(() => machine.stop())

interface Size {
  readonly columns: number
  readonly rows: number
}

const screensOf = ({ columns, rows }: Size): string => join(SCREENS, `${columns}x${rows}`)
const screenOf = (size: Size, name: string): string =>
  readFileSync(join(screensOf(size), `${name}.txt`), 'utf8').trimEnd()

function opened(size: Size, command: string, args: string[], env = {}): Terminal {
  const own = { HOME, TZ: 'UTC', NODE_OPTIONS: `--import ${CLOCK}`, ...env }
  const terminal = openTerminal({ command, args, cwd: HOME, env: own, ...size })
  onTestFinished(() => terminal.close())
  return terminal
}

const watching = (theme = 'dark'): string[] => [
  PROGRAM,
  'watch',
  '--root',
  '.claude',
  '--theme',
  theme,
]

const watch = (size: Size, theme?: string, env?: object): Terminal =>
  opened(size, process.execPath, watching(theme), env)

describe.each(SIZES)('at $columns x $rows', size => {
  test('every screen is as it was', WALK, async () => {
    const terminal = watch(size)
    await walk(terminal, STEPS, screensOf(size))
    terminal.write('q')
    expect(await terminal.exited).toBe(0)
  })

  test('a newcomer is told what is seen, what could be, and how to learn more', async () => {
    const nobody = tempFolder()
    const env = { HOME: nobody, XDG_CONFIG_HOME: nobody, XDG_STATE_HOME: nobody }
    const args = [PROGRAM, 'watch', '--root', NOTHING, '--theme', 'dark']
    mkdirSync(NOTHING, { recursive: true })
    const terminal = opened(size, process.execPath, args, env)
    const step = { name: 'first-run', keys: [], shows: 'q quits' }
    await walk(terminal, [step], join(screensOf(size), 'first-run'))
  })
})

describe.each(THEMES)('in the theme %s', theme => {
  /** Colours tell nothing that the text does not: it is the same in every theme. */
  test('every screen says the same, in its colours', WALK, async () => {
    const terminal = watch(WIDE, theme)
    const view = new xterm.Terminal({ cols: WIDE.columns, rows: WIDE.rows, allowProposedApi: true })
    terminal.onOutput(writingTo(view))
    await walk(terminal, STEPS.slice(0, 8), screensOf(WIDE))
    await new Promise<void>(resolve => view.write('', resolve))
    await expect(coloredLines(view)).toMatchFileSnapshot(join(SCREENS, 'colors', `${theme}.txt`))
    await walk(terminal, STEPS.slice(8), screensOf(WIDE), 8)
  })
})

/** Everyone: who has ASCII alone, no colours, or hears the screen. */
test.each([
  ['ascii', { LC_ALL: 'C' }],
  ['no-color', { NO_COLOR: '1' }],
  ['screen-reader', { INK_SCREEN_READER: 'true' }],
])('%s: the same by other means', async (name, env) => {
  const terminal = watch({ columns: 80, rows: 24 }, 'dark', env)
  await walk(terminal, EVERYONE, join(SCREENS, name))
})

test('after a storm of resizes the screen is whole, at its last size', async () => {
  const terminal = watch(WIDE)
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

test('E opens the policy in the editor, and the screen comes back', async () => {
  const folder = tempFolder()
  const editor = join(folder, 'vi')
  writeFileSync(
    editor,
    '#!/bin/sh\nclear; echo "EDITING $*"; read -r it; echo "GOT $it"; sleep 1\n',
  )
  chmodSync(editor, 0o700)
  // With a clock that goes: Ink draws again only once time has passed.
  const terminal = watch(WIDE, 'dark', { EDITOR: editor, NODE_OPTIONS: '' })
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

test('Ctrl-Z goes to the shell, and fg comes back', async () => {
  const terminal = opened(WIDE, 'bash', ['--norc', '-i'], { PS1: 'shell> ' })
  await terminal.waitFor('shell>')
  terminal.write(`${[process.execPath, ...watching()].map(shellQuote).join(' ')}\r`)
  await terminal.waitFor('p pause')
  terminal.write(CTRL_Z)
  await terminal.waitFor('Stopped')
  terminal.write('fg\r')
  await terminal.waitFor(screen => screen.trimEnd() === screenOf(WIDE, '01-live'))
  terminal.write('q')
  await terminal.waitFor(/shell> $|shell>$/m)
})

afterAll(() => rmSync(NOTHING, { recursive: true, force: true }))

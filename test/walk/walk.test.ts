/**
 * The built program, in a real pseudo-terminal on a machine whose clock stands still: every key from
 * the start to the end, with the whole screen after each, in every size and every theme.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import xterm from '@xterm/headless'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { THEMES } from '../../scripts/pictures/list.ts'
import { type Machine, startMachine } from '../../scripts/pictures/machine.ts'
import { tempFolder } from '../helpers/folder.ts'
import { type Terminal, writingTo } from '../helpers/terminal.ts'
import { coloredLines } from './colors.ts'
import {
  opened,
  SCREENS,
  SIZES,
  type Size,
  screensOf,
  stageOf,
  WIDE,
  watch,
  watching,
} from './stage.ts'
import { stepsOf } from './steps.ts'
import { steadyPaths, walk } from './walk.ts'

const HOME = '/tmp/0-signalbox-walk'
const NOTHING = '/tmp/0-signalbox-nothing'
const WALK = { timeout: 180_000 }

let machine: Machine

beforeEach(async () => {
  machine = await startMachine(HOME)
  return machine.stop
})

/** Of the steps; what is seen on them has every colour. */
const COLORED = new Set([
  'live',
  'help',
  'details',
  'by-session',
  'palette',
  'insights',
  'sessions',
  'waiting',
  'trusting',
  'trust-list',
  'audit',
])
/** Longer than from one frame to the next. */
const FRAME_MS = 100

/** @returns what the colours of some screens are held against files with */
function coloring(terminal: Terminal, theme: string): (step: { name: string }) => Promise<void> {
  const view = new xterm.Terminal({ cols: WIDE.columns, rows: WIDE.rows, allowProposedApi: true })
  terminal.onOutput(writingTo(view))
  return async ({ name }) => {
    if (!COLORED.has(name)) return
    await sleep(FRAME_MS)
    await new Promise<void>(resolve => view.write('', resolve))
    const file = join(SCREENS, 'colors', theme, `${name}.txt`)
    await expect(steadyPaths(coloredLines(view))).toMatchFileSnapshot(file)
  }
}

async function firstRun(size: Size, theme: string): Promise<void> {
  const nobody = tempFolder()
  const env = { HOME: nobody, XDG_CONFIG_HOME: nobody, XDG_STATE_HOME: nobody }
  const [node = '', ...args] = watching('--root', NOTHING, '--theme', theme)
  mkdirSync(NOTHING, { recursive: true })
  const terminal = opened({ home: HOME, size, env }, node, args)
  const step = { name: 'first-run', keys: [], shows: 'q quits' }
  await walk(terminal, [step], join(screensOf(size), 'first-run'))
}

/** Colours tell nothing that the text does not: it is the same in every theme. */
describe.each(THEMES)('in the theme %s', theme => {
  describe.each(SIZES)('at $columns x $rows', size => {
    test('every screen is as it was', WALK, async () => {
      const terminal = watch({ home: HOME, size }, theme)
      const after = size === WIDE ? coloring(terminal, theme) : undefined
      await walk(terminal, stepsOf(stageOf(machine, terminal)), screensOf(size), after)
      terminal.write('q')
      expect(await terminal.exited).toBe(0)
      expect(machine.heard.map(told)).toEqual(['allow', 'deny The user said no: no'])
    })

    test('a newcomer is told what is seen, what could be, and how to learn more', () =>
      firstRun(size, theme))
  })
})

/** What came to the agent of what was pressed. */
function told(answer: string): string {
  const { decision } = JSON.parse(answer).hookSpecificOutput
  return [decision.behavior, decision.message].filter(Boolean).join(' ')
}

afterAll(() => rmSync(NOTHING, { recursive: true, force: true }))

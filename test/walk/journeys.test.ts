/** Whole screens of what a person meets beside the usual, in every size and every theme. */
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { THEMES } from '../../scripts/pictures/list.ts'
import { startMachine } from '../../scripts/pictures/machine.ts'
import { JOURNEYS, type Journey } from './journeys.ts'
import { SIZES, type Size, screensOf, stageOf, WIDE, watch } from './stage.ts'
import { walk } from './walk.ts'

/** The same one every time: paths are on the screen. */
const HOME = '/tmp/0-signalbox-journeys'
const JOURNEY = { timeout: 60_000 }

/** @returns all that the program wrote */
async function go(journey: Journey, size: Size, theme: string): Promise<string> {
  const machine = await startMachine(HOME)
  onTestFinished(machine.stop)
  journey.prepare?.(HOME)
  const opening = { home: HOME, size }
  const terminal = watch(opening, journey.theme ?? theme, ...(journey.flags ?? []))
  const pieces: Buffer[] = []
  terminal.onOutput(bytes => void pieces.push(bytes))
  const steps = journey.steps(stageOf(machine, terminal))
  await walk(terminal, steps, join(screensOf(size), journey.name))
  return Buffer.concat(pieces).toString('utf8')
}

describe.each(SIZES)('at $columns x $rows', size => {
  test.each(JOURNEYS)('$name', JOURNEY, async journey => void (await go(journey, size, 'dark')))
})

describe.each(THEMES.filter(theme => theme !== 'dark'))('in the theme %s', theme => {
  const anywhere = JOURNEYS.filter(it => it.theme === undefined)
  test.each(anywhere)('$name', JOURNEY, async journey => void (await go(journey, WIDE, theme)))
})

/** What is written past the screen: the title kept, set and given back, the bell, OSC 9. */
const SIGNALS = new RegExp(
  ['\u001b\\[2[23];2t', '\u001b\\][29];[^\u001b]*\u001b\\\\', '\u0007'].join('|'),
  'g',
)

test('who looks elsewhere has it in the title, hears the bell, and reads what waits', async () => {
  const loud = JOURNEYS.find(({ name }) => name === 'loud')
  const written = loud === undefined ? '' : await go(loud, WIDE, 'dark')
  expect(written.match(SIGNALS)).toEqual([
    '\u001b[22;2t',
    '\u001b]2;2 waiting - signalbox\u001b\\',
    '\u001b]2;3 waiting - signalbox\u001b\\',
    '\u0007',
    '\u001b]9;signalbox: waits for you: Bash git push --tags\u001b\\',
    '\u001b]2;2 waiting - signalbox\u001b\\',
  ])
})

/** Walks through the real screen: keys go in, whole screens come out and are held against files. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Expectation, Terminal } from '../helpers/terminal.ts'

/** What is pressed, and what the screen must show before it is looked at. */
export interface Step {
  /** Of the file with the screen. */
  readonly name: string
  /** What happens around the program before the keys are pressed. */
  readonly happens?: () => void | Promise<void>
  readonly keys: readonly string[]
  readonly shows: Expectation
}

/** Between two keys of a step a person takes longer. */
const KEY_MS = 30
const ESC = '\u001b'
/** An Escape may have nothing to do. */
const ESCAPE_MS = 600
const WAIT_MS = 15_000
/** A screen that stays as it is for so long is whole; one that is not what was wanted may yet become it. */
const STILL_MS = 1000
const STILL_OTHER_MS = 6000
const LOOK_MS = 20

/**
 * Walks that go on at once are each on a machine of its own, in `/tmp/N-…`: on the screens that they
 * share they are the first.
 */
export const steadyPaths = (screen: string): string => screen.replaceAll(/\/tmp\/\d/g, '/tmp/0')

/**
 * Takes the steps one by one; the first screen that is another than in its file fails.
 * @param after each step, with its screen still there
 */
export async function walk(
  terminal: Terminal,
  steps: readonly Step[],
  folder: string,
  after: (step: Step) => Promise<void> = async () => {},
): Promise<void> {
  for (const [i, step] of steps.entries()) {
    const { name, happens, keys, shows } = step
    await happens?.()
    for (const key of keys) await press(terminal, key)
    await terminal.waitFor(shows, WAIT_MS).catch(error => {
      throw new Error(`step ${name}: ${error.message}`)
    })
    const file = join(folder, `${String(i + 1).padStart(2, '0')}-${name}.txt`)
    await settled(terminal, file)
    await expect(linesOn(terminal), `step ${name}`).toMatchFileSnapshot(file)
    await after(step)
  }
}

const linesOn = (terminal: Terminal): string => `${steadyPaths(terminal.screen())}\n`

/** An Escape that reaches the program together with the next key would be another key. */
async function press(terminal: Terminal, key: string): Promise<void> {
  const before = terminal.screen()
  const pressed = performance.now()
  terminal.write(key)
  await sleep(KEY_MS)
  if (key !== ESC) return
  while (terminal.screen() === before && performance.now() - pressed < ESCAPE_MS)
    await sleep(LOOK_MS)
}

/**
 * With `-u` every screen may be another one. Files are written when a test file ends, so that the first
 * theme goes first (`-t 'theme dark'`): the others are then held against what it wrote.
 */
const isUpdating = (): boolean => expect.getState().snapshotState.snapshotUpdateState === 'all'

/** Until the screen is what the file says, or does not change any more. */
async function settled(terminal: Terminal, file: string): Promise<void> {
  const wanted = existsSync(file) ? readFileSync(file, 'utf8') : null
  const patience = wanted === null || isUpdating() ? STILL_MS : STILL_OTHER_MS
  let [before, since] = ['', performance.now()]
  for (;;) {
    const now = linesOn(terminal)
    if (now === wanted) return
    if (now !== before) [before, since] = [now, performance.now()]
    else if (performance.now() - since > patience) return
    await sleep(LOOK_MS)
  }
}

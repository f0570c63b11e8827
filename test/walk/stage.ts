/** Where the walks take place: the built program in a pseudo-terminal, on a machine whose clock stands still. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Machine } from '../../scripts/pictures/machine.ts'
import { NOW } from '../../scripts/pictures/story.ts'
import { PROGRAM } from '../helpers/cli.ts'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

export const WIDE: Size = { columns: 120, rows: 40 }
export const SIZES: readonly Size[] = [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
  WIDE,
  { columns: 200, rows: 60 },
]

export const SCREENS = join(import.meta.dirname, 'screens')
export const screensOf = ({ columns, rows }: Size): string => join(SCREENS, `${columns}x${rows}`)
export const screenOf = (size: Size, name: string): string =>
  readFileSync(join(screensOf(size), `${name}.txt`), 'utf8').trimEnd()

/** As scripts/pictures/held-clock.js does it. */
const PASSES_MS = 3000
/** Until the screen has looked at its clock. */
const TICK_MS = 1200

export const CLOCK = new URL(`../../scripts/pictures/held-clock.js?at=${NOW}`, import.meta.url).href

/** What can be done to the machine, and to the program, while a walk is under way. */
export interface Stage extends Pick<Machine, 'home' | 'asks' | 'startGate'> {
  /** A few seconds. */
  readonly passTime: () => Promise<void>
  readonly stopGate: () => void
}

export function stageOf({ clock, stop, ...machine }: Machine, terminal: Terminal): Stage {
  return {
    ...machine,
    passTime: async () => {
      clock.now += PASSES_MS
      process.kill(await terminal.pid, 'SIGUSR2')
      await sleep(TICK_MS)
    },
    stopGate: stop,
  }
}

interface Opening {
  readonly home: string
  readonly size: Size
  readonly env?: Readonly<Record<string, string>>
}

export function opened({ home, size, env }: Opening, command: string, args: string[]): Terminal {
  const own = { HOME: home, TZ: 'UTC', NODE_OPTIONS: `--import ${CLOCK}`, ...env }
  const terminal = openTerminal({ command, args, cwd: home, env: own, ...size })
  onTestFinished(() => terminal.close())
  return terminal
}

/** The words of a shell that start the screen. */
export const watching = (...flags: string[]): string[] => [
  process.execPath,
  PROGRAM,
  'watch',
  ...flags,
]

export function watch(opening: Opening, theme = 'dark', ...flags: string[]): Terminal {
  const [node = '', ...args] = watching('--root', '.claude', '--theme', theme, ...flags)
  return opened(opening, node, args)
}

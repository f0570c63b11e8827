/**
 * Writes docs/pictures: the built program's real screen, in a real terminal. `npm run pictures [NAME…]`.
 * The machine it runs on, what happened there and the time are always the same, and so are the pictures.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import xterm, { type Terminal } from '@xterm/headless'
import { readYaml } from '../src/config/yaml-file.ts'
import { THEME, themePaths } from '../src/ui/theme.ts'
import { openTerminal, writingTo } from '../test/helpers/terminal.ts'
import { PICTURES, type Picture, typed } from './pictures/list.ts'
import { type Machine, startMachine } from './pictures/machine.ts'
import { NOW, story } from './pictures/story.ts'
import { type Look, svgOf } from './pictures/svg.ts'

export const FOLDER = fileURLToPath(new URL('../docs/pictures', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../bin/signalbox.js', import.meta.url))
const CLOCK = new URL(`pictures/held-clock.js?at=${NOW}`, import.meta.url).href

const ALL_READ = `${story().length} actions`
const WAIT_MS = 20_000
/** A screen that stays as it is for so long has drawn all that it has to. */
const STILL_MS = 400

export async function drawn(picture: Picture, { home, nextScreen }: Machine): Promise<string> {
  const { columns, rows, theme, keys, title } = picture
  const view = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const attached = nextScreen()
  const running = openTerminal({
    command: process.execPath,
    args: [PROGRAM, 'watch', '--root', '.claude', '--theme', theme],
    cwd: home,
    // By the environment, so that it holds for what the program starts, too.
    env: { HOME: home, TZ: 'UTC', NODE_OPTIONS: `--import ${CLOCK}` },
    columns,
    rows,
  })
  running.onOutput(writingTo(view))
  try {
    await running.waitFor(ALL_READ, WAIT_MS)
    const late = sleep(WAIT_MS, 'late', { ref: false })
    if ((await Promise.race([attached, late])) === 'late')
      throw new Error(`the screen did not find the gate:\n${running.screen()}`)
    await still(view)
    for (const [command, shows] of keys) {
      running.write(typed(command))
      await running.waitFor(shows, WAIT_MS)
      await still(view)
    }
    return svgOf(view, title, lookOf(theme))
  } finally {
    await running.close()
  }
}

async function still(view: Terminal): Promise<void> {
  let since = performance.now()
  const written = view.onWriteParsed(() => {
    since = performance.now()
  })
  while (performance.now() - since < STILL_MS) await sleep(50)
  written.dispose()
}

/** The ground that a theme is made for; where it fits any, that of the others. */
function lookOf(theme: string): Look {
  const path = themePaths({}).get(theme)
  const ground =
    (path === undefined ? undefined : readYaml(path, THEME).value.background) ?? '#1e1e1e'
  return { ink: '#d0d0d0', ground, palette: TERMINAL }
}

/** The 16 colours as the terminal of VS Code has them. */
const TERMINAL = [
  ...['#000000', '#cd3131', '#0dbc79', '#e5e510', '#2472c8', '#bc3fbc', '#11a8cd', '#e5e5e5'],
  ...['#666666', '#f14c4c', '#23d18b', '#f5f543', '#3b8eea', '#d670d6', '#29b8db', '#e5e5e5'],
]

async function main(names: readonly string[]): Promise<void> {
  const chosen = PICTURES.filter(({ name }) => names.length === 0 || names.includes(name))
  const machine = await startMachine()
  mkdirSync(FOLDER, { recursive: true })
  try {
    for (const picture of chosen) {
      const svg = await drawn(picture, machine)
      writeFileSync(join(FOLDER, `${picture.name}.svg`), svg)
      process.stderr.write(`${picture.name}.svg  ${Math.round(svg.length / 1024)} KB\n`)
    }
  } finally {
    machine.stop()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))

import { fileURLToPath } from 'node:url'
import { openTerminal, type Terminal } from '../helpers/terminal.ts'
import type { Home } from './session.ts'

const LAUNCHER = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url))

/** Signalbox on a home's sessions, in a real terminal of its own. */
export function openSignalbox(home: Home, columns = 180, rows = 40): Terminal {
  return openTerminal({
    command: process.execPath,
    args: [LAUNCHER, '--root', home.config],
    env: { HOME: home.root, XDG_CONFIG_HOME: home.root },
    columns,
    rows,
  })
}

/** The line of the list that shows a summary. */
export function rowOf(screen: string, summary: string): string {
  return (
    screen.split('\n').find(line => line.includes(summary) && /^\d\d:\d\d:\d\d/.test(line)) ?? ''
  )
}

/** A monitor full of recorded sessions, and the screen on it without a terminal. */
import { render } from 'ink-testing-library'
import { createElement } from 'react'
import { onTestFinished } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { readInput } from '../../src/clients/claude-code/input.ts'
import { findTranscripts } from '../../src/clients/claude-code/layout.ts'
import { priceList } from '../../src/clients/claude-code/prices.ts'
import { Monitor } from '../../src/monitor/monitor.ts'
import { agentEvent, TranscriptFile } from '../../src/sources/transcript-file.ts'
import { App } from '../../src/ui/app.tsx'
import { Keymap } from '../../src/ui/keymap.ts'
import type { Size } from '../../src/ui/layout.ts'
import type { Manner } from '../../src/ui/manner.ts'
import { loadThemes } from '../../src/ui/theme.ts'
import { FIXTURES } from '../helpers/folder.ts'

/** Ages and rates on the screen count from here: about a minute after the last recorded line. */
export const NOW = Date.parse('2026-11-23T11:25:00.000Z')

/** On the screen, so that a snapshot does not say where the checkout is. */
const PLACE = '/fixtures'

const price = priceList()

/** The events of every transcript under a folder, or of one file, in the order of the paths. */
export function eventsOf(path: string): Event[] {
  const events: Event[] = []
  const found = findTranscripts(path).sort((a, b) => (a.path < b.path ? -1 : 1))
  for (const file of found) {
    let session = ''
    const emit = (event: Event): void => {
      if ('session' in event) session = event.session
      events.push(placed(event))
    }
    new TranscriptFile({ ...file, from: 0, since: 0 }, price, emit).read('exact')
    const named = agentEvent(file.path, file.agent, session)
    if (named !== null) events.push(named)
  }
  return events
}

function placed(event: Event): Event {
  if (event.type !== 'requested') return event
  const { line } = event
  return { ...event, line: { ...line, file: line.file.replace(FIXTURES, PLACE) } }
}

/** @param sources paths of transcripts, and events, folded in that order */
export function monitorOf(...sources: readonly (string | Event)[]): Monitor {
  const monitor = new Monitor({
    place: PLACE,
    readInput: (line, id) => readInput({ ...line, file: line.file.replace(PLACE, FIXTURES) }, id),
    clock: () => NOW,
  })
  for (const source of sources)
    monitor.take(typeof source === 'string' ? eventsOf(source) : [source])
  monitor.publish()
  return monitor
}

/** Takes events in and shows them at once. */
export function happens(monitor: Monitor, ...events: readonly Event[]): void {
  monitor.take(events)
  monitor.publish()
}

export interface Shown {
  /** The screen as a person reads it. */
  readonly screen: () => string
  readonly lines: () => string[]
  /** Where the selection bar stands, or -1. */
  readonly selectedLine: () => number
  readonly selectedText: () => string
  readonly foot: () => string
  /** What was written past Ink. */
  readonly written: string[]
  readonly press: (...keys: readonly string[]) => Promise<void>
  readonly ended: () => boolean
}

export const KEYS = {
  up: '\u001b[A',
  down: '\u001b[B',
  pageUp: '\u001b[5~',
  pageDown: '\u001b[6~',
  enter: '\r',
  escape: '\u001b',
  backspace: '\u007f',
} as const

/** Ink waits 20 ms after an escape for the rest of a sequence; frames come at once. */
const KEY_MS = 5
const ESCAPE_MS = 60

export async function renderApp(
  monitor: Monitor,
  size: Size = { columns: 80, rows: 24 },
  manner: Manner = { keymap: new Keymap(), notify: 'off', spoken: false },
): Promise<Shown> {
  const written: string[] = []
  const themes = loadThemes({ XDG_CONFIG_HOME: '/nonexistent' }, 'dark', 1)
  const write = (bytes: string): void => void written.push(bytes)
  const app = render(createElement(App, { monitor, themes, write, manner, size }))
  onTestFinished(() => {
    app.unmount()
    monitor.stop()
  })
  const frame = (): string => app.lastFrame() ?? ''
  await pause(KEY_MS)
  return {
    written,
    screen: () => plain(frame()),
    lines: () => plain(frame()).split('\n'),
    selectedLine: () => frame().split('\n').findIndex(isSelected),
    selectedText: () => plain(frame().split('\n').find(isSelected) ?? ''),
    foot: () => plain(frame()).split('\n').at(-1) ?? '',
    press: async (...keys) => {
      await pause(KEY_MS) // what the monitor published before is on the screen
      for (const key of keys) {
        app.stdin.write(key)
        await pause(key === KEYS.escape ? ESCAPE_MS : KEY_MS)
      }
    },
    // Ink hears keys as long as the screen is mounted.
    ended: () => app.stdin.listenerCount('readable') === 0,
  }
}

/** What went to the clipboard last. */
export function copied(written: readonly string[]): string {
  const sequences = written.join('').matchAll(/\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007/g)
  return Buffer.from([...sequences].at(-1)?.[1] ?? '', 'base64').toString()
}

/** Without escape sequences and the spaces at the ends of lines. */
export function plain(frame: string): string {
  return frame
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
}

const isSelected = (line: string): boolean => line.includes('\u001b[7m')

/** Long enough for what was begun to be drawn, also on a busy machine: React draws in immediates. */
async function pause(ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms))
  for (let i = 0; i < 4; i++) await new Promise(resolve => setImmediate(resolve))
}

/** The line of time above the list: a bar for each slice, and where the selection stands. */
import { glyphs } from '../monitor/glyphs.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { clip, pad, padLeft } from '../monitor/safe-text.ts'
import { type Timeline, timelineOf } from '../monitor/timeline.ts'
import type { Keymap } from './keymap.ts'
import type { Style, Theme } from './theme.ts'

const TIME = 5
const DATE_AND_TIME = 11
const WORDS = ' per 6 hours'.length
const KEYS = '  {earlier} {later} move, {shorter} {longer} zoom'
/** As wide as they are with the usual keys. */
const KEYS_WIDTH = 21
const LEAST = 10
const HOUR = 3_600_000

/** How many bars there is room for; too few tell nothing. */
export function barsIn(columns: number): number {
  const bars = columns - fromWidth(columns) - TIME - WORDS - (columns >= 100 ? KEYS_WIDTH : 0) - 2
  return bars < LEAST ? 0 : bars
}

/** Blocked slices are an `x`, those with something pending a `?`, as in the list; `^` is here. */
export function timelineLine(
  state: MonitorState,
  keymap: Keymap,
  theme: Theme,
  columns: number,
): string {
  const bars = barsIn(columns)
  if (state.rows.length === 0 || bars === 0) return ''
  const { role } = theme
  const timeline = timelineOf(state, bars)
  const { since, until, slice } = timeline
  const isWide = fromWidth(columns) > TIME
  const from = isWide ? dateAndTime(since) : timeOf(since, slice.ms)
  const to = until > state.now ? 'now' : timeOf(until, slice.ms)
  const words =
    pad(` per ${slice.label}`, WORDS) + (columns >= 100 ? clip(keymap.words(KEYS), KEYS_WIDTH) : '')
  return [
    role.dim(padLeft(from, fromWidth(columns))),
    barsOf(timeline, state.world.forgotten.upTo, theme),
    role.dim(pad(to, TIME) + words),
  ].join(' ')
}

const fromWidth = (columns: number): number => (columns >= 120 ? DATE_AND_TIME : TIME)

/** @param unknown up to when nothing is kept, Unix ms: that is left empty */
function barsOf(timeline: Timeline, unknown: number, { role }: Theme): string {
  // The lowest stands for nothing.
  const bars = glyphs().levels.slice(1)
  const most = timeline.counts.reduce((a, b) => Math.max(a, b), 1)
  const cells = Array.from(timeline.counts, (n, i): [text: string, style: Style] => {
    if (i === timeline.cursor) return ['^', role.mark]
    if ((timeline.pending[i] ?? 0) > 0) return ['?', role.pending]
    if ((timeline.blocked[i] ?? 0) > 0) return ['x', role.blocked]
    if (n === 0) return [endOf(timeline, i) <= unknown ? ' ' : bars.charAt(0), role.rule]
    return [bars.charAt(Math.max(1, Math.ceil((n / most) * (bars.length - 1)))), role.accent]
  })
  return runs(cells)
}

const endOf = ({ since, slice }: Timeline, i: number): number => since + (i + 1) * slice.ms

/** Neighbours of one style are coloured together. */
function runs(cells: readonly (readonly [text: string, style: Style])[]): string {
  let out = ''
  let run = ''
  cells.forEach(([text, style], i) => {
    run += text
    if (cells[i + 1]?.[1] === style) return
    out += style(run)
    run = ''
  })
  return out
}

const dateAndTime = (at: number): string => `${timeOf(at, HOUR)} ${timeOf(at, 0)}`

/** `14:05`, or `11-23` where a slice is an hour or longer. */
function timeOf(at: number, sliceMs: number): string {
  const date = new Date(at)
  return sliceMs < HOUR
    ? `${two(date.getHours())}:${two(date.getMinutes())}`
    : `${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

const two = (n: number): string => String(n).padStart(2, '0')

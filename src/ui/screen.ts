/** The whole screen as lines: a pure function of the state and the size. */
import { basename } from 'node:path'
import type { World } from '../action/world.ts'
import { countersOf } from '../monitor/counters.ts'
import { grouped } from '../monitor/format.ts'
import { positionOf } from '../monitor/list.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { clip, safe, width } from '../monitor/safe-text.ts'
import { type ListPosition, type View, windowOf } from '../monitor/view.ts'
import { detailLines } from './details.ts'
import { headerLines } from './header.ts'
import { footLine, helpLines } from './help.ts'
import { columnHeads, type RowPainter } from './row.ts'
import { sessionLines } from './sessions.ts'
import type { Theme } from './theme.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

export interface Frame {
  readonly state: MonitorState
  readonly size: Size
  readonly theme: Theme
  readonly painter: RowPainter
  readonly place: string
  /** The whole input of an action, or null. */
  readonly inputOf: (row: number) => unknown
}

export interface Layout {
  readonly header: number
  readonly body: number
  readonly list: number
  readonly details: number
}

/** How the rows of the screen are shared out; integers that always add up. */
export function layoutOf(size: Size, details: boolean): Layout {
  const header = size.rows >= 24 ? 5 : size.rows >= 16 ? 3 : size.rows >= 12 ? 2 : 1
  const body = Math.max(1, size.rows - header - 2)
  const pane = details ? Math.min(body - 1, Math.max(4, Math.floor(body * 0.55))) : 0
  const heads = size.rows >= 16 ? 1 : 0
  return { header, body, list: Math.max(1, body - pane - heads), details: pane }
}

export function listPosition(state: MonitorState, height: number): ListPosition {
  const { rows, view, world } = state
  const last = Math.max(0, rows.length - 1)
  const index =
    view.selected === null ? last : Math.min(last, positionOf(world, rows, view.selected))
  return { length: rows.length, index, rowAt: i => rows[i] ?? 0, height }
}

/** Following, the newest stands at the bottom. */
const lineOf = (view: View, height: number): number =>
  view.selected === null ? height - 1 : view.line

export function screenLines(frame: Frame): string[] {
  const { state, size, theme } = frame
  const { view, world } = state
  const layout = layoutOf(size, view.details && view.screen === 'live')
  const header = headerLines(
    countersOf(world, state.now),
    {
      place: frame.place,
      mark: world.mark,
      readBytes: world.progress.doneBytes,
      totalBytes: world.progress.totalBytes,
      skipped: world.skippedCount,
      lastSkipped: skippedText(world),
      note: world.notes.at(-1) ?? '',
      now: state.now,
    },
    theme,
    size.columns,
    layout.header,
  )
  const body = bodyLines(frame, layout)
  const filler = Array<string>(Math.max(0, layout.body - body.length)).fill('')
  const lines = [...header, ruleLine(frame), ...body.slice(0, layout.body), ...filler, foot(frame)]
  return lines.slice(0, size.rows)
}

/** `…/p/session.jsonl:12 not JSON` */
function skippedText(world: World): string {
  const last = world.skipped.at(-1)
  return last === undefined ? '' : `${basename(last.file)}:${last.line} ${last.why}`
}

function bodyLines(frame: Frame, layout: Layout): string[] {
  const { state, size, theme } = frame
  const { view, world } = state
  if (view.help) return helpLines(theme, size.columns)
  if (view.screen === 'sessions')
    return sessionLines(world, view.session, theme, size.columns, layout.body, state.now)
  const heads = size.rows >= 16 ? [theme.role.dim(columnHeads(size.columns))] : []
  return [...heads, ...listLines(frame, layout), ...pane(frame, layout)]
}

function listLines(frame: Frame, layout: Layout): string[] {
  const { state, size, theme, painter } = frame
  const { view, rows } = state
  const position = listPosition(state, layout.list)
  if (rows.length === 0) return emptyLines(frame, layout.list)
  const { top, end } = windowOf(rows.length, position.index, lineOf(view, layout.list), layout.list)
  const lines = Array.from(rows.subarray(top, end), (row, i) => {
    const text = painter.paint(row, size.columns, theme, state.now)
    const chosen = top + i === position.index && (view.selected !== null || view.details)
    return chosen ? theme.selection(text) : text
  })
  return [...lines, ...Array<string>(layout.list - lines.length).fill('')]
}

function emptyLines(frame: Frame, height: number): string[] {
  const { world, view } = frame.state
  const text =
    view.filter.trim() !== '' && world.actions.length > 0
      ? `none of ${grouped(world.actions.length)} actions passes the filter; Esc clears it`
      : `no action yet in ${safe(frame.place)}`
  const lines = Array<string>(height).fill('')
  lines[0] = frame.theme.role.dim(clip(text, frame.size.columns))
  return lines
}

function pane(frame: Frame, layout: Layout): string[] {
  const { state, size, theme } = frame
  if (layout.details === 0) return []
  const all = detailsOf(frame, layout)
  const height = layout.details - 1
  const top = Math.min(state.view.detailsTop, Math.max(0, all.length - height))
  const below = Math.max(0, all.length - top - height)
  const more = below > 0 || top > 0 ? `: K J scroll, ${below} more lines` : ''
  const shown = all.slice(top, top + height)
  const filler = Array<string>(Math.max(0, height - shown.length)).fill('')
  return [rule(theme, ` details${more} `, size.columns), ...shown, ...filler]
}

function detailsOf({ state, size, theme, inputOf }: Frame, layout: Layout): string[] {
  const { index, length } = listPosition(state, layout.list)
  if (length === 0) return []
  const row = state.rows[index] ?? 0
  return detailLines(state.world, row, inputOf(row), theme, size.columns)
}

/** How far the details can be scrolled, in lines. */
export function detailsOverflow(frame: Frame): number {
  const layout = layoutOf(frame.size, frame.state.view.details)
  return Math.max(0, detailsOf(frame, layout).length - (layout.details - 1))
}

/** Between the counters and the list: what is shown of it, and whether it moves. */
function ruleLine(frame: Frame): string {
  const { state, size, theme } = frame
  const { view, rows, world } = state
  if (view.help) return rule(theme, ' help: Esc leaves ', size.columns)
  if (view.screen === 'sessions')
    return rule(theme, ' sessions: Enter shows its actions, Esc goes back ', size.columns)
  const filtered = view.filter.trim() !== ''
  const shown = filtered
    ? `${grouped(rows.length)} of ${grouped(world.actions.length)}`
    : grouped(rows.length)
  const where =
    view.selected === null ? 'following' : `frozen at ${grouped(listPosition(state, 1).index + 1)}`
  const what = filtered ? `, filter ${safe(view.filter)}` : ''
  return rule(theme, ` ${shown} actions, ${where}${what} `, size.columns)
}

function rule(theme: Theme, label: string, columns: number): string {
  const text = clip(`--${label}`, columns)
  return (
    theme.role.rule('--'.slice(0, columns)) +
    theme.role.dim(text.slice(2)) +
    theme.role.rule('-'.repeat(Math.max(0, columns - width(text))))
  )
}

function foot(frame: Frame): string {
  const { state, size, theme } = frame
  const { editing, message } = state.view
  if (editing !== null) {
    const typed = `/${safe(editing)}▏`
    const hint = '  Enter keeps it, Esc clears it'
    return (
      theme.role.accent(clip(typed, size.columns)) +
      theme.role.dim(clip(hint, size.columns - width(typed)))
    )
  }
  if (message !== '') return theme.role.mark(clip(message, size.columns))
  return footLine(theme, size.columns)
}

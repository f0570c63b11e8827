/** The whole screen as lines: a pure function of the state and the size. */
import { countersOf, isActive } from '../monitor/counters.ts'
import { chosenLine, listPosition } from '../monitor/cursor.ts'
import { plural } from '../monitor/format.ts'
import { type GateSummary, gateSummary } from '../monitor/gate-view.ts'
import type { ListLine } from '../monitor/grouped-list.ts'
import type { Group } from '../monitor/groups.ts'
import type { Named } from '../monitor/link.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { revealing } from '../monitor/secrets.ts'
import { isFollowing, type View, windowOf } from '../monitor/view.ts'
import { auditDetails, auditLines } from './audit.ts'
import { detailLines } from './details.ts'
import { footOf } from './foot.ts'
import { groupDetails, groupHeads, type Heading, headingLine } from './groups.ts'
import { headerLines } from './header.ts'
import { helpLines } from './help.ts'
import { insightsLines } from './insights.ts'
import type { Keymap } from './keymap.ts'
import { type Layout, layoutFor, type Size } from './layout.ts'
import { saidLines } from './list.ts'
import {
  noticeDetails,
  noticeListLines,
  pendingLines,
  trustDetails,
  trustListLines,
} from './lists.ts'
import { machineLines } from './machines.ts'
import { isNarrow } from './narrow.ts'
import { type Item, paletteLines } from './palette.ts'
import { isTall, promptLines, promptTitle } from './prompt.ts'
import { columnHeads, type RowPainter } from './row.ts'
import { sessionLines } from './sessions.ts'
import {
  emptyOf,
  isAway,
  isReading,
  progressText,
  skippedText,
  welcome,
  wordLines,
} from './states.ts'
import type { Theme } from './theme.ts'
import { timelineLine } from './timeline.ts'
import { rule, titleOf } from './title.ts'

export interface Frame {
  readonly state: MonitorState
  readonly size: Size
  readonly theme: Theme
  readonly painter: RowPainter
  readonly place: string
  readonly keymap: Keymap
  /** What the palette offers. */
  readonly items: () => readonly Item[]
  /** The whole input of an action, or null. */
  readonly inputOf: (row: number) => unknown
  /** When each trust entry was last what an action touched. */
  readonly lastUse: (entries: readonly Named[]) => ReadonlyMap<string, number>
}

/** Following, the newest stands at the bottom. */
const lineOf = (view: View, height: number): number => (isFollowing(view) ? height - 1 : view.line)

const layoutIn = ({ state, size, keymap }: Frame): Layout => layoutFor(state, size, keymap)

export function screenLines(frame: Frame): string[] {
  const { state, size, theme } = frame
  const { world } = state
  const layout = layoutIn(frame)
  const header = headerLines(
    countersOf(world, state.now),
    {
      place: frame.place,
      mark: world.mark,
      progress: world.progress,
      behindMs: world.behindMs,
      away: isAway(state),
      skipped: world.skippedCount,
      lastSkipped: skippedText(world.skipped.at(-1)),
      unreadable: skippedText(world.skipped.findLast(it => it.line === 0)),
      now: state.now,
      gate: gateOf(state),
    },
    theme,
    size.columns,
    layout.header,
  )
  const body = bodyLines(frame, layout)
  const filler = Array<string>(Math.max(0, layout.body - body.length)).fill('')
  const lines = [
    ...header,
    ruleLine(frame),
    ...body.slice(0, layout.body),
    ...filler,
    ...wordLines(state, theme, size.columns),
    ...footOf(state, frame.keymap, theme, size.columns),
  ]
  return lines.slice(0, size.rows)
}

/** Null where nothing of a gate is known. */
function gateOf({ world, now }: MonitorState): GateSummary | null {
  const { gate } = world
  if (gate.sessions.size === 0 && gate.notices.length === 0) return null
  const isLive = (id: string): boolean => {
    const session = world.findSession(id)
    return session !== undefined && isActive(world, session, now)
  }
  return gateSummary(world, now, isLive)
}

function bodyLines(frame: Frame, layout: Layout): string[] {
  const { state, size, theme } = frame
  const { view, world } = state
  if (view.help) return helpShown(frame)
  const height = layout.body - layout.details
  const place = { theme, columns: size.columns, height, now: state.now }
  if (view.palette !== null)
    return paletteLines(view.palette, frame.items(), { ...place, height: layout.body })
  const none = emptyOf(state, frame.place, size.columns).map(text => frame.keymap.words(text))
  const above = (lines: readonly string[]): string[] => {
    const filler = Array<string>(Math.max(0, height - lines.length)).fill('')
    return [...lines.slice(0, height), ...filler, ...pane(frame, layout)]
  }
  switch (view.screen) {
    case 'live': {
      const heads = size.rows >= 16 ? [theme.role.dim(headsOf(frame))] : []
      const timeline =
        layout.timeline > 0 ? [timelineLine(state, frame.keymap, theme, size.columns)] : []
      return [...timeline, ...heads, ...listLines(frame, layout), ...pane(frame, layout)]
    }
    case 'sessions':
      return above(sessionLines(world, view, none, place))
    case 'machines':
      return above(machineLines(world, view, none, place))
    case 'pending':
      return above(pendingLines(world, view.pending, none, place))
    case 'trust':
      return above(trustListLines(state.policy, usedAt(frame), view.cursor, none, place))
    case 'notices':
      return above(noticeListLines(world, view.cursor, none, place))
    case 'insights':
      return above(insightsLines(world, state.insights, view.cursor, none, place))
    case 'audit':
      return above(auditLines(state.audit, view.cursor, none, place))
  }
}

function headsOf({ state: { world, view, groups }, size: { columns } }: Frame): string {
  return groups === null
    ? columnHeads(columns, world.machines.size > 0)
    : groupHeads(view.group, columns)
}

const usedAt = ({ state, lastUse }: Frame): ReadonlyMap<string, number> =>
  lastUse(state.policy.trust)

const helpOf = ({ state, size, theme, keymap }: Frame): string[] =>
  helpLines(keymap, state.view.screen, theme, size.columns)

/** The help, from the line on to which it is scrolled. */
export const helpShown = (frame: Frame): string[] =>
  helpOf(frame).slice(helpTop(frame), helpTop(frame) + layoutIn(frame).body)

/** What stands in the pane: a question's choices, or details. */
export const paneShown = (frame: Frame): string[] => pane(frame, layoutIn(frame))

/** The first line of the help that is shown. */
function helpTop(frame: Frame): number {
  const hidden = helpOf(frame).length - layoutIn(frame).body
  return Math.max(0, Math.min(frame.state.view.detailsTop, hidden))
}

function listLines(frame: Frame, layout: Layout): string[] {
  const { state, theme } = frame
  const { view } = state
  const { length, index, lineAt } = listPosition(state, layout.list)
  const { top, end } = windowOf(length, index, lineOf(view, layout.list), layout.list)
  const lines = Array.from({ length: end - top }, (_, i) => {
    const text = lineText(frame, lineAt(top + i))
    const chosen = top + i === index && (!isFollowing(view) || view.details)
    return chosen ? theme.selection(text) : text
  })
  const above = index === top ? null : headingAbove(frame, top)
  if (above !== null) lines[0] = above
  return [...lines, ...belowList(frame, layout.list - lines.length)]
}

function lineText({ state, size, theme, painter }: Frame, line: ListLine | null): string {
  if (line === null) return ''
  if (line.kind === 'action') return painter.paint(line.row, size.columns, theme, state.now)
  return headingLine(headingOf(state, line.group), size.columns, theme)
}

/** In place of the first line: what group the actions below it are of, when its heading is gone. */
function headingAbove({ state, size, theme }: Frame, top: number): string | null {
  const group = state.groups?.groupAt(top) ?? null
  if (group === null) return null
  return headingLine(headingOf(state, group), size.columns, theme)
}

function headingOf({ world, view, groups, now }: MonitorState, group: Group): Heading {
  return { world, by: view.group, group, unfolded: groups?.isUnfolded(group) ?? false, now }
}

/** A newcomer's words stand where the list has no lines yet. */
function belowList(frame: Frame, height: number): string[] {
  const { state, theme, size } = frame
  const { columns } = size
  const said =
    state.rows.length === 0
      ? emptyOf(state, frame.place, columns)
      : state.reach === 'none' && state.view.filter === ''
        ? ['', ...welcome(state, frame.place, columns)]
        : []
  const words = said.map(text => frame.keymap.words(text))
  const lines = saidLines(words, theme, columns)
  const shown = state.rows.length === 0 || lines.length <= height ? lines.slice(0, height) : []
  return [...shown, ...Array<string>(height - shown.length).fill('')]
}

function pane(frame: Frame, layout: Layout): string[] {
  const { state, size, theme, keymap } = frame
  if (layout.details === 0) return []
  const { prompt } = state.view
  if (prompt !== null && isTall(prompt, size.columns)) {
    const lines = promptLines(state, prompt, theme, size.columns, layout.details - 1)
    return [rule(theme, ` ${promptTitle(prompt)} `, size.columns), ...lines]
  }
  const all = detailsOf(frame, layout)
  const height = layout.details - 1
  const top = Math.min(state.view.detailsTop, Math.max(0, all.length - height))
  const below = Math.max(0, all.length - top - height)
  const more =
    below > 0 || top > 0
      ? `: {details-up} {details-down} scroll, ${plural(below, 'line')} more`
      : ''
  const shown = all.slice(top, top + height)
  const filler = Array<string>(Math.max(0, height - shown.length)).fill('')
  return [rule(theme, keymap.words(` details${more} `), size.columns), ...shown, ...filler]
}

function detailsOf(frame: Frame, layout: Layout): string[] {
  const { state, size, theme, inputOf } = frame
  const { view, world } = state
  const place = { theme, columns: size.columns, height: layout.details, now: state.now }
  if (view.screen === 'trust') return trustDetails(state.policy, usedAt(frame), view.cursor, place)
  if (view.screen === 'notices') return noticeDetails(world, view.cursor, place)
  if (view.screen === 'audit') return auditDetails(state.audit, view.cursor, place)
  const line = view.screen === 'live' ? chosenLine(state) : null
  if (line?.kind === 'heading')
    return groupDetails(headingOf(state, line.group), theme, size.columns)
  const row = chosenRow(state)
  if (row === null) return []
  return revealing(view.revealed === row, () =>
    detailLines(world, row, inputOf(row), theme, size.columns),
  )
}

/** The action whose details are shown, and that is copied. */
export function chosenRow(state: MonitorState): number | null {
  if (state.view.screen === 'pending') return state.view.pending
  if (state.view.screen === 'insights')
    return state.insights?.resources[state.view.cursor]?.row ?? null
  const line = chosenLine(state)
  return line?.kind === 'action' ? line.row : null
}

/** How far the details can be scrolled, in lines. */
export function detailsOverflow(frame: Frame): number {
  const layout = layoutIn(frame)
  if (frame.state.view.help) return Math.max(0, helpOf(frame).length - layout.body)
  return Math.max(0, detailsOf(frame, layout).length - (layout.details - 1))
}

/** Between the counters and the list: what is shown of it, and whether it moves. */
function ruleLine(frame: Frame): string {
  const { state, size, theme, keymap } = frame
  const { view, world } = state
  if (view.help) return rule(theme, keymap.words(helpTitle(frame)), size.columns)
  if (view.palette !== null)
    return rule(theme, ' commands, found by a part of their name ', size.columns)
  const title = titleOf(state, size.columns)
  const partly =
    isReading(world.progress) && (view.screen === 'sessions' || view.screen === 'insights')
  const part = partly ? `${progressText(world.progress, 0)} read: ` : ''
  const short = isNarrow(size.columns) && view.screen !== 'live' ? withoutKeys(title) : title
  return rule(theme, keymap.words(` ${part}${short} `), size.columns)
}

/** The foot names keys, too. */
const withoutKeys = (title: string): string => title.slice(0, title.lastIndexOf(': '))

function helpTitle(frame: Frame): string {
  const more = Math.max(0, detailsOverflow(frame) - helpTop(frame))
  return more > 0 || helpTop(frame) > 0 ? ` help: ${plural(more, 'line')} more ` : ' help '
}

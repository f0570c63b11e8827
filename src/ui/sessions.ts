/** The sessions screen: one line each, and where the selected one's money went. */
import { totalTokens } from '../action/action.ts'
import type { Session, World } from '../action/world.ts'
import { breakdownOf, type Share } from '../monitor/breakdown.ts'
import { costGap, knownCost } from '../monitor/cost.ts'
import { isActive } from '../monitor/counters.ts'
import { amount, clock, duration, grouped, usd } from '../monitor/format.ts'
import { clip, pad, padLeft, safe, wrap } from '../monitor/safe-text.ts'
import { windowOf } from '../monitor/view.ts'
import { type Cell, line } from './cells.ts'
import type { Theme } from './theme.ts'

/** Newest first, live ones before the rest. */
export function sessionsByTime(world: World): Session[] {
  const order = (s: Session): number => (isActive(s) ? 1e15 : 0) + s.lastAt
  return world.sessions.filter(s => s.firstAt > 0).sort((a, b) => order(b) - order(a))
}

export function sessionLines(
  world: World,
  selected: number,
  theme: Theme,
  columns: number,
  height: number,
  now: number,
): string[] {
  const sessions = sessionsByTime(world)
  const chosen = sessions[Math.min(selected, sessions.length - 1)]
  if (chosen === undefined) return [theme.role.dim('no session yet')]
  const costs = costLines(world, chosen, theme, columns).slice(0, Math.max(0, height - 4))
  const listHeight = Math.max(1, height - 1 - costs.length)
  const { top, end } = windowOf(sessions.length, selected, listHeight - 1, listHeight)
  const rows = sessions.slice(top, end).map((session, i) => {
    const text = line(sessionCells(session, theme, now), columns, 1)
    return top + i === selected ? theme.selection(text) : text
  })
  const filler = Array<string>(Math.max(0, listHeight - rows.length)).fill('')
  return [
    line(
      HEADS.map(text => ({ text, style: theme.role.dim })),
      columns,
      1,
    ),
    ...rows,
    ...filler,
    ...costs,
  ]
}

const HEADS = [
  pad('session', 8),
  pad('status', 8),
  pad('mode', 8),
  padLeft('actions', 8),
  padLeft('blocked', 8),
  padLeft('pending', 8),
  padLeft('cost', 9),
  padLeft('client', 9),
  padLeft('tokens', 8),
  padLeft('idle', 7),
  pad('row/all', 7),
  pad('model', 18),
  'project',
]

function sessionCells(session: Session, theme: Theme, now: number): Cell[] {
  const { role } = theme
  const { counts, streak } = session
  const count = (n: number, style: Cell['style']): Cell => ({
    text: padLeft(grouped(n), 8),
    style: n === 0 ? role.dim : style,
  })
  const partial = session.unpriced.length > 0 ? '+?' : ''
  return [
    { text: safe(session.id.slice(0, 8)).padEnd(8), style: role.text },
    { text: pad(statusOf(session), 8), style: isActive(session) ? role.approved : role.dim },
    { text: pad(safe(session.permissionMode || '?'), 8), style: role.accent },
    count(counts.total, role.text),
    count(counts.blocked, role.blocked),
    count(counts.pending, role.pending),
    { text: padLeft(usd(knownCost(session)) + partial, 9), style: role.cost },
    {
      text: padLeft(session.clientCost ? usd(session.clientCost.totalUsd) : '-', 9),
      style: role.dim,
    },
    { text: padLeft(amount(totalTokens(session.tokens)), 8), style: role.text },
    { text: padLeft(duration(Math.max(0, now - session.lastAt)), 7), style: role.dim },
    {
      text: pad(`${streak.inRow}/${streak.total}`, 7),
      style: streak.total > 0 ? role.blocked : role.dim,
    },
    { text: pad(safe(session.model || '?'), 18), style: role.text },
    { text: safe(session.title || session.cwd), style: role.dim },
  ]
}

const statusOf = (session: Session): string => session.presence?.status ?? 'unknown'

function costLines(world: World, session: Session, theme: Theme, columns: number): string[] {
  const { role } = theme
  const costs = breakdownOf(world, world.sessionIndex(session.id))
  const gap = costGap(session)
  const heading = `${safe(session.id)}  ${safe(session.client)} ${safe(session.version)}  began ${clock(session.firstAt)}`
  return [
    '',
    role.accent(clip(heading, columns)),
    ...shareLines('model', costs.byModel, theme, columns),
    ...shareLines('agent', costs.byAgent, theme, columns),
    ...shareLines('tool', costs.byTool, theme, columns),
    ...(gap === null ? [] : wrap(safe(gap), columns).map(role.mark)),
  ]
}

function shareLines(
  what: 'model' | 'agent' | 'tool',
  shares: readonly Share[],
  theme: Theme,
  columns: number,
): string[] {
  const { role } = theme
  const cells = shares.map(share => ({
    text: `${safe(share.name)} ${usd(share.costUsd)}${share.partial ? '+?' : ''} (${grouped(share.count)})`,
    style: role.text,
  }))
  return [line([{ text: `by ${pad(what, 6)}`, style: role.dim }, ...cells], columns)]
}

/** The sessions screen: one line each, and where the selected one's money went. */
import { totalTokens } from '../action/action.ts'
import type { Session, World } from '../action/world.ts'
import { breakdownOf, type Share } from '../monitor/breakdown.ts'
import { costGap, knownCost } from '../monitor/cost.ts'
import { isActive } from '../monitor/counters.ts'
import { amount, clock, duration, grouped, usd } from '../monitor/format.ts'
import { gateSession, grantsAt, pauseOf, unmet } from '../monitor/gate-view.ts'
import { clip, pad, padLeft, safe, wrap } from '../monitor/safe-text.ts'
import { sessionsByTime } from '../monitor/sessions.ts'
import { windowOf } from '../monitor/view.ts'
import { type Cell, line } from './cells.ts'
import { type Said, saidLines } from './list.ts'
import { isNarrow } from './narrow.ts'
import type { Theme } from './theme.ts'

export function sessionLines(
  world: World,
  selected: number,
  none: Said,
  theme: Theme,
  columns: number,
  height: number,
  now: number,
): string[] {
  const sessions = sessionsByTime(world)
  const chosen = sessions[Math.min(selected, sessions.length - 1)]
  if (chosen === undefined) return saidLines(none, theme, columns)
  const costs = costLines(world, chosen, theme, columns, now).slice(0, Math.max(0, height - 4))
  const listHeight = Math.max(1, height - 1 - costs.length)
  const { top, end } = windowOf(sessions.length, selected, listHeight - 1, listHeight)
  const heads =
    world.gate.sessions.size > 0 ? [...HEADS.slice(0, 3), GATE_HEAD, ...HEADS.slice(3)] : HEADS
  const isShown = (_: unknown, i: number): boolean =>
    !isNarrow(columns) || NARROW.test(heads[i] ?? '')
  const rows = sessions.slice(top, end).map((session, i) => {
    const text = line(sessionCells(world, session, theme, now).filter(isShown), columns, 1)
    return top + i === selected ? theme.selection(text) : text
  })
  const filler = Array<string>(Math.max(0, listHeight - rows.length)).fill('')
  return [
    line(
      heads.filter(isShown).map(text => ({ text, style: theme.role.dim })),
      columns,
      1,
    ),
    ...rows,
    ...filler,
    ...costs,
  ]
}

/** What is told where there is little room. */
const NARROW = /^ *(session|status|blocked|pending) *$/

const GATE_HEAD = pad('gate', 12)

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

function sessionCells(world: World, session: Session, theme: Theme, now: number): Cell[] {
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
    ...gateCell(world, session, theme),
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

function gateCell(world: World, session: Session, theme: Theme): Cell[] {
  const { role } = theme
  if (world.gate.sessions.size === 0) return []
  const gated = gateSession(world, session.id)
  if (gated === null) return [{ text: pad('-', 12), style: role.dim }]
  const pause = pauseOf(world, session.id)
  const how = pause === null ? '' : pause.hard ? ' PAUSE' : ' pause'
  const text = pad(gated.role + how, 12)
  return [{ text, style: pause === null ? role.accent : role.mark }]
}

/** Role, preconditions, pause and grants of one session, in words. */
function gateWords(world: World, session: Session, now: number): string[] {
  const gated = gateSession(world, session.id)
  if (gated === null) return []
  const { preconditions } = gated
  const missing = unmet(gated)
  const pause = pauseOf(world, session.id)
  const grants = grantsAt(world, now).filter(grant => grant.session === session.id)
  const met = `enabled by ${preconditions.enabled}, ${preconditions.model} on ${preconditions.platform}`
  return [
    `role ${gated.role}: ${gated.why}${gated.attended ? '' : ' (unattended)'}`,
    missing.length === 0 ? met : `nothing is approved here: ${missing.join('; ')}`,
    ...(pause === null
      ? []
      : [
          `paused${pause.hard ? ' hard' : ''}${pause.of === 'all' ? ', as all are' : ''}: ${pause.why}`,
        ]),
    ...grants.map(grant => `grant ${grant.uses}, until ${clock(grant.until)}: ${grant.summary}`),
  ]
}

const statusOf = (session: Session): string => session.presence?.status ?? 'unknown'

function costLines(
  world: World,
  session: Session,
  theme: Theme,
  columns: number,
  now: number,
): string[] {
  const { role } = theme
  const costs = breakdownOf(world, world.sessionIndex(session.id))
  const gap = costGap(session)
  const heading = `${safe(session.id)}  ${safe(session.client)} ${safe(session.version)}  began ${clock(session.firstAt)}`
  return [
    '',
    role.accent(clip(heading, columns)),
    ...gateWords(world, session, now).map(text => role.text(clip(safe(text), columns))),
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

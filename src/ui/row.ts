/** One action as one line: pure, and kept until something in it changes. */

import { WAITS } from '../action/action.ts'
import { messageOf } from '../action/identity.ts'
import { durationsOf, isOpen, verdictOf } from '../action/rows.ts'
import { textsOf, type World } from '../action/world.ts'
import { agentLabel } from '../monitor/breakdown.ts'
import { costOfRow } from '../monitor/cost.ts'
import { clock, duration, usd } from '../monitor/format.ts'
import { whoseText } from '../monitor/machines.ts'
import { clip, pad, padLeft, safe, width } from '../monitor/safe-text.ts'
import { ungatedReason } from './gate-details.ts'
import type { Role, Theme } from './theme.ts'

interface Widths {
  readonly time: number
  readonly session: number
  readonly agent: number
  readonly tool: number
  readonly state: number
  readonly by: number
  readonly latency: number
  readonly cost: number
}

/** Narrow screens lose columns, never the summary and the state. */
export function widthsFor(columns: number): Widths {
  if (columns >= 160)
    return { time: 8, session: 8, agent: 14, tool: 14, state: 13, by: 12, latency: 7, cost: 8 }
  if (columns >= 120)
    return { time: 8, session: 8, agent: 9, tool: 10, state: 13, by: 10, latency: 6, cost: 7 }
  if (columns >= 100)
    return { time: 8, session: 8, agent: 7, tool: 9, state: 11, by: 10, latency: 6, cost: 7 }
  if (columns >= 80)
    return { time: 8, session: 0, agent: 0, tool: 9, state: 11, by: 10, latency: 6, cost: 7 }
  if (columns >= 60)
    return { time: 8, session: 0, agent: 0, tool: 8, state: 11, by: 0, latency: 6, cost: 0 }
  return { time: 0, session: 0, agent: 0, tool: 6, state: 1, by: 0, latency: 0, cost: 0 }
}

export interface Look {
  readonly role: Role
  readonly sign: string
  readonly word: string
}

/** ASCII: any other character sends Ink's line down its slow path. */
export const SIGNS = {
  ungated: '#',
  outage: '!',
  interrupted: '-',
  failed: '~',
  approved: '+',
  blocked: 'x',
  pending: '?',
  undecided: '.',
} as const

/** What a state looks like: a colour, a sign and a word, so that none of them is needed alone. */
export function lookOf(world: World, row: number): Look {
  const { state, outcome, decidedBy } = verdictOf(world, row)
  if (world.gate.ungated.has(row)) return { role: 'failed', sign: SIGNS.ungated, word: 'UNGATED' }
  if (decidedBy === 'outage') return { role: 'outage', sign: SIGNS.outage, word: 'outage' }
  if (outcome === 'interrupted')
    return { role: 'undecided', sign: SIGNS.interrupted, word: 'interrupted' }
  if (outcome === 'failed') return { role: 'failed', sign: SIGNS.failed, word: 'failed' }
  switch (state) {
    case 'approved':
      return { role: 'approved', sign: SIGNS.approved, word: 'approved' }
    case 'blocked':
      return { role: 'blocked', sign: SIGNS.blocked, word: 'blocked' }
    case 'pending':
      return { role: 'pending', sign: SIGNS.pending, word: 'pending' }
    case 'undecided':
      return { role: 'undecided', sign: SIGNS.undecided, word: 'undecided' }
  }
}

/** A label above the list for each column. */
/** @param isFleet the machine goes before its sessions */
export function columnHeads(columns: number, isFleet: boolean): string {
  const w = widthsFor(columns)
  const heads = [
    pad('time', w.time),
    pad(isFleet ? 'machine' : 'session', w.session),
    pad('agent', w.agent),
    pad('tool', w.tool),
    pad(w.state > 1 ? 'state' : '', w.state),
    pad('decided by', w.by),
    padLeft('took', w.latency),
    padLeft('cost', w.cost),
    'action',
  ]
  return clip(heads.filter(head => head !== '').join(' '), columns)
}

export class RowPainter {
  readonly #world: World
  #kept = new Map<number, { key: string; line: string }>()
  #theme: Theme | null = null

  constructor(world: World) {
    this.#world = world
  }

  /** @param now Unix ms; an open action shows its age */
  paint(row: number, columns: number, theme: Theme, now: number): string {
    const world = this.#world
    const { state, outcome, decidedBy, reason, waits, agent, ...at } = world.actions.columns
    const open = isOpen(verdictOf(world, row))
    const answer = messageOf(world, row) ?? -1
    // By identity: a theme that is read again keeps its name.
    if (theme !== this.#theme) this.#kept.clear()
    this.#theme = theme
    const key = [
      columns,
      state[row],
      outcome[row],
      decidedBy[row],
      reason[row],
      waits[row],
      at.decidedAt[row],
      at.finishedAt[row],
      // What only the journal knew becomes what the transcript says.
      at.requestedAt[row],
      at.textAt[row],
      world.gate.ungated.get(row),
      world.messages.columns.calls[answer],
      world.messages.columns.costUsd[answer],
      world.agents[agent[row] ?? 0]?.name,
      open ? Math.floor(now / 1000) : 0,
    ].join()
    const kept = this.#kept.get(row)
    if (kept?.key === key) return kept.line
    if (this.#kept.size > 4000) this.#kept.clear()
    const painted = paintRow(world, row, columns, theme, now)
    this.#kept.set(row, { key, line: painted })
    return painted
  }
}

function paintRow(world: World, row: number, columns: number, theme: Theme, now: number): string {
  const w = widthsFor(columns)
  const { role } = theme
  const actions = world.actions.columns
  const look = lookOf(world, row)
  const agent = actions.agent[row] ?? 0
  const session = world.sessions[world.agents[agent]?.session ?? 0]
  const requestedAt = actions.requestedAt[row] ?? 0
  const { decisionMs, runMs } = durationsOf(world, row)
  const waits = look.word === 'pending'
  const open = isOpen(verdictOf(world, row))
  const took = open ? now - requestedAt : (runMs ?? decisionMs)
  const cells = [
    role.dim(pad(clock(requestedAt), w.time)),
    role.dim(pad(safe(whoseText(world, session?.id ?? '')), w.session)),
    role.dim(pad(safe(agentLabel(world, agent)), w.agent)),
    role.accent(pad(safe(world.tools.at(actions.tool[row] ?? 0)), w.tool)),
    role[look.role](pad(w.state === 1 ? look.sign : `${look.sign} ${look.word}`, w.state)),
    role.dim(pad(waits ? waitingFor(world, row) : deciderOf(world, row), w.by)),
    (waits ? role.pending : role.dim)(padLeft(duration(took), w.latency)),
    role.cost(padLeft(usd(costOfRow(world, row)), w.cost)),
  ]
  const used = Object.values(w).reduce((sum, n) => sum + (n > 0 ? n + 1 : 0), 0)
  const reason = ungatedReason(world, row) || safe(world.reasons.at(actions.reason[row] ?? 0))
  const room = columns - used
  // Why something was refused matters as much as what: it gets what the summary leaves, or a third.
  const most = reason === '' || room < WIDE_ENOUGH ? room : Math.floor(room * 0.66)
  const summary = clip(safe(textsOf(world, row).summary), most)
  const left = room - width(summary)
  const why = reason === '' || left < A_FEW_WORDS ? '' : clip(` | ${reason}`, left)
  const text = role.text(summary) + role[look.role](why)
  return [...cells.filter((_, i) => Object.values(w)[i] !== 0), text].join(' ')
}

/** For both of them. */
const WIDE_ENOUGH = 36
const A_FEW_WORDS = 12

export function deciderOf(world: World, row: number): string {
  const { decidedBy, state } = verdictOf(world, row)
  return decidedBy === 'unknown' && state === 'undecided' ? '' : decidedBy
}

/** What a pending action waits for. */
export function waitingFor(world: World, row: number): string {
  switch (WAITS[world.actions.columns.waits[row] ?? 0]) {
    case 'answer':
      return 'an answer'
    case 'plan':
      return 'plan OK'
    default:
      return 'permission'
  }
}

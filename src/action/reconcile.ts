/**
 * What the transcript says ran, held against what the gate was asked. Only event times count: a
 * record is missing when the journal was read at least so long after the result, and had none.
 */
import { DECIDERS, NEVER_RAN, OUTCOMES, STATES } from './action.ts'
import type { Ungated } from './gate-state.ts'
import type { World } from './world.ts'

const GRACE_MS = 3000

/** Looks at a row again after something was learned of it. */
export function reconcile(world: World, row: number): void {
  const { gate } = world
  if (gate.sessions.size === 0) return
  const why = ungatedWhy(world, row)
  const missing = why === 'no-record'
  const early = gate.readAt < (world.actions.columns.finishedAt[row] ?? 0) + GRACE_MS
  if (missing && early) gate.suspects.add(row)
  else gate.suspects.delete(row)
  const shown = why === null || (missing && early) ? undefined : why
  if (gate.ungated.get(row) === shown) return
  if (shown === undefined) gate.ungated.delete(row)
  else gate.ungated.set(row, shown)
  world.touched.push(row)
}

/** The journal was read on: what is still missing now is missing. */
export function reconcileSuspects(world: World): void {
  for (const row of world.gate.suspects) reconcile(world, row)
}

/** A session turned out to be gated: its actions so far are looked at. */
export function reconcileSession(world: World, id: string): void {
  const session = world.findSession(id)
  // Of most the gate tells first: a week of its journal has thousands.
  if (session === undefined || session.counts.total === 0) return
  const isOwn = world.agents.map(agent => world.sessions[agent.session] === session)
  const { length } = world.actions
  for (let row = 0; row < length; row++)
    if (isOwn[world.actions.columns.agent[row] ?? 0]) reconcile(world, row)
}

/** All that is known was read: every action is looked at. */
export function reconcileAll(world: World): void {
  if (world.gate.sessions.size === 0) return
  for (let row = 0; row < world.actions.length; row++) reconcile(world, row)
}

function ungatedWhy(world: World, row: number): Ungated | null {
  const { columns } = world.actions
  const session = world.sessions[world.agents[columns.agent[row] ?? 0]?.session ?? -1]?.id ?? ''
  const gated = world.gate.sessions.get(session)
  if (gated === undefined || !ran(world, row)) return null
  const action = world.gate.byRow.get(row)
  const judged = action?.judged ?? null
  if (judged === null) return (columns.requestedAt[row] ?? 0) >= gated.since ? 'no-record' : null
  const finishedAt = action?.told?.finishedAt || columns.finishedAt[row] || 0
  if (judged.at > finishedAt + GRACE_MS) return 'late-record'
  if (action?.ran && action.ran.inputHash !== judged.inputHash) return 'other-input'
  const refused = judged.answer === 'deny' || action?.answered?.answer === 'deny'
  return refused ? 'ran-though-refused' : null
}

/** It has a result that only a call that was carried out can have. */
function ran(world: World, row: number): boolean {
  const { state, outcome, reason, decidedBy, finishedAt } = world.actions.columns
  if (STATES[state[row] ?? 0] !== 'approved' || (finishedAt[row] ?? 0) === 0) return false
  if (DECIDERS[decidedBy[row] ?? 0] === 'outage') return false
  const how = OUTCOMES[outcome[row] ?? 0]
  if (how === 'failed') return !world.reasons.at(reason[row] ?? 0).startsWith(NEVER_RAN)
  return how === 'succeeded' || how === 'interrupted'
}

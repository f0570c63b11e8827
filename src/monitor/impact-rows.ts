/** One action for the impact of auto mode: what transcript, gate and client tell of it together. */
import type { DecidedBy, State } from '../action/action.ts'
import type { GateAction } from '../action/gate-state.ts'
import { modeAt } from '../action/modes.ts'
import { durationsOf, sessionOfRow, verdictOf } from '../action/rows.ts'
import type { World } from '../action/world.ts'
import { wasAsked } from './asked.ts'
import { isIn, type Range } from './range.ts'

/** One action, as all who know of it tell it together. */
export interface Row {
  readonly row: number
  readonly session: string
  readonly at: number
  readonly mode: string
  readonly state: State
  readonly by: DecidedBy
  readonly interrupted: boolean
  readonly gate: GateAction | undefined
  readonly isGated: boolean
  readonly isAsked: boolean
}

/** Oldest first. */
export function rowsIn(world: World, range: Range): Row[] {
  const { columns, length } = world.actions
  const rows: Row[] = []
  for (let row = 0; row < length; row++) {
    const at = columns.requestedAt[row] ?? 0
    const session = sessionOfRow(world, row)
    if (!isIn(session, at, range)) continue
    const { state, decidedBy: by, outcome } = verdictOf(world, row)
    const gate = world.gate.byRow.get(row)
    rows.push({
      row,
      session: session.id,
      at,
      mode: gate?.judged?.permissionMode || modeAt(session.modes, at) || '?',
      state,
      by,
      interrupted: outcome === 'interrupted',
      gate,
      isGated: world.gate.sessions.has(session.id),
      isAsked: wasAsked(world, row),
    })
  }
  return rows.sort((a, b) => a.at - b.at)
}

/** How long the agent stood still for a person; null where nothing tells. */
export function waitOf(world: World, { row, by, gate }: Row): number | null {
  const { asked = null, answered = null } = gate ?? {}
  if (asked !== null) {
    // What a checkpoint refused does not wait: the agent goes on.
    if (asked.held === 'Checkpoint' || answered === null) return null
    return answered.answer === 'allow' || answered.answer === 'deny' ? answered.at - asked.at : null
  }
  return by === 'user' ? durationsOf(world, row).decisionMs : null
}

/** Between the gate's word, which left it to the client, and the tool's start. */
export function clientsOwn({ gate }: Row): number | null {
  const { judged = null, ran = null, asked = null } = gate ?? {}
  if (judged?.answer !== 'abstain' || ran === null || ran.runMs === null || asked !== null)
    return null
  return Math.max(0, ran.at - ran.runMs - judged.at)
}

/** Whether a person was asked about an action, as far as the client or the gate tells. */
import { WAITS } from '../action/action.ts'
import { verdictOf } from '../action/rows.ts'
import type { World } from '../action/world.ts'

/** What the agent itself asks (a question, a plan) is no matter of permission, and does not count. */
export function wasAsked(world: World, row: number): boolean {
  const waits = WAITS[world.actions.columns.waits[row] ?? 0]
  if (waits === 'answer' || waits === 'plan') return false
  const { state, decidedBy } = verdictOf(world, row)
  if (decidedBy === 'user' || state === 'pending') return true
  return (world.gate.byRow.get(row)?.asked ?? null) !== null
}

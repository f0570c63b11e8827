/** Takes what the gate and the client told of forgotten rows out of a world. */
import type { GateAction } from './gate-state.ts'
import { type Renumbered, renumberMap, renumberSet, rowIn } from './renumber.ts'
import type { World } from './world.ts'

/** Before the rows themselves are taken out. */
export function forgetGate(world: World, upTo: number, { actions, messages }: Renumbered): void {
  const { gate, forgotten } = world
  if (gate.answerOf.size > 0)
    for (let row = 0; row < actions.length; row++)
      if (actions[row] === 0) gate.answerOf.delete(world.actions.columns.key[row] ?? 0)
  forgetWords(world, upTo, actions)
  renumberSet(actions, gate.early)
  renumberSet(actions, gate.suspects)
  const [untold, ungated] = [gate.untold.size, gate.ungated.size]
  renumberSet(messages, gate.untold)
  renumberMap(actions, gate.ungated)
  forgotten.untold += untold - gate.untold.size
  forgotten.ungated += ungated - gate.ungated.size
}

function forgetWords(world: World, upTo: number, actions: Renumbered['actions']): void {
  const { gate, forgotten } = world
  const gone = new Set<GateAction>()
  for (const [row, action] of gate.byRow) {
    action.row = rowIn(actions, row)
    if (action.row !== null) continue
    gone.add(action)
    forgotten.judgedAt = Math.max(forgotten.judgedAt, action.judged?.at ?? 0)
  }
  renumberMap(actions, gate.byRow)
  // One without a row is as old as the last word on it.
  const isKept = (action: GateAction): boolean =>
    action.row !== null || (!gone.has(action) && lastWord(action) > upTo)
  for (const [key, known] of gate.actions) {
    const kept = known.filter(isKept)
    if (kept.length === 0) gate.actions.delete(key)
    else if (kept.length < known.length) gate.actions.set(key, kept)
  }
  const judged = gate.judged.splice(0)
  for (const action of judged) if (isKept(action)) gate.judged.push(action)
  forgotten.judged += judged.length - gate.judged.length
}

const lastWord = ({ judged, reviewed, asked, answered, clientDenied, ran }: GateAction): number =>
  Math.max(...[judged, reviewed, asked, answered, clientDenied, ran].map(word => word?.at ?? 0))

export function forgetTelemetry(world: World, upTo: number, { actions }: Renumbered): void {
  const { telemetry, forgotten } = world
  renumberSet(actions, telemetry.touched)
  for (const [key, { at }] of telemetry.requests) {
    if (at > upTo) continue
    forgotten.ids.add(key)
    telemetry.requests.delete(key)
    telemetry.purposes.delete(key)
  }
  for (const [copy, at] of telemetry.copies) {
    if (at > upTo) continue
    forgotten.ids.add(copy)
    telemetry.copies.delete(copy)
  }
  // What was told first is of what was asked first.
  for (const key of telemetry.actions.keys()) {
    if (telemetry.actions.size <= actions.length) break
    telemetry.actions.delete(key)
  }
}

/** The only writers of a world's tables: every total is kept in step with the rows here. */
import { count, DECIDERS, type Decision, OUTCOMES, STATES } from './action.ts'
import type { Actor, Decided } from './event.ts'
import type { Told } from './gate-state.ts'
import { hashId } from './hash-index.ts'
import { actionPlace, messageOf } from './identity.ts'
import { reconcile } from './reconcile.ts'
import { RUNNING, resolve } from './resolve.ts'
import type { Session, World } from './world.ts'

type Verdict = Omit<Decision, 'reason'>

/** Every verdict there can be, made once: rows are looked at by the hundred thousand. */
const VERDICTS: readonly Verdict[] = STATES.flatMap(state =>
  OUTCOMES.flatMap(outcome => DECIDERS.map(decidedBy => ({ state, outcome, decidedBy }))),
)
const UNKNOWN: Verdict = { state: 'undecided', outcome: 'none', decidedBy: 'unknown' }

export function verdictOf(world: World, row: number): Verdict {
  const { state, outcome, decidedBy } = world.actions.columns
  const which = (state[row] ?? 0) * OUTCOMES.length + (outcome[row] ?? 0)
  return VERDICTS[which * DECIDERS.length + (decidedBy[row] ?? 0)] ?? UNKNOWN
}

export function sessionOfAgent(world: World, agent: number): Session {
  const session = world.sessions[world.agents[agent]?.session ?? -1]
  if (session === undefined) throw new Error('unreachable: every agent has its session')
  return session
}

export function sessionOfRow(world: World, row: number): Session {
  return sessionOfAgent(world, world.actions.columns.agent[row] ?? 0)
}

const requestedAt = (world: World, row: number): number =>
  world.actions.columns.requestedAt[row] ?? 0

/** How long the decision took and how long the tool ran, in milliseconds; null where not knowable. */
export function durationsOf(
  world: World,
  row: number,
): { decisionMs: number | null; runMs: number | null } {
  const { actions } = world
  const { state, outcome, decidedBy } = verdictOf(world, row)
  const asked = requestedAt(world, row)
  const decidedAt = actions.columns.decidedAt[row] ?? 0
  const finishedAt = actions.columns.finishedAt[row] ?? 0
  const ran = state === 'approved' && finishedAt > 0 && outcome !== 'interrupted'
  // When a person decided and nothing says when, the wait and the run cannot be told apart.
  const knowable = decidedAt > 0 || decidedBy !== 'user'
  return {
    decisionMs: decidedAt > 0 ? Math.max(0, decidedAt - asked) : null,
    runMs: ran && knowable ? Math.max(0, finishedAt - (decidedAt || asked)) : null,
  }
}

function tally(world: World, row: number, times: 1 | -1): void {
  if (world.isPart) return
  const verdict = verdictOf(world, row)
  count(sessionOfRow(world, row).counts, verdict, times)
  const minute = world.minute(requestedAt(world, row))
  minute.actions += times
  if (isRefusal(verdict)) {
    minute.blocked += times
    if (times > 0) world.blocked.add(row)
    else world.blocked.delete(row)
  }
  if (verdict.outcome === 'running') return
  const { decisionMs, runMs } = durationsOf(world, row)
  if (decisionMs !== null) world.latency.decision.add(decisionMs, times)
  if (runMs !== null) world.latency.run.add(runMs, times)
}

/** Running, or waiting for a person. */
export const isOpen = (verdict: Verdict): boolean =>
  verdict.outcome === 'running' || verdict.state === 'pending'

/** Refused, and not for want of a verdict. */
export const isRefusal = ({ state, decidedBy }: Verdict): boolean =>
  state === 'blocked' && decidedBy !== 'outage'

/** Its result was read: only that tells how it ended. */
export const hasEnd = (verdict: Verdict): boolean =>
  !isOpen(verdict) && !(verdict.state === 'undecided' && verdict.outcome === 'interrupted')

/** What the transcript says of a row, where the gate's word may stand above it. */
export function toldOf(world: World, row: number): Verdict {
  const gated = world.gate.byRow.get(row)
  return gated === undefined ? verdictOf(world, row) : (gated.told ?? RUNNING)
}

/** Takes a row out of the totals, so that it can be filled anew and entered again. */
export function leaveAction(world: World, row: number): void {
  tally(world, row, -1)
  const message = messageOf(world, row)
  const { calls } = world.messages.columns
  if (message !== undefined) calls[message] = Math.max(0, (calls[message] ?? 0) - 1)
  setOpen(world, row, false)
  world.moved.push(row)
}

/** Takes a row that was just filled into every index and total. */
export function enterAction(world: World, row: number, slot: number): void {
  const { columns } = world.actions
  world.actionRows.set(slot, row)
  tally(world, row, 1)
  if (isOpen(verdictOf(world, row))) setOpen(world, row, true)
  const message = messageOf(world, row)
  const { calls } = world.messages.columns
  if (message !== undefined) calls[message] = (calls[message] ?? 0) + 1
  else if (columns.message[row]) {
    const ahead = aheadKey(world, columns.agent[row] ?? 0, columns.message[row] ?? 0)
    world.callsAhead.set(ahead, (world.callsAhead.get(ahead) ?? 0) + 1)
  }
  seen(sessionOfRow(world, row), requestedAt(world, row))
  world.touched.push(row)
  reconcile(world, row)
}

/** Under which calls wait for an answer that was not read yet. */
export const aheadKey = (world: World, agent: number, message: number): string =>
  `${world.agents[agent]?.session} ${message}`

function setOpen(world: World, row: number, open: boolean): void {
  const agent = world.actions.columns.agent[row] ?? 0
  const rows = world.open.get(agent)
  if (rows === undefined) {
    if (open) world.open.set(agent, [row])
    return
  }
  const at = rows.indexOf(row)
  if (open && at < 0) rows.push(row)
  else if (!open && rows.length === 1 && at === 0) world.open.delete(agent)
  else if (!open && at >= 0) rows.splice(at, 1)
}

/** The rows of a session that have no end in its transcript yet, oldest first. */
export function openRows(world: World, session: Session): number[] {
  const rows: number[] = []
  for (const [agent, open] of world.open)
    if (sessionOfAgent(world, agent) === session)
      rows.push(...open.filter(row => isOpen(toldOf(world, row))))
  return rows.sort((a, b) => requestedAt(world, a) - requestedAt(world, b))
}

export interface Change extends Verdict {
  readonly reason?: string
  readonly decidedAt?: number
  readonly finishedAt?: number
}

/** The transcript, or the client's process, tells something new of an action. */
export function changeAction(world: World, row: number, change: Change): void {
  const action = world.gate.byRow.get(row)
  if (action === undefined) {
    write(world, row, change, isOpen(change))
  } else {
    action.told = { ...RUNNING, ...action.told, ...change }
    showResolved(world, row)
  }
  reconcile(world, row)
}

/** Shows what the transcript and the gate together say. */
export function showResolved(world: World, row: number): void {
  const action = world.gate.byRow.get(row)
  if (action === undefined) return
  const shown = resolve(action)
  // What a checkpoint refused and a person may still approve is over for the transcript, and open here.
  write(world, row, shown, isOpen(action.told ?? shown) || shown.state === 'pending')
}

/** What stands in the row, whole. */
export function toldIn(world: World, row: number): Told {
  const { reason, decidedAt, finishedAt } = world.actions.columns
  return {
    ...verdictOf(world, row),
    reason: world.reasons.at(reason[row] ?? 0),
    decidedAt: decidedAt[row] ?? 0,
    finishedAt: finishedAt[row] ?? 0,
  }
}

function write(world: World, row: number, change: Change, open: boolean): void {
  const { columns } = world.actions
  tally(world, row, -1)
  columns.state[row] = STATES.indexOf(change.state)
  columns.outcome[row] = OUTCOMES.indexOf(change.outcome)
  columns.decidedBy[row] = DECIDERS.indexOf(change.decidedBy)
  if (change.reason !== undefined) columns.reason[row] = world.reasons.of(change.reason)
  if (change.decidedAt !== undefined) columns.decidedAt[row] = change.decidedAt
  if (change.finishedAt !== undefined) columns.finishedAt[row] = change.finishedAt
  tally(world, row, 1)
  setOpen(world, row, open)
  seen(sessionOfRow(world, row), change.finishedAt ?? 0)
  world.touched.push(row)
}

/**
 * Gives an action its end, or keeps the end until its beginning is read. A second end is ignored.
 * @param counted the end is already in the session's streak
 */
export function settle(world: World, end: Decided & Actor, counted = false): void {
  const owner = world.agents[world.agentIndex(end)]?.session ?? 0
  const key = hashId(end.id)
  const { row } = actionPlace(world, key, owner, null)
  if (row === undefined) {
    if (world.forgotten.ids.has(key)) return // told again, or too late
    const waiting = orphanKey(end.session, key)
    if (!counted && !world.orphans.has(waiting)) countStreak(world, end)
    world.orphans.set(waiting, end)
    return
  }
  if (hasEnd(toldOf(world, row))) return
  const waited = world.orphans.size > 0 && world.orphans.delete(orphanKey(end.session, key))
  if (!waited && !counted) countStreak(world, end)
  const gated = world.gate.byRow.get(row)
  const known = gated ? gated.told?.decidedAt : world.actions.columns.decidedAt[row]
  const decidedAt = end.state === 'blocked' ? end.at : (known ?? 0)
  const { state, outcome, decidedBy, reason, at: finishedAt } = end
  changeAction(world, row, { state, outcome, decidedBy, reason, decidedAt, finishedAt })
}

/** Whether what is not known was, and is told again. Lines that are repeated keep their time. */
export const isForgotten = ({ forgotten }: World, key: number, at: number): boolean =>
  at <= forgotten.upTo && forgotten.ids.has(key)

/** The end that was read before the beginning of an action, if any. */
export function orphanOf(
  world: World,
  session: string,
  key: number,
): (Decided & Actor) | undefined {
  return world.orphans.size === 0 ? undefined : world.orphans.get(orphanKey(session, key))
}

/** Under which an end waits for its beginning. */
const orphanKey = (session: string, key: number): string => `${session} ${key}`

/** An approval by hand does not set the client's own count back (seen on 2.1.150 and 2.1.330). */
function countStreak(world: World, end: Decided & Actor): void {
  const { streak } = sessionOfAgent(world, world.agentIndex(end))
  if (end.state === 'approved' && end.decidedBy !== 'user') {
    streak.inRow = 0
    streak.open = false
  } else if (
    end.state === 'blocked' &&
    (end.decidedBy === 'classifier' || end.decidedBy === 'unattended')
  ) {
    streak.inRow++
    streak.total++
  }
}

/**
 * An agent spoke, or was spoken to (`message` 0). The model is only asked again when every call of
 * its last answer has a result: what has none by then was interrupted.
 */
export function spoke(world: World, agent: number, at: number, message: number): void {
  const known = world.agents[agent]
  if (known === undefined || known.spokeAt > at) return
  known.spokeAt = at
  known.spokeMessage = message
  const open = world.open.get(agent)
  // A copy, as those that are interrupted leave the list.
  if (open !== undefined) for (const row of [...open]) interruptIfOver(world, row)
}

/** Interrupts an open row whose agent has spoken since, or whose session is over. */
export function interruptIfOver(world: World, row: number): void {
  const { columns } = world.actions
  const agent = world.agents[columns.agent[row] ?? 0]
  if (agent === undefined || !isOpen(toldOf(world, row))) return
  // Of which answer a call is that only the journal knows is not known yet.
  if (world.gate.early.has(row)) return
  const own = agent.spokeMessage !== 0 && agent.spokeMessage === columns.message[row]
  const { presence } = sessionOfRow(world, row)
  const endedAt = presence?.status === 'ended' ? presence.at : 0
  const asked = requestedAt(world, row)
  if ((!own && agent.spokeAt >= asked) || endedAt >= asked) interrupt(world, row)
}

/** When it was interrupted is not known. */
export function interrupt(world: World, row: number): void {
  changeAction(world, row, { state: 'undecided', outcome: 'interrupted', decidedBy: 'unknown' })
}

/** Widens the span of time in which a session was seen to act. */
export function seen(session: Session, at: number): void {
  if (!(at > 0)) return
  if (session.firstAt === 0 || at < session.firstAt) session.firstAt = at
  if (at > session.lastAt) session.lastAt = at
}

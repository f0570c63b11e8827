/** Folds what the journal tells. Every entry may come before or after what the transcript says. */
import { DECIDERS, OUTCOMES, STATES, WAITS } from './action.ts'
import { answerRow, joinAnswer } from './answers.ts'
import { applyFacts } from './facts.ts'
import type {
  Answered,
  Gated,
  GateEvent,
  GateEventOf,
  Judged,
  Notice,
  Paused,
  Resumed,
  Reviewed,
} from './gate-event.ts'
import {
  type GateAction,
  type Grant,
  MAX_NOTICES,
  MAX_REQUESTS,
  MAX_REVIEWS,
} from './gate-state.ts'
import { hashId } from './hash-index.ts'
import { actionPlace } from './identity.ts'
import { reconcile, reconcileAll, reconcileSession, reconcileSuspects } from './reconcile.ts'
import { resolve } from './resolve.ts'
import { enterAction, hasEnd, seen, sessionOfRow, showResolved, toldIn } from './rows.ts'
import { takesBack } from './taken-back.ts'
import { countRequest } from './telemetry.ts'
import { textFor, type World } from './world.ts'

export function foldGate(world: World, event: GateEvent): void {
  if (isOfForgotten(world, event)) return
  switch (event.type) {
    case 'gated':
      gated(world, event)
      break
    case 'judged':
      judged(world, event)
      break
    case 'asked': {
      const action = actionOf(world, event)
      action.asked = later(action.asked, event)
      learned(world, action)
      break
    }
    case 'answered': {
      const action = actionOf(world, event)
      action.answered = later(action.answered, event)
      learned(world, action)
      break
    }
    case 'client-denied': {
      const action = actionOf(world, event)
      action.clientDenied = later(action.clientDenied, event)
      learned(world, action)
      break
    }
    case 'ran': {
      const action = actionOf(world, event)
      action.ran = later(action.ran, event)
      learned(world, action)
      break
    }
    case 'granted':
      grantOf(world, event.grant).granted = event
      note(world, event)
      break
    case 'grant-ended':
      grantOf(world, event.grant).ended = event
      note(world, event)
      break
    case 'paused':
    case 'resumed':
      paused(world, event)
      break
    case 'policy':
      policy(world, event)
      break
    case 'alert':
      if (event.what === 'breaker') world.gate.tripped.push(event)
      note(world, event)
      break
    case 'command':
    case 'trusted':
    case 'untrusted':
    case 'gate-started':
    case 'gate-stopped':
    case 'healed':
      note(world, event)
      break
    case 'request':
      answered(world, event)
      break
    case 'reviewed': {
      const action = actionOf(world, event)
      action.reviewed = later(action.reviewed, event)
      keepReview(world, event)
      learned(world, action)
      break
    }
    case 'words': // all but this is for replays
      typed(world, event)
      break
    case 'journal-read':
      world.gate.readAt = Math.max(world.gate.readAt, event.at)
      reconcileSuspects(world)
      break
    default:
      event satisfies never
  }
}

/** A word on an action that is not known, and that was asked when all is known but what was forgotten. */
function isOfForgotten(world: World, event: GateEvent): boolean {
  if (!('action' in event) || event.type === 'alert' || event.type === 'granted') return false
  const { upTo, judgedAt } = world.forgotten
  if (event.at > (event.type === 'judged' ? Math.max(upTo, judgedAt) : upTo)) return false
  const key = hashId(event.action)
  if (!world.forgotten.ids.has(key)) return false
  if (world.gate.find(event.session, event.action) !== null) return false
  return actionPlace(world, key, world.sessionIndex(event.session), null).row === undefined
}

/** All transcripts were read: what only the journal knows gets its rows. */
export function readHistory(world: World): void {
  const { gate } = world
  if (gate.historyRead) return
  gate.historyRead = true
  for (const action of gate.waiting) enterEarly(world, action)
  gate.waiting.clear()
  reconcileAll(world)
}

/** Puts what the gate said of an action to the row that the transcript gave it. */
export function attachGate(world: World, row: number): void {
  const { gate, actions } = world
  if (gate.actions.size === 0) return
  const known = gate.actions.get(actions.columns.key[row] ?? 0)
  if (known === undefined) return
  const { id } = sessionOfRow(world, row)
  const action = known.find(a => a.session === id)
  if (action !== undefined) attach(world, action, row)
}

function attach(world: World, action: GateAction, row: number): void {
  const { gate } = world
  gate.early.delete(row)
  gate.waiting.delete(action)
  gate.byRow.set(row, action)
  action.row = row
  // Of a row that the journal made, the transcript may have told the end before the call.
  if (action.told === null || !hasEnd(action.told)) action.told = toldIn(world, row)
  showResolved(world, row)
  reconcile(world, row)
}

/** What the gate said of an action so far; made when it is the first word. */
function actionOf(
  world: World,
  of: { readonly session: string; readonly action: string; readonly at: number },
): GateAction {
  seen(world.sessionOf(of.session), of.at)
  const key = hashId(of.action)
  const found = world.gate.find(of.session, of.action)
  if (found !== null) return found
  const action: GateAction = {
    session: of.session,
    id: of.action,
    judged: null,
    reviewed: null,
    asked: null,
    answered: null,
    clientDenied: null,
    ran: null,
    told: null,
    row: null,
  }
  world.gate.actions.set(key, [...(world.gate.actions.get(key) ?? []), action])
  const owner = world.sessionIndex(of.session)
  const { row } = actionPlace(world, key, owner, null)
  if (row !== undefined && !world.gate.byRow.has(row)) attach(world, action, row)
  return action
}

/** A request to the model is over: its answer counts once, whoever tells of it. */
function answered(world: World, event: Answered): void {
  countRequest(world, event)
  world.latency.firstByte.add(event.firstMs ?? Number.NaN)
  if (event.message === '') return
  const agent = world.agentIndex(event)
  const key = hashId(event.message)
  remember(world, key, event)
  const costUsd = event.costUsd ?? Number.NaN
  const account = { tokens: event.tokens, costUsd, turnMs: Number.NaN }
  const row = answerRow(world, { key, agent, model: event.model, at: event.at, account })
  if (row !== null) world.gate.untold.add(row)
  for (const id of event.actions) {
    const action = hashId(id)
    world.gate.answerOf.set(action, key)
    const place = actionPlace(world, action, world.sessionIndex(event.session), null)
    if (place.row !== undefined) joinAnswer(world, place.row, key)
  }
}

/** Of several with one answer the last one that was told. */
function remember(world: World, key: number, event: Answered): void {
  const { requests } = world.gate
  requests.delete(key)
  requests.set(key, event)
  const [oldest] = requests.keys()
  if (requests.size > MAX_REQUESTS && oldest !== undefined) requests.delete(oldest)
}

function learned(world: World, action: GateAction): void {
  if (action.row === null) return
  showResolved(world, action.row)
  reconcile(world, action.row)
}

function judged(world: World, event: Judged): void {
  const { gate } = world
  const action = actionOf(world, event)
  if (action.judged === null) gate.judged.push(action)
  action.judged = later(action.judged, event)
  // A gate writes what a reviewer said before what came of it.
  if (action.reviewed !== null) gate.reviewSums.end(event)
  if (action.row !== null) learned(world, action)
  else if (gate.historyRead) enterEarly(world, action)
  else gate.waiting.add(action)
}

/** A row for an action of which no transcript told yet. */
function enterEarly(world: World, action: GateAction): void {
  const { judged: first } = action
  if (first === null || action.row !== null) return
  const key = hashId(action.id)
  const agent = world.agentIndex(first)
  const { slot } = actionPlace(world, key, world.agents[agent]?.session ?? 0, null)
  const text = world.texts.add(textFor(action.id, first.summary))
  const row = world.actions.add()
  const { columns } = world.actions
  const shown = resolve(action)
  columns.key[row] = key
  columns.agent[row] = agent
  columns.tool[row] = world.tools.of(first.tool)
  columns.message[row] = world.gate.answerOf.get(key) ?? 0
  columns.state[row] = STATES.indexOf(shown.state)
  columns.outcome[row] = OUTCOMES.indexOf(shown.outcome)
  columns.decidedBy[row] = DECIDERS.indexOf(shown.decidedBy)
  columns.waits[row] = WAITS.indexOf('none')
  columns.reason[row] = world.reasons.of(shown.reason)
  columns.requestedAt[row] = first.at
  columns.decidedAt[row] = shown.decidedAt
  columns.finishedAt[row] = shown.finishedAt
  columns.file[row] = world.files.of(first.line.file)
  columns.offset[row] = first.line.offset
  columns.length[row] = first.line.length
  columns.textBlock[row] = text.block
  columns.textAt[row] = text.at
  columns.textLength[row] = text.length
  world.gate.early.add(row)
  world.gate.byRow.set(row, action)
  action.row = row
  enterAction(world, row, slot)
}

function gated(world: World, event: Gated): void {
  const { sessions, historyRead } = world.gate
  const { at, cwd, permissionMode } = event
  applyFacts(world.sessionOf(event.session), { at, cwd, permissionMode })
  const known = sessions.get(event.session)
  if (known === undefined) {
    sessions.set(event.session, { said: event, since: at })
  } else {
    known.said = later(known.said, event)
    if (at >= known.since) return
    known.since = at
  }
  if (historyRead) reconcileSession(world, event.session)
}

function paused(world: World, event: Paused | Resumed): void {
  const { pauses } = world.gate
  pauses.set(event.session, later(pauses.get(event.session) ?? null, event))
  note(world, event)
}

function policy(world: World, event: GateEventOf<'policy'>): void {
  world.gate.policy = later(world.gate.policy, event)
  if (event.error !== '') note(world, event)
}

function typed(world: World, { session, at, text }: GateEventOf<'words'>): void {
  if (!takesBack(text)) return
  const times = world.gate.takenBack.get(session) ?? []
  world.gate.takenBack.set(session, [...times, at])
}

function keepReview({ gate }: World, event: Reviewed): void {
  const { reviews } = gate
  reviews.push(event)
  if (reviews.length > MAX_REVIEWS) reviews.splice(0, MAX_REVIEWS / 2)
  gate.reviewSums.add(event)
  if (!event.cached) gate.lastReview = later(gate.lastReview, event)
}

function grantOf(world: World, id: string): Grant {
  const known = world.gate.grants.get(id)
  if (known !== undefined) return known
  const grant: Grant = { granted: null, ended: null }
  world.gate.grants.set(id, grant)
  return grant
}

/** Kept in the order of time; of the same millisecond, in the order of reading. */
function note(world: World, notice: Notice): void {
  const { notices } = world.gate
  let place = notices.length
  while (place > 0 && (notices[place - 1]?.at ?? 0) > notice.at) place--
  notices.splice(place, 0, notice)
  if (notices.length > MAX_NOTICES) notices.shift()
}

/** Of two words on the same thing the later one counts. */
const later = <T extends { at: number }>(known: T | null, told: T): T =>
  known !== null && known.at > told.at ? known : told

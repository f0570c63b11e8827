import { DECIDERS, OUTCOMES, STATES, WAITS } from './action.ts'
import { answerRow, toldToo } from './answers.ts'
import type { Actor, Event, MachineTold, Message, Presence, Requested } from './event.ts'
import { applyFact, applyFacts, nameAgent } from './facts.ts'
import { attachGate, foldGate, readHistory } from './gate.ts'
import { hashId } from './hash-index.ts'
import { actionPlace } from './identity.ts'
import { mergeBacklog } from './merge.ts'
import {
  changeAction,
  enterAction,
  interrupt,
  isForgotten,
  leaveAction,
  openRows,
  orphanOf,
  sessionOfAgent,
  settle,
  spoke,
  toldOf,
} from './rows.ts'
import { foldClientTold } from './telemetry.ts'
import { KEPT_LAGS, MAX_SKIPPED, type Machine, type Session, textFor, World } from './world.ts'

/**
 * The state after one more event. Nothing but the world and the event decides the answer: no clock,
 * no disk. The world given is changed and returned, so keep no other reference to it.
 */
export function fold(world: World, event: Event): World {
  world.version++
  switch (event.type) {
    case 'requested':
      requested(world, event)
      break
    case 'decided':
      settle(world, event)
      break
    case 'message':
      message(world, event)
      break
    case 'turn':
      spoke(world, world.agentIndex(event), event.at, 0)
      break
    case 'session':
      applyFacts(world.sessionOf(event.session), event)
      break
    case 'agent':
      nameAgent(world, event, event.name)
      break
    case 'client-cost': {
      const session = world.sessionOf(event.session)
      if (session.clientCost === null || session.clientCost.at <= event.at)
        session.clientCost = { at: event.at, totalUsd: event.totalUsd, byModel: event.byModel }
      break
    }
    case 'client-told':
      foldClientTold(world, event)
      break
    case 'presence':
      presence(world, event.session, event)
      break
    case 'skipped':
      world.skippedCount++
      world.skipped.push({ file: event.file, line: event.line, why: event.why })
      if (world.skipped.length > MAX_SKIPPED) world.skipped.shift()
      break
    case 'backlog':
      mergeBacklog(world, event.part)
      break
    case 'machine':
      heard(world, event)
      break
    case 'relay':
      machineOf(world, event.name).relay = event
      break
    case 'progress':
      world.progress = { doneBytes: event.doneBytes, totalBytes: event.totalBytes }
      if (event.doneBytes >= event.totalBytes) readHistory(world)
      break
    case 'behind':
      world.behindMs = event.ms
      break
    case 'note':
      world.notes.push(event.text)
      break
    case 'restart':
      return new World(event.mark)
    case 'gated':
    case 'judged': {
      const session = world.findSession(event.session)
      if (session !== undefined) revive(session, event.at)
      foldGate(world, event)
      break
    }
    default:
      foldGate(world, event)
  }
  return world
}

function requested(world: World, event: Requested & Actor): void {
  const key = hashId(event.id)
  const agent = world.agentIndex(event)
  const owner = world.agents[agent]?.session ?? 0
  const session = sessionOfAgent(world, agent)
  const { row: known, slot } = actionPlace(world, key, owner, event.at)
  const early = known !== undefined && world.gate.early.has(known)
  if (known === undefined ? isForgotten(world, key, event.at) : !early) return
  const message = event.message === '' ? 0 : hashId(event.message)
  spoke(world, agent, event.at, message)
  revive(session, event.at)
  const asksPerson = event.waits !== 'none'
  const text = world.texts.add(textFor(event.id, event.summary))
  const row = known ?? world.actions.add()
  if (early) leaveAction(world, row)
  const { columns } = world.actions
  columns.key[row] = key
  columns.agent[row] = agent
  columns.tool[row] = world.tools.of(event.tool)
  columns.message[row] = message
  columns.state[row] = STATES.indexOf(asksPerson ? 'pending' : 'undecided')
  columns.outcome[row] = OUTCOMES.indexOf(asksPerson ? 'none' : 'running')
  columns.decidedBy[row] = DECIDERS.indexOf('unknown')
  columns.waits[row] = WAITS.indexOf(event.waits)
  columns.reason[row] = world.reasons.of('')
  columns.requestedAt[row] = event.at
  columns.decidedAt[row] = 0
  columns.finishedAt[row] = 0
  columns.file[row] = world.files.of(event.line.file)
  columns.offset[row] = event.line.offset
  columns.length[row] = event.line.length
  columns.textBlock[row] = text.block
  columns.textAt[row] = text.at
  columns.textLength[row] = text.length
  enterAction(world, row, slot)
  attachGate(world, row)
  const orphan = orphanOf(world, event.session, key)
  if (orphan !== undefined) settle(world, orphan)
  else if (session.presence?.status === 'waiting') markWaiting(world, session)
}

function message(world: World, event: Message & Actor): void {
  const agent = world.agentIndex(event)
  const session = sessionOfAgent(world, agent)
  revive(session, event.at)
  const key = hashId(event.id)
  spoke(world, agent, event.at, key)
  if (event.agent === '') applyFact(session, 'model', event.model, event.at)
  toldToo(world, key, world.agents[agent]?.session ?? 0)
  answerRow(world, {
    key,
    agent,
    model: event.model,
    at: event.at,
    account: {
      tokens: event.tokens,
      costUsd: event.costUsd ?? Number.NaN,
      turnMs: event.turnMs ?? Number.NaN,
    },
  })
}

function heard(world: World, { name, session, at, arrivedAt }: MachineTold): void {
  const machine = machineOf(world, name)
  if (session !== '') {
    machine.sessions.add(session)
    world.machineBySession.set(session, name)
  }
  // What comes late in the stream tells nothing of the way as it is now.
  if (arrivedAt < machine.arrivedAt) return
  Object.assign(machine, { at, arrivedAt })
  machine.lags.push(Math.max(0, arrivedAt - at))
  if (machine.lags.length > KEPT_LAGS) machine.lags.shift()
}

function machineOf({ machines }: World, name: string): Machine {
  const known = machines.get(name)
  if (known !== undefined) return known
  const machine = { at: 0, arrivedAt: 0, sessions: new Set<string>(), lags: [], relay: null }
  machines.set(name, machine)
  return machine
}

/** A session that acts after its end goes on: it was resumed. */
function revive(session: Session, at: number): void {
  if (session.presence?.status === 'ended' && at > session.presence.at) session.presence = null
}

function presence(world: World, id: string, event: Presence & { at: number }): void {
  const session = world.sessionOf(id)
  session.presence = {
    status: event.status,
    at: event.at,
    ...(event.waitingFor === undefined ? {} : { waitingFor: event.waitingFor }),
  }
  if (event.status === 'ended') {
    for (const row of openRows(world, session)) interrupt(world, row)
  } else {
    markWaiting(world, session)
  }
}

/**
 * The client says of a session that it waits, not on which call. It asks one by one, in the order
 * of the calls, so the first open one is taken; the rest stay undecided.
 */
function markWaiting(world: World, session: Session): void {
  const waiting =
    session.presence?.status === 'waiting' && session.presence.waitingFor !== 'input needed'
  const { waits, requestedAt } = world.actions.columns
  let asked = waiting
  for (const row of openRows(world, session)) {
    const { state } = toldOf(world, row)
    const wait = WAITS[waits[row] ?? 0]
    if (wait === 'answer' || wait === 'plan') {
      asked = false // the client asks for this one
      continue
    }
    const saidAt = session.presence?.at ?? 0
    const now = asked && (requestedAt[row] ?? 0) <= saidAt
    if (now) asked = false
    if (now && state === 'undecided') {
      waits[row] = WAITS.indexOf('permission')
      changeAction(world, row, { ...PENDING, decidedAt: 0 })
    } else if (!now && state === 'pending') {
      waits[row] = WAITS.indexOf('none')
      changeAction(world, row, { ...RUNNING, decidedAt: saidAt })
    }
  }
}

const PENDING = { state: 'pending', outcome: 'none', decidedBy: 'unknown' } as const
const RUNNING = { state: 'undecided', outcome: 'running', decidedBy: 'unknown' } as const

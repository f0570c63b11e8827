import { DECIDERS, noTokens, OUTCOMES, STATES, TOKEN_KINDS } from './action.ts'
import { type Account, enlargeMessage, enterMessage, toldToo } from './answers.ts'
import { applyFact, FACTS, nameAgent } from './facts.ts'
import { attachGate } from './gate.ts'
import { actionPlace, messagePlace } from './identity.ts'
import { tellMode } from './modes.ts'
import {
  changeAction,
  enterAction,
  hasEnd,
  interruptIfOver,
  orphanOf,
  seen,
  sessionOfAgent,
  settle,
  spoke,
  toldOf,
} from './rows.ts'
import { MAX_SKIPPED, type RawWorld, type Session, type World } from './world.ts'

/** Takes in what a worker folded from older lines, so that the world is as if it had read them. */
export function mergeBacklog(world: World, part: RawWorld): void {
  for (const session of part.sessions) mergeSession(world.sessionOf(session.id), session)
  const agents = mergeAgents(world, part)
  mergeMessages(world, part, agents)
  mergeActions(world, part, agents)
  // The part counted them in its sessions' streaks.
  for (const end of part.orphans) settle(world, end, true)
  world.skippedCount += part.skippedCount
  world.skipped.push(...part.skipped)
  world.skipped.splice(0, world.skipped.length - MAX_SKIPPED)
}

function mergeSession(into: Session, part: Session): void {
  const older = into.firstAt === 0 || part.firstAt < into.firstAt
  for (const name of [...FACTS, 'model'] as const)
    applyFact(into, name, part[name], part.saidAt[name] ?? 0)
  for (const { at, mode } of part.modes) tellMode(into.modes, at, mode)
  if (part.clientCost && (into.clientCost?.at ?? -1) <= part.clientCost.at)
    into.clientCost = part.clientCost
  const [first, second] = older ? [part.streak, into.streak] : [into.streak, part.streak]
  into.streak = {
    inRow: second.open ? first.inRow + second.inRow : second.inRow,
    total: first.total + second.total,
    open: first.open && second.open,
  }
  seen(into, part.firstAt)
  seen(into, part.lastAt)
}

function mergeAgents(world: World, part: RawWorld): number[] {
  return part.agents.map(agent => {
    const session = part.sessions[agent.session]?.id ?? ''
    const actor = { session, agent: agent.id }
    nameAgent(world, actor, agent.name)
    const index = world.agentIndex(actor)
    spoke(world, index, agent.spokeAt, agent.spokeMessage)
    return index
  })
}

function mergeMessages(world: World, part: RawWorld, agents: readonly number[]): void {
  const models = part.models.map(name => world.models.of(name))
  const base = world.messages.append(part.messages)
  const end = world.messages.length
  world.messageRows.reserve(end)
  const { columns } = world.messages
  let next = base
  for (let row = base; row < end; row++) {
    const agent = agents[columns.agent[row] ?? 0] ?? 0
    const owner = world.agents[agent]?.session ?? 0
    seen(sessionOfAgent(world, agent), columns.at[row] ?? 0)
    toldToo(world, columns.key[row] ?? 0, owner)
    const place = messagePlace(world, columns.key[row] ?? 0, owner, columns.at[row] ?? 0)
    if (place.row !== undefined) {
      enlargeMessage(world, place.row, accountIn(columns, row))
      continue
    }
    if (row !== next) world.messages.move(row, next)
    columns.agent[next] = agent
    columns.model[next] = models[columns.model[next] ?? 0] ?? 0
    columns.calls[next] = 0 // counted again as the calls come in
    enterMessage(world, next, place.slot)
    next++
  }
  world.messages.truncate(next)
}

function accountIn(columns: World['messages']['columns'], row: number): Account {
  const tokens = noTokens()
  for (const kind of TOKEN_KINDS) tokens[kind] = columns[kind][row] ?? 0
  return { tokens, costUsd: columns.costUsd[row] ?? 0, turnMs: columns.turnMs[row] ?? 0 }
}

function mergeActions(world: World, part: RawWorld, agents: readonly number[]): void {
  const tools = part.tools.map(name => world.tools.of(name))
  const reasons = part.reasons.map(text => world.reasons.of(text))
  const files = part.files.map(path => world.files.of(path))
  const blockBase = world.texts.adopt(part.texts)
  const base = world.actions.append(part.actions)
  const end = world.actions.length
  world.actionRows.reserve(end)
  const { columns } = world.actions
  let next = base
  for (let row = base; row < end; row++) {
    const key = columns.key[row] ?? 0
    const agent = agents[columns.agent[row] ?? 0] ?? 0
    const owner = world.agents[agent]?.session ?? 0
    const { row: known, slot } = actionPlace(world, key, owner, columns.requestedAt[row] ?? 0)
    if (known !== undefined) {
      mergeKnown(world, known, part, row - base)
      continue
    }
    if (row !== next) world.actions.move(row, next)
    columns.agent[next] = agent
    columns.tool[next] = tools[columns.tool[next] ?? 0] ?? 0
    columns.reason[next] = reasons[columns.reason[next] ?? 0] ?? 0
    columns.file[next] = files[columns.file[next] ?? 0] ?? 0
    columns.textBlock[next] = (columns.textBlock[next] ?? 0) + blockBase
    enterAction(world, next, slot)
    attachGate(world, next)
    const orphan = orphanOf(world, world.sessions[owner]?.id ?? '', key)
    if (orphan !== undefined) settle(world, orphan)
    else interruptIfOver(world, next)
    next++
  }
  world.actions.truncate(next)
}

/** An action that both have (a resumed session repeats its lines): an end beats no end. */
function mergeKnown(world: World, row: number, part: RawWorld, i: number): void {
  if (hasEnd(toldOf(world, row))) return
  const { columns } = part.actions
  const verdict = {
    state: STATES[columns.state[i] ?? 0] ?? 'undecided',
    outcome: OUTCOMES[columns.outcome[i] ?? 0] ?? 'none',
    decidedBy: DECIDERS[columns.decidedBy[i] ?? 0] ?? 'unknown',
  }
  if (!hasEnd(verdict)) return
  changeAction(world, row, {
    ...verdict,
    reason: part.reasons[columns.reason[i] ?? 0] ?? '',
    decidedAt: columns.decidedAt[i] ?? 0,
    finishedAt: columns.finishedAt[i] ?? 0,
  })
}

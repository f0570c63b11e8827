/** The rows of model answers: every total is kept in step with them here. */
import { TOKEN_KINDS, type Tokens } from './action.ts'
import { messageOf, messagePlace } from './identity.ts'
import { aheadKey, isForgotten, seen, sessionOfAgent } from './rows.ts'
import type { World } from './world.ts'

/** Which answer a call came with, where its row does not say yet. */
export function joinAnswer(world: World, row: number, message: number): void {
  const { columns } = world.actions
  if (columns.message[row]) return
  columns.message[row] = message
  const answer = messageOf(world, row)
  const { calls } = world.messages.columns
  if (answer !== undefined) calls[answer] = (calls[answer] ?? 0) + 1
  world.touched.push(row)
}

/** A model answer, as a transcript or a checkpoint tells of it. */
export interface AnswerTold {
  /** hashId of its id. */
  readonly key: number
  /** Index of the agent. */
  readonly agent: number
  readonly model: string
  readonly at: number
  readonly account: Account
}

/** @returns the new row, or null when the answer is known (then the larger account stands) or forgotten */
export function answerRow(
  world: World,
  { key, agent, model, at, account }: AnswerTold,
): number | null {
  const owner = world.agents[agent]?.session ?? 0
  const { row: known, slot } = messagePlace(world, key, owner, at)
  seen(sessionOfAgent(world, agent), at)
  if (known !== undefined) {
    enlargeMessage(world, known, account)
    return null
  }
  if (isForgotten(world, key, at)) return null
  const row = world.messages.add()
  const { columns } = world.messages
  columns.key[row] = key
  columns.agent[row] = agent
  columns.model[row] = world.models.of(model)
  columns.at[row] = at
  for (const kind of TOKEN_KINDS) columns[kind][row] = account.tokens[kind]
  columns.costUsd[row] = account.costUsd
  columns.turnMs[row] = account.turnMs
  enterMessage(world, row, slot)
  return row
}

/** A transcript tells of an answer that only a checkpoint had told of. */
export function toldToo(world: World, key: number, session: number): void {
  if (world.gate.untold.size === 0) return
  const { row } = messagePlace(world, key, session, null)
  if (row !== undefined) world.gate.untold.delete(row)
}

/** Takes a model answer, in a row that was just filled, into every index and total. */
export function enterMessage(world: World, row: number, slot: number): void {
  const { columns } = world.messages
  const agent = columns.agent[row] ?? 0
  world.messageRows.set(slot, row)
  if (world.callsAhead.size > 0) {
    const ahead = aheadKey(world, agent, columns.key[row] ?? 0)
    columns.calls[row] = (columns.calls[row] ?? 0) + (world.callsAhead.get(ahead) ?? 0)
    world.callsAhead.delete(ahead)
  }
  book(world, row, 1)
}

/** One account of a model answer. Not-a-number: not known. */
export interface Account {
  readonly tokens: Tokens
  readonly costUsd: number
  readonly turnMs: number
}

/** Another account of an answer that is known: it counts once, and the largest account stands. */
export function enlargeMessage(world: World, row: number, account: Account): void {
  const { columns } = world.messages
  let known = 0
  let told = 0
  for (const kind of TOKEN_KINDS) {
    known += columns[kind][row] ?? 0
    told += account.tokens[kind]
  }
  const longer = account.turnMs > (columns.turnMs[row] || -1)
  if (told <= known && !longer) return
  book(world, row, -1)
  if (longer) columns.turnMs[row] = account.turnMs
  if (told > known) {
    for (const kind of TOKEN_KINDS) columns[kind][row] = account.tokens[kind]
    columns.costUsd[row] = account.costUsd
  }
  book(world, row, 1)
}

function book(world: World, row: number, times: 1 | -1): void {
  if (world.isPart) return
  const { columns } = world.messages
  const session = sessionOfAgent(world, columns.agent[row] ?? 0)
  const { tokens } = session
  for (const kind of TOKEN_KINDS) tokens[kind] += times * (columns[kind][row] ?? 0)
  world.latency.turn.add(columns.turnMs[row] ?? Number.NaN, times)
  const model = world.models.at(columns.model[row] ?? 0)
  const costUsd = columns.costUsd[row] ?? Number.NaN
  if (Number.isNaN(costUsd)) {
    // Every answer has tokens.
    if (TOKEN_KINDS.every(kind => columns[kind][row] === 0)) session.uncounted += times
    else if (!session.unpriced.includes(model)) session.unpriced.push(model)
    return
  }
  session.costUsd += times * costUsd
  session.costByModel[model] = (session.costByModel[model] ?? 0) + times * costUsd
  world.minute(columns.at[row] ?? 0).costUsd += times * costUsd
}

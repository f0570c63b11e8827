/**
 * Takes the oldest rows out of a world. What they came to stays in every sum, and what is kept gets new,
 * smaller numbers in the same order.
 *
 * A line that is read again (a resumed session repeats another's) must not count again: of what is
 * forgotten the ids are known as far as that (`SeenIds`), and asked for where a line is as old. The result
 * of an action that was taken for interrupted, and forgotten, is not seen.
 */
import { DECIDERS, STATES } from './action.ts'
import { forgetGate, forgetTelemetry } from './forget-gate.ts'
import { addCost, addShare, seenOf } from './forgotten.ts'
import { messageOf } from './identity.ts'
import { keepChanges } from './modes.ts'
import { type Renumbered, type Renumbering, renumberList, renumberSet, rowsIn } from './renumber.ts'
import { aheadKey } from './rows.ts'
import type { World } from './world.ts'

/** Nobody asks for minutes longer ago: the longest that is counted by them is a day. */
const COUNTED_MS = 48 * 3_600_000

/**
 * Forgets what was asked up to then and is over, and answers as old that no other action came with.
 * @param until Unix ms
 */
export function forget(world: World, until: number): Renumbered {
  const upTo = Math.max(until, world.forgotten.upTo)
  const actions = numbered(keptActions(world, upTo))
  const answers = answersOf(world, actions)
  const messages = numbered(keptMessages(world, upTo, actions, answers))
  const renumbered = { actions, messages }
  addUpAnswers(world, messages)
  addUpActions(world, actions, answers)
  forgetGate(world, upTo, renumbered)
  forgetTelemetry(world, upTo, renumbered)
  for (const [key, end] of world.orphans) if (end.at <= upTo) world.orphans.delete(key)
  for (const { modes } of world.sessions) keepChanges(modes, upTo)
  for (const minute of world.minutes.keys())
    if (minute * 60_000 < upTo - COUNTED_MS) world.minutes.delete(minute)
  for (const [agent, rows] of world.open) world.open.set(agent, rowsIn(actions, rows))
  renumberList(actions, world.touched)
  renumberList(actions, world.moved)
  renumberSet(actions, world.blocked)
  world.actions.keep(actions)
  world.messages.keep(messages)
  world.actionRows.keep(actions)
  world.messageRows.keep(messages)
  keepTexts(world, upTo)
  keepNames(world)
  countAhead(world)
  world.forgotten.times++
  world.forgotten.upTo = upTo
  world.version++
  return renumbered
}

function keptActions(world: World, upTo: number): Uint32Array {
  const kept = new Uint32Array(world.actions.length)
  const { requestedAt } = world.actions.columns
  for (let row = 0; row < kept.length; row++) kept[row] = (requestedAt[row] ?? 0) > upTo ? 1 : 0
  for (const rows of world.open.values()) for (const row of rows) kept[row] = 1
  return kept
}

/** By row: the answer that a forgotten action came with, plus one; 0 when it is not known. */
function answersOf(world: World, actions: Renumbering): Uint32Array {
  const answers = new Uint32Array(actions.length)
  const { key, agent: owner } = world.messages.columns
  const { message, agent } = world.actions.columns
  let near = 0
  for (let row = 0; row < actions.length; row++) {
    if (actions[row] !== 0 || message[row] === 0) continue
    // Both were read in about one order: the answer is mostly one of the next.
    let next = near
    while (next < near + NEAR && key[next] !== message[row]) next++
    const isOwn = next < near + NEAR && owner[next] === agent[row]
    const answer = isOwn ? next : messageOf(world, row)
    if (answer === undefined) continue
    answers[row] = answer + 1
    near = answer
  }
  return answers
}

const NEAR = 8

/** Old answers go with the last of their calls; of what an agent said last, calls may come yet. */
function keptMessages(
  world: World,
  upTo: number,
  actions: Renumbering,
  answers: Uint32Array,
): Uint32Array {
  const { at, calls, key } = world.messages.columns
  const left = calls.slice(0, world.messages.length)
  for (const answer of answers) if (answer > 0) left[answer - 1] = (left[answer - 1] ?? 0) - 1
  const kept = new Uint32Array(left.length)
  const lasts = new Set(world.agents.map(it => it.spokeMessage))
  const unsure = new Set<number>()
  for (let row = 0; row < kept.length; row++) {
    if ((at[row] ?? 0) > upTo || lasts.has(key[row] ?? 0)) kept[row] = 1
    else if (left[row] !== 0) unsure.add(key[row] ?? 0)
  }
  if (unsure.size === 0) return kept
  const { message } = world.actions.columns
  for (let row = 0; row < actions.length; row++) {
    if (actions[row] === 0 || !unsure.has(message[row] ?? 0)) continue
    const answer = messageOf(world, row)
    if (answer !== undefined) kept[answer] = 1
  }
  return kept
}

/** Ones become numbers. */
function numbered(kept: Uint32Array): Renumbering {
  let next = 0
  for (let row = 0; row < kept.length; row++) if (kept[row] !== 0) kept[row] = ++next
  return kept
}

const BLOCKED = STATES.indexOf('blocked')
const OUTAGE = DECIDERS.indexOf('outage')

function addUpAnswers(world: World, messages: Renumbering): void {
  const { forgotten } = world
  const m = world.messages.columns
  for (let row = 0; row < messages.length; row++) {
    if (messages[row] !== 0) continue
    forgotten.ids.add(m.key[row] ?? 0)
    const gone = forgotten.ofAgent(m.agent[row] ?? 0)
    const at = m.at[row] ?? 0
    const cost = m.costUsd[row] ?? 0
    const model = m.model[row] ?? 0
    const cached = (m.cacheRead[row] ?? 0) + (m.cacheWrite5m[row] ?? 0) + (m.cacheWrite1h[row] ?? 0)
    gone.tokens += (m.input[row] ?? 0) + (m.output[row] ?? 0) + cached
    if (Number.isNaN(cost)) gone.unpriced++
    else gone.costUsd += cost
    if (at >= gone.answeredAt) {
      gone.answeredAt = at
      gone.model = model
    }
    seenOf(gone, at)
    addShare(gone.models, world.models.at(model), cost)
    if (m.calls[row] === 0) addCost(gone.noTool, cost)
  }
}

function addUpActions(world: World, actions: Renumbering, answers: Uint32Array): void {
  const { forgotten } = world
  const m = world.messages.columns
  const a = world.actions.columns
  for (let row = 0; row < actions.length; row++) {
    if (actions[row] !== 0) continue
    const gone = forgotten.ofAgent(a.agent[row] ?? 0)
    forgotten.actions++
    forgotten.ids.add(a.key[row] ?? 0)
    gone.total++
    if (a.state[row] === BLOCKED && a.decidedBy[row] !== OUTAGE) gone.blocked++
    seenOf(gone, a.requestedAt[row] ?? 0)
    seenOf(gone, a.finishedAt[row] ?? 0)
    const answer = (answers[row] ?? 0) - 1
    const cost = answer < 0 ? 0 : (m.costUsd[answer] ?? 0) / (m.calls[answer] || 1)
    addShare(gone.tools, world.tools.at(a.tool[row] ?? 0), cost)
  }
}

/** What is kept of what is old is few, and must not hold the large blocks in which it stood. */
function keepTexts(world: World, upTo: number): void {
  const { columns, length } = world.actions
  const { requestedAt, textBlock, textAt, textLength } = columns
  const used = new Set<number>()
  let last = -1
  for (let row = 0; row < length; row++) {
    const block = textBlock[row] ?? 0
    if ((requestedAt[row] ?? 0) > upTo) {
      if (block !== last) used.add(block)
      last = block
      continue
    }
    const at = textAt[row] ?? 0
    const moved = world.texts.add(world.texts.read({ block, at, length: textLength[row] ?? 0 }))
    textBlock[row] = moved.block
    textAt[row] = moved.at
    textLength[row] = moved.length
    used.add(moved.block)
  }
  world.texts.keep(used)
}

/** Below this none is taken out. */
const FEW_NAMES = 10_000

/** Names that no row has any more: reasons can be another one each. */
function keepNames(world: World): void {
  const { columns, length } = world.actions
  for (const [names, column] of [
    [world.reasons, columns.reason],
    [world.files, columns.file],
    [world.tools, columns.tool],
  ] as const) {
    if (names.list.length < FEW_NAMES) continue
    const used = new Uint8Array(names.list.length)
    for (let row = 0; row < length; row++) used[column[row] ?? 0] = 1
    const to = names.keep(used)
    for (let row = 0; row < length; row++) column[row] = to[column[row] ?? 0] ?? 0
  }
}

/** What no row waits for any more is not waited for. */
function countAhead(world: World): void {
  if (world.callsAhead.size === 0) return
  world.callsAhead.clear()
  const { columns, length } = world.actions
  for (let row = 0; row < length; row++) {
    const message = columns.message[row] ?? 0
    if (message === 0 || messageOf(world, row) !== undefined) continue
    const ahead = aheadKey(world, columns.agent[row] ?? 0, message)
    world.callsAhead.set(ahead, (world.callsAhead.get(ahead) ?? 0) + 1)
  }
}

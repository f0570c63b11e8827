/** What waits for a person, the longest waiting first. */
import { STATES, WAITS } from '../action/action.ts'
import { isAsked } from '../action/resolve.ts'
import { textsOf, type World } from '../action/world.ts'
import { safe } from './safe-text.ts'

export interface PendingItem {
  readonly row: number
  /** Since when it waits, Unix ms. */
  readonly since: number
  /** When the client stops waiting, Unix ms; null where that is not known. */
  readonly until: number | null
  /** `here`: a key answers it. `client`: only the client's own dialog. `over`: it no longer waits. */
  readonly answer: 'here' | 'client' | 'over'
  /** Why a person is asked; holds text of the agent. */
  readonly why: string
}

/** @param keep a row that stays in the list though it no longer waits: the one under the cursor */
export function pendingItems(world: World, keep: number | null = null): PendingItem[] {
  const rows = new Set<number>(keep === null || keep >= world.actions.length ? [] : [keep])
  const { state } = world.actions.columns
  for (const open of world.open.values())
    for (const row of open) if (STATES[state[row] ?? 0] === 'pending') rows.add(row)
  return Array.from(rows, row => itemOf(world, row)).sort((a, b) => a.since - b.since)
}

function itemOf(world: World, row: number): PendingItem {
  const { state, requestedAt, waits } = world.actions.columns
  const action = world.gate.byRow.get(row)
  const asked = action?.asked ?? null
  const since = asked?.at ?? requestedAt[row] ?? 0
  const until = asked?.until ?? null
  const why = asked?.why ?? whyOf(WAITS[waits[row] ?? 0])
  if (STATES[state[row] ?? 0] !== 'pending') return { row, since, until, answer: 'over', why }
  const here = action !== undefined && isAsked(action)
  return { row, since, until: here ? until : null, answer: here ? 'here' : 'client', why }
}

const whyOf = (wait: (typeof WAITS)[number] | undefined): string =>
  wait === 'answer' ? 'a question to you' : wait === 'plan' ? 'a plan to agree to' : ''

/** The session that an action is of, or `''` where there is no such row. */
export function sessionIdOf(world: World, row: number): string {
  const agent = world.agents[world.actions.columns.agent[row] ?? -1]
  return world.sessions[agent?.session ?? -1]?.id ?? ''
}

/** How an action looks in a question or in the news: `Bash git push`, safe. */
export function actionName(world: World, row: number): string {
  const tool = world.tools.at(world.actions.columns.tool[row] ?? 0)
  return safe(`${tool} ${textsOf(world, row).summary}`)
}

import { totalTokens } from '../action/action.ts'
import { messageOf } from '../action/identity.ts'
import type { Session, World } from '../action/world.ts'

/** US dollars at list prices, or null when tokens were used and no price is known. */
export function knownCost(session: Session): number | null {
  const nothingPriced = Object.keys(session.costByModel).length === 0
  const answered = totalTokens(session.tokens) > 0 || session.uncounted > 0
  return nothingPriced && answered ? null : clean(session.costUsd)
}

/** Some of its answers have no known cost, so that what is known is a lower bound. */
export const costIsPartial = (session: Session): boolean =>
  session.unpriced.length > 0 || session.uncounted > 0

/** Sums of floats end in …0000001; a millionth of a cent is nobody's. */
export const clean = (usd: number): number => Math.round(usd * 1e9) / 1e9

/** Below a tenth of a percent (or a cent's tenth) the two agree. */
const NOTABLE = 0.001

/** Names the difference between our cost and the client's own; null when there is none to name. */
export function costGap(session: Session): string | null {
  const { clientCost, costByModel } = session
  const ours = knownCost(session)
  if (clientCost === null || ours === null) return null
  const gap = clientCost.totalUsd - ours
  if (Math.abs(gap) <= Math.max(NOTABLE, clientCost.totalUsd * NOTABLE)) return null
  const models = new Set([...Object.keys(clientCost.byModel), ...Object.keys(costByModel)])
  const parts = [...models]
    .map(model => ({ model, gap: (clientCost.byModel[model] ?? 0) - (costByModel[model] ?? 0) }))
    .filter(part => Math.abs(part.gap) > NOTABLE)
    .sort((a, b) => Math.abs(b.gap) - Math.abs(a.gap))
    .map(part => `${part.model} ${usd(part.gap)}`)
  const why =
    gap > 0
      ? 'the client also counts requests that leave no line in the transcript'
      : 'the transcript goes on after the last total that the client wrote, or its prices differ'
  return `client ${usd(gap)} (${parts.join(', ')}): ${why}`
}

const usd = (value: number): string => `${value < 0 ? '-' : '+'}$${Math.abs(value).toFixed(5)}`

/** An action's share of what the model's answer cost: the calls of one answer share it equally. */
export function costOfRow(world: World, row: number): number | null {
  const message = messageOf(world, row)
  if (message === undefined) return null
  const { costUsd, calls } = world.messages.columns
  const cost = costUsd[message] ?? Number.NaN
  return Number.isNaN(cost) ? null : cost / Math.max(1, calls[message] ?? 1)
}

/** What is said where more happened than the screen keeps, and what still has it. */
import type { World } from '../action/world.ts'
import { grouped } from '../monitor/format.ts'
import type { Insights } from '../monitor/insights.ts'
import { RANGES } from '../monitor/insights.ts'

/** `700,000 older ones are not kept here: 'signalbox watch --once' has them`; `''` where none are. */
export const olderText = ({ forgotten }: World): string =>
  forgotten.actions === 0
    ? ''
    : `${grouped(forgotten.actions)} older ones are not kept here: 'signalbox watch --once' has them`

/** The same for plots, where they reach back so far; `''` where they do not. */
export function olderSums({ forgotten }: World, insights: Insights | null): string {
  if (insights === null) return ''
  const { stepMs, steps } = RANGES[insights.range] ?? RANGES[1]
  const since = insights.until - stepMs * steps
  return forgotten.upTo < since
    ? ''
    : "older ones are not kept here, 'signalbox report' counts them"
}

/** Actions as plain lines, for pipes, logs and terminals that show nothing else. */
import { durationsOf, verdictOf } from '../action/rows.ts'
import { textsOf, type World } from '../action/world.ts'
import { costOfRow } from './cost.ts'
import { clock, duration, usd } from './format.ts'
import { whoseText } from './machines.ts'
import { rowsByTime } from './order.ts'
import { clip, safe } from './safe-text.ts'

export function plainLines(world: World, limit = Number.POSITIVE_INFINITY): string[] {
  const rows = rowsByTime(world)
  return Array.from(rows.subarray(Math.max(0, rows.length - limit)), row => plainLine(world, row))
}

/** `09:35:59 05ddb86e main Bash blocked by classifier 39ms $0.0378 curl … | reason` */
export function plainLine(world: World, row: number): string {
  const { columns } = world.actions
  const agent = world.agents[columns.agent[row] ?? 0]
  const session = world.sessions[agent?.session ?? 0]?.id ?? ''
  const verdict = verdictOf(world, row)
  const { decisionMs, runMs } = durationsOf(world, row)
  const reason = world.reasons.at(columns.reason[row] ?? 0)
  const outcome = verdict.outcome === 'none' ? '' : verdict.outcome
  const words = [
    clock(columns.requestedAt[row] ?? 0),
    whoseText(world, session),
    agent?.id === '' ? 'main' : agent?.name || agent?.id || '',
    world.tools.at(columns.tool[row] ?? 0),
    verdict.state,
    outcome,
    verdict.decidedBy === 'unknown' ? '' : `by ${verdict.decidedBy}`,
    duration(runMs ?? decisionMs),
    usd(costOfRow(world, row)),
    clip(safe(textsOf(world, row).summary), 160),
    reason === '' ? '' : `| ${clip(safe(reason), 160)}`,
  ]
  return words
    .filter(word => word !== '')
    .map(safe)
    .join(' ')
}

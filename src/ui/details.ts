/** Everything about one action, as lines to scroll in. */

import { TOKEN_KINDS } from '../action/action.ts'
import { messageOf } from '../action/identity.ts'
import { durationsOf, verdictOf } from '../action/rows.ts'
import { lineOf, textsOf, type World } from '../action/world.ts'
import { agentLabel } from '../monitor/breakdown.ts'
import { costOfRow } from '../monitor/cost.ts'
import { amount, clock, duration, usd } from '../monitor/format.ts'
import { glyphs } from '../monitor/glyphs.ts'
import { sessionIdOf } from '../monitor/pending.ts'
import { clip, safe, safeLines, wrap } from '../monitor/safe-text.ts'
import { hiddenInput } from '../monitor/secrets.ts'
import { line } from './cells.ts'
import {
  evidenceOf,
  gateDetails,
  markedLines,
  requestDetails,
  telemetryDetails,
} from './gate-details.ts'
import { labelled } from './lists.ts'
import { deciderOf, lookOf, waitingFor } from './row.ts'
import type { Theme } from './theme.ts'

/** @param input the tool call's whole input, or null when its transcript is gone */
export function detailLines(
  world: World,
  row: number,
  input: unknown,
  theme: Theme,
  columns: number,
): string[] {
  const { role } = theme
  const look = lookOf(world, row)
  const { columns: actions } = world.actions
  const agent = actions.agent[row] ?? 0
  const session = world.sessions[world.agents[agent]?.session ?? 0]
  const by = look.word === 'pending' ? `waits for ${waitingFor(world, row)}` : deciderOf(world, row)
  const reason = world.reasons.at(actions.reason[row] ?? 0)
  const of = (label: string, text: string): string[] => labelled(label, text, theme, columns)
  const state = line(
    [
      { text: safe(world.tools.at(actions.tool[row] ?? 0)), style: role.accent },
      { text: `${look.sign} ${look.word}`, style: role[look.role] },
      { text: by === '' || look.word === 'pending' ? by : `by ${by}`, style: role.text },
      { text: usd(costOfRow(world, row)), style: role.cost },
    ],
    columns,
  )
  const whole = inputLines(world, row, input, theme, columns)
  const isShort = whole.length <= MOST_ABOVE
  return [
    state,
    // Who is asked reads first what it is about.
    ...(isShort ? whole : of('does', textsOf(world, row).summary)),
    ...(reason === '' ? [] : of('reason', reason)),
    ...gateDetails(world, row, theme, columns),
    ...requestDetails(world, row, theme, columns),
    ...telemetryDetails(world, row, theme, columns),
    ...of('timing', timing(world, row)),
    ...of('tokens', tokensText(world, row)),
    ...of(
      'session',
      [session?.id, agentLabel(world, agent), session?.model, session?.permissionMode, session?.cwd]
        .filter(Boolean)
        .join(` ${glyphs().dot} `),
    ),
    ...of(
      'action',
      [textsOf(world, row).id, lineOf(world, row).file].filter(Boolean).join(` ${glyphs().dot} `),
    ),
    ...(isShort ? [] : whole),
  ]
}

/** Lines of an input that leave room for what was decided, and why. */
const MOST_ABOVE = 8

function timing(world: World, row: number): string {
  const { requestedAt, decidedAt, finishedAt } = world.actions.columns
  const { decisionMs, runMs } = durationsOf(world, row)
  const at = (name: string, time: number | undefined): string =>
    time !== undefined && time > 0 ? `${name} ${clock(time)}` : ''
  return [
    at('asked', requestedAt[row]),
    at('decided', decidedAt[row]),
    at('finished', verdictOf(world, row).state === 'blocked' ? 0 : finishedAt[row]),
    decisionMs === null ? '' : `decision ${duration(decisionMs)}`,
    runMs === null ? '' : `run ${duration(runMs)}`,
  ]
    .filter(part => part !== '')
    .join(` ${glyphs().dot} `)
}

const TOKEN_WORDS = {
  input: 'in',
  output: 'out',
  cacheRead: 'cache read',
  cacheWrite5m: 'write 5m',
  cacheWrite1h: 'write 1h',
  thinking: 'thinking',
} as const

/** Of the model's answer that the call came with. */
function tokensText(world: World, row: number): string {
  const message = messageOf(world, row)
  if (message === undefined) return 'not known'
  const { columns } = world.messages
  const parts = TOKEN_KINDS.filter(kind => (columns[kind][message] ?? 0) > 0).map(
    kind => `${TOKEN_WORDS[kind]} ${amount(columns[kind][message] ?? 0)}`,
  )
  if (parts.length === 0) return 'not told by the client'
  const calls = columns.calls[message] ?? 1
  const shared = calls > 1 ? ` (one answer with ${calls} calls)` : ''
  return parts.join(` ${glyphs().dot} `) + shared
}

function inputLines(
  world: World,
  row: number,
  input: unknown,
  theme: Theme,
  columns: number,
): string[] {
  const { role } = theme
  if (typeof input !== 'object' || input === null) {
    const summary = safeLines(textsOf(world, row).summary).flatMap(text =>
      wrap(text, Math.max(8, columns - 2)),
    )
    return [
      role.dim(clip(`${whyPartly(world, row)}; what is known of the input:`, columns)),
      ...summary.map(role.text),
    ]
  }
  const evidence = evidenceOf(world, row)
  return Object.entries(hiddenInput(input) ?? {}).flatMap(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1)
    const lines = markedLines(text, evidence, theme, columns)
    return [role.dim(clip(safe(name), columns)), ...lines]
  })
}

const whyPartly = (world: World, row: number): string =>
  world.machineBySession.has(sessionIdOf(world, row))
    ? 'it is on another machine'
    : 'its transcript is gone'

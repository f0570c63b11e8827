/** The JSON contract: what `watch --json` prints. Scripts depend on every name here. */
import {
  addCounts,
  type Counts,
  type DecidedBy,
  noCounts,
  noTokens,
  type Outcome,
  type State,
  type Tokens,
} from '../action/action.ts'
import type { Role } from '../action/entry.ts'
import type { Answered, Gated } from '../action/gate-event.ts'
import type { Ungated } from '../action/gate-state.ts'
import type { Resource } from '../action/judgement.ts'
import { durationsOf, verdictOf } from '../action/rows.ts'
import { requestKey } from '../action/telemetry.ts'
import type { Spent, ToldOfAction } from '../action/telemetry-state.ts'
import { type Requests, type Session, type Skipped, textsOf, type World } from '../action/world.ts'
import { type Breakdown, breakdowns } from './breakdown.ts'
import { clean, costGap, costOfRow, knownCost } from './cost.ts'
import { type Counters, countersOf } from './counters.ts'
import { gateSession, opinionOf, pauseOf, requestOf, toldOfAction } from './gate-view.ts'
import { type MachineRow, machinesOf } from './machines.ts'
import { rowsByTime } from './order.ts'

export interface ActionJson {
  id: string
  session: string
  /** `''` is the session's main agent. */
  agent: string
  tool: string
  summary: string
  state: State
  outcome: Outcome | null
  decidedBy: DecidedBy
  reason: string
  /** ISO 8601, or null when not known. */
  requestedAt: string | null
  decidedAt: string | null
  finishedAt: string | null
  decisionMs: number | null
  runMs: number | null
  /** Its share of the model's answer, US dollars; null when not known. */
  costUsd: number | null
  /** What the gate's judge said of it; null and empty where it was not asked. */
  rule: string | null
  /** The part of the command that the rule rests on; `''` when the whole. */
  evidence: string
  resources: readonly Resource[]
  /** What would clear it, each a phrase. */
  clear: readonly string[]
  /** The request to the model that it came with; null where no checkpoint saw one. */
  request: RequestJson | null
  /** What the client's own telemetry says of it; null where it says nothing. */
  telemetry: ToldOfAction | null
  /** It ran in a gated session, and the gate did not let it through as it ran. */
  ungated: Ungated | null
}

/** One request to the model; see METERED for its parts. */
export interface RequestJson
  extends Pick<Answered, 'upstream' | 'checked' | 'status' | 'error' | 'retry' | 'firstMs' | 'ms'> {
  /** The API's id of it. */
  id: string
  /** What it was for, as the client's telemetry tells; `''` where it does not. */
  querySource: string
}

export interface SessionJson {
  id: string
  client: string
  version: string
  model: string
  permissionMode: string
  /** What the gate does in the session; null when it has none. */
  role: Role | null
  /** Every action is asked; `hard`: in the client's own mode, too. */
  paused: 'soft' | 'hard' | null
  /** What must be so before anything is approved; null where no gate is. */
  preconditions: Gated['preconditions'] | null
  project: string
  title: string
  status: string | null
  startedAt: string | null
  lastActivityAt: string | null
  tokens: Tokens
  /** US dollars at list prices; null when no answer's price is known. */
  costUsd: number | null
  /** Models whose price is not known, and so not in `costUsd`. */
  unpricedModels: string[]
  /** Answers whose tokens the client did not tell: in no count of tokens, and in no cost. */
  uncountedAnswers: number
  /** The client's own total, where it wrote one. */
  clientCostUsd: number | null
  /** Why the two differ, in words; null when they agree or cannot be compared. */
  costDifference: string | null
  /** Refusals in a row and in all; the client pauses auto mode at 3 and 20. */
  blocksInRow: number
  blocksTotal: number
  actions: Counts
  /**
   * Requests to the model that a checkpoint saw or the client's telemetry tells of, each once; null where
   * there is neither.
   */
  requests: Requests | null
  /** What the client's own telemetry says of them, by what they were for; null where it says nothing. */
  telemetry: readonly PurposeJson[] | null
  /** Where the cost went: an answer's share of each call that came with it. */
  cost: Breakdown
}

/** Sums over requests, as the client reckons (at list prices where it tells no cost); not added to any other cost or count of tokens. */
export interface PurposeJson extends Spent {
  /** In the client's words: `sdk`, `repl_main_thread`, `agent:…`, `compact`. */
  querySource: string
}

export interface Snapshot {
  sessions: SessionJson[]
  actions: ActionJson[]
  /** The newest lines that could not be read; `totals.skippedLines` counts all. */
  skipped: readonly Skipped[]
  totals: Totals
  /** Of a fleet; absent without one. */
  machines?: readonly MachineRow[]
}

/** What the counters above the list show. */
export interface Totals
  extends Pick<
    Counters,
    | 'costToday'
    | 'usdPerHour'
    | 'actionsPerMinute'
    | 'latency'
    | 'activeSessions'
    | 'requests'
    | 'reviews'
  > {
  tokens: Tokens
  costUsd: number | null
  actions: Counts
  skippedLines: number
}

/**
 * @param limit so many of the newest actions; all sessions and totals are always whole.
 * @param now Unix ms, for what is counted by day, hour and minute
 */
export function snapshotOf(
  world: World,
  limit = Number.POSITIVE_INFINITY,
  now = Date.now(),
): Snapshot {
  const rows = rowsByTime(world)
  const costs = breakdowns(world)
  const sessions = world.sessions.filter(s => s.firstAt > 0).sort((a, b) => b.lastAt - a.lastAt)
  return {
    sessions: sessions.map(session =>
      sessionJson(world, session, costs[world.sessionIndex(session.id)] ?? NO_COST),
    ),
    actions: Array.from(rows.subarray(Math.max(0, rows.length - limit)), row =>
      actionJson(world, row),
    ),
    skipped: world.skipped,
    totals: totalsOf(world, sessions, now),
    ...(world.machines.size > 0 && { machines: machinesOf(world) }),
  }
}

export function actionJson(world: World, row: number): ActionJson {
  const { columns } = world.actions
  const agent = world.agents[columns.agent[row] ?? 0]
  const verdict = verdictOf(world, row)
  const judgement = opinionOf(world.gate.byRow.get(row))?.judgement
  return {
    ...textsOf(world, row),
    session: world.sessions[agent?.session ?? 0]?.id ?? '',
    agent: agent?.id ?? '',
    tool: world.tools.at(columns.tool[row] ?? 0),
    state: verdict.state,
    outcome: verdict.outcome === 'none' ? null : verdict.outcome,
    decidedBy: verdict.decidedBy,
    reason: world.reasons.at(columns.reason[row] ?? 0),
    requestedAt: iso(columns.requestedAt[row]),
    decidedAt: iso(columns.decidedAt[row]),
    finishedAt: verdict.state === 'blocked' ? null : iso(columns.finishedAt[row]),
    ...durationsOf(world, row),
    costUsd: costOfRow(world, row),
    rule: judgement?.rule ?? null,
    evidence: judgement?.evidence ?? '',
    resources: judgement?.resources ?? [],
    clear: judgement?.clear ?? [],
    request: requestJson(world, row),
    telemetry: toldOfAction(world, row),
    ungated: world.gate.ungated.get(row) ?? null,
  }
}

function requestJson(world: World, row: number): RequestJson | null {
  const request = requestOf(world, row)
  if (request === null) return null
  const { upstream, checked, status, error, retry, firstMs, ms } = request
  const key = requestKey(request.session, request.request)
  const querySource = world.telemetry.purposes.get(key) ?? ''
  return { id: request.request, upstream, checked, status, error, retry, firstMs, ms, querySource }
}

function purposesOf(world: World, session: string): PurposeJson[] | null {
  const spent = world.telemetry.spent.get(session)
  if (spent === undefined) return null
  return Array.from(spent, ([querySource, sum]) => ({
    querySource,
    ...sum,
    costUsd: clean(sum.costUsd),
  }))
}

const NO_COST: Breakdown = { byModel: [], byAgent: [], byTool: [] }

function sessionJson(world: World, session: Session, cost: Breakdown): SessionJson {
  const { id, client, version, model, permissionMode, title, tokens, streak } = session
  const gated = gateSession(world, id)
  const pause = gated === null ? null : pauseOf(world, id)
  return {
    id,
    client,
    version,
    model,
    permissionMode,
    role: gated?.role ?? null,
    paused: pause === null ? null : pause.hard ? 'hard' : 'soft',
    preconditions: gated?.preconditions ?? null,
    project: session.cwd,
    title,
    status: session.presence?.status ?? null,
    startedAt: iso(session.firstAt),
    lastActivityAt: iso(session.lastAt),
    tokens,
    costUsd: knownCost(session),
    unpricedModels: session.unpriced,
    uncountedAnswers: session.uncounted,
    clientCostUsd: session.clientCost?.totalUsd ?? null,
    costDifference: costGap(session),
    blocksInRow: streak.inRow,
    blocksTotal: streak.total,
    actions: session.counts,
    requests: session.requests.total === 0 ? null : session.requests,
    telemetry: purposesOf(world, id),
    cost,
  }
}

function totalsOf(world: World, sessions: readonly Session[], now: number): Totals {
  const counters = countersOf(world, now)
  const { costToday, usdPerHour, actionsPerMinute, latency, activeSessions } = counters
  const tokens = noTokens()
  const actions = noCounts()
  let costUsd: number | null = null
  for (const session of sessions) {
    for (const kind of Object.keys(tokens) as (keyof Tokens)[]) tokens[kind] += session.tokens[kind] // keys of Tokens
    addCounts(actions, session.counts)
    const known = knownCost(session)
    if (known !== null) costUsd = clean((costUsd ?? 0) + known)
  }
  return {
    tokens,
    costUsd,
    actions,
    skippedLines: world.skippedCount,
    costToday: clean(costToday),
    usdPerHour: clean(usdPerHour),
    actionsPerMinute,
    latency,
    requests: counters.requests,
    reviews: counters.reviews,
    activeSessions,
  }
}

function iso(at: number | undefined): string | null {
  return at !== undefined && at > 0 ? new Date(at).toISOString() : null
}

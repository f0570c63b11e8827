/** What happened and what it cost, summed up by day, session, project, model, agent, tool or mode. */
import {
  addCounts,
  type Counts,
  count,
  noCounts,
  noTokens,
  TOKEN_KINDS,
  type Tokens,
} from '../action/action.ts'
import { Histogram } from '../action/histogram.ts'
import { messageOf } from '../action/identity.ts'
import { modeAt } from '../action/modes.ts'
import { durationsOf, verdictOf } from '../action/rows.ts'
import type { Session, World } from '../action/world.ts'
import { wasAsked } from './asked.ts'
import { agentLabel, NO_TOOL } from './breakdown.ts'
import { clean } from './cost.ts'
import type { Percentiles } from './counters.ts'
import { isIn, type Range } from './range.ts'
import { type Reviews, reviewsIn, reviewsOf, sumsOf } from './reviews.ts'

export const GROUPS = ['day', 'session', 'project', 'model', 'agent', 'tool', 'mode'] as const
export type Group = (typeof GROUPS)[number]

export interface ReportOptions extends Range {
  readonly by: Group
}

export interface ReportLine {
  readonly name: string
  readonly answers: number
  readonly tokens: Tokens
  /** US dollars at list prices of what has one. */
  readonly costUsd: number
  /** Some of it has no known price. */
  readonly costIsPartial: boolean
  /** What the client counted beyond its transcripts, US dollars; with `costUsd` it is the client's own total. */
  readonly untoldUsd: number
  readonly actions: Counts
  /** Actions that a person was asked about, as far as the client or the gate tells. */
  readonly prompts: number
  readonly latency: Readonly<Record<'turn' | 'decision' | 'run', Percentiles>>
}

export interface Report {
  readonly by: Group
  readonly lines: readonly ReportLine[]
  readonly total: ReportLine
  /** What a reviewer took, in none of the lines; null where it was asked about nothing. */
  readonly reviews: Reviews | null
}

class Sum {
  answers = 0
  readonly tokens = noTokens()
  costUsd = 0
  costIsPartial = false
  untoldUsd = 0
  readonly actions = noCounts()
  prompts = 0
  readonly latency = { turn: new Histogram(), decision: new Histogram(), run: new Histogram() }

  cost(usd: number): void {
    if (Number.isNaN(usd)) this.costIsPartial = true
    else this.costUsd += usd
  }

  add(other: Sum): void {
    this.answers += other.answers
    for (const kind of TOKEN_KINDS) this.tokens[kind] += other.tokens[kind]
    this.costUsd += other.costUsd
    this.costIsPartial ||= other.costIsPartial
    this.untoldUsd += other.untoldUsd
    addCounts(this.actions, other.actions)
    this.prompts += other.prompts
    for (const name of ['turn', 'decision', 'run'] as const)
      this.latency[name].merge(other.latency[name])
  }

  line(name: string): ReportLine {
    const { answers, tokens, costUsd, costIsPartial, untoldUsd, actions, prompts, latency } = this
    const of = (it: Histogram): Percentiles => ({
      p50: it.percentile(0.5),
      p95: it.percentile(0.95),
      p99: it.percentile(0.99),
    })
    const { turn, decision, run } = latency
    return {
      name,
      answers,
      tokens,
      costUsd: clean(costUsd),
      costIsPartial,
      untoldUsd: clean(untoldUsd),
      actions,
      prompts,
      latency: { turn: of(turn), decision: of(decision), run: of(run) },
    }
  }
}

export function reportOf(world: World, options: ReportOptions): Report {
  const sums = new Map<string, Sum>()
  const to = (name: string): Sum => {
    const known = sums.get(name)
    if (known !== undefined) return known
    const sum = new Sum()
    sums.set(name, sum)
    return sum
  }
  addAnswers(world, options, to)
  addActions(world, options, to)
  addUntold(world, options, to)
  const total = new Sum()
  for (const sum of sums.values()) total.add(sum)
  const lines = Array.from(sums, ([name, sum]) => sum.line(name))
  const inOrder =
    options.by === 'day'
      ? lines.sort((a, b) => (a.name < b.name ? -1 : 1))
      : lines.sort((a, b) => b.costUsd - a.costUsd || (a.name < b.name ? -1 : 1))
  const reviews = reviewsOf(sumsOf(world, reviewsIn(world, options)))
  return { by: options.by, lines: inOrder, total: total.line('total'), reviews }
}

type To = (name: string) => Sum

function addAnswers(world: World, options: ReportOptions, to: To): void {
  const { columns, length } = world.messages
  for (let row = 0; row < length; row++) {
    const at = columns.at[row] ?? 0
    const agent = columns.agent[row] ?? 0
    const session = world.sessions[world.agents[agent]?.session ?? 0]
    if (session === undefined || !isIn(session, at, options)) continue
    const model = world.models.at(columns.model[row] ?? 0)
    // By tool an answer is its calls'; one without calls stands by itself.
    if (options.by === 'tool' && (columns.calls[row] ?? 0) > 0) continue
    const sum = to(nameOf(world, options.by, { at, agent, session, model, tool: NO_TOOL }))
    sum.answers++
    for (const kind of TOKEN_KINDS) sum.tokens[kind] += columns[kind][row] ?? 0
    sum.cost(columns.costUsd[row] ?? Number.NaN)
    sum.latency.turn.add(columns.turnMs[row] ?? Number.NaN)
  }
}

function addActions(world: World, options: ReportOptions, to: To): void {
  const { columns, length } = world.actions
  const messages = world.messages.columns
  const ofAnswer = options.by === 'model' || options.by === 'tool'
  for (let row = 0; row < length; row++) {
    const at = columns.requestedAt[row] ?? 0
    const agent = columns.agent[row] ?? 0
    const session = world.sessions[world.agents[agent]?.session ?? 0]
    if (session === undefined || !isIn(session, at, options)) continue
    const message = ofAnswer ? messageOf(world, row) : undefined
    const model = message === undefined ? '' : world.models.at(messages.model[message] ?? 0)
    const tool = world.tools.at(columns.tool[row] ?? 0)
    const verdict = verdictOf(world, row)
    const { decisionMs, runMs } = durationsOf(world, row)
    const sum = to(nameOf(world, options.by, { at, agent, session, model, tool }))
    count(sum.actions, verdict)
    if (wasAsked(world, row)) sum.prompts++
    sum.latency.decision.add(decisionMs ?? Number.NaN)
    sum.latency.run.add(runMs ?? Number.NaN)
    if (options.by === 'tool' && message !== undefined) addShare(world, message, sum)
  }
}

/** Of sessions that are whole in the range: the client's total is of all of a session. */
function addUntold(world: World, options: ReportOptions, to: To): void {
  for (const session of world.sessions) {
    const { clientCost, costByModel } = session
    if (clientCost === null || session.firstAt < options.since) continue
    if (!isIn(session, clientCost.at, options)) continue
    for (const [model, theirs] of Object.entries(clientCost.byModel)) {
      const gap = theirs - (costByModel[model] ?? 0)
      if (gap < A_FRACTION) continue
      const at = clientCost.at
      const name = nameOf(world, options.by, { at, agent: -1, session, model, tool: NO_TOOL })
      to(name).untoldUsd += gap
    }
  }
}

/** Sums of floats differ by less. */
const A_FRACTION = 1e-9

/** The calls of one answer share it equally. */
function addShare(world: World, message: number, sum: Sum): void {
  const { columns } = world.messages
  const share = 1 / Math.max(1, columns.calls[message] ?? 1)
  sum.answers += share
  for (const kind of TOKEN_KINDS) sum.tokens[kind] += share * (columns[kind][message] ?? 0)
  sum.cost(share * (columns.costUsd[message] ?? Number.NaN))
}

interface What {
  readonly at: number
  /** -1 when nobody tells whose it is. */
  readonly agent: number
  readonly session: Session
  readonly model: string
  readonly tool: string
}

function nameOf(world: World, by: Group, { at, agent, session, model, tool }: What): string {
  switch (by) {
    case 'day':
      return dayOf(at)
    case 'session':
      return session.id
    case 'project':
      return session.cwd || '?'
    case 'model':
      return model || '?'
    case 'agent':
      return agent < 0 ? '?' : agentLabel(world, agent)
    case 'tool':
      return tool
    case 'mode':
      return modeAt(session.modes, at) || '?'
    default:
      return by satisfies never
  }
}

const QUARTER_MS = 900_000
/** Days begin at a whole quarter of an hour, wherever the user is; by quarters since 1970. */
const days = new Map<number, string>()

/** The user's own day, as a date. */
function dayOf(at: number): string {
  const key = Math.floor(at / QUARTER_MS)
  const known = days.get(key)
  if (known !== undefined) return known
  const day = dateOf(at)
  days.set(key, day)
  return day
}

function dateOf(at: number): string {
  if (at === 0) return '?'
  const day = new Date(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

/**
 * What is known: every action, every model answer, every session. `fold` alone changes it. Two worlds
 * that were folded from two parts of the same files merge into the one the whole would give.
 */
import type { Counts, Tokens } from './action.ts'
import { noCounts, noTokens } from './action.ts'
import type { Actor, ClientCost, Decided, LineRef, Presence, Progress, RelaySign } from './event.ts'
import { Forgotten } from './forgotten.ts'
import { GateState } from './gate-state.ts'
import { HashIndex } from './hash-index.ts'
import { Histogram } from './histogram.ts'
import type { ToldMode } from './modes.ts'
import { type RawTable, Table } from './table.ts'
import { Telemetry } from './telemetry-state.ts'
import { TextStore } from './text-store.ts'

export const ACTION_COLUMNS = {
  /** hashId of the client's `tool_use_id` */
  key: 'f64',
  /** index into `world.agents` */
  agent: 'u32',
  tool: 'u16',
  /** hashId of the model answer, 0 when not known */
  message: 'f64',
  /** indices into STATES, OUTCOMES, DECIDERS, WAITS */
  state: 'u8',
  outcome: 'u8',
  decidedBy: 'u8',
  waits: 'u8',
  reason: 'u32',
  /** Unix milliseconds; 0 when not known */
  requestedAt: 'f64',
  decidedAt: 'f64',
  finishedAt: 'f64',
  /** the line in the transcript */
  file: 'u32',
  offset: 'f64',
  length: 'u32',
  /** `id\nsummary` in `world.texts` */
  textBlock: 'u32',
  textAt: 'u32',
  textLength: 'u16',
} as const

export const MESSAGE_COLUMNS = {
  key: 'f64',
  agent: 'u32',
  model: 'u16',
  at: 'f64',
  input: 'f64',
  output: 'f64',
  cacheRead: 'f64',
  cacheWrite5m: 'f64',
  cacheWrite1h: 'f64',
  thinking: 'f64',
  /** US dollars; not-a-number when the price is not known */
  costUsd: 'f64',
  /** milliseconds; not-a-number when not seen */
  turnMs: 'f64',
  /** tool calls that came with it, which share its cost */
  calls: 'u16',
} as const

export interface Agent {
  readonly session: number
  /** `''` is the session's main agent. */
  readonly id: string
  name: string
  /** When it last spoke or was spoken to, and with which answer (0: it was spoken to). */
  spokeAt: number
  spokeMessage: number
}

/** The client's run of refusals: it pauses auto mode at 3 in a row or 20 in all. */
export interface Streak {
  inRow: number
  total: number
  /** No approval seen yet, so what came before may still count. */
  open: boolean
}

export interface Session {
  readonly id: string
  client: string
  version: string
  model: string
  permissionMode: string
  /** Oldest first. */
  modes: ToldMode[]
  cwd: string
  title: string
  entrypoint: string
  /** When each of the facts above was said, so that parts can be read in any order. */
  saidAt: Record<string, number>
  firstAt: number
  lastAt: number
  presence: (Presence & { at: number }) | null
  tokens: Tokens
  /** US dollars over the answers whose price is known. */
  costUsd: number
  costByModel: Record<string, number>
  /** Models met whose price is not known. */
  unpriced: string[]
  /** Answers whose tokens, and so whose cost, the client does not tell. */
  uncounted: number
  clientCost: ClientCost | null
  counts: Counts
  streak: Streak
  requests: Requests
}

/** Requests to the model, as a checkpoint saw them or the client's telemetry tells. */
export interface Requests {
  total: number
  failed: number
  /** Those that the client had tried before. */
  retried: number
}

export interface Minute {
  actions: number
  blocked: number
  costUsd: number
}

export interface Skipped {
  readonly file: string
  readonly line: number
  readonly why: string
}

/** So many of the newest skipped lines are kept; the rest are only counted. */
export const MAX_SKIPPED = 200

export const LATENCIES = ['turn', 'firstByte', 'decision', 'run'] as const
export type Latency = (typeof LATENCIES)[number]

/** So many of the newest entries of a machine are known by how long they took. */
export const KEPT_LAGS = 60

/** What a machine of a fleet told. */
export interface Machine {
  /** When its newest entry happened there, and when the broker had it; Unix ms. 0: it told none. */
  at: number
  arrivedAt: number
  readonly sessions: Set<string>
  /** From one to the other, milliseconds, of the newest entries; the newest last. */
  readonly lags: number[]
  /** The last sign of its relay; null where none was heard. */
  relay: RelaySign | null
}

export class World {
  /** Says what is shown when it is not live: a sample, a recording. */
  readonly mark: string
  readonly actions = new Table(ACTION_COLUMNS)
  readonly messages = new Table(MESSAGE_COLUMNS)
  readonly texts = new TextStore()
  readonly sessions: Session[] = []
  readonly agents: Agent[] = []
  readonly tools = new Names()
  readonly models = new Names()
  readonly reasons = new Names()
  readonly files = new Names()
  readonly latency: Record<Latency, Histogram> = {
    turn: new Histogram(),
    firstByte: new Histogram(),
    decision: new Histogram(),
    run: new Histogram(),
  }
  /** By Unix minute. */
  readonly minutes = new Map<number, Minute>()
  readonly actionRows = new HashIndex()
  readonly messageRows = new HashIndex()
  /** Calls of answers that were not read yet, by session and answer. */
  readonly callsAhead = new Map<string, number>()
  /** Pairs of sessions that were seen to use the same ids: whether one repeats the other. */
  readonly kin = new Map<number, boolean>()
  /** Rows that have no end yet, by agent. */
  readonly open = new Map<number, number[]>()
  /** Rows that were refused, in no order; an outage is no refusal. */
  readonly blocked = new Set<number>()
  /** Ends whose beginning was not read yet. */
  readonly orphans = new Map<string, Decided & Actor>()
  skippedCount = 0
  /** The newest skipped lines; `skippedCount` has them all. */
  readonly skipped: Skipped[] = []
  readonly notes: string[] = []
  /** Of a fleet, by name. */
  readonly machines = new Map<string, Machine>()
  readonly machineBySession = new Map<string, string>()
  progress: Progress = { doneBytes: 0, totalBytes: 0 }
  /** How far what is shown is behind what is written; 0 when it is not. */
  behindMs = 0
  /** Rows changed since the reader last emptied it. */
  readonly touched: number[] = []
  /** Rows whose `requestedAt` changed since the reader last emptied it. */
  readonly moved: number[] = []
  readonly gate = new GateState()
  readonly telemetry = new Telemetry()
  readonly forgotten = new Forgotten()
  /** Grows with every event. */
  version = 0

  /** To be handed over by `toRaw`: the totals are left to `merge`, which counts its rows anyway. */
  readonly isPart: boolean

  constructor(mark = '', kind: 'whole' | 'part' = 'whole') {
    this.mark = mark
    this.isPart = kind === 'part'
  }

  readonly #sessionIndex = new Map<string, number>()
  readonly #agentIndex = new Map<string, number>()
  #lastAgent = -1

  sessionOf(id: string): Session {
    const index = this.sessionIndex(id)
    const session = this.sessions[index]
    if (session === undefined) throw new Error('unreachable: sessionIndex makes the session')
    return session
  }

  findSession(id: string): Session | undefined {
    const index = this.#sessionIndex.get(id)
    return index === undefined ? undefined : this.sessions[index]
  }

  sessionIndex(id: string): number {
    const known = this.#sessionIndex.get(id)
    if (known !== undefined) return known
    const index = this.sessions.push(newSession(id)) - 1
    this.#sessionIndex.set(id, index)
    return index
  }

  agentIndex(actor: Actor): number {
    const last = this.agents[this.#lastAgent]
    if (last?.id === actor.agent && this.sessions[last.session]?.id === actor.session)
      return this.#lastAgent // lines of one agent come in runs
    const index = this.#agentAt(actor)
    this.#lastAgent = index
    return index
  }

  #agentAt(actor: Actor): number {
    const key = `${actor.session}\n${actor.agent}`
    const known = this.#agentIndex.get(key)
    if (known !== undefined) return known
    const session = this.sessionIndex(actor.session)
    const index =
      this.agents.push({ session, id: actor.agent, name: '', spokeAt: 0, spokeMessage: 0 }) - 1
    this.#agentIndex.set(key, index)
    return index
  }

  minute(at: number): Minute {
    const key = Math.floor(at / 60_000)
    let minute = this.minutes.get(key)
    if (minute === undefined) {
      minute = { actions: 0, blocked: 0, costUsd: 0 }
      this.minutes.set(key, minute)
    }
    return minute
  }

  /** What a worker sends: everything but the indices, which `merge` builds again. */
  toRaw(): RawWorld {
    return {
      ...this.view(),
      actions: this.actions.toRaw(),
      messages: this.messages.toRaw(),
      texts: this.texts.toRaw(),
    }
  }

  /** The same without a copy of the tables: good until the next event. */
  view(): RawWorld {
    return {
      actions: this.actions.view(),
      messages: this.messages.view(),
      texts: this.texts.view(),
      sessions: this.sessions,
      agents: this.agents,
      tools: this.tools.list,
      models: this.models.list,
      reasons: this.reasons.list,
      files: this.files.list,
      orphans: [...this.orphans.values()],
      skippedCount: this.skippedCount,
      skipped: this.skipped,
    }
  }
}

export interface RawWorld {
  readonly actions: RawTable<typeof ACTION_COLUMNS>
  readonly messages: RawTable<typeof MESSAGE_COLUMNS>
  readonly texts: readonly Uint8Array[]
  readonly sessions: readonly Session[]
  readonly agents: readonly Agent[]
  readonly tools: readonly string[]
  readonly models: readonly string[]
  readonly reasons: readonly string[]
  readonly files: readonly string[]
  readonly orphans: readonly (Decided & Actor)[]
  readonly skippedCount: number
  readonly skipped: readonly Skipped[]
}

/** Strings as small numbers. */
export class Names {
  readonly list: string[] = []
  readonly #index = new Map<string, number>()

  /** Only those that are in use. @returns their new numbers by the old ones */
  keep(used: Uint8Array): Uint32Array {
    const before = this.list.splice(0)
    this.#index.clear()
    return Uint32Array.from(before, (name, i) => (used[i] === 1 ? this.of(name) : 0))
  }

  of(name: string): number {
    const known = this.#index.get(name)
    if (known !== undefined) return known
    const index = this.list.push(name) - 1
    this.#index.set(name, index)
    return index
  }

  at(index: number): string {
    return this.list[index] ?? ''
  }
}

export function newSession(id: string): Session {
  return {
    id,
    client: '',
    version: '',
    model: '',
    permissionMode: '',
    modes: [],
    cwd: '',
    title: '',
    entrypoint: '',
    saidAt: {},
    firstAt: 0,
    lastAt: 0,
    presence: null,
    tokens: noTokens(),
    costUsd: 0,
    costByModel: {},
    unpriced: [],
    uncounted: 0,
    clientCost: null,
    counts: noCounts(),
    streak: { inRow: 0, total: 0, open: true },
    requests: { total: 0, failed: 0, retried: 0 },
  }
}

/** No client's id is longer; one that is must not take the summary's place. */
const ID_CHARS = 500

/** What is kept of both: an id is whatever an API made up, also one with a newline. */
export function textFor(id: string, summary: string): string {
  const kept = id.slice(0, ID_CHARS).replace(/[\\\n]/g, it => (it === '\n' ? '\\n' : '\\\\'))
  return `${kept}\n${summary}`
}

/** The id and the summary of an action. */
export function textsOf(world: World, row: number): { id: string; summary: string } {
  const { textBlock, textAt, textLength } = world.actions.columns
  const text = world.texts.read({
    block: textBlock[row] ?? 0,
    at: textAt[row] ?? 0,
    length: textLength[row] ?? 0,
  })
  const cut = text.indexOf('\n')
  const id = text.slice(0, cut)
  return {
    id: id.includes('\\') ? id.replace(/\\(.)/g, (_, it) => (it === 'n' ? '\n' : it)) : id,
    summary: text.slice(cut + 1),
  }
}

export function lineOf(world: World, row: number): LineRef {
  const { file, offset, length } = world.actions.columns
  return {
    file: world.files.at(file[row] ?? 0),
    offset: offset[row] ?? 0,
    length: length[row] ?? 0,
  }
}

/** What the client itself exported, beside what transcripts and the gate tell. `fold` alone changes it. */
import type { Answered } from './gate-event.ts'

/** Sums over the requests of one session with one purpose, as the client reckons. */
export interface Spent {
  requests: number
  failed: number
  /** Of cache writes the client does not tell for how long: they are all in one. */
  tokens: { input: number; output: number; cacheRead: number; cacheWrite: number }
  /** US dollars, of those whose cost was told. */
  costUsd: number
  /** Milliseconds that the requests took. */
  ms: number
}

/** What the client told of one action. The later word of a kind stands. */
export interface ToldOfAction {
  /** Null when only its end was told. */
  decision: 'accept' | 'reject' | null
  /** In the client's words: `config`, `hook`, `user_temporary`, … */
  source: string
  /** What the client's own classifier said: `allow`, `block`, in its words; `''` when not told. */
  classifier: string
  /** How long the tool itself ran, ms; null when not told. */
  runMs: number | null
}

/** Who told of a request. */
export type Teller = Answered['origin']

interface Counted {
  /** When it was told first, Unix ms. */
  readonly at: number
  checkpoint: boolean
  telemetry: boolean
  failed: boolean
  retried: boolean
}

export class Telemetry {
  /** By session, and in it by the client's word for what the request was for. */
  readonly spent = new Map<string, Map<string, Spent>>()
  /** By hashId of session and action. */
  readonly actions = new Map<number, ToldOfAction>()
  /** Requests with an id that were told, by hashId of session and id. */
  readonly requests = new Map<number, Counted>()
  /** What each request was for, by the same. */
  readonly purposes = new Map<number, string>()
  /** How many requests without an id each told of, by session. */
  readonly nameless = new Map<string, Record<Teller, number>>()
  /** When nameless ones that were told were made, so that a copy does not count. */
  readonly copies = new Map<number, number>()
  /** Rows of which something new was told since the reader last emptied it: what they show stays. */
  readonly touched = new Set<number>()
  /** Who told of requests at all. */
  readonly tellers = new Set<Teller>()
}

/**
 * What the journal tells, as events: its entries without what nobody shows. Where an entry is about
 * all sessions, `session` is `''`.
 */
import type { EntryBody, EntryOf } from './entry.ts'
import type { LineRef } from './event.ts'

/** The gate answers for a session; or its role, mode or preconditions changed. */
export type Gated = { readonly type: 'gated' } & Readonly<
  Omit<EntryOf<'session'>, 'type' | 'transcript'>
>

/** The client asked the gate about an action, and this is what the gate answered. */
export type Judged = Readonly<Omit<EntryOf<'judged'>, 'input' | 'facts'>> & {
  /** One line for people, already short. Text of an agent: never print it as it is. */
  readonly summary: string
  /** Where the entry stands in the journal. */
  readonly line: LineRef
}

/** A request to the model is over: an exact account, also of those that no transcript tells. */
export type Answered = Readonly<Omit<EntryOf<'request'>, 'type'>> & {
  readonly type: 'request'
  /**
   * A checkpoint saw it, or the client's own telemetry tells of it. That knows neither answer nor agent,
   * nor for how long a cache write was: they are all in `cacheWrite5m`.
   */
  readonly origin: 'checkpoint' | 'telemetry'
  /** What it was for, in the client's words; `''` where a checkpoint saw it. */
  readonly querySource: string
  /** US dollars; null when the model's price is not known. */
  readonly costUsd: number | null
}

/** A model was asked about an action, or should have been. */
export type Reviewed = Readonly<EntryOf<'reviewed'>>

export type Paused = Readonly<Omit<EntryOf<'paused'>, 'session'>> & { readonly session: string }
export type Resumed = Readonly<Omit<EntryOf<'resumed'>, 'session'>> & { readonly session: string }

/** Entries that are events as they are. */
type AsWritten = Exclude<
  EntryBody['type'],
  'session' | 'session-ended' | 'judged' | 'request' | 'paused' | 'resumed' | 'pruned'
>

/** The journal was read to its end, at this time. */
export interface JournalRead {
  readonly type: 'journal-read'
  readonly at: number
}

export type GateEvent =
  | Gated
  | Judged
  | Answered
  | Paused
  | Resumed
  | JournalRead
  | { [T in AsWritten]: Readonly<EntryOf<T>> }[AsWritten]

export type GateEventOf<T extends GateEvent['type']> = Extract<GateEvent, { type: T }>

/** What is worth a line for people, whichever screen or person it came from. */
export const NOTICES = [
  'gate-started',
  'gate-stopped',
  'healed',
  'granted',
  'grant-ended',
  'paused',
  'resumed',
  'trusted',
  'untrusted',
  'command',
  'alert',
  'policy',
] as const satisfies readonly GateEvent['type'][]
export type Notice = GateEventOf<(typeof NOTICES)[number]>

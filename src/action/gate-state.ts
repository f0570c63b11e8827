/** What the gate told, beside the rows that the transcripts told. `fold` alone changes it. */
import type { Decision } from './action.ts'
import type {
  Answered,
  Gated,
  GateEventOf,
  Judged,
  Notice,
  Paused,
  Resumed,
  Reviewed,
} from './gate-event.ts'
import { hashId } from './hash-index.ts'
import { ReviewSums } from './review-sums.ts'

/** What the transcript says of an action, before the gate's word is put to it. */
export interface Told extends Decision {
  readonly decidedAt: number
  readonly finishedAt: number
}

/** All that the journal says of one action. The newest entry of a kind stands. */
export interface GateAction {
  readonly session: string
  readonly id: string
  judged: Judged | null
  /** What a reviewer said of it, or why it said nothing. */
  reviewed: Reviewed | null
  asked: GateEventOf<'asked'> | null
  answered: GateEventOf<'answered'> | null
  clientDenied: GateEventOf<'client-denied'> | null
  ran: GateEventOf<'ran'> | null
  /** Null while only the journal knows the action. */
  told: Told | null
  /** Null while it has no row. */
  row: number | null
}

export interface GateSession {
  /** The newest word on it. */
  said: Gated
  /** From when on every action must have a record, Unix ms. */
  since: number
}

export interface Grant {
  granted: GateEventOf<'granted'> | null
  ended: GateEventOf<'grant-ended'> | null
}

/** Why an action of a gated session is not what the gate let through. */
export type Ungated = 'no-record' | 'late-record' | 'other-input' | 'ran-though-refused'

/** So many of the newest notices are kept. */
export const MAX_NOTICES = 500
/** The same of reviews. */
export const MAX_REVIEWS = 50_000
/** The same of requests; of older ones only the sums are known. */
export const MAX_REQUESTS = 5000

export class GateState {
  /**
   * A row is only made from the journal once all transcripts were read: a forked session repeats
   * lines of another, and whose they are is told by the transcripts alone.
   */
  historyRead = false
  /** By hashId of the action's id; ids of different sessions can meet. */
  readonly actions = new Map<number, GateAction[]>()
  readonly byRow = new Map<number, GateAction>()
  /** Judged actions, in the order they were read. */
  readonly judged: GateAction[] = []
  /** Judged, and to be given a row when the history is read and no transcript has it. */
  readonly waiting = new Set<GateAction>()
  /** Rows that only the journal knows. */
  readonly early = new Set<number>()
  /** Which answer of a model a call came with, as a checkpoint saw it: hashIds of both. */
  readonly answerOf = new Map<number, number>()
  /** The newest requests that a checkpoint saw, by the hashId of their answer. */
  readonly requests = new Map<number, Answered>()
  /** Rows of answers that a checkpoint saw, and no transcript told. */
  readonly untold = new Set<number>()
  /** The newest reviews, in the order they were read. */
  readonly reviews: Reviewed[] = []
  /** Of all reviews, also those that are no longer kept. */
  readonly reviewSums = new ReviewSums()
  /** The newest one that says how the reviewer is: what it had kept says nothing of that. */
  lastReview: Reviewed | null = null
  readonly sessions = new Map<string, GateSession>()
  /** When a person typed what asks to take something back, by session. */
  readonly takenBack = new Map<string, number[]>()
  /** How often the breaker turned a session to asking. */
  readonly tripped: GateEventOf<'alert'>[] = []
  /** The last word of each session, and of all under `''`. */
  readonly pauses = new Map<string, Paused | Resumed>()
  readonly grants = new Map<string, Grant>()
  /** Oldest first. */
  readonly notices: Notice[] = []
  policy: GateEventOf<'policy'> | null = null
  /** Up to when the journal is known, Unix ms. */
  readAt = 0
  /** Rows without a record that may still come, and those that are ungated for certain. */
  readonly suspects = new Set<number>()
  readonly ungated = new Map<number, Ungated>()

  /** What the gate said of an action so far; null when nothing, or when it is forgotten. */
  find(session: string, id: string): GateAction | null {
    return this.actions.get(hashId(id))?.find(it => it.session === session) ?? null
  }
}

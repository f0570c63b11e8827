/** The vocabulary of an action, as on the screen, in JSON and in the docs. */

/** `undecided`: seen passively, running or waiting, and not knowable which. */
export const STATES = ['undecided', 'pending', 'approved', 'blocked'] as const
export type State = (typeof STATES)[number]

/** `none`: it never ran (blocked), or waits for a person. */
export const OUTCOMES = ['none', 'running', 'succeeded', 'failed', 'interrupted'] as const
export type Outcome = (typeof OUTCOMES)[number]

/**
 * Who decided. `unknown`: the client left no trace. `unattended`: a person was needed and none was
 * there. `outage`: no verdict could be had; counted apart, never as a block.
 */
export const DECIDERS = [
  'unknown',
  'rule',
  'mode',
  'classifier',
  'judge',
  'reviewer',
  'user',
  'foreign-hook',
  'unattended',
  'outage',
] as const
export type DecidedBy = (typeof DECIDERS)[number]

/** What a pending action waits for. */
export const WAITS = ['none', 'permission', 'answer', 'plan'] as const
export type Wait = (typeof WAITS)[number]

export interface Decision {
  readonly state: State
  readonly outcome: Outcome
  readonly decidedBy: DecidedBy
  /** Why, in the words of whoever decided; empty when nothing was said. */
  readonly reason: string
}

/** Begins the reason of a failed call that the client took for malformed: nothing was run. */
export const NEVER_RAN = 'not run: '

/** Tokens of one model answer, or of many. */
export interface Tokens {
  input: number
  output: number
  cacheRead: number
  cacheWrite5m: number
  cacheWrite1h: number
  /** Part of `output` where the client says so, else 0. */
  thinking: number
}

export const TOKEN_KINDS = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'thinking',
] as const satisfies readonly (keyof Tokens)[]

export function noTokens(): Tokens {
  return { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, thinking: 0 }
}

/** All tokens once: thinking is part of output. */
export function totalTokens(t: Tokens): number {
  return t.input + t.output + t.cacheRead + t.cacheWrite5m + t.cacheWrite1h
}

export interface Counts {
  total: number
  approved: number
  /** Refusals; those for an outage are in `outages` only. */
  blocked: number
  pending: number
  undecided: number
  outages: number
  failed: number
}

export function noCounts(): Counts {
  return { total: 0, approved: 0, blocked: 0, pending: 0, undecided: 0, outages: 0, failed: 0 }
}

/** Adds one action (or takes it out, with `times` -1). */
export function count(counts: Counts, decision: Omit<Decision, 'reason'>, times = 1): void {
  counts.total += times
  if (decision.decidedBy === 'outage') counts.outages += times
  else counts[decision.state] += times
  if (decision.outcome === 'failed') counts.failed += times
}

export function addCounts(to: Counts, more: Counts): void {
  to.total += more.total
  to.approved += more.approved
  to.blocked += more.blocked
  to.pending += more.pending
  to.undecided += more.undecided
  to.outages += more.outages
  to.failed += more.failed
}

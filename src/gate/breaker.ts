/** Turns a session to asking when its agent runs against the wall again and again. */
import type { Breaker } from '../config/policy.ts'

export interface Run {
  /** Denials since the last action that was not denied. */
  readonly inRow: number
  /** The last actions, newest last: true is a denial. */
  readonly recent: readonly boolean[]
}

export const NO_RUN: Run = { inRow: 0, recent: [] }

/** The run after one more action. Outages are no denials: do not count them here. */
export function after(run: Run, denied: boolean, { last }: Breaker): Run {
  return { inRow: denied ? run.inRow + 1 : 0, recent: [...run.recent, denied].slice(-last) }
}

/** Why it trips, for people; `''` while it does not. */
export function tripped(run: Run, { inRow, of, last }: Breaker): string {
  if (run.inRow >= inRow) return `${run.inRow} actions in a row were denied`
  const denied = run.recent.filter(Boolean).length
  return denied >= of
    ? `${denied} of the last ${Math.min(last, run.recent.length)} actions were denied`
    : ''
}

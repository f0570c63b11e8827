/** One line of the table in docs/reliability.md. */
export interface Proof {
  readonly what: string
  /** As measured, with its unit. */
  readonly figure: string
  /** What it must keep, in the form that was run. */
  readonly bound: string
  readonly kept: boolean
}

/** @param short the form of every commit: the same code with fewer rounds, in a minute at most */
export type Prove = (short: boolean) => Promise<Proof[]>

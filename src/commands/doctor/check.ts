/** One thing that was looked at, and how to mend it. */
export interface Check {
  readonly name: string
  /** A warning is worth knowing; a problem makes the exit code 1. */
  readonly state: 'ok' | 'warning' | 'problem'
  readonly text: string
  /** `''` when nothing is to be done. */
  readonly mend: string
}

export const ok = (name: string, text: string): Check => ({ name, state: 'ok', text, mend: '' })
export const warning = (name: string, text: string, mend: string): Check => ({
  name,
  state: 'warning',
  text,
  mend,
})
export const problem = (name: string, text: string, mend: string): Check => ({
  name,
  state: 'problem',
  text,
  mend,
})

/** One-time permissions: the same tool, input, folder and agent, once or for a while. */
import { createHash, randomUUID } from 'node:crypto'
import type { EntryOf } from '../action/entry.ts'

/** What must be the same for a grant to fit. */
export interface CallKey {
  readonly session: string
  readonly agent: string
  readonly tool: string
  readonly inputHash: string
  readonly cwd: string
}

export interface Grant extends CallKey {
  readonly id: string
  /** The call it was given for. */
  readonly action: string
  /** Unix ms */
  readonly until: number
  readonly uses: 'once' | 'always'
}

type Ended = (grant: Grant, why: EntryOf<'grant-ended'>['why']) => void

export class Grants {
  readonly #grants = new Map<string, Grant>()
  /** When each is over, on a clock that nobody sets. */
  readonly #over = new Map<string, number>()
  readonly #ended: Ended

  /** @param ended is told of every grant that no longer counts */
  constructor(ended: Ended) {
    this.#ended = ended
  }

  /** @param now Unix ms, as `until` */
  give(call: CallKey, action: string, until: number, uses: Grant['uses'], now: number): Grant {
    const { session, agent, tool, inputHash, cwd } = call
    const id = randomUUID().slice(0, 8)
    const grant = { session, agent, tool, inputHash, cwd, id, action, until, uses }
    this.#keep(grant, until - now)
    return grant
  }

  /** Puts back what an earlier gate gave at `givenAt`: where the clock was set back, it is no longer for it. */
  restore(grant: Grant, givenAt: number, now: number): void {
    this.#keep(grant, grant.until - Math.max(now, givenAt))
  }

  #keep(grant: Grant, ms: number): void {
    this.#grants.set(grant.id, grant)
    this.#over.set(grant.id, performance.now() + ms)
  }

  /** The grant that fits a call; null when there is none. */
  find(key: CallKey, now: number): Grant | null {
    this.expire(now)
    return [...this.#grants.values()].find(grant => fits(grant, key)) ?? null
  }

  use(grant: Grant): void {
    if (grant.uses === 'once') this.#end(grant, 'used')
  }

  /** @returns false when there is no such grant */
  revoke(id: string): boolean {
    const grant = this.#grants.get(id)
    if (grant !== undefined) this.#end(grant, 'revoked')
    return grant !== undefined
  }

  expire(now: number): void {
    for (const grant of this.#grants.values())
      if (grant.until <= now || (this.#over.get(grant.id) ?? 0) <= performance.now())
        this.#end(grant, 'expired')
  }

  endSession(session: string): void {
    for (const grant of this.#grants.values())
      if (grant.session === session) this.#end(grant, 'session-ended')
  }

  #end(grant: Grant, why: EntryOf<'grant-ended'>['why']): void {
    this.#grants.delete(grant.id)
    this.#over.delete(grant.id)
    this.#ended(grant, why)
  }
}

/** Is it the same call, or another one just like it? */
export const fits = (grant: CallKey, key: CallKey): boolean =>
  grant.session === key.session &&
  grant.agent === key.agent &&
  grant.tool === key.tool &&
  grant.inputHash === key.inputHash &&
  grant.cwd === key.cwd

/** Tools whose `description` is the agent's own remark; for others it may be what they send. */
const REMARKS = /^(Bash|Agent|Task|Monitor)$/

/** The same for the same input, whatever the order of its keys; the agent's own remark apart. */
export function hashInput(tool: string, input: unknown): string {
  return createHash('sha256')
    .update(canonical(input, REMARKS.test(tool)))
    .digest('hex')
    .slice(0, 32)
}

function canonical(value: unknown, top = false): string {
  if (Array.isArray(value)) return `[${value.map(item => canonical(item)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value)
    .filter(([name, item]) => item !== undefined && !(top && name === 'description'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`
}

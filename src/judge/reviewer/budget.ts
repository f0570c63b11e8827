/** What reviews have cost, by session and day, against what they may. */

import { type Tokens, totalTokens } from '../../action/action.ts'
import type { ReviewerBudget } from '../../config/policy.ts'

export interface Spent {
  readonly session: string
  /** Unix ms */
  readonly at: number
  readonly tokens: Tokens
  /** US dollars; null where the price is not known. */
  readonly costUsd: number | null
}

interface Sum {
  usd: number
  tokens: number
}

export class Spending {
  readonly #sessions = new Map<string, Sum>()
  #day = ''
  #today: Sum = { usd: 0, tokens: 0 }

  add({ session, at, tokens, costUsd }: Spent): void {
    this.#turn(at)
    const own = this.#sessions.get(session) ?? { usd: 0, tokens: 0 }
    this.#sessions.set(session, own)
    for (const sum of [own, this.#today]) {
      sum.usd += costUsd ?? 0
      sum.tokens += totalTokens(tokens)
    }
  }

  /** Which budget is spent, for people; `''` while none is. */
  over(budget: ReviewerBudget, session: string, now: number): string {
    this.#turn(now)
    const own = this.#sessions.get(session) ?? { usd: 0, tokens: 0 }
    if (own.usd >= budget.sessionUsd) return `this session's budget of ${usd(budget.sessionUsd)}`
    if (this.#today.usd >= budget.dayUsd) return `today's budget of ${usd(budget.dayUsd)}`
    if (own.tokens >= budget.sessionTokens)
      return `this session's budget of ${budget.sessionTokens} tokens`
    return this.#today.tokens >= budget.dayTokens
      ? `today's budget of ${budget.dayTokens} tokens`
      : ''
  }

  /** Where the clock was set back, what was spent stays spent. */
  #turn(at: number): void {
    const day = dayOf(at)
    if (day > this.#day) this.#today = { usd: 0, tokens: 0 }
    this.#day = day
  }
}

/** As the user's clock has it: a budget of a day begins anew at midnight. */
function dayOf(at: number): string {
  const date = new Date(at)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

const usd = (amount: number): string => `$${amount}`

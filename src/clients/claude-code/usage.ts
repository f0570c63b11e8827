import type { Tokens } from '../../action/action.ts'

/** As the client's API tells it of one answer. */
export interface Usage {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  /** All cache writes, and those of them whose lifetime is told. */
  readonly cacheWrite: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly thinking: number
}

/**
 * Cache writes are counted from the split by lifetime; what the total has beyond it counts as five
 * minutes (VERIFIED: the split is 0/0 beside a total on some platforms).
 */
export function tokensOf(usage: Usage): Tokens {
  const { input, output, cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h, thinking } = usage
  const untold = Math.max(0, cacheWrite - cacheWrite5m - cacheWrite1h)
  return { input, output, cacheRead, cacheWrite5m: cacheWrite5m + untold, cacheWrite1h, thinking }
}

type Fields = Readonly<Record<string, unknown>>

/** What the `usage` of every answer tells; the API has null for no cache. */
const isTold: Readonly<Record<string, (value: unknown) => boolean>> = {
  input_tokens: isNumber,
  output_tokens: isNumber,
  cache_read_input_tokens: value => value === null || isNumber(value),
  cache_creation_input_tokens: value => value === null || isNumber(value),
}

/** Whether all is told that the cost of an answer is made of. */
export const isWholeUsage = (f: Fields): boolean =>
  Object.entries(isTold).every(([name, fits]) => fits(f[name]))

/** The `usage` of an answer; what is not told counts as none. */
export function usageOf(f: Fields): Usage {
  const split = fieldsOf(f.cache_creation)
  const details = fieldsOf(f.output_tokens_details)
  return {
    input: amount(f.input_tokens),
    output: amount(f.output_tokens),
    cacheRead: amount(f.cache_read_input_tokens),
    cacheWrite: amount(f.cache_creation_input_tokens),
    cacheWrite5m: amount(split.ephemeral_5m_input_tokens),
    cacheWrite1h: amount(split.ephemeral_1h_input_tokens),
    thinking: amount(details.thinking_tokens),
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number'
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** A finite number that is not negative, else 0. */
export const amount = (value: unknown): number =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY ? value : 0

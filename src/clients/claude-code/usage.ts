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

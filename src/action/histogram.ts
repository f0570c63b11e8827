/** Durations in buckets that grow by 5 %: percentiles to within 2.5 %, mergeable, 2 KB each. */

const GROWTH = Math.log(1.05)
const BUCKETS = 512

export class Histogram {
  readonly counts: Float64Array
  count = 0

  constructor(counts = new Float64Array(BUCKETS)) {
    this.counts = counts
    for (const n of counts) this.count += n
  }

  /** @param ms a duration in milliseconds; not-a-number and negatives are not counted. */
  add(ms: number, times = 1): void {
    if (!(ms >= 0)) return
    const bucket = Math.min(BUCKETS - 1, Math.round(Math.log(ms + 1) / GROWTH))
    this.counts[bucket] = (this.counts[bucket] ?? 0) + times
    this.count += times
  }

  /** Takes these counts in. */
  take(counts: Float64Array): void {
    counts.forEach((n, i) => {
      this.counts[i] = (this.counts[i] ?? 0) + n
      this.count += n
    })
  }

  merge(other: Histogram): void {
    this.take(other.counts)
  }

  /** The p-th percentile in milliseconds (p from 0 to 1), or null when nothing was counted. */
  percentile(p: number): number | null {
    if (this.count <= 0) return null
    let left = Math.max(1, Math.ceil(this.count * p))
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.counts[i] ?? 0
      if (left <= 0) return Math.exp(i * GROWTH) - 1
    }
    return null
  }
}

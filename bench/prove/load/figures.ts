// How figures are taken and written.

/** Of values that ascend; not-a-number of none. */
export const at = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN

export const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b)

export const ms = (value: number): string =>
  value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`

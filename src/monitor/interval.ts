/** Wilson's interval at 95 %, as shares: what a count of so many says, and how little. */
export function wilson(hits: number, of: number): readonly [low: number, high: number] {
  if (of === 0) return [0, 1]
  const z = 1.959964
  const share = hits / of
  const base = 1 + z ** 2 / of
  const middle = share + z ** 2 / (2 * of)
  const spread = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))
  return [Math.max(0, (middle - spread) / base), Math.min(1, (middle + spread) / base)]
}

/** The word that takes the fewest keystrokes to come to; the first of several, `''` of none. */
export function nearest(typed: string, words: readonly string[]): string {
  const [best = ''] = words.toSorted((a, b) => strokes(typed, a) - strokes(typed, b))
  return best
}

/** Letters put in, taken out or replaced. */
function strokes(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries())
      next.push(
        Math.min(
          (next[j] ?? 0) + 1,
          (row[j + 1] ?? 0) + 1,
          (row[j] ?? 0) + (letter === other ? 0 : 1),
        ),
      )
    row = next
  }
  return row.at(-1) ?? 0
}

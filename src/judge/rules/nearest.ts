/** No word is longer; every letter more is held against each letter of all words. */
const LONGEST = 80

/** The word that takes the fewest keystrokes to come to; the first of several, `''` of none. */
export function nearest(typed: string, words: readonly string[]): string {
  const begin = typed.slice(0, LONGEST)
  const [best = ''] = words.toSorted((a, b) => strokes(begin, a) - strokes(begin, b))
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

/** The change from one text to another, as `diff -u` prints it. */

const AROUND = 3

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

export function unifiedDiff(name: string, before: string | null, after: string | null): string[] {
  const lines = compare(linesOf(before ?? ''), linesOf(after ?? ''))
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(({ sign }) => sign !== ' '),
  )
  const shown: string[] = []
  let [old, now] = [1, 1]
  for (const [i, { sign, text }] of lines.entries()) {
    if (near[i] && !near[i - 1]) {
      const end = near.indexOf(false, i)
      const hunk = lines.slice(i, end === -1 ? undefined : end)
      const count = (but: string): number => hunk.filter(line => line.sign !== but).length
      shown.push(`@@ -${range(old, count('+'))} +${range(now, count('-'))} @@`)
    }
    if (near[i])
      shown.push(...(text.endsWith('\n') ? [sign + text.slice(0, -1)] : [sign + text, NO_END]))
    if (sign !== '+') old++
    if (sign !== '-') now++
  }
  if (shown.length === 0) return []
  const side = (text: string | null): string => (text === null ? '/dev/null' : name)
  return [`--- ${side(before)}`, `+++ ${side(after)}`, ...shown]
}

const NO_END = '\\ No newline at end of file'

/** An empty range stands behind the line before it. */
const range = (start: number, count: number): string =>
  `${count === 0 ? start - 1 : start},${count}`

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Beyond this a table of both sides is too large: all in between is then said to be new. */
const MOST = 4_000_000

function compare(a: readonly string[], b: readonly string[]): Line[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end))
    end++
  const same = (lines: readonly string[]): Line[] => lines.map(text => ({ sign: ' ', text }))
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  return [...same(a.slice(0, start)), ...middle(left, right), ...same(a.slice(a.length - end))]
}

function middle(a: readonly string[], b: readonly string[]): Line[] {
  const table = a.length * b.length > MOST ? null : commonLengths(a, b)
  const width = b.length + 1
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    const down = table?.[(i + 1) * width + j] ?? 0
    const across = table?.[i * width + j + 1] ?? 0
    if (table !== null && left !== undefined && left === right) {
      lines.push({ sign: ' ', text: left })
      i++
      j++
    } else if (left !== undefined && (right === undefined || down >= across)) {
      lines.push({ sign: '-', text: left })
      i++
    } else if (right !== undefined) {
      lines.push({ sign: '+', text: right })
      j++
    }
  }
  return lines
}

/** How many lines the rests from `i` and `j` have in common, for all of them. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1
  const table = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i] === b[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0)
  return table
}

/** The table of tasks in docs/comparison.md: the keys that are tried out are those that it names. */
import { readFileSync } from 'node:fs'

export interface Way {
  /** How many, as the table says. */
  readonly count: number
  /** One by one, as they are written: `N`, `Enter`; a sentence to be typed is `…`. */
  readonly keys: readonly string[]
}

export interface Task {
  readonly task: string
  /** By the head of the column; none where the table says that it cannot be done. */
  readonly ways: ReadonlyMap<string, Way>
}

const FILE = new URL('../../docs/comparison.md', import.meta.url)

export function tasksOfDocs(): Task[] {
  const lines = readFileSync(FILE, 'utf8').split('\n')
  const head = lines.findIndex(line => line.startsWith('| task |'))
  const end = lines.findIndex((line, i) => i > head && !line.startsWith('|'))
  const [, ...columns] = cellsOf(lines[head] ?? '')
  return lines.slice(head + 2, end).map(line => {
    const [task = '', ...cells] = cellsOf(line)
    const ways = columns.flatMap((column, i) => {
      const way = wayOf(cells[i] ?? '')
      return way === null ? [] : [[column, way] as const]
    })
    return { task, ways: new Map(ways) }
  })
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim())

/** `**2**: `N` `o``; everything that is not in backticks is for people. */
function wayOf(cell: string): Way | null {
  const count = /^\*\*(\d+)\*\*/.exec(cell)?.[1]
  const keys = [...cell.matchAll(/`([^`]+)`/g)].map(([, key = '']) => key)
  return count === undefined ? null : { count: Number(count), keys }
}

const CODES: Readonly<Record<string, string>> = {
  Enter: '\r',
  Esc: '\u001b',
  '←': '\u001b[D',
  '↑': '\u001b[A',
  '↓': '\u001b[B',
}

/** What a terminal sends for a key. */
export const codeOf = (key: string): string => CODES[key] ?? key

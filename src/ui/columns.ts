/** A list as a table: what stands in each column, at which side, and on how wide a screen. */
import { pad, padLeft } from '../monitor/safe-text.ts'
import type { Cell } from './cells.ts'
import type { Role, Theme } from './theme.ts'

export interface Column<T> {
  readonly head: string
  /** Words stand at the left, numbers at the right. */
  readonly side: 'left' | 'right'
  /** 0: as wide as its text is, for the last one. */
  readonly width: number
  /** From so many columns of the screen on it is shown. */
  readonly from: number
  /** Safe text. */
  readonly text: (it: T) => string
  readonly role: Role | ((it: T) => Role)
}

type Made<T> = [
  head: string,
  width: number,
  from: number,
  text: Column<T>['text'],
  role?: Column<T>['role'],
]

const made =
  (side: Column<unknown>['side']) =>
  <T>(...[head, width, from, text, role = 'text']: Made<T>): Column<T> => ({
    ...{ head, side, width, from, text, role },
  })
export const left = made('left')
export const right = made('right')

/** So much of the last one is worth its place. */
const MIN_LAST = 8

/** In their order as many as fit: a number that is cut is another number. */
export function columnsFor<T>(all: readonly Column<T>[], columns: number): readonly Column<T>[] {
  let end = 0
  return all.filter(({ from, width }) => {
    if (columns < from) return false
    end += (end === 0 ? 0 : 1) + (width || MIN_LAST)
    return end <= columns
  })
}

export const headsOf = <T>(shown: readonly Column<T>[]): string[] =>
  shown.map(column => placed(column.head, column))

export function cellsOf<T>(shown: readonly Column<T>[], it: T, { role }: Theme): Cell[] {
  return shown.map(column => {
    const text = column.text(it)
    const of = typeof column.role === 'string' ? column.role : column.role(it)
    // What did not happen is nothing to look at.
    return { text: placed(text, column), style: role[text === '0' || text === '-' ? 'dim' : of] }
  })
}

function placed<T>(text: string, { side, width }: Column<T>): string {
  if (width === 0) return text
  return side === 'left' ? pad(text, width) : padLeft(text, width)
}

/** Lines of a picture, laid out in so many columns and painted. */
import { clip, width, wrap } from '../monitor/safe-text.ts'
import type { Role, Style } from '../ui/theme.ts'

export interface Line {
  /** Safe to print. */
  readonly text: string
  readonly indent?: number
  readonly role?: Role
  /** The verdict rests on it. */
  readonly mark?: boolean
  /**
   * How many rows of it are shown, broken wherever they are full. Without it all of them, broken
   * between words.
   */
  readonly most?: number
  /** What of it is underlined; only where `most` is given. */
  readonly under?: { readonly from: number; readonly to: number; readonly role: Role }
}

export type Paint = (role: Role) => Style

/** Left for the text, however far it is indented. */
const LEAST = 12
const MARK = '▶ '

export function drawn(lines: readonly Line[], columns: number, paint: Paint): string {
  return lines.flatMap(line => rowsOf(line, columns, paint)).join('\n')
}

function rowsOf(line: Line, columns: number, paint: Paint): string[] {
  const { role, mark = false, under } = line
  const most = Math.max(0, columns - MARK.length - LEAST)
  const space = ' '.repeat(Math.min(line.indent ?? 0, most))
  const texts = broken(line, Math.max(LEAST, columns - MARK.length - space.length))
  const style = role === undefined ? (text: string): string => text : paint(role)
  let at = 0
  return texts.flatMap((text, i) => {
    const gutter = mark && i === 0 ? paint(under?.role ?? role ?? 'text')(MARK) : '  '
    const row = text === '' ? '' : `${gutter}${space}${style(text)}`
    const from = at
    at += text.length
    if (under === undefined) return [row]
    const before = text.slice(0, Math.max(0, under.from - from))
    const inside = text.slice(before.length, Math.max(0, under.to - from))
    if (inside === '') return [row]
    const carets = paint(under.role)('^'.repeat(width(inside)))
    return [row, `  ${space}${' '.repeat(width(before))}${carets}`]
  })
}

function broken({ text, most }: Line, columns: number): string[] {
  if (most === undefined) return wordsBroken(text, columns)
  const rows = wrap(text, columns)
  if (rows.length <= most) return rows
  const last = rows[most - 1] ?? ''
  return [...rows.slice(0, most - 1), clip(`${last}…`, columns)]
}

function wordsBroken(text: string, columns: number): string[] {
  const rows: string[] = []
  let row = ''
  for (const word of text.split(' ')) {
    const longer = row === '' ? word : `${row} ${word}`
    if (width(longer) <= columns) {
      row = longer
      continue
    }
    if (row !== '') rows.push(row.trimEnd())
    const pieces = wrap(word, columns)
    row = pieces.pop() ?? ''
    rows.push(...pieces)
  }
  return [...rows, row]
}

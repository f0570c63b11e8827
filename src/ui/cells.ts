/** Pieces of a line whose width is known before they are coloured. */
import { clip, width } from '../monitor/safe-text.ts'
import type { Style } from './theme.ts'

const NUMBER = /^[\s$\d.,?+kMG%-]+$/

export interface Cell {
  /** Safe text. */
  readonly text: string
  readonly style: Style
}

/** As many cells as pad, two spaces apart; the last one that begins to fit is cut. */
export function line(cells: readonly Cell[], columns: number, gap = 2): string {
  let out = ''
  let used = 0
  for (const { text, style } of cells) {
    if (text === '') continue
    const space = used === 0 ? 0 : gap
    const room = columns - used - space
    if (room < Math.min(4, width(text))) break
    if (width(text) > room && NUMBER.test(text)) break
    const shown = clip(text, room)
    out += ' '.repeat(space) + style(shown)
    used += space + width(shown)
  }
  return out
}

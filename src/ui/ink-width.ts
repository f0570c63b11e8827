/**
 * How wide a text is, for Ink, which measures each that it draws. Lines in colour with signs of a column
 * each are nearly all that there is: what is made for any text takes a fifth of the processor time of a
 * busy screen for them, and 40 ms to load. The bundle has this in its place (build-ink.js).
 */
import { isColumnEach, width } from '../monitor/safe-text.ts'

const COLORS = /\u001b\[[\d;]*m/g

/** Of texts with other signs: each is measured five times in a frame. */
const known = new Map<string, number>()
const MOST_KNOWN = 1000

const widthInColor: typeof width = (text, options) => {
  if (options !== undefined) return width(text, options)
  const bare = text.includes('\u001b') ? text.replace(COLORS, '') : text
  return isColumnEach(bare) ? bare.length : (known.get(bare) ?? measured(bare))
}

function measured(text: string): number {
  const columns = width(text)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(text, columns)
  return columns
}

export default widthInColor

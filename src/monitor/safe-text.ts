/**
 * Text of an agent, made safe for a terminal: no escape sequence, no control byte, no direction
 * override, no invisible character gets through. What was taken out stays visible as an escape.
 */
import { createRequire } from 'node:module'
import { escapeOf, UNSAFE } from '../action/unsafe.ts'
import { glyphs, isAscii } from './glyphs.ts'
import { hidden } from './secrets.ts'

const PLAIN = /^[\x20-\x7e]*$/
/** A column each: letters of Europe, quotes, and signs that lines are made with. Measuring others takes a hundred times longer. */
const NARROW =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2190-\u2193\u2500-\u259f]*$/
const NOT_ASCII = /[^\x20-\x7e]/gu

/**
 * What joins, colours or selects the form of an emoji. Terminals do not agree how wide the result
 * is, so the parts are shown side by side: then all of them do.
 */
const EMOJI_JOINTS =
  /(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]?(?:\p{Emoji_Modifier}[\ufe0e\ufe0f]?)?(?:\u200d(?=\p{Extended_Pictographic}))?|\ufe0f(?=\u20e3)/gu

/** One line of an agent's, safe to print: it steers nothing, and shows no secret. */
export const safe = (text: string): string => printable(hidden(text))

/** One line of the user's own, which is shown as it was typed. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text
  const lines = text.replaceAll('\r\n', '\n')
  // Where only ASCII is shown, bytes of other letters are no letters, and may be obeyed.
  if (isAscii()) return lines.replace(NOT_ASCII, shown)
  return limitMarks(lines.replace(EMOJI_JOINTS, '').replace(UNSAFE, shown))
}

function shown(character: string): string {
  if (character === '\t') return ' '
  if (character === '\n' || character === '\r') return glyphs().newline
  return escapeOf(character)
}

/** Lines of a text, each safe to print; only newlines divide. */
export function safeLines(text: string): string[] {
  return hidden(text)
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map(line => printable(line.replaceAll('\t', '  ')))
}

/**
 * What is put on the clipboard: lines and tabs stay, for it may be pasted where they count; what a
 * terminal would obey, or take for the end of what is pasted, does not.
 */
export function pasteable(text: string): string {
  const lines = hidden(text).replaceAll('\r\n', '\n')
  return lines.replace(UNSAFE, it => (it === '\n' || it === '\t' ? it : escapeOf(it)))
}

/** A safe text inside one that names keys (`{quit}`): nothing in it is taken for the name of one. */
export const verbatim = (text: string): string => text.replaceAll('{', '{{}')

/** A letter may carry a few marks; a tower of them would write over other rows. */
function limitMarks(text: string): string {
  return text.replace(/(\p{M}{4})\p{M}+/gu, '$1')
}

type Measure = typeof import('string-width').default

/** Whether each character is a column. */
export const isColumnEach = (text: string): boolean => NARROW.test(text)

/** Columns on the screen of a safe text. */
export const width: Measure = (text, options) =>
  isColumnEach(text) ? text.length : columnsOf(text, options)

let measure: Measure | null = null

/** Its tables of emoji take longer to make than most commands run, and most texts need none. */
const columnsOf: Measure = (text, options) => {
  // What a package's default export is, its own types say.
  measure ??= (require('string-width') as typeof import('string-width')).default
  return measure(text, options)
}

const require = createRequire(import.meta.url)

let segmenter: Intl.Segmenter | null = null

/** What is seen as one character; the tables for it are loaded only when a text needs them. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** A safe text cut to at most so many columns, with a sign in place of what is missing. */
export function clip(text: string, columns: number): string {
  if (columns <= 0) return ''
  if (PLAIN.test(text))
    return text.length <= columns ? text : `${text.slice(0, columns - 1)}${glyphs().cut}`
  // No text of so many characters can be wanted whole, and segmenting is dear.
  const head = text.slice(0, columns * 8).replace(/[\ud800-\udbff]$/, '')
  if (head === text && width(text) <= columns) return text
  let out = ''
  let used = 0
  for (const { segment } of graphemesOf(head)) {
    const w = width(segment)
    if (used + w > columns - 1) break
    out += segment
    used += w
  }
  return `${out}${glyphs().cut}`
}

/** A safe text in exactly so many columns. */
export function pad(text: string, columns: number): string {
  const clipped = clip(text, columns)
  return clipped + ' '.repeat(Math.max(0, columns - width(clipped)))
}

export function padLeft(text: string, columns: number): string {
  const clipped = clip(text, columns)
  return ' '.repeat(Math.max(0, columns - width(clipped))) + clipped
}

/** A safe text in lines of at most so many columns. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const { segment: whole } of graphemesOf(text)) {
    const segment = width(whole) <= columns ? whole : glyphs().cut
    const w = width(segment)
    if (used + w > columns && used > 0) {
      lines.push(line)
      line = ''
      used = 0
    }
    line += segment
    used += w
  }
  lines.push(line)
  return lines
}

/** The same, broken between words where that can be; a longer word is broken where it must. */
export function wrapWords(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (width(longer) <= columns) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    const parts = wrap(word, columns)
    lines.push(...parts.slice(0, -1))
    line = parts.at(-1) ?? ''
  }
  return [...lines, line]
}

/**
 * What is too much to look through in the time that a verdict may take. Patterns and parsers take the
 * square of a line, a word or a depth, so that these are bounded, and by nothing that a clock says: the
 * same call is always answered the same way.
 */
export const MAX_COMMAND = 16 * 1024
export const MAX_CONTENT = 48 * 1024
const MAX_INPUT = 64 * 1024
const MAX_NODES = 4000
const MAX_NESTED = 24

const MAX_WORD = 1024
const MAX_BLANKS = 256
const MAX_OPEN = 40
const MAX_MARKS = 1200
const MAX_WORDS = 3000
/** The sum of the squares of its lines: sixteen lines of 700 letters, or one of 2800. */
const MAX_SQUARES = 8_000_000

/** @returns why a text is not looked through, or null when it is */
export function unreadable(text: string, most: number): string | null {
  if (text.length > most) return `longer than ${most / 1024} KB: not parsed`
  if (text.length < 512) return null
  let line = 0
  let word = 0
  let blanks = 0
  let open = 0
  let marks = 0
  let words = 0
  let squares = 0
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : NEWLINE
    const blank = code <= SPACE
    word = blank ? 0 : word + 1
    if (word === 1) words++
    blanks = blank ? blanks + 1 : 0
    line++
    if (word > MAX_WORD) return `a word longer than ${MAX_WORD} letters: not parsed`
    if (blanks > MAX_BLANKS) return `more than ${MAX_BLANKS} blanks in a row: not parsed`
    if (code === NEWLINE) {
      squares += line * line
      line = 0
    }
    if (OPENS.has(code)) open++
    else if (CLOSES.has(code)) open = Math.max(0, open - 1)
    else if (MARKS.has(code)) marks++
    if (open > MAX_OPEN) return `more than ${MAX_OPEN} brackets open at once: not parsed`
  }
  if (squares > MAX_SQUARES) return 'lines that are too long: not parsed'
  if (text.length > MAX_COMMAND) return null
  if (words > MAX_WORDS) return `more than ${MAX_WORDS} words: not parsed`
  return marks > MAX_MARKS ? `more than ${MAX_MARKS} marks: not parsed` : null
}

const NEWLINE = 10
const SPACE = 32
const codes = (text: string): ReadonlySet<number> =>
  new Set(Array.from(text, char => char.charCodeAt(0)))
const OPENS = codes('([{')
const CLOSES = codes(')]}')
const MARKS = codes(';&|<>$`=')

/** @returns why the input of a tool is not looked through, or null when it is */
export function unreadableInput(input: unknown, most = MAX_INPUT): string | null {
  let letters = 0
  let nodes = 0
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: input, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    if (++nodes > MAX_NODES) return `an input of more than ${MAX_NODES} parts`
    if (depth > MAX_NESTED) return `an input nested deeper than ${MAX_NESTED}`
    if (typeof value === 'string') {
      letters += value.length
      if (letters > most) return `an input longer than ${most / 1024} KB`
    } else if (Array.isArray(value) && value.length > MAX_NODES) {
      return `an input of more than ${MAX_NODES} parts`
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        letters += key.length
        open.push({ value: inner, depth: depth + 1 })
      }
    }
  }
  return null
}

/** The longest text in the input of a tool is what its patterns take longest for. */
export function unreadableText(input: unknown, most: number): string | null {
  if (typeof input === 'string') return unreadable(input, most)
  if (typeof input !== 'object' || input === null) return null
  for (const inner of Object.values(input)) {
    const why = unreadableText(inner, most)
    if (why !== null) return why
  }
  return null
}

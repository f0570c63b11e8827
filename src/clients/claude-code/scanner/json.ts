/**
 * Steps over the JSON of a line. Each takes the address where something begins and answers the one
 * after its end, or 0 when the bytes are not what it looks for. The first bytes of the memory are no
 * JSON, so a walk need not ask after every step: at or just behind 0 the next one does not fit.
 */

export const QUOTE: u8 = 0x22
export const COMMA: u8 = 0x2c
export const OPEN_BRACKET: u8 = 0x5b
export const CLOSE_BRACKET: u8 = 0x5d
export const OPEN_BRACE: u8 = 0x7b
export const CLOSE_BRACE: u8 = 0x7d
const BACKSLASH: u8 = 0x5c
const COLON: u8 = 0x3a
const LETTER_U: u8 = 0x75
const SPACE: u8 = 0x20
const DELETE: u8 = 0x7f

/** What a client writes after a line's bulk stands in so many bytes. */
const TAIL_BYTES: usize = 800
/** Numbers with more digits are not exact. */
const MAX_DIGITS: usize = 15

let lineEnd: usize = 0
/** Of the key that was passed last. */
let keyFrom: usize = 0
let keyTo: usize = 0
/** The number that was passed last. */
let number: f64 = 0
/** The bytes of the text that was passed last are its characters. */
let isPlain = false

export function beginLine(end: usize): void {
  lineEnd = end
}

/** Where the last part of the line begins, at `at` or behind it. */
export function tailFrom(at: usize): usize {
  return lineEnd - at > TAIL_BYTES ? lineEnd - TAIL_BYTES : at
}

/** Whether a text stands there. ASCII only; eight characters at a time, which are 16 bytes of ours. */
export function isText(from: usize, to: usize, text: string): bool {
  const length: usize = text.length
  if (to - from !== length) return false
  const wanted = changetype<usize>(text)
  for (let i: usize = 0; i < length; i += 8) {
    const here = v128.load_ext<u8>(from + i)
    const same = i16x8.bitmask(i16x8.eq(here, v128.load(wanted + (i << 1))))
    const left = length - i
    const all = left < 8 ? (1 << (left as i32)) - 1 : 0xff
    if ((same & all) !== all) return false
  }
  return true
}

/** From a string's opening quote to its closing one, when its bytes are its characters. */
export function plainEnd(from: usize): usize {
  if (load<u8>(from) !== QUOTE) return 0
  for (let at = from + 1; at < lineEnd; at += 16) {
    const bytes = v128.load(at)
    const quotes = i8x16.eq(bytes, i8x16.splat(QUOTE))
    const escapes = i8x16.eq(bytes, i8x16.splat(BACKSLASH))
    const deletes = i8x16.eq(bytes, i8x16.splat(DELETE))
    // Bytes beyond ASCII are negative.
    const low = i8x16.lt_s(bytes, i8x16.splat(SPACE))
    const stops = i8x16.bitmask(v128.or(v128.or(quotes, escapes), v128.or(deletes, low)))
    if (stops === 0) continue
    const stop = at + ctz(stops)
    return stop < lineEnd && load<u8>(stop) === QUOTE ? stop : 0
  }
  return 0
}

/** From behind the opening quote of any string. */
function afterText(from: usize): usize {
  for (let at = from; at < lineEnd; at += 16) {
    let quotes = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(QUOTE)))
    while (quotes !== 0) {
      const quote = at + ctz(quotes)
      if (quote >= lineEnd) return 0
      if (!isEscaped(quote, from)) return quote + 1
      quotes &= quotes - 1
    }
  }
  return 0
}

function isEscaped(quote: usize, from: usize): bool {
  let first = quote
  while (first > from && load<u8>(first - 1) === BACKSLASH) first--
  return ((quote - first) & 1) === 1
}

export function afterValue(at: usize): usize {
  const first = load<u8>(at)
  if (first === QUOTE) return afterText(at + 1)
  return first === OPEN_BRACE || first === OPEN_BRACKET ? afterNested(at) : afterWord(at)
}

function afterNested(from: usize): usize {
  let depth = 0
  let at = from
  while (at !== 0 && at < lineEnd) {
    const byte = load<u8>(at)
    if (byte === QUOTE) {
      at = afterText(at + 1)
      continue
    }
    at++
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth--
      if (depth === 0) return at
    }
  }
  return 0
}

/** A number, `true`, `false` or `null`. */
function afterWord(from: usize): usize {
  let at = from
  for (; at < lineEnd; at++) {
    const byte = load<u8>(at)
    const isWord = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a)
    if (!isWord && byte !== 0x2d && byte !== 0x2e && byte !== 0x2b && byte !== 0x45) break
  }
  return at === from ? 0 : at
}

/** A whole number that is not negative; `numberRead` is then the number. */
export function afterNumber(from: usize): usize {
  let at = from
  number = 0
  for (; at < lineEnd; at++) {
    const digit = load<u8>(at) - 0x30
    if (digit > 9) break
    number = number * 10 + (digit as f64)
  }
  return at === from || at - from > MAX_DIGITS ? 0 : at
}

export function numberRead(): f64 {
  return number
}

/** `{"key":` or `,"key":` */
export function afterKey(at: usize): usize {
  keyFrom = at + 2
  keyTo = plainEnd(at + 1)
  return keyTo !== 0 && load<u8>(keyTo + 1) === COLON ? keyTo + 2 : 0
}

/** Whether that key is this one. */
export function keyIs(name: string): bool {
  return isText(keyFrom, keyTo, name)
}

export function keyIsBytes(from: usize, length: usize): bool {
  return keyTo - keyFrom === length && memory.compare(keyFrom, from, length) === 0
}

/** The first place where a text stands, 0 when there is none. ASCII only, two characters or more. */
export function find(text: string, from: usize): usize {
  const length: usize = text.length
  const first = i8x16.splat(text.charCodeAt(0) as i8)
  const last = i8x16.splat(text.charCodeAt(text.length - 1) as i8)
  for (let at = from; at + length <= lineEnd; at += 16) {
    const firsts = i8x16.eq(v128.load(at), first)
    const lasts = i8x16.eq(v128.load(at + length - 1), last)
    let both = i8x16.bitmask(v128.and(firsts, lasts))
    for (; both !== 0; both &= both - 1) {
      const found = at + ctz(both)
      if (found + length <= lineEnd && isText(found, found + length, text)) return found
    }
  }
  return 0
}

/** From behind the opening quote of a string to where it ends, or has so many characters. */
export function endOfFirst(characters: i32, from: usize): usize {
  let at = from
  let left = characters
  isPlain = true
  while (at < lineEnd) {
    const byte = load<u8>(at)
    // The bytes of a character that come after its first belong to it.
    if (byte === QUOTE || (left === 0 && (byte & 0xc0) !== 0x80)) return at
    if (byte === BACKSLASH) at += load<u8>(at + 1) === LETTER_U ? 6 : 2
    else at++
    if (byte === BACKSLASH || byte > 0x7f) isPlain = false
    if ((byte & 0xc0) !== 0x80) left--
  }
  return 0
}

/** Whether the bytes of the text that was passed last are its characters. */
export function wasPlain(): bool {
  return isPlain
}

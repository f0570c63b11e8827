/** What in a text could steer a terminal or hide: the one list of it, for every way out. */

/**
 * Controls, format characters (direction overrides, zero-width, tags), lone surrogates, line and
 * paragraph separators, and what fonts do not draw.
 */
export const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const PLAIN = /^[\x20-\x7e]*$/

/** The text with an escape in place of each of them. For what another program shows: see `safe`. */
export const escaped = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(UNSAFE, escapeOf)

/** `\x1b`, `\u{202e}` */
export function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

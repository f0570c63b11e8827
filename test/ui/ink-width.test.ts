/** The short way to a text's width is as wide as the long one. */
import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import inkWidth from '../../src/ui/ink-width.ts'

const part = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.nat(0x2fff).map(code => String.fromCharCode(code)),
  fc.constantFrom(
    '\u001b[38;2;1;2;3m',
    '\u001b[0m',
    '\u001b[2K',
    '\u001b]8;;https://a\u0007',
    '▁',
    '…',
    '漢',
    '\u0301',
  ),
)
const text = fc.array(part).map(parts => parts.join(''))

test('of any text', () => {
  fc.assert(
    fc.property(text, it => {
      expect(inkWidth(it)).toBe(stringWidth(it))
    }),
    { numRuns: 2000 },
  )
})

test('of any text where sequences count as what they look like', () => {
  const options = { countAnsiEscapeCodes: true }
  fc.assert(
    fc.property(text, it => {
      expect(inkWidth(it, options)).toBe(stringWidth(it, options))
    }),
  )
})

test('of each letter of the plane that most texts are in, alone and twice', () => {
  const others = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code)).filter(
    it => inkWidth(it) !== stringWidth(it) || inkWidth(it + it) !== stringWidth(it + it),
  )
  expect(others).toEqual([])
})

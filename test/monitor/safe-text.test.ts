import xterm from '@xterm/headless'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import {
  clip,
  pad,
  padLeft,
  pasteable,
  safe,
  safeLines,
  width,
  wrap,
  wrapWords,
} from '../../src/monitor/safe-text.ts'

/** Everything an agent could write: any code unit, and the ones that steer more often than others. */
const anything: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.nat(0xffff).map(unit => String.fromCharCode(unit))).map(units => units.join('')),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...[
            '\u001b[2J',
            '\u001b]52;c;aGk=\u0007',
            '\u009b31m',
            '\u0090q\u009c',
            '\b',
            '\r',
            '\n',
          ],
          ...['\u202e', '\u2066', '\u200b', '\u200d', '\u2028', '\ufeff', '\u{e0041}', '\u0301'],
          ...['👩‍🚀', '🇩🇪', '👍🏽', '❤️', '漢', 'é', 'ﷺ', '\ud800', '\udc00', '\t', 'a'],
        ),
        fc.integer({ min: 0, max: 0x9f }).map(code => String.fromCharCode(code)),
      ),
      { maxLength: 60 },
    )
    .map(parts => parts.join('')),
)

/** C0, DEL, C1; direction; zero width; line separators; tags and other invisible; lone surrogates. */
const FORBIDDEN =
  /[\p{Cc}\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}\p{Cs}]/u

test('texts that are measured the fast way are as wide as they are', () => {
  const letters = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code))
  const safeOnes = [...letters, '…'].filter(it => safe(it) === it)
  for (const letter of safeOnes) expect(width(letter), letter).toBe(stringWidth(letter))
  const unit = fc.constantFrom(...safeOnes, '漢', '\u0301', '👍')
  fc.assert(
    fc.property(fc.string({ unit }), it => {
      expect(width(it)).toBe(stringWidth(it))
    }),
  )
})

describe('safe', () => {
  test('lets nothing through that steers a terminal or hides', () => {
    fc.assert(
      fc.property(anything, text => {
        expect(safe(text)).not.toMatch(FORBIDDEN)
      }),
      { numRuns: 1000 },
    )
  })

  test('leaves what is safe as it is', () => {
    fc.assert(
      fc.property(anything, text => {
        expect(safe(safe(text))).toBe(safe(text))
      }),
    )
    for (const text of ['git push origin main', 'größe 漢字', '🚀 🇩🇪 👍', 'a\\x1b'])
      expect(safe(text)).toBe(text)
  })

  const SHOWN: readonly (readonly [string, string])[] = [
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\u009b2J', '\\x9b2J'],
    ['one\r\ntwo\nthree\rfour', 'one⏎two⏎three⏎four'],
    ['a\tb', 'a b'],
    ['invoice\u202efdp.exe', 'invoice\\u{202e}fdp.exe'],
    ['pay\u200bpal', 'pay\\u{200b}pal'],
    ['a\u{e0041}b', 'a\\u{e0041}b'],
    ['\ud800', '\\u{d800}'],
    ['\u0000', '\\x00'],
    ['soft\u00adhyphen', 'soft\\xadhyphen'],
    // Terminals do not agree how wide a joined emoji is; of its parts they do.
    ['👩\u200d🚀', '👩🚀'],
    ['👍🏽', '👍'],
    ['❤\ufe0f', '❤'],
  ]

  test.each(SHOWN)('%j is shown as %s', (text, shown) => {
    expect(safe(text)).toBe(shown)
  })

  test('a joiner outside of an emoji hides as well as any other invisible character', () => {
    expect(safe('pay\u200dpal')).not.toBe('pay\u200dpal')
    expect(safe('\u200d\u200d')).not.toMatch(/\u200d/)
    expect(safe('rm\ufe0f -rf')).not.toMatch(/\ufe0f/)
  })

  test('a tower of marks is cut down', () => {
    expect(safe(`z${'\u0301'.repeat(500)}`)).toBe(`z${'\u0301'.repeat(4)}`)
  })

  test('lines are divided by newlines alone', () => {
    expect(safeLines('a\r\nb\u2028c\n\td')).toEqual(['a', 'b\\u{2028}c', '  d'])
  })
})

describe('what is copied', () => {
  test('keeps its lines and tabs, and nothing that ends a paste or steers where it is pasted', () => {
    expect(pasteable('make \\\n\tall\r\n')).toBe('make \\\n\tall\n')
    expect(pasteable('ls\u001b[201~\rrm -rf /')).toBe('ls\\x1b[201~\\x0drm -rf /')
    fc.assert(
      fc.property(anything, text => {
        expect(pasteable(text).replace(/[\n\t]/g, '')).not.toMatch(FORBIDDEN)
      }),
    )
  })
})

describe('in so many columns', () => {
  const columns = fc.integer({ min: 1, max: 60 })

  test('pad and padLeft take exactly that many', () => {
    fc.assert(
      fc.property(anything, columns, (text, n) => {
        expect(stringWidth(pad(safe(text), n))).toBe(n)
        expect(stringWidth(padLeft(safe(text), n))).toBe(n)
      }),
      { numRuns: 500 },
    )
  })

  test('clip takes at most that many, says when something is missing, and stays safe', () => {
    fc.assert(
      fc.property(anything, columns, (text, n) => {
        const whole = safe(text)
        const clipped = clip(whole, n)
        expect(stringWidth(clipped)).toBeLessThanOrEqual(n)
        expect(clipped).not.toMatch(FORBIDDEN)
        if (stringWidth(whole) <= n) expect(clipped).toBe(whole)
        else expect(clipped.endsWith('…')).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('clip never cuts a character in two', () => {
    expect(clip('漢字漢字', 4)).toBe('漢…')
    expect(clip('🇩🇪🇩🇪🇩🇪', 5)).toBe('🇩🇪🇩🇪…')
    const chain = '👨\u200d'.repeat(200)
    for (let n = 1; n < 40; n++) expect(clip(chain, n)).not.toMatch(/\p{Cs}/u)
    expect(clip('abc', 0)).toBe('')
    expect(clip('', 5)).toBe('')
  })

  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  /** Some scripts stack a character wider than a narrow column; it is shown as `…`. */
  const fitted = (text: string, n: number): string =>
    Array.from(graphemes.segment(text), ({ segment }) =>
      stringWidth(segment) <= n ? segment : '…',
    ).join('')

  test('wrapWords breaks between words, and a word where it must', () => {
    expect(wrapWords('every action is asked', 8)).toEqual(['every', 'action', 'is asked'])
    expect(wrapWords('to github.com/acme now', 8)).toEqual(['to', 'github.c', 'om/acme', 'now'])
    fc.assert(
      fc.property(anything, fc.integer({ min: 2, max: 40 }), (text, n) => {
        const shown = safe(text)
        const lines = wrapWords(shown, n)
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(n)
        expect(lines.join('').replaceAll(' ', '')).toBe(fitted(shown, n).replaceAll(' ', ''))
      }),
    )
  })

  test('wrap loses nothing that fits, and no line is wider', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 2, max: 60 }), (text, n) => {
        const lines = wrap(safe(text), n)
        expect(lines.join('')).toBe(fitted(safe(text), n))
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(n)
      }),
      { numRuns: 500 },
    )
  })
})

/** Where a terminal's cursor is after it got a text. */
async function cursorAfter(text: string, columns: number): Promise<{ x: number; y: number }> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 10, allowProposedApi: true })
  await new Promise<void>(resolve => terminal.write(`\u001b[5;1H${text}`, resolve))
  const { cursorX: x, cursorY: y } = terminal.buffer.active
  terminal.dispose()
  return { x, y: y + 1 }
}

describe('on a real terminal', () => {
  test('no text moves the cursor to another row', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async text => {
        const { y } = await cursorAfter(clip(safe(text), 80), 1000)
        expect(y).toBe(5)
      }),
      { numRuns: 200 },
    )
  })

  test('also not when the row is just as wide as the text claims to be', async () => {
    for (const text of [
      '👨\u200d'.repeat(200),
      '漢'.repeat(100),
      `a${'\u0301'.repeat(9)}`.repeat(99),
    ])
      expect((await cursorAfter(pad(safe(text), 40), 40)).y).toBe(5)
  })
})

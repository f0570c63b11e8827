import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { terminalSafeJson } from '../../src/monitor/terminal-json.ts'

const anyJson = fc.jsonValue({ stringUnit: 'binary' })

describe('JSON for a terminal', () => {
  test('means the same', () => {
    fc.assert(
      fc.property(anyJson, value => {
        expect(JSON.parse(terminalSafeJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('has no character that steers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(terminalSafeJson({ [text]: text })).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
        )
      }),
      { numRuns: 1000 },
    )
  })

  test('leaves other languages readable', () => {
    expect(terminalSafeJson('größe 漢字 🚀')).toBe('"größe 漢字 🚀"')
  })
})

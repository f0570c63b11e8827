/** The model's answers, read strictly. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BadAnswer, oneLine, opinionIn, passedIn } from '../../../src/judge/reviewer/opinion.ts'

const ID = 'a1b2c3d4'
const WORDS = ['Please deploy the docs to staging, then tell me.']
const opinion = (more: object = {}): string =>
  JSON.stringify({
    id: ID,
    reason: 'It deploys.',
    quote: '',
    risk: 'low',
    authorisation: 'none',
    ...more,
  })

describe('an opinion', () => {
  test('is taken as it is, also after a model’s thinking and in a fence', () => {
    const right = { risk: 'low', authorisation: 'none', reason: 'It deploys.' }
    expect(opinionIn(opinion(), ID, WORDS)).toEqual(right)
    expect(opinionIn(`<think>{"risk":"low"}\nhm</think>\n${opinion()}`, ID, WORDS)).toEqual(right)
    expect(opinionIn(`\`\`\`json\n${opinion()}\n\`\`\``, ID, WORDS)).toEqual(right)
  })

  test('may cite the user’s words, in whatever case and spacing', () => {
    const cited = { authorisation: 'explicit', quote: 'deploy  the docs\nTO staging' }
    expect(opinionIn(opinion(cited), ID, WORDS).authorisation).toBe('explicit')
  })

  test.each([
    ['words nobody said', { authorisation: 'explicit', quote: 'deploy to production' }],
    ['no words', { authorisation: 'implied', quote: '' }],
    ['words too short to mean anything', { authorisation: 'implied', quote: 'the' }],
  ])('that cites %s is not believed', (_, more) => {
    expect(() => opinionIn(opinion(more), ID, WORDS)).toThrow(BadAnswer)
  })

  test.each([
    ['another id', { id: 'ffffffff' }],
    ['no reason', { reason: ' \u200b ' }],
    ['another risk', { risk: 'none' }],
    ['another type', { risk: 1 }],
  ])('with %s is none', (_, more) => {
    expect(() => opinionIn(opinion(more), ID, WORDS)).toThrow(BadAnswer)
  })

  test('is an opinion or a BadAnswer, whatever a server says', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map(json => `${opinion()}${json}`),
      fc.record({ id: fc.constant(ID), risk: fc.anything(), reason: fc.anything() }).map(it => {
        try {
          return JSON.stringify(it)
        } catch {
          return ''
        }
      }),
    )
    fc.assert(
      fc.property(texts, text => {
        for (const read of [opinionIn, passedIn])
          try {
            read(text, ID, WORDS)
          } catch (error) {
            expect(error).toBeInstanceOf(BadAnswer)
          }
      }),
    )
  })
})

test('an answer that is made to be slow to read is read at once', () => {
  const blanks = ' '.repeat(200_000)
  for (const text of [
    `\`\`\`${blanks}x`,
    `\`\`\`${blanks}x\`\`\``,
    '<think>'.repeat(100_000),
    `${blanks}{`,
  ]) {
    const began = performance.now()
    expect(() => passedIn(text, ID, WORDS)).toThrow(BadAnswer)
    expect(performance.now() - began).toBeLessThan(1000)
  }
})

test('a reason is one line, without tags and what a terminal acts on', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), text => {
      const line = oneLine(text)
      expect(line.length).toBeLessThanOrEqual(200)
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }),
  )
})

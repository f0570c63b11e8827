/** From an opinion to a verdict: the table, and what no opinion can do. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Judgement, TIERS, VERDICTS } from '../../../src/action/judgement.ts'
import { AUTHORISATIONS, type Review, RISKS } from '../../../src/action/review.ts'
import { isReviewable, reviewed, verdictFor } from '../../../src/judge/reviewer/verdict.ts'

const judgement = (tier: Judgement['tier'], verdict: Judgement['verdict']): Judgement => ({
  verdict,
  tier,
  rule: 'a-rule',
  reason: 'why',
  evidence: '',
  resources: [],
  clear: [],
})

const REVIEWS: fc.Arbitrary<Review> = fc.record({
  verdict: fc.constantFrom(...VERDICTS),
  risk: fc.constantFrom(null, ...RISKS),
  authorisation: fc.constantFrom(null, ...AUTHORISATIONS),
  reason: fc.string(),
  stage: fc.constantFrom(0, 1, 2),
  problem: fc.constant(''),
  cached: fc.boolean(),
})

describe('the table', () => {
  test('is what the docs say', () => {
    const table = RISKS.map(risk => AUTHORISATIONS.map(it => verdictFor(risk, it)).join(' '))
    expect(table).toEqual(['allow allow allow', 'ask allow allow', 'deny ask ask', 'deny deny ask'])
  })

  test('gives more to more authorisation, and less to more risk', () => {
    const worth = (risk: number, by: number): number =>
      ['deny', 'ask', 'allow'].indexOf(
        verdictFor(RISKS[risk] ?? 'critical', AUTHORISATIONS[by] ?? 'none'),
      )
    for (let risk = 0; risk < RISKS.length; risk++)
      for (let by = 0; by < AUTHORISATIONS.length; by++) {
        expect(worth(risk, by)).toBeLessThanOrEqual(worth(risk, Math.min(2, by + 1)))
        expect(worth(risk, by)).toBeGreaterThanOrEqual(worth(Math.min(3, risk + 1), by))
      }
  })
})

describe('no review', () => {
  test('turns a denial into an approval', () => {
    fc.assert(
      fc.property(REVIEWS, fc.constantFrom(...TIERS), (review, tier) => {
        expect(reviewed(judgement(tier, 'deny'), review).verdict).not.toBe(
          tier === 'uncertain' ? 'never' : 'allow',
        )
      }),
    )
  })

  test('changes anything of what is hard, asked by a rule, or allowed', () => {
    fc.assert(
      fc.property(
        REVIEWS,
        fc.constantFrom('hard_deny' as const, 'ask' as const, 'allow' as const),
        fc.constantFrom(...VERDICTS),
        (review, tier, verdict) => {
          const before = judgement(tier, verdict)
          expect(reviewed(before, review)).toBe(before)
          expect(isReviewable(before, new Set())).toBe(false)
        },
      ),
    )
  })

  test('of what a managed rule denies is asked for', () => {
    const denied = judgement('soft_deny', 'deny')
    expect(isReviewable(denied, new Set(['a-rule']))).toBe(false)
    expect(isReviewable(denied, new Set())).toBe(true)
  })
})

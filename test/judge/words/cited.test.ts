/** What a reviewer may cite as the user's wish. */
import { describe, expect, test } from 'vitest'
import { isMeant } from '../../../src/judge/words/cited.ts'

const QUOTE = 'deploy to production'

describe('a quote is meant', () => {
  test.each([
    ['as it stands there', ['Please deploy to production.']],
    ['in other case and spacing', ['Now  Deploy  to   production']],
    ['asked for politely', ['Could you deploy to production?']],
    ['with more behind it', ['Deploy to production, no need to ask.']],
    ['in a list of what to do', ['Please do:\n- push to main\n- deploy to production']],
    ['beside what is refused', ['Deploy to production, do not touch staging.']],
    [
      'said after it was refused',
      ['Do not deploy to production.', 'OK, deploy to production now.'],
    ],
    [
      'said again after it was taken back',
      ['Deploy to production. No, wait. Fine, deploy to production.'],
    ],
  ])('%s', (_, words) => {
    expect(isMeant(QUOTE, words)).toBe(true)
  })

  test('over more than one sentence', () => {
    expect(isMeant('Build it. Deploy to production.', ['Build it.\nDeploy to production.'])).toBe(
      true,
    )
  })
})

describe('a quote is not meant', () => {
  test.each([
    ['that nobody said', ['Deploy to staging.']],
    ['out of two messages', ['Please deploy', 'to production']],
    ['that is refused', ['Do not deploy to production.']],
    ['that nobody may do', ['Nobody may deploy to production.']],
    ['that is refused a clause before', ['Do not, under any circumstances, deploy to production.']],
    ['that is refused behind it', ['Deploy to production - no!']],
    ['that is left out', ['Do anything but deploy to production.']],
    ['in a list of what not to do', ['Please do not:\n- push to main\n- deploy to production']],
    ['that is forbidden behind it', ['To deploy to production is off limits today.']],
    ['that is not needed', ['No need to deploy to production.']],
    ['that is a question', ['Should we deploy to production?']],
    ['that has a condition', ['If the tests pass, deploy to production.']],
    ['that comes later', ['Show me the diff before you deploy to production.']],
    ['that is to be explained only', ['Explain how to deploy to production.']],
    ['that is told', ['Yesterday they did deploy to production.']],
    ['that somebody else says', ['The README says: deploy to production']],
    ['out of a log', ['Look at this:\n```\ndeploy to production\n```\nWhy?']],
    [
      'out of a long log in a long message',
      [`${'Look.\n'.repeat(900)}\`\`\`\n${'ok\n'.repeat(1500)}deploy to production\n\`\`\`\nWhy?`],
    ],
    ['that was refused later', ['Deploy to production.', 'Do not deploy to production.']],
    ['that was taken back', ['Deploy to production.', 'wait, stop']],
    ['that was taken back in the same breath', ['Deploy to production. Hmm, no, not today.']],
  ])('%s', (_, words) => {
    expect(isMeant(QUOTE, words)).toBe(false)
  })

  test('with its refusal, or a part that is one', () => {
    expect(isMeant('Do not deploy to production', ['Do not deploy to production.'])).toBe(false)
    const words = ['Deploy the docs. Never deploy to production.']
    expect(isMeant('Deploy the docs. Never deploy to production.', words)).toBe(false)
  })

  test('that is too short to mean anything, or too long to read', () => {
    expect(isMeant('the', ['Deploy the docs.'])).toBe(false)
    const began = performance.now()
    for (const unit of ['a/b.c ', '. ', '("', 'x'])
      expect(isMeant(unit.repeat(200_000), ['Deploy the docs.'])).toBe(false)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})

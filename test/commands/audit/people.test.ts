/** Who let through what was stopped, from a journal as the gate writes it. */
import { expect, test } from 'vitest'
import { DAY, START, Story } from './story.ts'

const PUSH = 'git push https://github.com/other/app main'

function overridden(story: Story, times: number, everyMs: number, person = 'dana'): Story {
  for (let i = 0; i < times; i++) {
    story.command('override', story.ask(PUSH), person)
    story.later(everyMs)
  }
  return story
}

test('who, how many, on which days, of which rules: told, and no failure', () => {
  const story = overridden(new Story(), 2, DAY)
  story.command('approve', story.ask('$TOOL --all'))
  story.command('approve', story.ask('$TOOL --all'), 'kim')
  const [dana, kim, ...more] = story.found(['overrides'])
  expect(more).toEqual([])
  expect(dana).toMatchObject({
    severity: 'info',
    what: 'dana overrode 2 blocks and approved 1 question (2026-11-22: 1, 2026-11-21: 1, 2026-11-20: 1); rules: push-external 2, uncertain 1',
    where: expect.stringMatching(/2026-11-22\.jsonl:\d+$/),
  })
  expect(kim?.what).toContain('kim overrode 0 blocks and approved 1 question')
})

test('refused commands, and others, are not counted', () => {
  const story = new Story()
  story.command('override', story.ask(PUSH), 'dana', false)
  story.command('deny', story.ask(PUSH))
  story.command('trust', '')
  expect(story.found(['overrides', 'overrides-of-one-rule'])).toEqual([])
})

test('one rule again and again by one person', () => {
  expect(overridden(new Story(), 5, DAY).found(['overrides-of-one-rule'])).toMatchObject([
    {
      severity: 'medium',
      what: 'dana overrode the rule push-external 5 times within 7 days (2026-11-20 to 2026-11-24)',
    },
  ])
})

test.each([
  ['four times', 4, DAY],
  ['over a longer time', 8, 2 * DAY],
])('but not %s', (_, times, every) => {
  expect(overridden(new Story(), times, every).found(['overrides-of-one-rule'])).toEqual([])
})

test('and not by several people together', () => {
  const story = overridden(overridden(new Story(), 3, DAY), 3, DAY, 'kim')
  expect(story.found(['overrides-of-one-rule'])).toEqual([])
})

test('--since leaves out what was before', () => {
  const story = overridden(new Story(), 5, DAY)
  const since = START + 2.5 * DAY
  expect(story.found(['overrides-of-one-rule'], { since })).toEqual([])
  expect(story.found(['overrides'], { since })[0]?.what).toContain('overrode 2 blocks')
})

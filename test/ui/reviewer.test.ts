/** What is seen of a reviewer: who it was, what it said and cost, and what is amiss with it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { detailLines } from '../../src/ui/details.ts'
import { loadThemes } from '../../src/ui/theme.ts'
import { asked, decided, present, worldOf } from '../helpers/events.ts'
import {
  asks,
  gated,
  historyRead,
  judged,
  reviewed,
  unreviewed,
  unsure,
} from '../helpers/gate-events.ts'
import { withGate } from './gate-harness.ts'
import { KEYS, renderApp } from './harness.ts'
import { testPictures } from './pictures.ts'

const { up, enter } = KEYS
const on = (text: string): string[] => ['/', text, enter, up]

const UNSURE = { judgement: unsure, role: 'decide' } as const
const ENV = { XDG_CONFIG_HOME: '/nonexistent', NO_COLOR: '1' }
const [theme] = loadThemes(ENV, 'dark', 1)
if (theme === undefined) throw new Error('no theme')

const DANGEROUS = 'sends a folder of the project to a host that nobody named'

/** It let one through, refused one, had kept an opinion, and left one to a person. */
const STORY: readonly Event[] = [
  gated(-5000, { role: 'decide' }),
  present(-4000, { status: 'busy' }),
  asked('lint', 0, { summary: 'npx lint-staged' }),
  reviewed('lint', 1200, { costUsd: null }),
  judged('lint', 1210, { ...UNSURE, answer: 'allow', by: 'reviewer' }),
  decided('lint', 2400),
  asked('send', 3000, { summary: 'sync-tool push build/ spare.example' }),
  reviewed('send', 5600, {
    verdict: 'deny',
    risk: 'high',
    reason: DANGEROUS,
    stage: 2,
    requests: 2,
    costUsd: 0.0105,
    ms: 2600,
  }),
  judged('send', 5610, { ...UNSURE, answer: 'deny', by: 'reviewer' }),
  decided('send', 5640, { state: 'blocked', outcome: 'none', decidedBy: 'foreign-hook' }),
  asked('again', 6000, { summary: 'npx lint-staged' }),
  reviewed('again', 6001, { cached: true, requests: 0, costUsd: 0, ms: 0 }),
  judged('again', 6002, { ...UNSURE, answer: 'allow', by: 'reviewer' }),
  decided('again', 7000),
  asked('late', 8000, { summary: 'weekly-job --all' }),
  unreviewed('late', 18_000, 'late', {
    reason: 'no second opinion: no answer within 10 s',
    requests: 1,
    ms: 10_000,
  }),
  judged('late', 18_010, { ...UNSURE, answer: 'ask' }),
  asks('late', 18_020, { why: 'no rule knows what it does' }),
  historyRead,
]

const story = () => withGate({ events: STORY }).monitor

describe('the whole screen', () => {
  testPictures(
    [
      { name: 'live', monitor: story, keys: [] },
      { name: 'details', monitor: story, keys: [...on('spare'), enter] },
      { name: 'no-opinion', monitor: story, keys: [...on('weekly'), enter] },
      { name: 'insights', monitor: story, keys: ['i', '['] },
    ],
    './screens/reviewer',
    [
      { columns: 40, rows: 15 },
      { columns: 80, rows: 24 },
      { columns: 120, rows: 40 },
    ],
  )

  test('in forty columns and many lines the counters are signs', async () => {
    const app = await renderApp(story(), { columns: 40, rows: 30 })
    expect(app.lines()).toContain('rev 4  + 2  x 1  ? 1  ~ 1  $0.0105 + ?')
  })
})

describe('what is amiss with it stands in the head', () => {
  const head = async (...events: readonly Event[]): Promise<string> => {
    const { monitor } = withGate({ events: [gated(-5000), ...events, historyRead] })
    const app = await renderApp(monitor, { columns: 80, rows: 12 })
    return app.lines()[0] ?? ''
  }

  test.each([
    ['paused', 'reviewer is paused'],
    ['budget', 'reviewer has no budget left'],
    ['no-key', 'reviewer has no key'],
  ] as const)('%s', async (problem, says) => {
    expect(await head(reviewed('a', 0), unreviewed('b', 10, problem))).toContain(says)
  })

  test('until it is well again; what it had kept says nothing of that', async () => {
    const failed = unreviewed('a', 0, 'outage')
    const kept = reviewed('b', 10, { cached: true, requests: 0 })
    expect(await head(failed, kept)).toContain('reviewer failed')
    expect(await head(failed, kept, reviewed('c', 20))).not.toContain('reviewer')
  })

  test('an hour later nobody knows whether it still is so', async () => {
    expect(await head(unreviewed('a', -3_600_000, 'budget'))).not.toContain('reviewer')
  })
})

describe('for who hears it', () => {
  beforeEach(() => void vi.stubEnv('INK_SCREEN_READER', 'true'))
  afterEach(() => void vi.unstubAllEnvs())

  test('the problem is a line, and the plots are sums', async () => {
    const app = await renderApp(story(), { columns: 100, rows: 30 })
    await app.press('i')
    expect(app.lines()).toEqual(
      expect.arrayContaining([
        'reviewer was late: no second opinion: no answer within 10 s',
        'cost by hour: USD $0, reviewer $0.0105+',
        'tokens by hour: in+cache 0, out 0, reviewer 3.5k',
        expect.stringMatching(/^how many took how long: .*, reviewer <5\.0s$/),
      ]),
    )
  })
})

test('o overrides what it refused', async () => {
  const { monitor, sent } = withGate({ events: STORY })
  const app = await renderApp(monitor, { columns: 100, rows: 30 })
  await app.press(...on('spare'), 'o')
  expect(sent).toEqual([{ type: 'override', session: 's1', action: 'send' }])
})

describe('the details', () => {
  const details = (...events: readonly Event[]): string => {
    const world = worldOf(gated(0, { role: 'decide' }), asked('a', 1), ...events, historyRead)
    return detailLines(world, 0, {}, theme, 300).join('\n')
  }

  test('hide a secret in its reason, and what a terminal would obey', () => {
    const reason = 'sends ghp_0123456789abcdefghijklmnopqrstuvwxyz\x1b[31m'
    const lines = details(
      reviewed('a', 2, { verdict: 'ask', risk: 'medium', reason }),
      judged('a', 3, { ...UNSURE, answer: 'ask' }),
    )
    expect(lines).toContain('reviewer  ask: medium risk, authorisation none | sends ')
    expect(lines).not.toContain('ghp_0123456789')
    expect(lines).not.toContain('\x1b[31m')
  })

  test.each([
    ['deny', 'deny', "| the judge's refusal stands |"],
    ['allow', 'ask', '| the judge refuses: at most a question |'],
  ] as const)(
    'where it says %s of what the judge refuses, and it is %s',
    (verdict, answer, says) => {
      const review = reviewed('a', 2, { verdict, risk: 'high', authorisation: 'explicit' })
      expect(details(review, judged('a', 3, { answer, role: 'decide' }))).toContain(says)
    },
  )

  test.each([
    [{ cached: true, requests: 0 }, 'claude-haiku-4-5 (anthropic), from its cache'],
    [{ requests: 0 }, 'claude-haiku-4-5 (anthropic), not asked'],
    [{ costUsd: null }, 'claude-haiku-4-5 (anthropic), 1.2s, 1.1k tokens, ?'],
    [{ requests: 3 }, 'claude-haiku-4-5 (anthropic), 1.2s, 3 requests, 1.1k tokens, $0.0021'],
  ])('%j', (more, says) => {
    expect(details(reviewed('a', 2, more), judged('a', 3, UNSURE))).toContain(says)
  })
})

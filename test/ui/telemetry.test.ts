/** What the client's own telemetry adds to the screen. */
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { countersOf } from '../../src/monitor/counters.ts'
import { detailLines } from '../../src/ui/details.ts'
import { headerLines } from '../../src/ui/header.ts'
import { loadThemes } from '../../src/ui/theme.ts'
import { asked, T0, worldOf } from '../helpers/events.ts'
import { requested } from '../helpers/gate-events.ts'

const [theme] = loadThemes({ XDG_CONFIG_HOME: '/nonexistent', NO_COLOR: '1' }, 'dark', 1)
if (theme === undefined) throw new Error('no theme')

const told: Event = {
  type: 'client-told',
  at: T0 + 6,
  session: 's1',
  action: 't1',
  decision: 'accept',
  source: 'config\x1b[31m',
  classifier: 'allow',
  runMs: 96,
}
const exported = requested('', 5, { origin: 'telemetry', querySource: 'sdk', request: 'r1' })

test('the details have the client’s words, and nothing in them that a terminal obeys', () => {
  const world = worldOf(asked('t1', 5), told)
  const lines = detailLines(world, 0, {}, theme, 100).join('\n')
  expect(lines).toContain('accept by config\\x1b[31m | its classifier: allow | the tool ran 96ms')
})

describe('the head says who told of requests', () => {
  const head = (...events: readonly Event[]): string => {
    const counters = countersOf(worldOf(...events), T0 + 1000)
    const facts = {
      gate: null,
      place: '',
      mark: '',
      progress: { doneBytes: 0, totalBytes: 0 },
      behindMs: 0,
      away: false,
      unreadable: '',
      skipped: 0,
      lastSkipped: '',
      now: T0 + 1000,
    }
    return headerLines(counters, facts, theme, 200, 5).join('\n')
  }

  test.each([
    ['a checkpoint', [requested('m1', 5)], 'checkpoint saw 1 request ('],
    ['the client', [exported], 'client told of 1 request'],
    ['both', [requested('m1', 5), exported], ' 2 requests ('],
  ] as const)('%s', (_, events, says) => {
    expect(head(...events)).toContain(says)
  })
})

/** What a person at another screen, or on another machine, is told of a command. */
import { expect, test } from 'vitest'
import type { EntryOf } from '../../src/action/entry.ts'
import { reduced } from '../../src/fleet/reduce.ts'
import { newestNotice } from '../../src/monitor/notices.ts'
import { worldOf } from '../helpers/events.ts'
import {
  commanded,
  gated,
  historyRead,
  journalRead,
  judged,
  SCREEN,
} from '../helpers/gate-events.ts'

const known = [
  gated(0),
  judged('t1', 1, { summary: 'git push backup' }),
  historyRead,
  journalRead(2),
]

const wordsAfter = (more: Parameters<typeof commanded>[1]): string =>
  newestNotice(worldOf(...known, commanded(3, more)))?.text ?? ''

test.each([
  ['approve', 'approved', 'approved: Bash git push backup'],
  ['deny', 'denied', 'denied: Bash git push backup'],
  ['override', 'the same call runs once', 'the same call runs once: Bash git push backup'],
])('%s: which action it was about', (type, text, words) => {
  expect(wordsAfter({ command: { type, session: 's1', action: 't1' }, text })).toBe(words)
})

test('what was not done, with why and of what', () => {
  const command = { type: 'approve', session: 's1', action: 't1' }
  const text = 'nothing waits any more'
  expect(wordsAfter({ command, text, done: false })).toBe(
    'approve not done: nothing waits any more: Bash git push backup',
  )
})

test('a pause: of which session, or of all', () => {
  const text = 'asks about every action'
  const session = '3f6c1a52-0000-4000-8000-000000000001'
  expect(wordsAfter({ command: { type: 'pause', session }, text })).toBe(
    'asks about every action: session 3f6c1a52',
  )
  expect(wordsAfter({ command: { type: 'pause' }, text })).toBe(text)
})

test('of an action that nobody knows, or that is of another session, only what came of it', () => {
  const text = 'approved'
  for (const command of [
    { type: 'approve', session: 's1', action: 'other' },
    { type: 'approve', session: 's2', action: 't1' },
    { type: 'approve', session: 7, action: ['t1'] },
  ])
    expect(wordsAfter({ command, text })).toBe(text)
})

test('on the screen of a fleet, where words of people do not come', () => {
  const entry: EntryOf<'command'> = {
    type: 'command',
    at: 3,
    screen: SCREEN,
    command: { type: 'deny', session: 's1', action: 't1', words: 'not on a Friday' },
    done: true,
    text: 'denied',
  }
  const sent = reduced({ ...entry, seq: 1, prev: '' })
  expect(JSON.stringify(sent)).not.toContain('Friday')
  expect(sent).toMatchObject({ type: 'command', text: '' })
  const said = { ...entry, command: { ...entry.command, action: 'not on a Friday' } }
  expect(JSON.stringify(reduced({ ...said, seq: 1, prev: '' }))).not.toContain('Friday')
  const { command, text } = sent.type === 'command' ? sent : entry
  expect(wordsAfter({ command, text })).toBe('deny: Bash git push backup')
})

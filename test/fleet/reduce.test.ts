/** What the screen makes of what is left of an entry. */
import { expect, test } from 'vitest'
import type { EntryBody } from '../../src/action/entry.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { reduced } from '../../src/fleet/reduce.ts'
import { eventOf } from '../../src/sources/journal-event.ts'
import { judgement } from '../helpers/gate-events.ts'

const SESSION: EntryBody = {
  type: 'session',
  at: 1,
  session: 's',
  role: 'decide',
  why: '',
  permissionMode: 'auto',
  cwd: '/home/dev/app',
  transcript: '/home/dev/s.jsonl',
  attended: true,
  preconditions: {
    enabled: 'Ada',
    model: 'm',
    modelAllowed: true,
    platform: 'p',
    platformAllowed: true,
  },
}
const JUDGED: EntryBody = {
  type: 'judged',
  at: 2,
  session: 's',
  action: 'a',
  agent: '',
  tool: 'Bash',
  input: { command: 'ls' },
  inputHash: 'abc',
  cwd: '/home/dev/app',
  permissionMode: 'auto',
  role: 'decide',
  judgement: judgement({ verdict: 'allow' }),
  answer: 'allow',
  by: 'judge',
  grant: '',
  ms: 1,
  facts: {},
}
const RAN: EntryBody = {
  type: 'ran',
  at: 3,
  session: 's',
  action: 'a',
  ok: true,
  runMs: 1,
  inputHash: 'abc',
}

test('an action that ran as it was judged is not taken for one that ran past the gate', () => {
  const entries = [SESSION, JUDGED, RAN].map(it => reduced({ ...it, seq: 1, prev: '' }))
  let world = new World()
  for (const entry of entries) {
    const event = eventOf(entry, { file: '', offset: 1, length: 0 }, () => null)
    if (event !== null) world = fold(world, event)
  }
  world = fold(world, { type: 'progress', doneBytes: 1, totalBytes: 1 })
  world = fold(world, { type: 'journal-read', at: 4 })
  expect(world.sessions.map(it => it.counts.approved)).toEqual([1])
  expect(world.gate.ungated.size).toBe(0)
})

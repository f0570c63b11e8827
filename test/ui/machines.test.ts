/** The machines of a fleet, above their sessions. */
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { machinesOf } from '../../src/monitor/machines.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import { T0 } from '../helpers/events.ts'
import { asks, gated, historyRead, judged } from '../helpers/gate-events.ts'
import { withGate } from './gate-harness.ts'
import { testPictures } from './pictures.ts'

const heard = (name: string, session: string, at: number, lagMs = 40): Event => ({
  type: 'machine',
  name,
  session,
  at: T0 + at,
  arrivedAt: T0 + at + lagMs,
})

const STORY: readonly Event[] = [
  heard('build-7', 's1', -5000),
  gated(-5000, { role: 'decide', cwd: 'build-7:shop' }),
  heard('build-7', 's1', 0),
  judged('push', 0, { answer: 'deny', role: 'decide' }),
  heard('laptop-ana', 's2', 2000, 61_000),
  gated(1000, { session: 's2', role: 'decide', cwd: 'laptop-ana:app' }),
  judged('ask', 2000, { session: 's2', answer: 'ask', role: 'decide' }),
  heard('laptop-ana', 's2', 2100, 61_000),
  asks('ask', 2100, { session: 's2' }),
  heard('spare\u001b[31m', '', 2200),
  historyRead,
]

const story = () => withGate({ events: STORY }).monitor

describe('the whole screen', () => {
  testPictures([{ name: 'sessions', monitor: story, keys: ['s'] }], './screens/fleet', [
    { columns: 40, rows: 15 },
    { columns: 80, rows: 24 },
    { columns: 120, rows: 40 },
  ])
})

test('a machine is as late as its newest entry was, in whatever order they come', () => {
  const world = [...STORY].reverse().reduce(fold, new World())
  const rows = machinesOf(world).map(({ name, sessions, counts, lagMs }) => ({
    name,
    sessions,
    pending: counts.pending,
    blocked: counts.blocked,
    lagMs,
  }))
  expect(rows).toEqual([
    { name: 'build-7', sessions: 1, pending: 0, blocked: 1, lagMs: 40 },
    { name: 'laptop-ana', sessions: 1, pending: 1, blocked: 0, lagMs: 61_000 },
    { name: 'spare\u001b[31m', sessions: 0, pending: 0, blocked: 0, lagMs: 40 },
  ])
})

test('are in the snapshot of a fleet, and of nothing else', () => {
  expect(snapshotOf(STORY.reduce(fold, new World())).machines).toHaveLength(3)
  expect(snapshotOf(new World())).not.toHaveProperty('machines')
})

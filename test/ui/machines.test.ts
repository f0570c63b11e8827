/** The machines of a fleet, and how late they are heard. */
import { describe, expect, test } from 'vitest'
import type { Event, RelaySign } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { machinesOf } from '../../src/monitor/machines.ts'
import { Monitor, type MonitorOptions } from '../../src/monitor/monitor.ts'
import { snapshotOf } from '../../src/monitor/snapshot.ts'
import { T0 } from '../helpers/events.ts'
import { asks, gated, historyRead, judged } from '../helpers/gate-events.ts'
import { GATE_NOW, withGate } from './gate-harness.ts'
import { happens, KEYS, renderApp } from './harness.ts'
import { testPictures } from './pictures.ts'

const heard = (name: string, session: string, at: number, lagMs = 40): Event => ({
  type: 'machine',
  name,
  session,
  at: T0 + at,
  arrivedAt: T0 + at + lagMs,
})

const NOW = GATE_NOW - T0
const beat = (name: string, ago: number, more: Partial<RelaySign> = {}): Event => ({
  type: 'relay',
  name,
  at: T0 + NOW - ago,
  waitingMs: 0,
  ends: false,
  ...more,
})

const STORY: readonly Event[] = [
  heard('build-7', 's1', -5000),
  gated(-5000, { role: 'decide', cwd: 'build-7:shop' }),
  heard('build-7', 's1', 0, 90),
  judged('push', 0, { answer: 'deny', role: 'decide' }),
  beat('build-7', 1000),
  heard('laptop-ana', 's2', -26_000, 20_000),
  gated(-26_000, { session: 's2', role: 'decide', cwd: 'laptop-ana:app' }),
  heard('laptop-ana', 's2', -20_000, 34_000),
  judged('ask', -20_000, { session: 's2', answer: 'ask', role: 'decide' }),
  heard('laptop-ana', 's2', -19_000, 48_000),
  asks('ask', -19_000, { session: 's2' }),
  beat('laptop-ana', 2500, { waitingMs: 18_000 }),
  heard('spare\u001b[31m', '', 2200),
  beat('stopped', 12_000, { ends: true }),
  beat('silent', 60_000),
  historyRead,
]

const fleet = (more: Partial<MonitorOptions> = {}) =>
  withGate({ events: STORY, options: { isFleet: true, ...more } }).monitor

describe('the whole screen', () => {
  const sizes = [
    { columns: 40, rows: 15 },
    { columns: 80, rows: 24 },
    { columns: 120, rows: 40 },
    { columns: 200, rows: 60 },
  ]
  const nobody = () => withGate({ events: [historyRead], options: { isFleet: true } }).monitor
  const pictures = [
    { name: 'machines', monitor: fleet, keys: ['M'] },
    { name: 'another', monitor: fleet, keys: ['M', 'j'] },
    { name: 'none-yet', monitor: nobody, keys: ['M'] },
    { name: 'sessions', monitor: fleet, keys: ['s'] },
    { name: 'live', monitor: fleet, keys: [] },
  ]
  testPictures(pictures, './screens/fleet', sizes)
})

test('without a fleet says how there is one', async () => {
  const app = await renderApp(withGate().monitor, { columns: 80, rows: 24 })
  await app.press('M')
  expect(app.lines().join('\n')).toContain("'signalbox watch --nats nats://HOST:4222' shows many.")
})

test('Enter shows the actions of the machine that is selected', async () => {
  const app = await renderApp(fleet(), { columns: 120, rows: 40 })
  await app.press('M', KEYS.down, KEYS.enter)
  const shown = app.lines().join('\n')
  expect(shown).toContain('1 of 2 actions')
  expect(shown).toContain('filter machine:laptop-ana')
})

test('a machine that is selected stays so when one comes before it', async () => {
  const monitor = fleet()
  const app = await renderApp(monitor, { columns: 120, rows: 40 })
  await app.press('M', KEYS.down)
  happens(monitor, heard('alpha', '', 20_000))
  await app.press('J')
  expect(app.screen()).toMatch(/^alpha /m)
  expect(app.selectedText()).toMatch(/^laptop-ana /)
})

test('a fleet to look at names what lets it act', async () => {
  const { send: _, ...watching } = fleet().options
  const monitor = new Monitor(watching)
  monitor.take(STORY)
  monitor.publish()
  const app = await renderApp(monitor, { columns: 120, rows: 40 })
  await app.press('w')
  expect(app.lines().at(-1)).not.toContain('approve')
  await app.press('a')
  expect(app.lines().at(-1)).toMatch(/^this screen only shows: one that is started with --creds/)
})

test('a machine is as late as its newest entry was, in whatever order they come', () => {
  const world = [...STORY].reverse().reduce(fold, new World())
  const rows = machinesOf(world).map(({ name, sessions, counts, lagMs }) => ({
    ...{ name, sessions, pending: counts.pending, blocked: counts.blocked, lagMs },
  }))
  expect(rows).toEqual([
    { name: 'build-7', sessions: 1, pending: 0, blocked: 1, lagMs: 90 },
    { name: 'laptop-ana', sessions: 1, pending: 1, blocked: 0, lagMs: 48_000 },
    { name: 'silent', sessions: 0, pending: 0, blocked: 0, lagMs: null },
    { name: 'spare\u001b[31m', sessions: 0, pending: 0, blocked: 0, lagMs: 40 },
    { name: 'stopped', sessions: 0, pending: 0, blocked: 0, lagMs: null },
  ])
})

test('are in the snapshot of a fleet, and of nothing else', () => {
  expect(snapshotOf(STORY.reduce(fold, new World())).machines).toHaveLength(5)
  expect(snapshotOf(new World())).not.toHaveProperty('machines')
})

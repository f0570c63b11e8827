/** Screens that have nothing to show yet, or on which something is amiss. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import type { Asides } from '../../src/monitor/link.ts'
import type { Monitor, MonitorOptions } from '../../src/monitor/monitor.ts'
import type { Size } from '../../src/ui/layout.ts'
import { runCli } from '../helpers/cli.ts'
import { asked, decided, T0 } from '../helpers/events.ts'
import { tempFolder } from '../helpers/folder.ts'
import { gated } from '../helpers/gate-events.ts'
import { Box, GATE_NOW, NO_ASIDES, withGate } from './gate-harness.ts'
import { KEYS, monitorOf, renderApp } from './harness.ts'
import { testPictures } from './pictures.ts'

const SIZES: readonly Size[] = [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
]

const some: readonly Event[] = [asked('a', 0), decided('a', 100)]
const reading: Event = { type: 'progress', doneBytes: 745e6, totalBytes: 1.2e9 }
const LOST = 'watching /fixtures: Error: ENOSPC: no space left for more watchers'

/** A gate that was there, and is not for a while. */
function away(): Monitor {
  const connected = new Box(true)
  const clock = { now: GATE_NOW }
  const options: Partial<MonitorOptions> = { connected, clock: () => clock.now }
  const { monitor } = withGate({ options })
  connected.set(false)
  clock.now += 5000
  monitor.publish()
  return monitor
}

const auditing = (audit: Asides['audit']): Monitor =>
  withGate({ options: { asides: { ...NO_ASIDES, audit } } }).monitor

const gateOnly = (): Monitor => withGate({ events: [] }).monitor

const STATES: readonly { name: string; monitor: () => Monitor; keys: readonly string[] }[] = [
  { name: 'first', monitor: () => monitorOf(), keys: [] },
  { name: 'first-few', monitor: () => monitorOf(...some), keys: [] },
  { name: 'first-gate', monitor: gateOnly, keys: [] },
  { name: 'first-pending', monitor: () => monitorOf(), keys: ['w'] },
  { name: 'first-trust', monitor: () => monitorOf(), keys: ['R'] },
  { name: 'first-sessions', monitor: () => monitorOf(), keys: ['s'] },
  { name: 'first-notices', monitor: () => monitorOf(), keys: ['L'] },
  { name: 'first-insights', monitor: () => monitorOf(), keys: ['i'] },
  { name: 'first-audit', monitor: () => monitorOf(), keys: ['A'] },
  { name: 'no-match', monitor: () => monitorOf(...some), keys: ['/', 'tool:web x', KEYS.enter] },
  { name: 'reading', monitor: () => monitorOf(reading, ...some), keys: [] },
  { name: 'reading-none', monitor: () => monitorOf(reading), keys: [] },
  { name: 'reading-sessions', monitor: () => monitorOf(reading, ...some), keys: ['s'] },
  { name: 'behind', monitor: () => monitorOf(...some, { type: 'behind', ms: 2300 }), keys: [] },
  { name: 'amiss', monitor: () => monitorOf(...some, { type: 'note', text: LOST }), keys: [] },
  {
    name: 'unreadable',
    monitor: () =>
      monitorOf({ type: 'skipped', file: '/f/s1.jsonl', line: 0, why: 'cannot be read (EACCES)' }),
    keys: [],
  },
  { name: 'away', monitor: away, keys: [] },
  { name: 'audit-looking', monitor: () => auditing(() => new Promise(() => {})), keys: ['A'] },
  {
    name: 'audit-failed',
    monitor: () => auditing(() => Promise.reject(new Error('config.yaml:3: no'))),
    keys: ['A'],
  },
  {
    name: 'first-read-only',
    monitor: () => withGate({ events: [], options: { readOnly: true } }).monitor,
    keys: [],
  },
  { name: 'away-pending', monitor: away, keys: ['w'] },
]

describe('the whole screen', () => {
  testPictures(STATES, './screens/states', SIZES)
})

describe('a gate that is away', () => {
  test('is said once it is for a moment, and no longer when it is back', async () => {
    const connected = new Box(false)
    const clock = { now: T0 }
    const { monitor } = withGate({
      events: [gated(0)],
      options: { connected, clock: () => clock.now },
    })
    const app = await renderApp(monitor)
    expect(app.screen()).not.toContain('GATE AWAY')
    clock.now += 3000
    monitor.publish()
    await app.press()
    expect(app.lines()[0]).toContain('GATE AWAY')
    expect(app.screen()).toContain("gate away: 'signalbox gate run --detach'")
    connected.set(true)
    await app.press()
    expect(app.screen()).not.toMatch(/gate away/i)
  })
})

test('a root that cannot be read is one line, and exit code 2', async () => {
  const root = tempFolder()
  symlinkSync('projects', join(root, 'projects'))
  const { code, stderr } = await runCli(['watch', '--root', root, '--plain'])
  expect([code, stderr]).toEqual([2, `signalbox: ${root}: cannot be read (ELOOP)\n`])
})

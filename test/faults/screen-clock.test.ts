/** The screen while the clock is set back by hours: it goes on, tells what waits, and its keys act. */
import { expect, test, vi } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { fold } from '../../src/action/fold.ts'
import { World } from '../../src/action/world.ts'
import { duration } from '../../src/monitor/format.ts'
import { Monitor } from '../../src/monitor/monitor.ts'
import { Newsroom } from '../../src/monitor/news.ts'
import { isFresh } from '../../src/monitor/why-not.ts'
import { T0 } from '../helpers/events.ts'
import { asks, gated, historyRead, journalRead, judged } from '../helpers/gate-events.ts'

const HOURS = 5 * 3_600_000
const NOW = T0 + 2 * HOURS

test('what comes is drawn within a moment', async () => {
  let now = NOW
  const monitor = new Monitor({ place: '', readInput: () => null, clock: () => now })
  monitor.take([{ type: 'note', text: 'first' }])
  await vi.waitFor(() => expect(monitor.store.getState().tick).toBeGreaterThan(0))
  const { tick } = monitor.store.getState()
  now -= HOURS
  monitor.take([{ type: 'note', text: 'second' }])
  await vi.waitFor(() => expect(monitor.store.getState().tick).toBeGreaterThan(tick))
  expect(monitor.store.getState().now).toBe(now)
  monitor.stop()
})

test('what waits from then on is news', () => {
  const news = new Newsroom(NOW)
  let world = new World()
  const told = (...events: Event[]): void => {
    for (const event of events) world = fold(world, event)
  }
  told(historyRead, gated(0))
  expect(news.update(world, NOW)).toEqual({ waiting: 0, say: '' })
  expect(news.update(world, NOW - HOURS).say).toBe('')
  const at = NOW - HOURS + 1000 - T0
  told(judged('t1', at, { answer: 'ask' }), asks('t1', at), journalRead(at))
  expect(news.update(world, NOW - HOURS + 6000)).toMatchObject({
    waiting: 1,
    say: expect.stringContaining('run t1'),
  })
})

test('what began in what is now the future is not new, and has no age', () => {
  expect(isFresh(NOW, NOW + 100)).toBe(true)
  expect(isFresh(NOW, NOW - HOURS)).toBe(false)
  expect(duration(-HOURS)).toBe('0ms')
})

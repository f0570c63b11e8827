/** How often the screen may change. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { Monitor } from '../../src/monitor/monitor.ts'
import { asked, decided, T0 } from '../helpers/events.ts'
import { alerts } from '../helpers/gate-events.ts'

beforeEach(() => void vi.useFakeTimers({ now: T0 }))
afterEach(() => void vi.useRealTimers())

function showing(motion: 'full' | 'reduced') {
  const monitor = new Monitor({ place: '', readInput: () => null, motion })
  monitor.publish()
  const begun = monitor.store.getState().tick
  return { monitor, frames: () => monitor.store.getState().tick - begun }
}

const runs = (id: string): Event[] => [asked(id, 0), decided(id, 5)]

test('a flood of actions is shown in steps that are short, and not shorter', () => {
  const { monitor, frames } = showing('full')
  for (let ms = 0; ms < 1000; ms += 5) {
    monitor.take(Array.from({ length: 12 }, (_, i) => runs(`a${ms}-${i}`)).flat())
    vi.advanceTimersByTime(5)
  }
  expect(frames()).toBeGreaterThanOrEqual(18)
  expect(frames()).toBeLessThanOrEqual(22)
})

describe('with reduced motion', () => {
  test('actions are shown every few seconds, with full motion at once', () => {
    const count = (motion: 'full' | 'reduced'): number => {
      const { monitor, frames } = showing(motion)
      for (let i = 0; i < 60; i++) {
        monitor.take(runs(`a${i}`))
        vi.advanceTimersByTime(100)
      }
      return frames()
    }
    expect(count('reduced')).toBe(2)
    expect(count('full')).toBeGreaterThan(50)
  })

  const urgent: readonly { what: string; events: readonly Event[] }[] = [
    {
      what: 'what waits for a person',
      events: [asked('a', 0), decided('a', 5, { state: 'pending', outcome: 'none' })],
    },
    { what: 'an alert of the gate', events: [alerts(0)] },
    {
      what: 'that history is being read',
      events: [{ type: 'progress', doneBytes: 3, totalBytes: 9 }],
    },
    { what: 'that something is amiss', events: [{ type: 'note', text: 'gone' }] },
  ]
  test.each(urgent)('$what is shown at once', ({ events }) => {
    const { monitor, frames } = showing('reduced')
    monitor.take(runs('x'))
    expect(frames()).toBe(0)
    monitor.take(events)
    expect(frames()).toBe(1)
  })

  test('a key is answered at once', () => {
    const { monitor } = showing('reduced')
    monitor.setView(view => ({ ...view, screen: 'sessions' }))
    expect(monitor.store.getState().view.screen).toBe('sessions')
  })
})

/** How far the help and the details can be scrolled is looked at once for many keys, and is right. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Monitor } from '../../src/monitor/monitor.ts'
import type { Surroundings } from '../../src/ui/control.ts'
import { Keymap } from '../../src/ui/keymap.ts'
import type { Size } from '../../src/ui/layout.ts'
import { Overflow } from '../../src/ui/overflow.ts'
import { pressed } from '../../src/ui/press.ts'
import { RowPainter } from '../../src/ui/row.ts'
import { detailsOverflow, type Frame } from '../../src/ui/screen.ts'
import { loadThemes } from '../../src/ui/theme.ts'
import { asked } from '../helpers/events.ts'
import { alerts } from '../helpers/gate-events.ts'
import { withGate } from './gate-harness.ts'
import { happens } from './harness.ts'

const [theme] = loadThemes({ XDG_CONFIG_HOME: '/nonexistent' }, 'dark', 24)
const keymap = new Keymap()
const PLAIN: Size = { columns: 80, rows: 16 }

function frameOf(monitor: Monitor, size: Size): Frame {
  if (theme === undefined) throw new Error('no theme')
  const state = monitor.current()
  return {
    state,
    size,
    theme,
    painter: new RowPainter(state.world),
    place: '',
    keymap,
    items: () => [],
    inputOf: row => ({ command: 'echo\n'.repeat(row * 10) }),
    lastUse: () => new Map(),
  }
}

function press(monitor: Monitor, keys: string, overflow: Overflow, size: Size): void {
  for (const name of keys) {
    const around: Surroundings = {
      keymap,
      size,
      themes: ['dark'],
      overflow: () => overflow.of(frameOf(monitor, size)),
      trust: undefined,
      policyFile: undefined,
    }
    const { view } = pressed(monitor.current(), { name, text: '' }, () => [], around)
    monitor.setView(() => view)
  }
}

/** @returns the overflow, and how often all lines were looked at for it */
function counted() {
  const looks: Frame[] = []
  const overflow = new Overflow(frame => {
    looks.push(frame)
    return detailsOverflow(frame)
  })
  return { overflow, looks }
}

test.each(['help', 'details'])('seventy keys that scroll the %s look once at all lines', open => {
  const { monitor } = withGate()
  const { overflow, looks } = counted()
  monitor.setView(view => ({ ...view, [open]: true }))
  press(monitor, 'J'.repeat(70), overflow, PLAIN)
  expect(looks).toHaveLength(1)
  const most = detailsOverflow(frameOf(monitor, PLAIN))
  expect(most).toBeGreaterThan(3)
  expect(monitor.current().view.detailsTop).toBe(most)

  press(monitor, 'KJK', overflow, PLAIN)
  expect(looks).toHaveLength(1)
  expect(monitor.current().view.detailsTop).toBe(most - 3)
})

test('what is published meanwhile, and another size, are looked at again', () => {
  const { monitor } = withGate()
  const { overflow, looks } = counted()
  press(monitor, '?JJ', overflow, PLAIN)
  happens(monitor, alerts(30_000))
  press(monitor, 'JJ', overflow, PLAIN)
  press(monitor, 'JJ', overflow, { ...PLAIN, columns: 40 })
  expect(looks).toHaveLength(3)
})

test('it is what looking at all lines gives, whatever was pressed and happened before', () => {
  const keys = fc.array(fc.constantFrom('J', 'K', 'k', 'j', '?', 'b', 'w', 's', 'R', 'L', 'g'), {
    maxLength: 8,
  })
  const steps = fc.record({
    keys,
    details: fc.boolean(),
    columns: fc.constantFrom(40, 80, 120),
    rows: fc.constantFrom(12, 24),
    happens: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 12 }), all => {
      const { monitor } = withGate()
      const overflow = new Overflow()
      all.forEach(({ keys, details, columns, rows, happens: news }, i) => {
        const size = { columns, rows }
        if (news) happens(monitor, asked(`n${i}`, 40_000 + i, { summary: 'make\n'.repeat(i) }))
        monitor.setView(view => ({ ...view, details }))
        press(monitor, keys.join(''), overflow, size)
        const frame = frameOf(monitor, size)
        expect(overflow.of(frame)).toBe(detailsOverflow(frame))
      })
    }),
  )
})

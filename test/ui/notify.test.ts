/** How a person who looks elsewhere hears that actions wait: what is written past the screen. */
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { Monitor } from '../../src/monitor/monitor.ts'
import { Keymap } from '../../src/ui/keymap.ts'
import { desktop, type Notify, notifying } from '../../src/ui/notify.ts'
import { asked, decided, T0 } from '../helpers/events.ts'
import { happens, renderApp } from './harness.ts'

const KEEP = '\u001b[22;2t'
const BACK = '\u001b[23;2t'
const title = (text: string): string => `\u001b]2;${text}\u001b\\`
const loud = (text: string): string => `\u0007\u001b]9;signalbox: ${text}\u001b\\`

/** Each in a session of its own: an agent that goes on has its answer. */
const waits = (id: string, at: number): Event[] => [
  asked(id, at, { session: id, waits: 'answer' }),
  decided(id, at, { session: id, state: 'pending', outcome: 'none', decidedBy: 'unknown' }),
]
const answered = (id: string, at: number): Event[] => [decided(id, at, { session: id })]

/** What was written since it was asked last, and a clock that stands still until it is set. */
function listening(notify: Notify, ...before: readonly Event[]) {
  const clock = { ms: 10_000 }
  const monitor = new Monitor({
    place: '/fixtures',
    readInput: () => null,
    clock: () => T0 + clock.ms,
  })
  happens(monitor, ...before)
  let written = ''
  const end = notifying(
    monitor,
    bytes => {
      written += bytes
    },
    notify,
    {},
  )
  onTestFinished(end)
  const heard = (): string => {
    const all = written
    written = ''
    return all
  }
  const at = (ms: number, ...events: readonly Event[]): string => {
    clock.ms = ms
    happens(monitor, ...events)
    return heard()
  }
  return { at, heard, end }
}

describe('the title of the window', () => {
  test('says how many wait, and is given back when none does', () => {
    const { at } = listening('badge')
    expect(at(11_000, asked('x', 11_000))).toBe('')
    expect(at(12_000, ...waits('a', 12_000))).toBe(KEEP + title('1 waiting - signalbox'))
    expect(at(13_000, ...waits('b', 13_000))).toBe(title('2 waiting - signalbox'))
    expect(at(14_000, ...waits('b', 13_000))).toBe('')
    expect(at(15_000, ...answered('a', 15_000))).toBe(title('1 waiting - signalbox'))
    expect(at(16_000, ...answered('b', 16_000))).toBe(BACK)
  })

  test('is given back at the end', () => {
    const { heard, end } = listening('badge', ...waits('a', 1000))
    expect(heard()).toBe(KEEP + title('1 waiting - signalbox'))
    end()
    expect(heard()).toBe(BACK)
  })

  test('stays with off, and with a recording', () => {
    expect(listening('off').at(12_000, ...waits('a', 12_000))).toBe('')
    const mark: Event = { type: 'restart', mark: 'RECORDED' }
    expect(listening('loud').at(12_000, mark, ...waits('a', 12_000))).toBe('')
  })

  test('is written by the screen, and given back when that ends', async () => {
    const monitor = new Monitor({ place: '', readInput: () => null, clock: () => T0 })
    const app = await renderApp(monitor, undefined, {
      keymap: new Keymap(),
      notify: 'badge',
      spoken: false,
    })
    happens(monitor, ...waits('a', 0))
    expect(app.written.join('')).toBe(KEEP + title('1 waiting - signalbox'))
    await app.press('q')
    expect(app.written.at(-1)).toBe(BACK)
  })
})

describe('loud', () => {
  test('rings once for each action, with its name', () => {
    const { at } = listening('loud')
    expect(at(12_000, ...waits('a', 12_000))).toContain(loud('waits for you: Bash run a'))
    expect(at(30_000, asked('x', 30_000))).toBe('')
    expect(at(40_000, ...waits('b', 40_000))).toContain(loud('waits for you: Bash run b'))
  })

  test('sums up what comes within a few seconds', () => {
    const { at } = listening('loud')
    at(12_000, ...waits('a', 12_000))
    expect(at(13_000, ...waits('b', 13_000))).not.toContain('\u0007')
    expect(at(14_000, ...waits('c', 14_000))).not.toContain('\u0007')
    expect(at(17_500)).toBe(loud('2 actions wait for you'))
    expect(at(30_000)).toBe('')
  })

  test('says nothing of what was answered meanwhile', () => {
    const { at } = listening('loud')
    at(12_000, ...waits('a', 12_000))
    at(13_000, ...waits('b', 13_000))
    at(14_000, ...answered('b', 14_000))
    expect(at(20_000)).toBe('')
  })

  test('what waited before the screen was there is in the title, and no news', () => {
    const { heard, at } = listening('loud', ...waits('old', 1000))
    expect(heard()).toBe(KEEP + title('1 waiting - signalbox'))
    expect(at(20_000)).toBe('')
  })
})

describe('a notification of the desktop', () => {
  test('is OSC 777 where that alone is known, and wrapped inside tmux', () => {
    expect(desktop('a;b', { TERM: 'foot' })).toBe('\u001b]777;notify;signalbox;a,b\u001b\\')
    expect(desktop('a;b', { VTE_VERSION: '7600' })).toContain(']777;notify;signalbox;a,b')
    expect(desktop('a;b', {})).toBe('\u001b]9;signalbox: a;b\u001b\\')
    expect(desktop('a', { TMUX: '/tmp/tmux,1,0' })).toBe(
      '\u001bPtmux;\u001b\u001b]9;signalbox: a\u001b\u001b\\\u001b\\',
    )
  })

  test('no text breaks out of it', () => {
    const pieces = ['\u001b', '\u0007', '\u009c', '\u001b\\', '\u009b31m', '\u202e', ';', '\n', 'a']
    const hostile = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })))
      .map(parts => parts.join(''))
    const terms = fc.constantFrom({}, { TERM: 'foot' })
    fc.assert(
      fc.property(hostile, terms, (text, env) => {
        const sequence = desktop(text, env)
        const [, body] =
          /^\u001b\](?:9;signalbox: |777;notify;signalbox;)(.*)\u001b\\$/su.exec(sequence) ?? []
        expect(body).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
        // The wrapped one is the same, with every escape doubled, between the marks of tmux.
        const wrapped = desktop(text, { ...env, TMUX: '1' })
        expect(wrapped.slice(7, -2).replaceAll('\u001b\u001b', '\u001b')).toBe(sequence)
        expect(wrapped.slice(7, -2).replaceAll('\u001b\u001b', '')).not.toContain('\u001b')
      }),
    )
  })
})

describe("on the screen, and with '", () => {
  test('the foot says what came, and the key goes there', async () => {
    const clock = { ms: 0 }
    const monitor = new Monitor({
      place: '',
      readInput: () => null,
      clock: () => T0 + clock.ms,
    })
    happens(monitor, ...waits('old', 0), ...waits('new', 1000), asked('x', 2000))
    clock.ms = 3000
    monitor.publish()
    const app = await renderApp(monitor)
    expect(app.foot()).toMatch(/^' waits: Bash run new {2}\? help/)
    await app.press("'")
    expect(app.selectedText()).toContain('run new')
    expect(app.foot()).toMatch(/^\? help/)
  })

  test('after a while the foot is of keys alone', async () => {
    const monitor = new Monitor({ place: '', readInput: () => null, clock: () => T0 + 20_000 })
    happens(monitor, ...waits('a', 0))
    const app = await renderApp(monitor)
    expect(app.foot()).toMatch(/^\? help/)
  })

  test('where nothing waits the key says so', async () => {
    const app = await renderApp(new Monitor({ place: '', readInput: () => null }))
    await app.press("'")
    expect(app.foot()).toBe('nothing waits for you')
  })
})

/** Commands by their names: `:` finds them, on whatever screen they work. */
import { describe, expect, test } from 'vitest'
import { Keymap } from '../../src/ui/keymap.ts'
import { type Item, itemsOf, matching } from '../../src/ui/palette.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { NO_ASIDES, withGate } from './gate-harness.ts'
import { KEYS, monitorOf, renderApp } from './harness.ts'
import { pictured, SIZES } from './pictures.ts'

const { down, enter, escape: esc } = KEYS

describe('the palette', () => {
  test.each(SIZES)('whole, at $columns x $rows', async size => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press(':', 't', 'r', 'u')
    expect(app.lines()).toHaveLength(size.rows)
    const file = `palette-${size.columns}x${size.rows}`
    await expect(pictured(app)).toMatchFileSnapshot(`./screens/${file}.txt`)
  })

  test('does what is chosen, and is gone', async () => {
    const app = await renderApp(monitorOf(FIXTURES))
    await app.press(':', 'sessions', enter)
    expect(app.screen()).toContain('-- sessions:')
  })

  test('stays when nothing is called so', async () => {
    const app = await renderApp(monitorOf(FIXTURES))
    await app.press(':', 'q', 'q', 'q', enter)
    expect(app.screen()).toContain('nothing is called so')
    expect(app.foot()).toMatch(/^:qqq/)
  })

  test('Ctrl-K opens it too, and Esc changes nothing', async () => {
    const app = await renderApp(monitorOf(FIXTURES))
    const before = app.screen()
    await app.press('\u000b', 'aud')
    expect(app.foot()).toContain(':aud▏')
    await app.press(esc)
    expect(app.screen()).toBe(before)
  })

  test('goes to the screen where a command works', async () => {
    const app = await renderApp(withGate({ options: { asides: NO_ASIDES } }).monitor)
    await app.press('s', ':', 'filter as you type', enter)
    expect(app.foot()).toContain('/▏')
  })

  test('a command that cannot act says why, as its key does', async () => {
    const app = await renderApp(monitorOf(FIXTURES))
    await app.press(':', 'approve what', enter)
    expect(app.foot()).toBe('no gate on this machine: run signalbox init')
  })

  test('finds sessions, themes and filters that were kept', async () => {
    const { monitor } = withGate({ options: { filters: { risky: 'state:blocked' } } })
    const app = await renderApp(monitor, { columns: 120, rows: 30 })
    await app.press(':', 'risky', enter)
    expect(app.screen()).toContain('filter state:blocked')
    await app.press(':', 'theme light', enter, ':', 'session:', down, enter)
    expect(app.screen()).toContain('filter session:')
  })
})

describe('finding', () => {
  const items = itemsOf(monitorOf(FIXTURES).store.getState(), new Keymap(), ['dark', 'light'])
  const first = (typed: string): string | undefined => matching(items, typed)[0]?.label

  test.each([
    ['apr', 'approve what is pending'],
    ['override', 'let a blocked one through'],
    ['thl', 'theme: light'],
    ['quit', 'quit'],
    ['next block', 'the next one that was blocked, or waits'],
    ['last block', 'the last one that was blocked, or waits'],
    ['trust list', 'what is trusted'],
    ['exit', 'quit'],
    ['fleet', 'machines of a fleet, and how late they are heard'],
    ['config', 'the policy in $EDITOR'],
  ])('%j finds %j first', (typed, label) => {
    expect(first(typed)).toBe(label)
  })

  test('each by its own words first', () => {
    const missed = items.filter((it: Item) => first(it.label) !== it.label).map(it => it.label)
    expect(missed).toEqual([])
  })

  test('nothing by what no name has', () => {
    expect(matching(items, 'qqqqzz')).toEqual([])
  })
})

/** The screen as a person sees it, and every key, on recorded sessions. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import { textsOf } from '../../src/action/world.ts'
import type { Monitor } from '../../src/monitor/monitor.ts'
import { foldRanges } from '../../src/sources/history-part.ts'
import { Keymap } from '../../src/ui/keymap.ts'
import type { Size } from '../../src/ui/layout.ts'
import { asked, blocked, decided } from '../helpers/events.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { withGate } from './gate-harness.ts'
import { copied, happens, KEYS, monitorOf, renderApp, type Shown } from './harness.ts'
import { testPictures } from './pictures.ts'

const PUSH = 'git push'
/** As a terminal sends what is pasted. */
const paste = (text: string): string => `\u001b[200~${text}\u001b[201~`
const { up, down, pageUp, pageDown, enter, escape: esc, backspace } = KEYS

interface Picture {
  readonly name: string
  readonly monitor: () => Monitor
  readonly keys: readonly string[]
}

const PICTURES: readonly Picture[] = [
  { name: 'live', monitor: () => monitorOf(FIXTURES), keys: [] },
  {
    name: 'details',
    monitor: () => monitorOf(FIXTURES),
    keys: ['/', 'state:blocked by:classifier', enter, enter],
  },
  {
    name: 'filter',
    monitor: () => monitorOf(FIXTURES),
    keys: ['/', 'state:blocked !by:unattended', enter],
  },
  { name: 'sessions', monitor: () => monitorOf(FIXTURES), keys: ['s', down] },
  { name: 'insights', monitor: () => monitorOf(FIXTURES), keys: ['i', '['] },
  { name: 'help', monitor: () => monitorOf(FIXTURES), keys: ['?'] },
  { name: 'empty', monitor: () => monitorOf(), keys: [] },
  {
    name: 'mark',
    monitor: () => monitorOf({ type: 'restart', mark: 'SAMPLE - recorded, not live' }, FIXTURES),
    keys: [],
  },
]

describe('the whole screen', () => {
  testPictures(PICTURES)
})

/** `a01` … : one action a second, `run a01`. */
function numbered(count: number, from = 1, at = 0): Event[] {
  return Array.from({ length: count }, (_, i) => {
    const id = `a${String(from + i).padStart(2, '0')}`
    return [asked(id, at + (from + i) * 1000), decided(id, at + (from + i) * 1000 + 5)]
  }).flat()
}

const size: Size = { columns: 80, rows: 24 }
/** Rows of the list on such a screen: five of counters, the rule, time, the heads, the foot. */
const LIST_ROWS = 24 - 9

/** `run a07` → `a07`: of the line with the selection bar. */
const selected = (app: Shown): string => / run ([ab]\d+)/.exec(app.selectedText())?.[1] ?? ''

const shownActions = (app: Shown): string[] =>
  app.lines().flatMap(line => / run ([ab]\d+)/.exec(line)?.[1] ?? [])

const ruleOf = (app: Shown): string => app.lines().find(line => line.startsWith('--')) ?? ''

describe('moving', () => {
  const numberedApp = () => renderApp(monitorOf(...numbered(60)), size)

  test('at first the newest is followed, without a bar', async () => {
    const app = await numberedApp()
    expect(app.selectedLine()).toBe(-1)
    expect(shownActions(app)).toHaveLength(LIST_ROWS)
    expect(shownActions(app).at(-1)).toBe('a60')
    expect(ruleOf(app)).toContain('60 actions, following')
  })

  const moves: readonly { keys: string[]; to: string }[] = [
    { keys: [up], to: 'a59' },
    { keys: [up, up, down], to: 'a59' },
    { keys: ['k', 'k', 'k', 'j'], to: 'a58' },
    { keys: [up, down, down, down], to: 'a60' },
    { keys: [pageUp], to: 'a45' },
    { keys: ['\u0002'], to: 'a45' },
    { keys: [pageUp, pageUp, pageDown], to: 'a45' },
    { keys: [pageUp, '\u0006'], to: 'a60' },
    { keys: ['g'], to: 'a01' },
    { keys: ['g', up], to: 'a01' },
    { keys: ['g', down, down], to: 'a03' },
    { keys: ['\u001b[H'], to: 'a01' },
  ]
  test.each(moves)('$keys goes to $to', async ({ keys, to }) => {
    const app = await numberedApp()
    await app.press(...keys)
    expect(selected(app)).toBe(to)
    expect(ruleOf(app)).toContain(`frozen at ${Number(to.slice(1))}`)
  })

  test.each(['G', '\u001b[F'])('%j follows the newest again', async key => {
    const monitor = monitorOf(...numbered(60))
    const app = await renderApp(monitor, size)
    await app.press('g', key)
    expect(app.selectedLine()).toBe(-1)
    expect(ruleOf(app)).toContain('following')
    happens(monitor, ...numbered(1, 61))
    await app.press()
    expect(shownActions(app).at(-1)).toBe('a61')
  })

  test('n and N go to what was blocked, or waits', async () => {
    const stopped = ['a07', 'a30', 'a31']
    const told = numbered(60).map(event =>
      event.type === 'decided' && stopped.includes(event.id)
        ? { ...event, state: 'blocked' as const, outcome: 'none' as const }
        : event,
    )
    const monitor = monitorOf(...told)
    const app = await renderApp(monitor, size)
    const at = async (...keys: string[]): Promise<string> => {
      await app.press(...keys)
      return selected(app)
    }
    expect(await at('N')).toBe('a31')
    expect(await at('N')).toBe('a30')
    expect(await at('N')).toBe('a07')
    expect(await at('N')).toBe('a07')
    expect(app.foot()).toBe('no blocked or pending action before this one')
    expect(await at('n', 'n')).toBe('a31')
    expect(await at('n')).toBe('a31')
    expect(app.foot()).toBe('no blocked or pending action after this one')
  })

  test('N from the newest goes to the last block, past what waits', async () => {
    const pending = asked('a61', 61_000, { waits: 'answer' })
    const told = numbered(60).map(event =>
      event.type === 'decided' && event.id === 'a30'
        ? { ...event, state: 'blocked' as const, outcome: 'none' as const }
        : event,
    )
    const app = await renderApp(monitorOf(...told, pending), size)
    await app.press('N')
    expect(selected(app)).toBe('a30')
    await app.press('n')
    expect(selected(app)).toBe('a61')
  })

  test('the bar moves inside the screen before the list does', async () => {
    const app = await numberedApp()
    const before = shownActions(app)
    await app.press(up, up, up)
    expect(shownActions(app)).toEqual(before)
    await app.press(pageUp)
    expect(shownActions(app)[0]).toBe(selected(app))
  })

  test('f freezes what is shown, and follows again', async () => {
    const monitor = monitorOf(...numbered(60))
    const app = await renderApp(monitor, size)
    await app.press('f')
    expect(selected(app)).toBe('a60')
    const frozen = shownActions(app)
    happens(monitor, ...numbered(5, 61))
    await app.press()
    expect(shownActions(app)).toEqual(frozen)
    expect(ruleOf(app)).toContain('65 actions, frozen at 60')
    await app.press('f')
    expect(shownActions(app).at(-1)).toBe('a65')
    expect(ruleOf(app)).toContain('following')
  })

  test('several keys in one piece are several keys', async () => {
    const app = await numberedApp()
    await app.press('kkk')
    expect(selected(app)).toBe('a57')
    await app.press('gjj')
    expect(selected(app)).toBe('a03')
    await app.press('/a07\r')
    expect(shownActions(app)).toEqual(['a07'])
    expect(app.foot()).toContain('filter')
  })

  test('several arrows in one piece are several arrows', async () => {
    const app = await numberedApp()
    await app.press(up + up + up + down)
    expect(selected(app)).toBe('a58')
  })

  test('on an empty list no key breaks anything', async () => {
    const app = await renderApp(monitorOf(), size)
    await app.press(up, down, pageUp, pageDown, 'g', 'G', 'f', enter, 'J', 'K', 'y', 's', down)
    await app.press(enter, '1', '2', '3', esc, 'T')
    expect(app.lines()).toHaveLength(size.rows)
    expect(app.screen()).toContain('no action yet')
  })
})

describe('the filter', () => {
  const some = () => monitorOf(...numbered(12), asked('b1', 20_000), blocked('b1', 20_010))

  test('filters while it is typed', async () => {
    const app = await renderApp(some(), size)
    await app.press('/')
    expect(app.foot()).toMatch(/^\/▏ {2}Tab completes, Enter keeps it, Esc/)
    await app.press('a', '0')
    expect(shownActions(app)).toHaveLength(9)
    await app.press('3')
    expect(shownActions(app)).toEqual(['a03'])
    expect(app.foot()).toContain('/a03▏')
    await app.press(backspace)
    expect(shownActions(app)).toHaveLength(9)
    await app.press('\u0015')
    expect(shownActions(app)).toHaveLength(13)
  })

  test('Ctrl-W takes a word away', async () => {
    const app = await renderApp(some(), size)
    await app.press('/', 'state:blocked nothing', '\u0017')
    expect(app.foot()).toContain('/state:blocked ▏')
    expect(shownActions(app)).toEqual(['b1'])
  })

  test('Enter keeps it, Esc clears it', async () => {
    const app = await renderApp(some(), size)
    await app.press('/', 'state:blocked', enter)
    expect(shownActions(app)).toEqual(['b1'])
    expect(ruleOf(app)).toContain('1 of 13 actions, following, filter state:blocked')
    expect(app.foot()).toMatch(/^\? help/)
    await app.press(esc)
    expect(shownActions(app)).toHaveLength(13)
    await app.press('/', 'a03', esc)
    expect(shownActions(app)).toHaveLength(13)
    expect(app.foot()).toMatch(/^\? help/)
  })

  test('while it is typed, letters are letters', async () => {
    const app = await renderApp(some(), size)
    await app.press('/', 'q', 's', 'T', '?', 'f', 'y')
    expect(app.foot()).toContain('/qsT?fy▏')
    expect(app.ended()).toBe(false)
  })

  test('says so when nothing passes', async () => {
    const app = await renderApp(some(), size)
    await app.press('/', 'nothing-like-it')
    expect(app.screen()).toContain('none of 13 actions passes the filter nothing-like-it')
  })

  const quick = [
    { key: '1', name: 'approved', count: 12 },
    { key: '2', name: 'blocked', count: 1 },
    { key: '3', name: 'pending', count: 0 },
  ]
  test.each(quick)('$key shows only $name, and all again', async ({ key, name, count }) => {
    const app = await renderApp(some(), size)
    await app.press(key)
    expect(shownActions(app)).toHaveLength(count)
    expect(ruleOf(app)).toContain(`filter state:${name}`)
    await app.press(key)
    expect(shownActions(app)).toHaveLength(13)
    expect(ruleOf(app)).not.toContain('filter')
  })

  test('another of 1 2 3 takes the place of the first', async () => {
    const app = await renderApp(some(), size)
    await app.press('1', '2')
    expect(shownActions(app)).toEqual(['b1'])
  })
})

describe('other keys', () => {
  test('Enter opens the details, Enter or Esc closes them', async () => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    for (const close of [enter, esc]) {
      await app.press(enter)
      expect(app.screen()).toMatch(/^-- details/m)
      await app.press(close)
      expect(app.screen()).not.toMatch(/^-- details/m)
    }
  })

  test('J and K scroll the details', async () => {
    const app = await renderApp(monitorOf(FIXTURES), { columns: 60, rows: 16 })
    await app.press(enter)
    const top = app.screen()
    expect(top).toMatch(/details: K J scroll, \d+ lines more/)
    await app.press('J')
    expect(app.screen()).not.toBe(top)
    await app.press('K', 'K')
    expect(app.screen()).toBe(top)
  })

  test('J past the end needs no more K than there is to scroll', async () => {
    const app = await renderApp(monitorOf(FIXTURES), { columns: 60, rows: 16 })
    await app.press(enter, ...Array<string>(30).fill('J'))
    const end = app.screen()
    await app.press('K')
    expect(app.screen()).not.toBe(end)
  })

  test('s shows the sessions; Enter shows the actions of one', async () => {
    const app = await renderApp(monitorOf(FIXTURES), { columns: 120, rows: 40 })
    await app.press('s', down, down)
    const id = app.selectedText().slice(0, 8)
    expect(id).toMatch(/^[0-9a-f]{8}$/)
    await app.press(enter)
    expect(ruleOf(app)).toContain(`filter session:${id}`)
    const sessions = app.lines().flatMap(l => /^\d\d:\d\d:\d\d (\w{8}) /.exec(l)?.[1] ?? [])
    expect(new Set(sessions)).toEqual(new Set([id]))
  })

  test.each([['s'], [esc]])('%j leaves the sessions', async key => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    const before = app.screen()
    await app.press('s', key)
    expect(app.screen()).toBe(before)
  })

  test('the bar of the sessions stays inside the list', async () => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press('s', up)
    const first = app.selectedText()
    await app.press('G')
    const last = app.selectedText()
    await app.press(down, pageDown)
    expect(app.selectedText()).toBe(last)
    await app.press('g')
    expect(app.selectedText()).toBe(first)
    expect(first).not.toBe(last)
  })

  test.each([[esc], ['?']])('? shows the help, %j leaves it', async key => {
    const app = await renderApp(monitorOf(FIXTURES), { columns: 100, rows: 40 })
    const before = app.screen()
    await app.press('?')
    expect(app.screen()).toContain('copy; what; show secrets')
    await app.press(key)
    expect(app.screen()).toBe(before)
  })

  test('the help is read to its end with what moves, also where it is narrow', async () => {
    const app = await renderApp(monitorOf(FIXTURES), { columns: 40, rows: 15 })
    await app.press('?')
    const seen: string[] = [app.screen()]
    for (let i = 0; i < 60; i++) {
      await app.press(down)
      seen.push(app.screen())
    }
    expect(seen.join('\n')).toContain('interrupted')
    expect(seen.at(-1)).toContain('unknown (no trace left)')
    expect(app.screen()).not.toMatch(/…/)
    await app.press('g')
    expect(app.screen()).toBe(seen[0])
  })

  test('a key of another screen leaves the help and goes there; one that acts only leaves it', async () => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press('?', 's')
    expect(ruleOf(app)).toContain('sessions')
    await app.press('s', '?', ':')
    expect(ruleOf(app)).toContain('commands, found by a part of their name')
    for (const key of ['o', 'y', 'Y', 'V']) {
      await app.press(esc, esc, '?', key)
      expect(app.screen()).not.toContain('-- help')
      expect(app.foot()).toBe('help was open: press it again')
      expect(copied(app.written)).toBe('')
    }
  })

  const idle = [
    { key: 'z', says: 'z is no key here; ? shows those that are' },
    { key: '{', says: '{ is no key here; ? shows those that are' },
    { key: 'm', says: 'm (what helps: mend, edit, show) is a key of audit' },
    { key: 'x', says: 'x (remove the entry) is a key of the trust list' },
  ]
  test.each(idle)('$key does nothing here, and says so', async ({ key, says }) => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press(key)
    expect(app.foot()).toBe(says)
  })

  test('the foot has whole keys only', async () => {
    for (let columns = 40; columns < 120; columns++) {
      const app = await renderApp(monitorOf(FIXTURES), { columns, rows: 15 })
      expect(app.foot()).toMatch(/^\? help {2}q quit( {2}\S+ [a-z ]+)*$/)
      expect(app.foot()).not.toContain('…')
    }
  })

  test('what is said goes on as long as it must', async () => {
    const monitor = monitorOf(FIXTURES)
    const app = await renderApp(monitor, { columns: 40, rows: 15 })
    const message = 'the policy of this machine does not let you do this, and says so in line 7'
    monitor.setView(view => ({ ...view, message }))
    await app.press()
    expect(app.lines().slice(-2).join(' ')).toBe(message)
    expect(app.lines()).toHaveLength(15)
  })

  test('the help on a usual screen shows every key', async () => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press('?')
    const missing = new Keymap().on('live').filter(({ help }) => !app.screen().includes(help))
    expect(missing.map(binding => binding.command)).toEqual([])
  })

  test('the foot of a usual screen names help and quit', async () => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    expect(app.foot()).toContain('? help')
    expect(app.foot()).toContain('q quit')
  })

  test('a narrow screen keeps the newest minutes of the activity', async () => {
    const minutes = (app: Shown): string => / ([▁-█]+)/.exec(app.screen())?.[1] ?? ''
    const wide = minutes(await renderApp(monitorOf(FIXTURES), { columns: 120, rows: 40 }))
    const narrow = minutes(await renderApp(monitorOf(FIXTURES), size))
    expect(narrow.length).toBeGreaterThan(10)
    expect(wide.endsWith(narrow)).toBe(true)
  })

  test('T goes through the themes and round', async () => {
    const monitor = monitorOf(FIXTURES)
    const app = await renderApp(monitor, size)
    const before = app.screen()
    const seen: string[] = []
    for (let i = 0; i < 6; i++) {
      await app.press('T')
      seen.push(app.foot())
    }
    expect(new Set(seen).size).toBe(6)
    expect(seen.at(-1)).toBe('theme dark')
    await app.press(esc)
    expect(app.screen()).toBe(before)
  })

  test('y copies the whole command with OSC 52', async () => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press('/', `tool:bash "${PUSH}"`, enter, 'y')
    const [bytes, ...more] = app.written
    expect(more).toEqual([])
    const base64 = /^\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007$/.exec(bytes ?? '')?.[1] ?? ''
    const command = Buffer.from(base64, 'base64').toString()
    expect(command).toContain(PUSH)
    expect(app.foot()).toBe(`copied ${command.length} characters`)
    await app.press(up)
    expect(app.foot()).toMatch(/^\? help/)
  })

  test('filters that were used are kept for the next screen, and recalled', async () => {
    const kept: (readonly string[])[] = []
    const history = { read: () => ['tool:read'], keep: (it: readonly string[]) => kept.push(it) }
    const { monitor } = withGate({ options: { history } })
    const app = await renderApp(monitor, size)
    await app.press('/', 'state:blocked', enter, '/', up, up)
    expect(app.foot()).toMatch(/^\/tool:read▏/)
    expect(kept).toEqual([['tool:read', 'state:blocked']])
  })

  test('Y copies the reason, or all of it as JSON', async () => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press('2', up, 'Y')
    expect(app.foot()).toBe('copy: c command  r reason  j JSON  Esc leaves')
    await app.press('r')
    const reason = copied(app.written)
    expect(reason).toContain('requires approval')
    await app.press('Y', 'j')
    expect(JSON.parse(copied(app.written))).toMatchObject({ state: 'blocked', reason })
    const before = app.written.length
    await app.press('Y', esc, 'Y', 'x')
    expect(app.written).toHaveLength(before)
  })

  test('pasted text is no keys', async () => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press(paste('q\na'))
    expect([app.ended(), app.foot()]).toEqual([false, 'pasted text is no keys; / takes it'])
  })

  test('but is typed where text is typed, on one line', async () => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press('/', paste('tool:bash\r\ncurl\u001b[2J'))
    expect(app.foot()).toMatch(/^\/tool:bash curl\[2J▏/)
    await app.press(esc, ':', paste('audit\n'))
    expect(app.foot()).toMatch(/^:audit ▏/)
  })

  test('y of an action whose transcript is gone copies its summary', async () => {
    const app = await renderApp(monitorOf(asked('x', 0, { summary: 'rm é' })), size)
    await app.press('y')
    expect(app.written.join('')).toContain(Buffer.from('rm é').toString('base64'))
  })

  test.each(['q', '\u0003'])('%j ends', async key => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    expect(app.ended()).toBe(false)
    await app.press(key)
    expect(app.ended()).toBe(true)
  })

  test.each(['?', 's', '/'])('Ctrl-C ends also after %j', async key => {
    const app = await renderApp(monitorOf(FIXTURES), size)
    await app.press(key, '\u0003')
    expect(app.ended()).toBe(true)
  })
})

/** What a worker would hand over of a recorded session, all of it before `T0`. */
function olderHistory(): Event {
  const name = 'auto-classifier-2.1.150/05ddb86e-1c43-410d-b3e9-d675f27a54ef.jsonl'
  const range = { path: join(FIXTURES, name), agent: '', from: 0, to: Number.MAX_SAFE_INTEGER }
  return { type: 'backlog', part: foldRanges([{ ...range, since: 0 }]) }
}

/** The selected action, where its line stands, and the filter. */
function stand(app: Shown, monitor: Monitor) {
  const { world, view } = monitor.store.getState()
  const id = view.selected === null ? null : textsOf(world, view.selected).id
  return { id, text: selected(app), line: app.selectedLine(), filter: view.filter }
}

describe('the selection stays put', () => {
  const starts: readonly { name: string; count: number; keys: string[] }[] = [
    { name: 'in the middle', count: 60, keys: [up, up, up, up] },
    { name: 'at the top of the screen', count: 60, keys: [pageUp] },
    { name: 'at the oldest', count: 60, keys: ['g'] },
    { name: 'near the oldest', count: 60, keys: ['g', down, down] },
    { name: 'frozen at the newest', count: 60, keys: ['f'] },
    { name: 'with details', count: 60, keys: [up, up, enter] },
    { name: 'with a filter', count: 60, keys: ['/', 'run', enter, up, up] },
    { name: 'on a list shorter than the screen', count: 6, keys: [up, up] },
    { name: 'frozen on a list shorter than the screen', count: 6, keys: ['f'] },
  ]
  const happenings: readonly { what: string; events: () => Event[] }[] = [
    { what: 'new actions come', events: () => numbered(25, 61) },
    { what: 'one new action comes', events: () => numbered(1, 61) },
    { what: 'older history comes', events: () => [olderHistory()] },
    {
      what: 'both come',
      events: () => [...numbered(5, 61), olderHistory(), ...numbered(5, 66)],
    },
  ]
  const cases = starts.flatMap(start => happenings.map(happening => ({ ...start, ...happening })))

  test.each(cases)('$name, when $what', async ({ count, keys, events }) => {
    const monitor = monitorOf(...numbered(count))
    const app = await renderApp(monitor, size)
    await app.press(...keys)
    const before = stand(app, monitor)
    expect(before.line).toBeGreaterThan(0)
    const actions = monitor.store.getState().world.actions.length
    happens(monitor, ...events())
    await app.press()
    expect(monitor.store.getState().world.actions.length).toBeGreaterThan(actions)
    expect(stand(app, monitor)).toEqual(before)
  })

  test('what is being typed stays while actions come', async () => {
    const monitor = monitorOf(...numbered(6))
    const app = await renderApp(monitor, size)
    await app.press('/', 'a0')
    happens(monitor, ...numbered(5, 7), olderHistory())
    await app.press('8')
    expect(app.foot()).toContain('/a08▏')
    expect(shownActions(app)).toEqual(['a08'])
  })

  test('an open action shows its age', async () => {
    const monitor = monitorOf(asked('x', 0))
    const app = await renderApp(monitor, size)
    expect(app.screen()).toContain('1h25m')
  })
})

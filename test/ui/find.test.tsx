/** Finding: the list in groups, the tree of sessions and subagents, and the way through time. */
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import type { Monitor } from '../../src/monitor/monitor.ts'
import { asked, blocked, decided, present } from '../helpers/events.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { judged, judgement } from '../helpers/gate-events.ts'
import { STORY, withGate } from './gate-harness.ts'
import { happens, KEYS, monitorOf, renderApp, type Shown } from './harness.ts'
import { testPictures } from './pictures.ts'

const { up, down, enter, escape: esc } = KEYS
const [left, right] = ['\u001b[D', '\u001b[C']
const MINUTE = 60_000

const SIZES = [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
]

interface Picture {
  readonly name: string
  readonly monitor: () => Monitor
  readonly keys: readonly string[]
}

const recorded = (): Monitor => monitorOf(FIXTURES)
const gated = (): Monitor => withGate({ events: STORY }).monitor

/** Some twenty hours of two sessions, with a night in between. */
function day(): Monitor {
  const quarters = Array.from({ length: 80 }, (_, i) => i).filter(i => i < 22 || i > 48)
  const events = quarters.flatMap(quarter =>
    Array.from({ length: (quarter * 7) % 12 }, (_, i): Event[] => {
      const at = (quarter - 75) * 15 * MINUTE + i * 40_000
      const id = `q${quarter}-${i}`
      const who = { session: quarter % 3 === 0 ? 's2' : 's1' }
      const end =
        quarter % 17 === 5 && i === 2 ? blocked(id, at + 50, who) : decided(id, at + 50, who)
      return [asked(id, at, who), end]
    }).flat(),
  )
  return monitorOf(...events)
}

const PICTURES: readonly Picture[] = [
  { name: 'groups', monitor: recorded, keys: ['b'] },
  { name: 'groups-session', monitor: recorded, keys: ['b', up, enter] },
  { name: 'groups-resource', monitor: gated, keys: ['b', 'b', up, enter] },
  { name: 'groups-rule', monitor: gated, keys: ['b', 'b', 'b', '-', up] },
  { name: 'tree', monitor: recorded, keys: ['s', down] },
  { name: 'timeline', monitor: day, keys: ['<', '<', '<', '<'] },
  { name: 'timeline-long-ago', monitor: day, keys: ['[', '[', 'g'] },
]

describe('the whole screen', () => {
  testPictures(PICTURES, './screens', SIZES)
})

const titleOf = (app: Shown): string => app.lines().find(line => line.startsWith('--')) ?? ''

/** `▸ s1 …` → `▸ s1`, and ` run a1` → `a1`: headings and actions as they stand on the screen. */
const shown = (app: Shown): string[] =>
  app.lines().flatMap(line => {
    const heading = /^([▸▾] \S+)/.exec(line)?.[1]
    return heading ?? /^\d\d:.* run (\w+)/.exec(line)?.[1] ?? []
  })

describe('the list in groups', () => {
  /** s1: a1 a2 (blocked) a3; s2: b1 b2. */
  const two = (): Monitor =>
    monitorOf(
      asked('a1', 0),
      decided('a1', 5),
      asked('a2', 1000),
      blocked('a2', 1005),
      asked('b1', 2000, { session: 's2' }),
      asked('a3', 3000),
      asked('b2', 4000, { session: 's2' }),
    )
  const grouped = async (monitor: Monitor, ...keys: string[]): Promise<Shown> => {
    const app = await renderApp(monitor, { columns: 80, rows: 24 })
    await app.press('b', ...keys)
    return app
  }

  test('is folded at first, and says how to unfold it', async () => {
    const app = await grouped(two())
    expect(shown(app)).toEqual(['▸ s1', '▸ s2'])
    expect(titleOf(app)).toContain('5 actions in 2 sessions, following: Enter unfolds, - all')
  })

  test('b goes on to what is touched, to the rule, and back to the plain list', async () => {
    const app = await grouped(two(), 'b')
    expect(titleOf(app)).toContain('in 1 resource,')
    await app.press('b')
    expect(titleOf(app)).toContain('in 1 rule,')
    await app.press('b')
    expect(shown(app)).toEqual(['a1', 'a2', 'b1', 'a3', 'b2'])
    expect(titleOf(app)).toContain('5 actions, following')
  })

  test('Enter unfolds and folds the one under the cursor', async () => {
    const app = await grouped(two(), up, enter)
    expect(shown(app)).toEqual(['▾ s1', 'a1', 'a2', 'a3', '▸ s2'])
    expect(app.selectedText()).toContain('▾ s1')
    await app.press(enter)
    expect(shown(app)).toEqual(['▸ s1', '▸ s2'])
  })

  test('an action has its details there, and its heading has those of the group', async () => {
    const app = await grouped(two(), up, enter, down, down, enter)
    expect(app.screen()).toContain('x blocked')
    expect(app.screen()).toMatch(/^-- details/m)
    expect(app.screen()).toMatch(/^reason +looks dangerous/m)
    await app.press(up, up)
    expect(app.screen()).toMatch(/^actions +3: approved 1, blocked 1, pending 0/m)
  })

  test('the arrows fold and unfold; to the left of an action is its heading', async () => {
    const app = await grouped(two(), up, right, down, down)
    expect(app.selectedText()).toContain('run a2')
    await app.press(left)
    expect(shown(app)).toEqual(['▸ s1', '▸ s2'])
    expect(app.selectedText()).toContain('▸ s1')
    await app.press(right)
    expect(shown(app)).toEqual(['▾ s1', 'a1', 'a2', 'a3', '▸ s2'])
  })

  test('- unfolds all, and folds all', async () => {
    const app = await grouped(two(), '-')
    expect(shown(app)).toEqual(['▾ s1', 'a1', 'a2', 'a3', '▾ s2', 'b1', 'b2'])
    await app.press('g', down, '-')
    expect(shown(app)).toEqual(['▸ s1', '▸ s2'])
    expect(app.selectedText()).toContain('▸ s1')
  })

  test('the selected action stays selected, in its place, when the list is grouped', async () => {
    const app = await renderApp(two(), { columns: 80, rows: 24 })
    await app.press('g', down, 'b')
    expect(app.selectedText()).toContain('run a2')
    expect(shown(app)).toEqual(['▾ s1', 'a1', 'a2', 'a3', '▸ s2'])
    await app.press('b', 'b', 'b')
    expect(app.selectedText()).toContain('run a2')
    expect(shown(app)).toEqual(['a1', 'a2', 'b1', 'a3', 'b2'])
  })

  test('the filter works inside the groups', async () => {
    const app = await grouped(two(), '-', '/', 'a', '1', enter)
    expect(shown(app)).toEqual(['▾ s1', 'a1'])
    expect(titleOf(app)).toContain('1 of 5 actions in 1 session, following, filter a1')
    await app.press(esc)
    expect(shown(app)).toHaveLength(7)
    await app.press(esc)
    expect(shown(app)).toEqual(['a1', 'a2', 'b1', 'a3', 'b2'])
  })

  test('n and N go into folded groups', async () => {
    const app = await grouped(two(), 'N')
    expect(app.selectedText()).toContain('run a2')
    expect(shown(app)).toEqual(['▾ s1', 'a1', 'a2', 'a3', '▸ s2'])
    await app.press('n')
    expect(app.foot()).toBe('no blocked or pending action after this one')
    await app.press('g', 'n')
    expect(app.selectedText()).toContain('run a2')
  })

  test('what is selected stays on its line while actions and groups come', async () => {
    const monitor = two()
    const app = await grouped(monitor, '-', 'g', down, down)
    const before = { line: app.selectedLine(), text: app.selectedText() }
    happens(
      monitor,
      asked('old', -5000),
      asked('b3', 5000, { session: 's2' }),
      asked('c1', 6_000_000, { session: 's3' }),
      asked('a4', 9_000_000),
    )
    await app.press()
    expect({ line: app.selectedLine(), text: app.selectedText() }).toEqual(before)
    expect(shown(app).filter(text => text.startsWith('▾'))).toEqual(['▾ s1', '▾ s2', '▾ s3'])
  })

  test('an action whose rule is told later is still selected, in its new group', async () => {
    const { monitor } = withGate({ events: [...STORY.slice(0, 4), asked('late', 8000)] })
    const app = await renderApp(monitor, { columns: 80, rows: 24 })
    await app.press('b', 'b', 'b', 'g', enter, down, down)
    expect(app.selectedText()).toContain('run late')
    const said = judgement({ rule: 'a-new-rule' })
    happens(monitor, judged('late', 8005, { judgement: said }))
    await app.press()
    expect(app.selectedText()).toContain('run late')
    expect(shown(app)).toContain('▾ a-new-rule')
  })

  test('p pauses the session whose heading is selected; a has nothing to approve there', async () => {
    const { monitor, sent } = withGate()
    const app = await renderApp(monitor, { columns: 80, rows: 24 })
    await app.press('b', 'g', 'a')
    expect(sent).toEqual([])
    await app.press('p')
    expect(sent).toMatchObject([{ type: 'pause', session: 's1' }])
  })

  test('keys that fold say how to group where nothing is grouped', async () => {
    const app = await renderApp(two(), { columns: 80, rows: 24 })
    for (const key of ['-', left, right]) {
      await app.press(key)
      expect(app.foot()).toBe('b puts the list in groups')
    }
  })
})

describe('the tree of sessions', () => {
  const one = (): Monitor =>
    monitorOf(
      asked('a', 0),
      decided('a', 5),
      asked('b', 1000, { agent: 'sub1' }),
      blocked('b', 1005, { agent: 'sub1' }),
      asked('c', 2000, { agent: 'sub2', waits: 'permission' }),
      { type: 'agent', session: 's1', agent: 'sub1', name: 'explore' },
      present(2000, { status: 'busy' }),
      asked('z', -9000, { session: 's0' }),
    )
  const tree = async (...keys: string[]): Promise<Shown> => {
    const app = await renderApp(one(), { columns: 120, rows: 40 })
    await app.press('s', ...keys)
    return app
  }
  const nodes = (app: Shown): string[] =>
    app
      .lines()
      .flatMap(line => /^(s\d +[▸▾]?( \d)?| [├└]─ \S+)(?!.*began)/.exec(line)?.[1]?.trim() ?? [])

  test('has the subagents below their session, with what each did', async () => {
    const app = await tree()
    expect(nodes(app)).toEqual(['s1       ▾', '├─ explore', '└─ sub2', 's0'])
    expect(app.lines().find(line => line.includes('explore '))).toMatch(/idle +1 +0 /)
    expect(app.lines().find(line => line.includes('sub2'))).toMatch(/busy +0 +0 /)
  })

  test('the arrows fold and unfold a session, also from its subagents', async () => {
    const app = await tree(left)
    expect(nodes(app)).toEqual(['s1       ▸ 2', 's0'])
    await app.press(right, down, down)
    expect(app.selectedText()).toContain('sub2')
    await app.press(left)
    expect(nodes(app)).toEqual(['s1       ▸ 2', 's0'])
    expect(app.selectedText()).toMatch(/^s1/)
  })

  test('- folds all, and unfolds all', async () => {
    const app = await tree('-')
    expect(nodes(app)).toEqual(['s1       ▸ 2', 's0'])
    await app.press('-')
    expect(nodes(app)).toHaveLength(4)
  })

  test.each([
    { keys: [down], filter: 'session:s1 agent:sub1', left: ['b'] },
    { keys: [], filter: 'session:s1', left: ['a', 'b', 'c'] },
  ])('Enter shows the actions of $filter', async ({ keys, filter, left: rest }) => {
    const app = await tree(...keys, enter)
    expect(titleOf(app)).toContain(`filter ${filter}`)
    expect(shown(app)).toEqual(rest)
  })

  test.each([
    { keys: ['s'], session: /^s1/ },
    { keys: ['s', 'G'], session: /^s0/ },
  ])(
    'what $keys selects stays selected when another comes before it',
    async ({ keys, session }) => {
      const monitor = one()
      const app = await renderApp(monitor, { columns: 120, rows: 40 })
      await app.press(...keys)
      expect(app.selectedText()).toMatch(session)
      happens(
        monitor,
        asked('n', 50_000, { session: 's9' }),
        present(50_000, { status: 'busy' }, 's9'),
      )
      await app.press()
      expect(nodes(app)[0]).toBe('s9')
      expect(app.selectedText()).toMatch(session)
    },
  )
})

describe('the way through time', () => {
  /** a1 a2 in one quarter, none in the next, b1 b2 in a third; it is 85 minutes after the first. */
  const hours = (): Monitor =>
    monitorOf(
      asked('a1', 0),
      asked('a2', MINUTE),
      asked('b1', 31 * MINUTE),
      asked('b2', 32 * MINUTE),
      blocked('b2', 32 * MINUTE + 5),
    )
  const selected = (app: Shown): string => / run (\w+)/.exec(app.selectedText())?.[1] ?? ''
  const start = (): Promise<Shown> => renderApp(hours(), { columns: 80, rows: 24 })
  const strip = (app: Shown): string =>
    app.lines().find(line => / per (15 min|5 min|minute|hour)/.test(line)) ?? ''

  test('< goes to the newest action of each slice before', async () => {
    const app = await start()
    await app.press('<')
    expect(selected(app)).toBe('b2')
    await app.press('<')
    expect(selected(app)).toBe('a2')
    await app.press('<')
    expect(selected(app)).toBe('a2')
    expect(app.foot()).toBe('nothing earlier here')
  })

  test('> goes on, and from the last slice to now', async () => {
    const app = await start()
    await app.press('g', '>')
    expect(selected(app)).toBe('b2')
    expect(titleOf(app)).toContain('frozen at 4, -53m00s, . for now')
    await app.press('>')
    expect(titleOf(app)).toContain('following')
    await app.press('>')
    expect(app.foot()).toBe('this is now')
  })

  test('. is now', async () => {
    const app = await start()
    await app.press('<', '<', '.')
    expect(titleOf(app)).toContain('4 actions, following')
    expect(app.selectedLine()).toBe(-1)
  })

  test('bars show where something was blocked, and ^ where the selection stands', async () => {
    const app = await start()
    await app.press(']')
    expect(strip(app)).toMatch(/▁█▁x▁▁▁ now +per 15 min$/)
    await app.press('g')
    expect(strip(app)).toMatch(/▁\^▁x▁▁▁ now +per 15 min$/)
  })

  test('only what passes the filter is in the bars', async () => {
    const app = await start()
    await app.press(']', '/', 'a1', enter)
    expect(strip(app)).toMatch(/▁█▁▁▁▁▁ now/)
  })

  test('slices are as long as it takes to show all there is', async () => {
    expect(strip(await start())).toContain('per 5 min')
    const app = await renderApp(hours(), { columns: 200, rows: 24 })
    expect(strip(app)).toContain('per minute')
  })

  test('[ and ] make the slices shorter and longer', async () => {
    const app = await start()
    await app.press('[')
    expect(strip(app)).toContain('per minute')
    await app.press(']', ']', ']')
    expect(strip(app)).toMatch(/▁x▁ now +per hour$/)
  })

  test('what is long ago is in the middle of the bars', async () => {
    const app = await start()
    await app.press('[', '[', 'g')
    expect(strip(app)).toMatch(/^09:3\d ▁+\^█▁+ 10:\d\d per minute$/)
  })

  test('in a group, time goes by for the group', async () => {
    const monitor = monitorOf(
      asked('x', 0),
      asked('y', 20 * MINUTE, { session: 's2' }),
      asked('z', 40 * MINUTE),
    )
    const app = await renderApp(monitor, { columns: 80, rows: 24 })
    await app.press('b', '-', 'g')
    expect(shown(app)).toEqual(['▾ s2', 'y', '▾ s1', 'x', 'z'])
    await app.press('G', up, down, '<')
    expect(selected(app)).toBe('x')
    await app.press('>')
    expect(selected(app)).toBe('z')
  })
})

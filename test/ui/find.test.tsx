/** Finding: the tree of sessions and subagents. */
import { describe, expect, test } from 'vitest'
import type { Monitor } from '../../src/monitor/monitor.ts'
import { asked, blocked, decided, present } from '../helpers/events.ts'
import { FIXTURES } from '../helpers/folder.ts'
import { happens, KEYS, monitorOf, renderApp, type Shown } from './harness.ts'
import { pictured } from './pictures.ts'

const { down, enter } = KEYS
const [left, right] = ['\u001b[D', '\u001b[C']

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

const PICTURES: readonly Picture[] = [{ name: 'tree', monitor: recorded, keys: ['s', down] }]

describe('the whole screen', () => {
  const cases = PICTURES.flatMap(picture =>
    SIZES.map(size => ({ ...picture, size, file: `${picture.name}-${size.columns}x${size.rows}` })),
  )

  test.each(cases)('$file', async ({ monitor, keys, size, file }) => {
    const app = await renderApp(monitor(), size)
    await app.press(...keys)
    expect(app.lines()).toHaveLength(size.rows)
    await expect(pictured(app)).toMatchFileSnapshot(`./screens/${file}.txt`)
  })
})

const titleOf = (app: Shown): string => app.lines().find(line => line.startsWith('--')) ?? ''

const shown = (app: Shown): string[] =>
  app.lines().flatMap(line => /^\d\d:.* run (\w+)/.exec(line)?.[1] ?? [])

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
    expect(app.lines().find(line => line.includes('explore '))).toMatch(/idle +1 +1 +0 /)
    expect(app.lines().find(line => line.includes('sub2'))).toMatch(/busy +1 +0 +0 /)
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

/** Whatever the size and whatever the agents write, the screen has its rows and its columns. */
import fc from 'fast-check'
import stringWidth from 'string-width'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { STATES, WAITS } from '../../src/action/action.ts'
import type { Event } from '../../src/action/event.ts'
import type { TrustEntry } from '../../src/config/policy.ts'
import { lineOf } from '../../src/monitor/filter-line.ts'
import { FOLDED, UNFOLDED } from '../../src/monitor/folds.ts'
import { chooseGlyphs, isAscii } from '../../src/monitor/glyphs.ts'
import { GROUPINGS } from '../../src/monitor/groups.ts'
import type { PolicyFacts } from '../../src/monitor/link.ts'
import type { Monitor } from '../../src/monitor/monitor.ts'
import type { Prompt } from '../../src/monitor/prompt.ts'
import { safe } from '../../src/monitor/safe-text.ts'
import type { View } from '../../src/monitor/view.ts'
import { Keymap } from '../../src/ui/keymap.ts'
import { layoutOf, type Size } from '../../src/ui/layout.ts'
import { RowPainter } from '../../src/ui/row.ts'
import { screenLines } from '../../src/ui/screen.ts'
import { loadThemes } from '../../src/ui/theme.ts'
import { answered, asked, decided, present } from '../helpers/events.ts'
import { FIXTURES } from '../helpers/folder.ts'
import {
  alerts,
  asks,
  commanded,
  gated,
  granted,
  judged,
  judgement,
  paused,
} from '../helpers/gate-events.ts'
import { Box, POLICY, withGate } from './gate-harness.ts'
import { monitorOf } from './harness.ts'

const [theme] = loadThemes({ XDG_CONFIG_HOME: '/nonexistent' }, 'dark', 24)

function linesOf(monitor: Monitor, size: Size, view: Partial<View>, input: unknown): string[] {
  if (theme === undefined) throw new Error('no theme')
  monitor.setView(before => ({ ...before, ...view }))
  const state = monitor.store.getState()
  const painter = new RowPainter(state.world)
  const { place } = monitor.options
  return screenLines({
    state,
    size,
    theme,
    painter,
    place,
    keymap: new Keymap(),
    items: () => [],
    inputOf: () => input,
    lastUse: () => new Map(),
  })
}

/** What the program itself writes: colours, and nothing else that a terminal obeys. */
const uncoloured = (line: string): string => line.replace(/\u001b\[[0-9;]*m/g, '')

function expectWhole(lines: readonly string[], size: Size): void {
  expect(lines).toHaveLength(size.rows)
  for (const line of lines) {
    const text = uncoloured(line)
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    if (isAscii()) expect(text).toMatch(/^[\x20-\x7e]*$/)
    expect(stringWidth(text), text).toBeLessThanOrEqual(size.columns)
  }
}

const sizes = fc.record({
  columns: fc.integer({ min: 40, max: 300 }),
  rows: fc.integer({ min: 10, max: 100 }),
})

const PIECES = [
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  '🇩🇪',
  '👍🏽',
  '漢字かな',
  '한국어',
  'e\u0301',
  `z${'\u0300'.repeat(40)}`,
  'नमस्ते',
  'עברית العربية',
  '\u202eabc\u202c',
  '\u001b[2J',
  '\u001b]0;title\u0007',
  '\u009b31m',
  '\u0000\t\r\n',
  '\u200b\u2060\ufeff',
  '\ud800',
  '\u{e0041}',
  'ﷺ',
  'plain text',
  ' ',
]
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary' })), { maxLength: 30 })
  .map(pieces => pieces.join(''))

const actions: fc.Arbitrary<Event[]> = fc
  .array(
    fc.record({
      session: hostile,
      agent: fc.oneof(fc.constant(''), hostile),
      tool: hostile,
      summary: hostile,
      reason: hostile,
      model: hostile,
      waits: fc.constantFrom(...WAITS),
      state: fc.option(fc.constantFrom(...STATES)),
    }),
    { maxLength: 20 },
  )
  .map(many =>
    many.flatMap(({ session, agent, tool, summary, reason, model, waits, state }, i): Event[] => {
      const who = { session: `s${session}`, agent }
      const [id, at] = [`${i}`, i * 1000]
      const facts = { cwd: summary, title: i % 2 === 0 ? reason : '', permissionMode: tool }
      return [
        { type: 'session', session: who.session, at: i, ...facts },
        { type: 'agent', ...who, name: tool },
        answered(`m${id}`, at, { ...who, model, costUsd: i % 3 === 0 ? null : 1e6 }),
        asked(id, at, { ...who, tool, summary, waits, message: `m${id}` }),
        ...(state === null ? [] : [decided(id, at + 10, { ...who, state, reason })]),
        present(at, { status: i % 2 === 0 ? 'busy' : 'waiting' }, who.session),
      ]
    }),
  )

const views: fc.Arbitrary<Partial<View>> = fc.record({
  screen: fc.constantFrom<View['screen'][]>(
    'live',
    'sessions',
    'pending',
    'trust',
    'notices',
    'insights',
    'audit',
  ),
  details: fc.boolean(),
  detailsTop: fc.nat(40),
  help: fc.boolean(),
  editing: fc.option(hostile.map(lineOf), { nil: null }),
  palette: fc.option(fc.record({ typed: hostile, index: fc.nat(9) }), { nil: null, freq: 9 }),
  filter: fc.oneof(fc.constant(''), fc.constant('state:blocked'), hostile),
  message: fc.constantFrom('', 'copied 1234567890123456789012345678901234567890 characters'),
  session: fc.option(fc.constantFrom('s1', 'nobody'), { nil: null }),
  group: fc.constantFrom(...GROUPINGS),
  heading: fc.option(fc.constantFrom('', 's1', 'nobody'), { nil: null }),
  folds: fc.constantFrom(FOLDED, UNFOLDED),
  tree: fc.constantFrom(FOLDED, UNFOLDED),
  slice: fc.nat(6),
  selected: fc.option(fc.nat(20), { nil: null }),
  anchor: fc.nat(60),
})

const TRUSTED: TrustEntry = {
  slot: 'source_control',
  entry: '',
  project: '',
  note: '',
  expires: '',
  origin: { layer: 'user', file: '/f', line: 1 },
}

const trustForm = (text: string, typing: boolean): Prompt => ({
  kind: 'trust',
  choices: [
    {
      slot: 'source_control',
      entry: text,
      resource: { kind: 'git', id: text, trust: 'external' },
      wider: false,
      unblocks: [0],
    },
  ],
  index: 0,
  project: text,
  everywhere: false,
  expiry: 1,
  note: text,
  typing,
  openedAt: 0,
})

function hostileGate(text: string): Event[] {
  const said = judgement({
    rule: text,
    reason: text,
    evidence: text.slice(1),
    clear: [text],
    resources: [{ kind: 'git', id: text, trust: 'external' }],
  })
  return [
    gated(0, { why: text, cwd: text, permissionMode: text }),
    asked('a', 10, { summary: text, tool: text }),
    judged('a', 11, { judgement: said, summary: text }),
    asked('b', 20, { summary: text }),
    judged('b', 21, { answer: 'ask', judgement: said }),
    asks('b', 22, { why: text }),
    alerts(30, { text, action: 'a' }),
    paused(40, 's1', { why: text }),
    granted('g', 50, { summary: text, until: 9e15 }),
    commanded(60, { text, screen: { name: text, pid: 1, tty: text } }),
  ]
}

const inputs = fc.oneof(
  fc.constant(null),
  fc.record({ command: hostile }),
  fc.dictionary(hostile, fc.oneof(hostile, fc.integer(), fc.array(hostile, { maxLength: 3 })), {
    maxKeys: 4,
  }),
)

describe.each(['unicode', 'ascii'] as const)('the screen, in %s', set => {
  beforeEach(() => chooseGlyphs(set))
  afterEach(() => chooseGlyphs('unicode'))

  test('has exactly its rows, none wider than its columns, whatever agents write', () => {
    fc.assert(
      fc.property(sizes, views, actions, inputs, hostile, (size, view, events, input, mark) => {
        const restart = { type: 'restart', mark } as const
        const monitor = monitorOf(restart, ...events)
        expectWhole(linesOf(monitor, size, view, input), size)
        monitor.stop()
      }),
      { numRuns: 150, seed: 7 },
    )
  })

  test('so do recorded sessions', () => {
    const monitor = monitorOf(FIXTURES)
    fc.assert(
      fc.property(sizes, views, (size, view) => {
        expectWhole(linesOf(monitor, size, view, { command: 'git push\norigin' }), size)
      }),
      { numRuns: 150, seed: 7 },
    )
    monitor.stop()
  })

  test('so does all that a gate tells, and every question', () => {
    const prompts = (text: string): fc.Arbitrary<Prompt | null> =>
      fc.constantFrom<(Prompt | null)[]>(
        null,
        { kind: 'words', label: safe(text), typed: text, session: 's1', action: 'a' },
        { kind: 'confirm', question: safe(text), yes: { type: 'undo' } },
        {
          kind: 'choose',
          title: safe(text),
          options: [{ label: 'once', command: { type: 'undo' } }],
          index: 0,
        },
        trustForm(text, false),
        trustForm(text, true),
      )
    const told = hostile.chain(text =>
      fc.record({ text: fc.constant(text), prompt: prompts(text) }),
    )
    fc.assert(
      fc.property(sizes, views, told, (size, view, { text, prompt }) => {
        const policy = new Box<PolicyFacts>({
          ...POLICY,
          trust: [{ ...TRUSTED, entry: text, note: text }],
        })
        const { monitor } = withGate({ events: hostileGate(text), options: { policy } })
        expectWhole(linesOf(monitor, size, { ...view, prompt }, { command: text }), size)
        monitor.stop()
      }),
      { numRuns: 200, seed: 7 },
    )
  })

  const narrow: Size = { columns: 40, rows: 30 }
  const wide: readonly { what: string; input: unknown }[] = [
    { what: 'whose transcript is gone', input: null },
    { what: 'with a wide name in its input', input: { ['漢字'.repeat(30)]: 'x' } },
    { what: 'with emoji cut in the name', input: { [`x${'👍🏽'.repeat(30)}`]: 'x' } },
  ]
  test.each(wide)('on a narrow screen the details of an action $what fit', ({ input }) => {
    const monitor = monitorOf(asked('a', 0))
    expectWhole(linesOf(monitor, narrow, { details: true }, input), narrow)
    monitor.stop()
  })

  test('the parts of the layout add up', () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), (size, details) => {
        const layout = layoutOf(size, { pane: details })
        const heads = size.rows >= 16 ? 1 : 0
        expect(layout.header + layout.body + 2).toBe(size.rows)
        expect(layout.list + layout.details + heads).toBe(layout.body)
        expect(layout.list).toBeGreaterThan(0)
      }),
    )
  })
})

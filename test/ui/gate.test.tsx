/** Screens and keys with a gate: what is sent, what is asked first, and why a key cannot act. */
import { describe, expect, test, vi } from 'vitest'
import type { Finding } from '../../src/monitor/finding.ts'
import type { Asides } from '../../src/monitor/link.ts'
import { asked, decided } from '../helpers/events.ts'
import { answers, asks, gated, historyRead, judged, paused } from '../helpers/gate-events.ts'
import { GATE_NOW, NO_ASIDES, STORY, withGate } from './gate-harness.ts'
import { copied, happens, KEYS, renderApp } from './harness.ts'
import { pictured, SIZES } from './pictures.ts'

const { up, down, enter, escape: esc } = KEYS

const CTRL_P = '\u0010'
const TAB = '\t'

/** Keys that select an action of the story on the live screen. */
const on = (text: string): string[] => ['/', text, enter, up]

const PICTURES: readonly { name: string; keys: readonly string[] }[] = [
  { name: 'gate-live', keys: [] },
  { name: 'gate-details', keys: [...on('backup'), enter] },
  { name: 'gate-opinion', keys: [...on('curl'), enter] },
  { name: 'gate-ungated', keys: [...on('rm'), enter] },
  { name: 'gate-pending', keys: ['w'] },
  { name: 'gate-trust-list', keys: ['R', down, enter] },
  { name: 'gate-sessions', keys: ['s'] },
  { name: 'gate-notices', keys: ['L', enter] },
  { name: 'gate-insights', keys: ['i', '['] },
  { name: 'gate-insights-trust', keys: ['i', 't'] },
  { name: 'gate-deny', keys: ['w', 'd', 'use staging'] },
  { name: 'gate-override', keys: [...on('backup'), 'O', down] },
  { name: 'gate-trust', keys: [...on('backup'), 't', down] },
  { name: 'gate-trust-note', keys: [...on('backup'), 't', 'n', 'our mirror'] },
  { name: 'gate-pause-hard', keys: [...on('backup'), CTRL_P] },
]

describe('the whole screen', () => {
  const cases = PICTURES.flatMap(picture =>
    SIZES.map(size => ({ ...picture, size, file: `${picture.name}-${size.columns}x${size.rows}` })),
  )
  test.each(cases)('$file', async ({ keys, size, file }) => {
    const app = await renderApp(withGate().monitor, size)
    await app.press(...keys)
    expect(app.lines()).toHaveLength(size.rows)
    await expect(pictured(app)).toMatchFileSnapshot(`./screens/${file}.txt`)
  })
})

/** Half a second between two keys. */
function slowly(): () => number {
  let now = GATE_NOW
  return () => {
    now += 500
    return now
  }
}

const deploy = { session: 's2', action: 'deploy' }
const push = { session: 's1', action: 'push' }
const git = (path: string) => ({ slot: 'source_control', entry: `github.com/${path}` })

const SENDS: readonly { what: string; keys: readonly string[]; command: object }[] = [
  {
    what: 'a approves the only pending action',
    keys: ['a'],
    command: { type: 'approve', ...deploy },
  },
  {
    what: 'a approves the selected one',
    keys: [...on('kubectl'), 'a'],
    command: { type: 'approve', ...deploy },
  },
  {
    what: 't on what was blocked most',
    keys: ['i', 't', enter],
    command: {
      type: 'trust',
      ...git('evil/app'),
      project: '/home/dev/app',
      note: '',
    },
  },
  {
    what: 'a in the list of what waits',
    keys: ['w', 'a'],
    command: { type: 'approve', ...deploy },
  },
  {
    what: 'd denies with words',
    keys: ['w', 'd', 'not prod', enter],
    command: { type: 'deny', ...deploy, words: 'not prod' },
  },
  {
    what: 'd denies without words',
    keys: ['d', enter],
    command: { type: 'deny', ...deploy, words: '' },
  },
  {
    what: 'o overrides once',
    keys: [...on('backup'), 'o'],
    command: { type: 'override', ...push },
  },
  {
    what: 'O chooses how often and how long',
    keys: [...on('backup'), 'O', down, down, down, down, down, enter],
    command: { type: 'override', ...push, uses: 'always', minutes: 60 },
  },
  {
    what: 't trusts the narrowest entry in this project',
    keys: [...on('backup'), 't', enter],
    command: { type: 'trust', ...git('evil/app'), note: '', project: '/home/dev/app' },
  },
  {
    what: 't trusts a wider one everywhere, for a week, with a note',
    keys: [...on('backup'), 't', down, TAB, 'e', 'e', 'n', 'our mirror', enter, enter],
    command: { type: 'trust', ...git('evil'), note: 'our mirror', expires: '2026-11-30' },
  },
  { what: 'u takes back', keys: ['u'], command: { type: 'undo' } },
  {
    what: 'p pauses the session of the action',
    keys: [...on('backup'), 'p'],
    command: { type: 'pause', session: 's1' },
  },
  { what: 'P pauses all', keys: ['P'], command: { type: 'pause' } },
  {
    what: 'Ctrl-p pauses hard, after a yes',
    keys: [...on('backup'), CTRL_P, 'y'],
    command: { type: 'pause', session: 's1', hard: true },
  },
  {
    what: 'p on the sessions screen',
    keys: ['s', 'G', 'p'],
    command: { type: 'pause', session: 's1' },
  },
  {
    what: 'e gives an entry another expiry and note, where it is good already',
    keys: ['R', down, down, 'e', TAB, 'e', 'n', '!', enter, enter],
    command: {
      type: 'trust',
      slot: 'buckets',
      entry: 's3://builds/app',
      project: '/home/dev/app',
      note: expect.stringMatching(/!$/),
      expires: expect.stringMatching(/^2026-/),
    },
  },
  {
    what: 'x removes an entry, after a yes',
    keys: ['R', 'x', 'y'],
    command: { type: 'untrust', ...git('acme') },
  },
  {
    what: 'x removes a project’s entry from that project',
    keys: ['R', down, down, 'x', 'y'],
    command: {
      type: 'untrust',
      slot: 'buckets',
      entry: 's3://builds/app',
      project: '/home/dev/app',
    },
  },
]

const FINDINGS: readonly Finding[] = [
  {
    kind: 'hooks-off',
    severity: 'high',
    what: 'disableAllHooks: the client asks the gate about nothing here',
    where: '/home/dev/app/.claude/settings.json:3',
    mend: 'take the line out, and look who put it there',
    fix: ['audit', '--mend', '/home/dev/app/.claude/settings.json:3:3'],
  },
  {
    kind: 'rule-off',
    severity: 'medium',
    what: 'the built-in rule force-push is off',
    where: '/etc/signalbox/policy.yaml:9',
    mend: "take the line out: 'signalbox rules' says what it would stop",
  },
  {
    kind: 'entry-unused',
    severity: 'low',
    what: 'docs.example: none of 412 actions of the last 90 days had to do with it',
    where: '/home/dev/.config/signalbox/config.yaml:7',
    mend: 'take it out, if it is not meant for what is to come',
    fix: ['trust', 'remove', "it's.example", '--as', 'domains'],
  },
]

describe('the audit', () => {
  const audited = (more: Partial<Asides> = {}) =>
    withGate({ options: { asides: { ...NO_ASIDES, audit: async () => FINDINGS, ...more } } })

  test.each(SIZES)('whole, at $columns x $rows', async size => {
    const app = await renderApp(audited().monitor, size)
    await app.press('A', enter)
    expect(app.lines()).toHaveLength(size.rows)
    const file = `audit-${size.columns}x${size.rows}`
    await expect(pictured(app)).toMatchFileSnapshot(`./screens/${file}.txt`)
  })

  test('m mends what is selected once you say yes, and looks again', async () => {
    const mended: unknown[] = []
    let looks = 0
    const { monitor, sent } = audited({
      audit: async () => FINDINGS.slice(looks++),
      mend: async (...it) => {
        mended.push(it)
        return 'mended: it is out'
      },
    })
    const app = await renderApp(monitor)
    await app.press('A', 'm')
    expect(app.foot()).toContain('[y/N]  mend: disableAllHooks')
    await app.press('n')
    expect(mended).toEqual([])
    await app.press('m', 'y')
    expect(mended).toEqual([[FINDINGS[0]?.fix, FINDINGS[0]?.what]])
    expect([app.foot(), looks, sent]).toEqual(['mended: it is out', 2, []])
    expect(app.screen()).not.toContain('disableAllHooks')
  })

  test('what is mended while it looks is looked at once more', async () => {
    let looks = 0
    const first = Promise.withResolvers<readonly Finding[]>()
    const { monitor } = audited({
      audit: () => (++looks === 1 ? first.promise : Promise.resolve([])),
    })
    monitor.setView(view => ({ ...view, screen: 'audit' }))
    await monitor.mend({ fix: ['audit', '--mend', '/f:1:1'], what: 'what' })
    first.resolve(FINDINGS)
    await vi.waitFor(() => expect(looks).toBe(2))
    await vi.waitFor(() =>
      expect(monitor.store.getState().audit).toMatchObject({ state: 'looked', findings: [] }),
    )
  })

  test('what somebody else has to mend is copied for them, with its line', async () => {
    const app = await renderApp(audited().monitor, { columns: 160, rows: 30 })
    await app.press('A', down, 'm')
    expect(app.foot()).toContain('copied, for who can change it: take the line out')
    expect(copied(app.written)).toBe(
      "/etc/signalbox/policy.yaml:9: the built-in rule force-push is off. To do: take the line out: 'signalbox rules' says what it would stop",
    )
  })

  test.each([
    ['a file of yours', ['config', 'edit', '--at', '/f.yaml:3']],
    ['what is silent', ['doctor']],
    ['an action that is not here', ['why', 'toolu_of_last_month']],
  ])('m hands the terminal over for %s, and looks again', async (_, fix) => {
    const [first] = FINDINGS
    if (first === undefined) throw new Error('no finding')
    const ran: unknown[] = []
    let looks = 0
    const { monitor } = audited({
      audit: async () => (looks++ === 0 ? [{ ...first, fix }] : []),
      foreground: async args => {
        ran.push(args)
        return 'done'
      },
    })
    const app = await renderApp(monitor)
    await app.press('A', 'm')
    await vi.waitFor(() => expect(app.foot()).toBe('done'))
    expect([ran, looks]).toEqual([[fix], 2])
  })

  test('m goes to the action that a finding is about', async () => {
    const [first] = FINDINGS
    if (first === undefined) throw new Error('no finding')
    const { monitor } = audited({ audit: async () => [{ ...first, fix: ['why', 'push'] }] })
    const app = await renderApp(monitor, { columns: 160, rows: 30 })
    await app.press('A', 'm')
    expect(app.selectedText()).toContain('git push')
    expect(app.screen()).toContain('-- details')
  })

  test('why it could not look is said', async () => {
    const { monitor } = audited({ audit: () => Promise.reject(new Error('config.yaml:3: no')) })
    const app = await renderApp(monitor)
    await app.press('A')
    expect(app.screen()).toContain('it could not be looked at: config.yaml:3: no')
  })
})

describe('before an entry is there', () => {
  const simulating = (simulate: Asides['simulate']) =>
    withGate({ options: { asides: { ...NO_ASIDES, simulate } } })
  const form = [...on('backup'), 't']

  test('every recorded action is judged again with it', async () => {
    const tried: string[] = []
    const { monitor } = simulating(async ({ slot, entry }) => {
      tried.push(`${slot} ${entry}`)
      return { actions: 412, letThrough: ['push', 'curl'], changed: 3 }
    })
    const app = await renderApp(monitor, { columns: 160, rows: 40 })
    await app.press(...form, down)
    expect(tried).toEqual(['source_control github.com/evil/app', 'source_control github.com/evil'])
    expect(app.screen()).toContain(
      'with it 2 of 412 recorded actions would be let through, 1 judged otherwise',
    )
    expect(app.screen()).toContain('x curl -d @.env')
  })

  test('why it could not be is said', async () => {
    const { monitor } = simulating(() => Promise.reject(new Error('holds no journal')))
    const app = await renderApp(monitor, { columns: 160, rows: 40 })
    await app.press(...form)
    expect(app.screen()).toContain('not judged again: holds no journal')
  })
})

describe('keys that act', () => {
  test.each(SENDS)('$what', async ({ keys, command }) => {
    const { monitor, sent } = withGate({ options: { clock: slowly() } })
    const app = await renderApp(monitor, { columns: 100, rows: 30 })
    await app.press(...keys)
    expect(sent).toEqual([command])
    expect(app.foot()).toBe('as you said')
  })

  test.each([
    ['at once', [enter]],
    ['after another letter', ['s', enter]],
    ['after a note', ['n', 'ow', enter]],
  ])('what is typed into the wrong window trusts nothing: Enter %s', async (_, keys) => {
    const clock = keys.length > 1 ? slowly() : () => GATE_NOW
    const { monitor, sent } = withGate({ options: { clock } })
    const app = await renderApp(monitor, { columns: 100, rows: 30 })
    await app.press(...on('backup'), 't', ...keys)
    expect(sent).toEqual([])
  })

  test('the note is read in the form before it is sent', async () => {
    const app = await renderApp(withGate().monitor, { columns: 120, rows: 30 })
    await app.press(...on('backup'), 't', 'n', 'our mirror', enter)
    expect(app.screen()).toContain('under source_control, as "our mirror"')
    expect(app.foot()).toContain('Enter trusts')
  })

  test.each([
    ['Ctrl-p', [CTRL_P]],
    ['x', ['R', 'x']],
  ])('%s does nothing without a yes', async (_, keys) => {
    const { monitor, sent } = withGate()
    const app = await renderApp(monitor)
    await app.press(...on('backup'), ...keys, 'n', ...keys.slice(-1), esc, ...keys.slice(-1), enter)
    expect(sent).toEqual([])
    expect(monitor.store.getState().view.prompt).toBeNull()
  })

  test('where nothing was blocked t says so', async () => {
    const app = await renderApp(withGate({ events: [gated(0), historyRead] }).monitor)
    await app.press('i', 't')
    expect(app.foot()).toBe('nothing was blocked in this range')
  })

  test.each(['d', 'O', 't'])('Esc leaves the question of %s', async key => {
    const { monitor, sent } = withGate()
    const app = await renderApp(monitor)
    await app.press(...on(key === 'd' ? 'kubectl' : 'backup'))
    const before = app.screen()
    await app.press(key, esc)
    expect(app.screen()).toBe(before)
    expect(sent).toEqual([])
  })

  test('r resumes the session, or all where all are paused', async () => {
    const one = withGate({ events: [...STORY, paused(8000, 's1')] })
    const app = await renderApp(one.monitor)
    await app.press(...on('backup'), 'r')
    expect(one.sent).toEqual([{ type: 'resume', session: 's1' }])
    const all = withGate({ events: [...STORY, paused(8000)] })
    await (await renderApp(all.monitor)).press('r')
    expect(all.sent).toEqual([{ type: 'resume' }])
  })

  test('the foot says what the gate refused, and that it did not answer', async () => {
    const refused = withGate({ reply: { done: false, text: 'too late' } })
    const app = await renderApp(refused.monitor)
    await app.press('a')
    expect(app.foot()).toBe('not done: too late')
    const dead = withGate({ reply: new Error('ECONNREFUSED') })
    const other = await renderApp(dead.monitor)
    await other.press('a')
    expect(other.foot()).toBe('the gate did not answer: ECONNREFUSED')
  })
})

describe('a key that cannot act says why', () => {
  const cases: readonly [string, Parameters<typeof withGate>[0], readonly string[], string][] = [
    ['--read-only', { options: { readOnly: true } }, ['a'], '--read-only'],
    [
      'no hooks',
      { events: [asked('x', 0), decided('x', 9)] },
      [up, 'p'],
      'no hooks in this session: run signalbox init',
    ],
    [
      'nothing pending',
      { events: STORY.filter(e => e.type !== 'asked') },
      ['a'],
      'nothing is pending',
    ],
    ['locked', { locked: ['trust'] }, [...on('backup'), 't'], 'managed policy does not allow it'],
    ['not blocked', {}, [...on('ls'), 'o'], 'only a blocked action can be overridden'],
    ['no selection', {}, ['o'], 'select an action first'],
    ['managed entry', {}, ['R', down, 'x'], 'it is managed, in /etc/signalbox/policy.yaml:3'],
    ['not paused', {}, ['r'], 'nothing is paused'],
    ['nothing strange', {}, [...on('rm'), 't'], 'the judge was not asked about this action'],
  ]
  test.each(cases)('%s', async (_, given, keys, why) => {
    const { monitor, sent } = withGate(given)
    const app = await renderApp(monitor, { columns: 120, rows: 30 })
    await app.press(...keys)
    expect(app.foot()).toContain(why)
    expect(sent).toEqual([])
  })

  test('no gate on the machine', async () => {
    const { monitor, connected } = withGate()
    connected.set(false)
    const app = await renderApp(monitor)
    await app.press('a')
    expect(app.screen()).toContain("the gate is away: 'signalbox gate run --detach' starts it")
    connected.set(true)
    await app.press('a')
    expect(app.foot()).toBe('as you said')
  })

  test('the client no longer waits', async () => {
    const late = asks('deploy', 6000, { session: 's2', until: 1 })
    const { monitor } = withGate({ events: [...STORY, late] })
    const app = await renderApp(monitor)
    await app.press('w', 'a')
    expect(app.foot()).toBe('the client no longer waits for an answer')
  })

  test('it came in the moment before the key', async () => {
    const now = asks('deploy', 29_900, { session: 's2', until: 9e15 })
    const { monitor, sent } = withGate({ events: [...STORY, now] })
    const app = await renderApp(monitor)
    await app.press('a')
    expect(app.foot()).toBe('it came just now: press again')
    expect(sent).toEqual([])
  })
})

describe('the list of what waits', () => {
  const second = [
    gated(0),
    asked('two', 1000, { summary: 'second' }),
    judged('two', 1001, { answer: 'ask' }),
    asks('two', 1002, { until: 9e15 }),
  ]

  test('keeps the action under the cursor when others come and go', async () => {
    const { monitor, sent } = withGate({ events: [...STORY, ...second] })
    const app = await renderApp(monitor, { columns: 120, rows: 30 })
    await app.press('w', down)
    expect(app.selectedText()).toContain('kubectl')
    happens(monitor, answers('two', 9000))
    await app.press()
    expect(app.selectedText()).toContain('kubectl')
    happens(monitor, answers('deploy', 9000, { session: 's2', answer: 'elsewhere' }))
    await app.press('a')
    expect(app.selectedText()).toContain('over')
    expect(sent).toEqual([])
  })

  test('goes on to the next after an answer by hand', async () => {
    const { monitor, sent } = withGate({ events: [...STORY, ...second] })
    const app = await renderApp(monitor)
    await app.press('w', 'a', 'a')
    expect(sent.map(command => 'action' in command && command.action)).toEqual(['two', 'deploy'])
  })

  test('with several pending, none is approved unseen', async () => {
    const { monitor, sent } = withGate({ events: [...STORY, ...second, historyRead] })
    const app = await renderApp(monitor)
    await app.press('a')
    expect(app.foot()).toContain('2 actions are pending: select one')
    expect(sent).toEqual([])
  })
})

test('a host with letters that look like others is shown as punycode', async () => {
  const app = await renderApp(withGate().monitor, { columns: 120, rows: 30 })
  await app.press('R')
  expect(app.screen()).toContain('xn--pypal-4ve.example')
  expect(app.screen()).not.toContain('pаypal')
})

test('text of an agent steers nothing in a question', async () => {
  const evil = 'rm \u001b[2J\u202e'
  const events = [
    gated(-10),
    asked('e', 0, { summary: evil }),
    judged('e', 1, { answer: 'ask', summary: evil }),
    asks('e', 2, { why: evil, until: 9e15 }),
  ]
  const app = await renderApp(withGate({ events }).monitor, { columns: 120, rows: 30 })
  await app.press('w', enter, 'd')
  expect(app.screen()).not.toMatch(/\u001b\[2J|\u202e/)
})

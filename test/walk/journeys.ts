/** What a person meets beside the usual: other keys, edits, a history being read, what is amiss. */
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { NOW } from '../../scripts/pictures/story.ts'
import { callLine, promptLine, START } from '../helpers/lines.ts'
import type { Stage } from './stage.ts'
import { all } from './steps.ts'
import type { Step } from './walk.ts'

const ESC = '\u001b'
const ENTER = '\r'
/** Until a closed connection is noticed. */
const NOTICED_MS = 500
const DOWN = '\u001b[B'
const CTRL_P = '\u0010'
const CTRL_Y = '\u0019'

export interface Journey {
  readonly name: string
  /** Where it is about themes itself. */
  readonly theme?: string
  readonly flags?: readonly string[]
  readonly prepare?: (home: string) => void
  readonly steps: (stage: Stage) => readonly Step[]
}

const live: Step = { name: 'live', keys: [], shows: 'p pause' }
const back = (name: string): Step => ({ name, keys: [ESC], shows: 'npm test' })

const policyOf = (home: string): string => join(home, '.config/signalbox/config.yaml')
const setting = (lines: string) => (home: string) => appendFileSync(policyOf(home), `${lines}\n`)

const OTHER_KEYS = `keys:
  approve: y
  copy: ctrl+y
  palette: ";"
  sessions: z
  theme: []
`

const DARK = readFileSync(join(import.meta.dirname, '../../themes/dark.yaml'), 'utf8')
const THEME = (blue: string): string =>
  DARK.replace('name: dark', 'name: mine').replace('blue: "#79c0ff"', `blue: ${blue}`)
const themeFile = (home: string): string => join(home, '.config/signalbox/themes/mine.yaml')

/** A transcript that takes minutes to read, and no room. */
function longHistory(home: string): void {
  const folder = join(home, '.claude/projects/-home-dev-old')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, '00000000-1111-4222-8333-444444444444.jsonl')
  execFileSync('truncate', ['-s', '2T', file])
  appendFileSync(file, '\n'.repeat(200_000))
  execFileSync('touch', ['-d', '2026-10-01', file])
}

/** A file that no permission of root opens: a link to itself. */
function becomesUnreadable(home: string): void {
  const folder = join(home, '.claude/projects/-home-dev-docs')
  const [name = ''] = readdirSync(folder)
  symlinkSync(name, join(home, 'link'))
  renameSync(join(home, 'link'), join(folder, name))
}

/** Two subagents of the docs. */
function subagents(home: string): void {
  const folder = join(home, '.claude/projects/-home-dev-docs')
  const [session = ''] = readdirSync(folder).map(name => name.replace('.jsonl', ''))
  const below = join(folder, session, 'subagents')
  mkdirSync(below, { recursive: true })
  for (const [i, agentType] of ['link-checker', 'translator'].entries()) {
    const command = `npx ${agentType} guide`
    const at = NOW - 9000 + i * 1000 - START
    const line = callLine(
      { id: `toolu_s${i}`, input: { command } },
      { at, session, message: `s${i}` },
    )
    writeFileSync(join(below, `agent-a${i}.jsonl`), `${line}\n`)
    const told = { agentType, description: '', toolUseId: '' }
    writeFileSync(join(below, `agent-a${i}.meta.json`), JSON.stringify(told))
  }
}

/** In other writing systems, and in characters that are two columns wide. */
function foreign(home: string): void {
  const session = 'e1a2b3c4-0000-4000-8000-00000000f0f0'
  const at = NOW - 20_000 - START
  const commands = ['echo "مرحبا بالعالم"', "git commit -m 'שלום עולם'", 'cat 価格/一覧.md 🚂🚦']
  const lines = [
    promptLine('اكتب الدليل', { at: at - 9000, session }),
    ...commands.map((command, i) =>
      callLine(
        { id: `toolu_f${i}`, input: { command } },
        { at: at + i * 1000, session, message: 'msg_f' },
      ),
    ),
  ]
  const folder = join(home, '.claude/projects/-home-dev-wide')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${session}.jsonl`), lines.map(line => `${line}\n`).join(''))
}

export const JOURNEYS: readonly Journey[] = [
  {
    name: 'other-keys',
    prepare: setting(OTHER_KEYS),
    steps: () => [
      live,
      { name: 'help', keys: ['?'], shows: '-- help' },
      { name: 'palette', keys: [ESC, ';', 'a', 'p', 'p', 'r'], shows: ':appr' },
      { name: 'sessions', keys: [ESC, 'z'], shows: 'sessions' },
      { name: 'waiting', keys: ['w', DOWN], shows: '2 waiting' },
      { name: 'approved', keys: ['y'], shows: all('1 waiting', 'approved') },
      { name: 'copied', keys: [CTRL_Y], shows: 'copied' },
      { name: 'the-usual-is-none', keys: ['T', ESC], shows: 'npm test' },
    ],
  },
  {
    name: 'keys-in-conflict',
    prepare: setting('keys:\n  approve: q'),
    steps: () => [{ name: 'refused', keys: [], shows: 'config.yaml:' }],
  },
  {
    name: 'themes',
    theme: 'mine',
    prepare: home => {
      mkdirSync(join(home, '.config/signalbox/themes'), { recursive: true })
      writeFileSync(themeFile(home), THEME('"#3399ff"'))
    },
    steps: ({ home }) => [
      live,
      {
        name: 'broken-while-open',
        happens: () => writeFileSync(themeFile(home), THEME('sky')),
        keys: [],
        shows: 'mine.yaml:',
      },
      {
        name: 'mended',
        happens: () => writeFileSync(themeFile(home), THEME('"#2277dd"')),
        keys: [],
        shows: screen => !screen.includes('mine.yaml:'),
      },
      { name: 'the-next', keys: ['T'], shows: 'theme' },
    ],
  },
  {
    name: 'trust',
    steps: ({ passTime }) => [
      live,
      { name: 'entries', keys: ['R', DOWN], shows: 'trusted' },
      { name: 'editing', keys: ['e'], shows: '-- ' },
      { name: 'its-note', keys: ['n', 'o', 'u', 'r', 's', ENTER], shows: 'ours' },
      { name: 'edited', happens: passTime, keys: [ENTER], shows: /^trusts \*\.acme\.example/m },
      { name: 'removing', keys: ['x'], shows: '[y/N]' },
      { name: 'removed', keys: ['y'], shows: all('4 trusted', 'no longer trusts') },
      { name: 'undone', keys: ['u'], shows: all('5 trusted', 'again') },
      { name: 'edit-undone', keys: ['u'], shows: 'as before' },
      back('left'),
    ],
  },
  {
    name: 'pauses',
    steps: () => [
      live,
      { name: 'paused', keys: ['p'], shows: all('PAUSED', 'this session asks') },
      { name: 'all-paused', keys: ['P'], shows: all('PAUSED', 'all sessions ask') },
      { name: 'one-resumed', keys: ['r'], shows: 'this session is resumed' },
      { name: 'all-resumed', keys: ['r'], shows: /^all sessions are resumed/m },
      { name: 'hard', keys: [CTRL_P], shows: '[y/N]' },
      { name: 'not-hard', keys: ['n'], shows: 'npm test' },
      { name: 'hard-paused', keys: [CTRL_P, 'y'], shows: 'PAUSED' },
      { name: 'undone', keys: ['u'], shows: screen => !screen.includes('PAUSED') },
      { name: 'notices', keys: ['L'], shows: 'notices' },
    ],
  },
  {
    name: 'long-history',
    prepare: longHistory,
    steps: () => [
      { ...live, shows: /% of 2199GB?/ },
      { name: 'sessions', keys: ['s'], shows: /% of 2199GB?/ },
      { name: 'nothing-passes', keys: ['s', '/', 'x', 'y', ENTER], shows: 'xy' },
    ],
  },
  {
    name: 'amiss',
    steps: ({ home }) => [
      live,
      {
        name: 'unreadable',
        happens: () => becomesUnreadable(home),
        keys: [],
        shows: 'cannot be read',
      },
      {
        name: 'policy-broken',
        happens: () => appendFileSync(policyOf(home), 'trust: everybody\n'),
        keys: ['A'],
        shows: /must be u/,
      },
    ],
  },
  {
    name: 'gate-away',
    steps: ({ stopGate, startGate, passTime }) => [
      live,
      {
        name: 'away',
        happens: async () => {
          stopGate()
          await sleep(NOTICED_MS)
          await passTime()
        },
        keys: [],
        shows: 'GATE AWAY',
      },
      { name: 'waiting', keys: ['w'], shows: 'GATE AWAY' },
      { name: 'cannot-approve', keys: [DOWN, 'a'], shows: 'gate' },
      {
        name: 'back',
        happens: startGate,
        keys: [ESC, ESC],
        shows: screen => !/gate away/i.test(screen),
      },
    ],
  },
  {
    name: 'loud',
    prepare: setting('notify: loud'),
    steps: ({ passTime, asks }) => [
      live,
      {
        name: 'one-waits',
        happens: async () => {
          await passTime()
          await asks('git push --tags')
        },
        keys: [],
        shows: "' waits",
      },
      { name: 'gone-to', keys: ["'"], shows: 'git push --tags' },
      { name: 'approved', keys: ['a'], shows: all('2 waiting', 'approved') },
    ],
  },
  {
    name: 'reduced-motion',
    prepare: setting('motion: reduced'),
    steps: () => [live, { name: 'details', keys: ['N', ENTER], shows: '-- details' }],
  },
  {
    name: 'one-session',
    flags: ['--session', '7be90d14'],
    steps: () => [
      { ...live, shows: 'make deploy' },
      { name: 'help', keys: ['?'], shows: '-- help' },
    ],
  },
  {
    name: 'subagents',
    prepare: subagents,
    steps: () => [
      { ...live, shows: /npx trans/ },
      { name: 'tree', keys: ['s'], shows: 'sessions' },
      { name: 'folded', keys: ['-'], shows: '▸ 2' },
      { name: 'unfolded', keys: ['-'], shows: '▾' },
      { name: 'a-subagent', keys: [DOWN], shows: 'sessions' },
      { name: 'its-actions', keys: [ENTER], shows: 'filter' },
    ],
  },
  {
    name: 'writing-systems',
    prepare: foreign,
    steps: () => [
      { ...live, shows: '🚂' },
      { name: 'selected', keys: ['N', '.', ENTER], shows: '-- details' },
      { name: 'filtered', keys: [ESC, '/', 'ש', 'ל', 'ו', 'ם', ENTER], shows: /filter/ },
    ],
  },
]

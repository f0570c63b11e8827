/** The pictures there are: the screen's size, and what is typed. */
import { BINDINGS, type Command } from '../../src/ui/bindings.ts'

export interface Picture {
  /** Of its file in docs/pictures. */
  readonly name: string
  readonly title: string
  readonly columns: number
  readonly rows: number
  readonly theme: string
  /** Each key, and what the screen shows then. */
  readonly keys: readonly (readonly [command: Command, shows: string])[]
}

const wide = { columns: 120, rows: 32, theme: 'dark', keys: [] } as const

const SCREENS: readonly Picture[] = [
  {
    ...wide,
    name: 'live',
    title: 'Every action of three sessions, live, with counters on top and keys at the foot',
  },
  {
    ...wide,
    name: 'details',
    title:
      'The details of a blocked push: the command, the rule, what it touches, what would clear it',
    keys: [
      ['blocked', 'filter state:blocked'],
      ['up', 'frozen'],
      ['details', '-- details'],
    ],
  },
  {
    ...wide,
    name: 'waiting',
    title: 'What waits for a person, with the time left',
    rows: 14,
    keys: [['waiting', 'waits']],
  },
  {
    ...wide,
    name: 'trust',
    title:
      'Trusting what was blocked: which entry, where, how long, and what it would have let through',
    keys: [
      ['blocked', 'filter state:blocked'],
      ['up', 'frozen'],
      ['trust', 'let through'],
    ],
  },
  {
    ...wide,
    name: 'sessions',
    title: 'Sessions with status, mode, gate, cost, tokens and time',
    rows: 18,
    keys: [['sessions', '-- sessions']],
  },
  {
    ...wide,
    name: 'insights',
    title: 'Insights: cost, tokens, verdicts and times over a day, and what was blocked most',
    rows: 40,
    keys: [['insights', 'blocked kind']],
  },
  {
    ...wide,
    name: 'audit',
    title: 'Audit: what is wrong with trust, rules and settings, the gravest first',
    rows: 16,
    keys: [['audit', 'medium']],
  },
  {
    ...wide,
    name: 'companion',
    title: 'Forty columns beside the editor',
    columns: 40,
    rows: 24,
  },
]

export const THEMES = [
  'dark',
  'light',
  'high-contrast',
  'colorblind',
  'colorblind-blue-yellow',
  'terminal',
] as const

export const PICTURES: readonly Picture[] = [
  ...SCREENS,
  ...THEMES.map(theme => ({
    ...wide,
    name: `theme-${theme}`,
    title: `The theme ${theme}`,
    columns: 72,
    rows: 15,
    theme,
  })),
]

/** What a terminal sends for the key of a command. */
export function typed(command: Command): string {
  const keys = BINDINGS.find(binding => binding.command === command)?.keys ?? []
  const letter = keys.find(key => key.length === 1)
  if (letter !== undefined) return letter
  if (keys.includes('enter')) return '\r'
  throw new Error(`no key of ${command} can be typed here`)
}

/** Every key, once: the handler, the foot of the screen and the help are all written from here. */
import type { Screen } from '../monitor/view.ts'
import { ACTS, type Act } from '../monitor/why-not.ts'

export const COMMANDS = [
  'up',
  'down',
  'page-up',
  'page-down',
  'first',
  'last',
  'details',
  'details-up',
  'details-down',
  'follow',
  'next-stopped',
  'previous-stopped',
  'filter',
  'clear',
  'approved',
  'blocked',
  'pending',
  'sessions',
  'waiting',
  'trusted',
  'notices',
  'insights',
  'shorter',
  'longer',
  'audit',
  'mend',
  'edit-policy',
  ...ACTS,
  'copy',
  'theme',
  'help',
  'suspend',
  'quit',
] as const
export type Command = (typeof COMMANDS)[number]

export interface Binding {
  readonly command: Command
  readonly keys: readonly string[]
  readonly help: string
  /** Shown at the foot of the screen, in this word. */
  readonly foot?: string
  /** The screens on which it does something; absent: all. */
  readonly on?: readonly Screen[]
}

const LIVE: readonly Screen[] = ['live']
/** Where an action is selected. */
const ACTIONS: readonly Screen[] = ['live', 'pending']

export const BINDINGS: readonly Binding[] = [
  { command: 'up', keys: ['up', 'k'], help: 'one line up, or down' },
  { command: 'down', keys: ['down', 'j'], help: 'one line up, or down' },
  { command: 'page-up', keys: ['pageup', 'ctrl+b'], help: 'a page up' },
  { command: 'page-down', keys: ['pagedown', 'ctrl+f'], help: 'a page down' },
  { command: 'first', keys: ['g', 'home'], help: 'the oldest action' },
  { command: 'last', keys: ['G', 'end'], help: 'the newest action' },
  { command: 'details', keys: ['enter'], help: 'details of the action', foot: 'details' },
  { command: 'details-up', keys: ['K'], help: 'scroll the details' },
  { command: 'details-down', keys: ['J'], help: 'scroll the details' },
  { command: 'follow', keys: ['f'], help: 'follow newest, or freeze', foot: 'follow', on: LIVE },
  {
    command: 'next-stopped',
    keys: ['n'],
    help: 'next, last one stopped',
    on: LIVE,
  },
  { command: 'previous-stopped', keys: ['N'], help: 'next, last one stopped', on: LIVE },
  { command: 'filter', keys: ['/'], help: 'filter as you type', foot: 'filter', on: LIVE },
  { command: 'clear', keys: ['escape'], help: 'back; clear the filter' },
  {
    command: 'approved',
    keys: ['1'],
    help: 'approved/blocked/pending',
    foot: 'approved',
    on: LIVE,
  },
  { command: 'blocked', keys: ['2'], help: 'approved/blocked/pending', foot: 'blocked', on: LIVE },
  { command: 'pending', keys: ['3'], help: 'approved/blocked/pending', foot: 'pending', on: LIVE },
  { command: 'sessions', keys: ['s'], help: 'sessions, and their cost', foot: 'sessions' },
  { command: 'waiting', keys: ['w'], help: 'what waits for you', foot: 'waiting' },
  { command: 'trusted', keys: ['R'], help: 'what is trusted', foot: 'trust list' },
  { command: 'notices', keys: ['L'], help: 'commands and alerts', foot: 'notices' },
  { command: 'insights', keys: ['i'], help: 'insights', foot: 'insights' },
  { command: 'shorter', keys: ['['], help: 'a shorter, longer range', on: ['insights'] },
  { command: 'longer', keys: [']'], help: 'a shorter, longer range', on: ['insights'] },
  { command: 'audit', keys: ['A'], help: 'audit', foot: 'audit' },
  {
    command: 'mend',
    keys: ['m'],
    help: 'what helps: mend, edit, show',
    foot: 'mend',
    on: ['audit'],
  },
  { command: 'edit-policy', keys: ['E'], help: 'the policy in $EDITOR' },
  {
    command: 'approve',
    keys: ['a'],
    help: 'approve what is pending',
    foot: 'approve',
    on: ACTIONS,
  },
  { command: 'deny', keys: ['d'], help: 'deny it, with words', foot: 'deny', on: ACTIONS },
  {
    command: 'override',
    keys: ['o'],
    help: 'let a blocked one through',
    foot: 'override',
    on: ACTIONS,
  },
  { command: 'override-as', keys: ['O'], help: 'how often, how long', on: ACTIONS },
  {
    command: 'trust',
    keys: ['t'],
    help: 'trust what it touches',
    foot: 'trust',
    on: [...ACTIONS, 'insights'],
  },
  { command: 'edit', keys: ['e'], help: 'its note and expiry', foot: 'edit', on: ['trust'] },
  { command: 'remove', keys: ['x'], help: 'remove the entry', foot: 'remove', on: ['trust'] },
  { command: 'undo', keys: ['u'], help: 'undo the last of these' },
  { command: 'pause', keys: ['p'], help: 'pause this session', foot: 'pause' },
  { command: 'pause-all', keys: ['P'], help: 'pause all sessions' },
  { command: 'pause-hard', keys: ['ctrl+p'], help: 'pause hard: the mode too' },
  { command: 'resume', keys: ['r'], help: 'resume', foot: 'resume' },
  { command: 'copy', keys: ['y'], help: 'copy the whole command', on: [...ACTIONS, 'insights'] },
  { command: 'theme', keys: ['T'], help: 'next theme' },
  { command: 'help', keys: ['?'], help: 'this help', foot: 'help' },
  { command: 'suspend', keys: ['ctrl+z'], help: 'to the shell; fg returns' },
  { command: 'quit', keys: ['q', 'ctrl+c'], help: 'quit', foot: 'quit' },
]

/** What does something on a screen. */
export const bindingsOn = (screen: Screen): readonly Binding[] =>
  BINDINGS.filter(({ on }) => on === undefined || on.includes(screen))

const BY_KEY = new Map(BINDINGS.flatMap(b => b.keys.map(key => [key, b.command] as const)))

export const isAct = (command: Command): command is Act => ACTS.some(act => act === command)

export function commandOf(key: string): Command | null {
  return BY_KEY.get(key) ?? null
}

const SIGNS: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  enter: 'Enter',
  escape: 'Esc',
  home: 'Home',
  end: 'End',
}

export const signOf = (key: string): string => SIGNS[key] ?? key.replace('ctrl+', 'Ctrl-')

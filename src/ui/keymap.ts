/** Every key, once: the handler, the foot of the screen and the help are all written from here. */
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
  'earlier',
  'later',
  'group',
  'fold',
  'unfold',
  'fold-all',
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
  ...ACTS,
  'copy',
  'theme',
  'help',
  'quit',
] as const
export type Command = (typeof COMMANDS)[number]

export interface Binding {
  readonly command: Command
  readonly keys: readonly string[]
  readonly help: string
  /** Shown at the foot of the screen, in this word. */
  readonly foot?: string
}

export const BINDINGS: readonly Binding[] = [
  { command: 'up', keys: ['up', 'k'], help: 'one action up, or down' },
  { command: 'down', keys: ['down', 'j'], help: 'one action up, or down' },
  { command: 'page-up', keys: ['pageup', 'ctrl+b'], help: 'a page up' },
  { command: 'page-down', keys: ['pagedown', 'ctrl+f'], help: 'a page down' },
  { command: 'first', keys: ['g', 'home'], help: 'the oldest action' },
  { command: 'last', keys: ['G', 'end', '.'], help: 'now: the newest action' },
  { command: 'details', keys: ['enter'], help: 'details of the action', foot: 'details' },
  { command: 'details-up', keys: ['K'], help: 'scroll the details' },
  { command: 'details-down', keys: ['J'], help: 'scroll the details' },
  { command: 'follow', keys: ['f'], help: 'follow newest, or freeze', foot: 'follow' },
  {
    command: 'next-stopped',
    keys: ['n'],
    help: 'next, last one stopped',
  },
  { command: 'previous-stopped', keys: ['N'], help: 'next, last one stopped' },
  { command: 'earlier', keys: ['<'], help: 'a slice of time back, on' },
  { command: 'later', keys: ['>'], help: 'a slice of time back, on' },
  { command: 'filter', keys: ['/'], help: 'filter as you type', foot: 'filter' },
  { command: 'clear', keys: ['escape'], help: 'back; clear the filter' },
  { command: 'approved', keys: ['1'], help: 'approved/blocked/pending', foot: 'approved' },
  { command: 'blocked', keys: ['2'], help: 'approved/blocked/pending', foot: 'blocked' },
  { command: 'pending', keys: ['3'], help: 'approved/blocked/pending', foot: 'pending' },
  { command: 'sessions', keys: ['s'], help: 'sessions, and their cost', foot: 'sessions' },
  { command: 'group', keys: ['b'], help: 'group the list by what', foot: 'group' },
  { command: 'fold', keys: ['left'], help: 'fold, unfold; - all' },
  { command: 'unfold', keys: ['right'], help: 'fold, unfold; - all' },
  { command: 'fold-all', keys: ['-'], help: 'fold, unfold; - all' },
  { command: 'waiting', keys: ['w'], help: 'what waits for you', foot: 'waiting' },
  { command: 'trusted', keys: ['R'], help: 'what is trusted', foot: 'trust list' },
  { command: 'notices', keys: ['L'], help: 'commands and alerts', foot: 'notices' },
  { command: 'insights', keys: ['i'], help: 'insights; range of time', foot: 'insights' },
  { command: 'shorter', keys: ['['], help: 'insights; range of time' },
  { command: 'longer', keys: [']'], help: 'insights; range of time' },
  { command: 'audit', keys: ['A'], help: 'audit; m mends', foot: 'audit' },
  { command: 'mend', keys: ['m'], help: 'audit; m mends' },
  { command: 'approve', keys: ['a'], help: 'approve; deny, with words', foot: 'approve' },
  { command: 'deny', keys: ['d'], help: 'approve; deny, with words', foot: 'deny' },
  { command: 'override', keys: ['o'], help: 'let a blocked one through', foot: 'override' },
  { command: 'override-as', keys: ['O'], help: 'how often, how long' },
  { command: 'trust', keys: ['t'], help: 'trust what it touches', foot: 'trust' },
  { command: 'edit', keys: ['e'], help: 'R: edit, remove an entry', foot: 'edit' },
  { command: 'remove', keys: ['x'], help: 'R: edit, remove an entry', foot: 'remove' },
  { command: 'undo', keys: ['u'], help: 'undo the last of these' },
  { command: 'pause', keys: ['p'], help: 'pause this session, all', foot: 'pause' },
  { command: 'pause-all', keys: ['P'], help: 'pause this session, all' },
  { command: 'pause-hard', keys: ['ctrl+p'], help: 'pause hard: the mode too' },
  { command: 'resume', keys: ['r'], help: 'resume', foot: 'resume' },
  { command: 'copy', keys: ['y'], help: 'copy the whole command' },
  { command: 'theme', keys: ['T'], help: 'next theme' },
  { command: 'help', keys: ['?'], help: 'this help', foot: 'help' },
  { command: 'quit', keys: ['q', 'ctrl+c'], help: 'quit', foot: 'quit' },
]

const BY_KEY = new Map(BINDINGS.flatMap(b => b.keys.map(key => [key, b.command] as const)))

export const isAct = (command: Command): command is Act => ACTS.some(act => act === command)

export function commandOf(key: string): Command | null {
  return BY_KEY.get(key) ?? null
}

const SIGNS: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  enter: 'Enter',
  escape: 'Esc',
  home: 'Home',
  end: 'End',
}

export const signOf = (key: string): string => SIGNS[key] ?? key.replace('ctrl+', 'Ctrl-')

/**
 * Every command of the screen with its usual keys. The handler, the foot, the help, the palette and
 * docs/keys.md are all written from here.
 */
import type { Screen } from '../monitor/view.ts'
import { ACTS } from '../monitor/why-not.ts'

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
  'newest-waiting',
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
  'machines',
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
  'copy-as',
  'reveal',
  'theme',
  'help',
  'palette',
  'suspend',
  'quit',
] as const
export type Command = (typeof COMMANDS)[number]

export interface Binding {
  readonly command: Command
  readonly keys: readonly string[]
  readonly help: string
  /** In the palette, where the help tells of several together. */
  readonly name?: string
  /** Other words by which the palette finds it. */
  readonly also?: string
  /** Shown at the foot of the screen, in this word. */
  readonly foot?: string
  /** The screens on which it does something; absent: all. */
  readonly on?: readonly Screen[]
}

const LIVE: readonly Screen[] = ['live']
/** Where something folds. */
const TREES: readonly Screen[] = ['live', 'sessions']
/** Where an action is selected. */
const ACTIONS: readonly Screen[] = ['live', 'pending']

/** As it is without the user's choice. */
export const BINDINGS: readonly Binding[] = [
  { command: 'up', keys: ['up', 'k'], help: 'one line up, or down', name: 'one line up' },
  { command: 'down', keys: ['down', 'j'], help: 'one line up, or down', name: 'one line down' },
  { command: 'page-up', keys: ['pageup', 'ctrl+b'], help: 'a page up' },
  { command: 'page-down', keys: ['pagedown', 'ctrl+f'], help: 'a page down' },
  { command: 'first', keys: ['g', 'home'], help: 'the oldest action' },
  { command: 'last', keys: ['.', 'G', 'end'], help: 'now: the newest action' },
  { command: 'details', keys: ['enter'], help: 'details of the action', foot: 'details' },
  { command: 'details-up', keys: ['K'], help: 'scroll the details', name: 'scroll the details up' },
  {
    command: 'details-down',
    keys: ['J'],
    help: 'scroll the details',
    name: 'scroll the details down',
  },
  { command: 'follow', keys: ['f'], help: 'follow newest, or freeze', foot: 'follow', on: LIVE },
  {
    command: 'next-stopped',
    keys: ['n'],
    help: 'next, last blocked one',
    name: 'the next one that was blocked, or waits',
    on: LIVE,
  },
  {
    command: 'previous-stopped',
    keys: ['N'],
    help: 'next, last blocked one',
    name: 'the last one that was blocked, or waits',
    also: 'last block, previous',
    on: LIVE,
  },
  {
    command: 'earlier',
    keys: ['<'],
    help: 'a slice of time back, on',
    name: 'a slice of time back',
    on: LIVE,
  },
  {
    command: 'later',
    keys: ['>'],
    help: 'a slice of time back, on',
    name: 'a slice of time on',
    on: LIVE,
  },
  { command: 'filter', keys: ['/'], help: 'filter as you type', foot: 'filter', on: LIVE },
  { command: 'clear', keys: ['escape'], help: 'back; clear the filter' },
  {
    command: 'approved',
    keys: ['1'],
    help: 'approved/blocked/pending',
    name: 'only approved actions',
    foot: 'approved',
    on: LIVE,
  },
  {
    command: 'blocked',
    keys: ['2'],
    help: 'approved/blocked/pending',
    name: 'only blocked actions',
    foot: 'blocked',
    on: LIVE,
  },
  {
    command: 'pending',
    keys: ['3'],
    help: 'approved/blocked/pending',
    name: 'only pending actions',
    foot: 'pending',
    on: LIVE,
  },
  {
    command: 'sessions',
    keys: ['s'],
    help: 'sessions; machines',
    name: 'sessions, and their cost',
    foot: 'sessions',
  },
  {
    command: 'machines',
    keys: ['M'],
    help: 'sessions; machines',
    name: 'machines of a fleet, and how late they are heard',
    foot: 'machines',
  },
  {
    command: 'group',
    keys: ['b'],
    help: 'group the list by what',
    name: 'group the list: by session, resource, rule, or not',
    foot: 'group',
    on: LIVE,
  },
  { command: 'fold', keys: ['left'], help: 'fold, unfold; all', name: 'fold', on: TREES },
  { command: 'unfold', keys: ['right'], help: 'fold, unfold; all', name: 'unfold', on: TREES },
  {
    command: 'fold-all',
    keys: ['-'],
    help: 'fold, unfold; all',
    name: 'fold or unfold all',
    on: TREES,
  },
  {
    command: 'waiting',
    keys: ['w'],
    help: 'what waits; its newest',
    name: 'what waits for you',
    foot: 'waiting',
  },
  {
    command: 'newest-waiting',
    keys: ["'"],
    help: 'what waits; its newest',
    name: 'the newest that waits for you',
  },
  { command: 'trusted', keys: ['R'], help: 'what is trusted', foot: 'trust list' },
  { command: 'notices', keys: ['L'], help: 'notices: commands, alerts', foot: 'notices' },
  { command: 'insights', keys: ['i'], help: 'insights', foot: 'insights' },
  {
    command: 'shorter',
    keys: ['['],
    help: 'shorter, longer time',
    name: 'a shorter time',
    on: ['live', 'insights'],
  },
  {
    command: 'longer',
    keys: [']'],
    help: 'shorter, longer time',
    name: 'a longer time',
    on: ['live', 'insights'],
  },
  { command: 'audit', keys: ['A'], help: 'audit', foot: 'audit' },
  {
    command: 'mend',
    keys: ['m'],
    help: 'what helps: mend, edit, show',
    foot: 'mend',
    on: ['audit'],
  },
  { command: 'edit-policy', keys: ['E'], help: 'the policy in $EDITOR', also: 'config, settings' },
  {
    command: 'approve',
    keys: ['a'],
    help: 'approve; deny, with words',
    name: 'approve what is pending',
    foot: 'approve',
    on: ACTIONS,
  },
  {
    command: 'deny',
    keys: ['d'],
    help: 'approve; deny, with words',
    name: 'deny it, with words',
    foot: 'deny',
    on: ACTIONS,
  },
  {
    command: 'override',
    keys: ['o'],
    help: 'let it through; how often',
    name: 'let a blocked one through',
    foot: 'override',
    on: ACTIONS,
  },
  {
    command: 'override-as',
    keys: ['O'],
    help: 'let it through; how often',
    name: 'let it through: how often, how long',
    on: ACTIONS,
  },
  {
    command: 'trust',
    keys: ['t'],
    help: 'trust what it touches',
    foot: 'trust',
    on: [...ACTIONS, 'insights'],
  },
  {
    command: 'edit',
    keys: ['e'],
    help: 'edit, remove the entry',
    name: 'its note and expiry',
    foot: 'edit',
    on: ['trust'],
  },
  {
    command: 'remove',
    keys: ['x'],
    help: 'edit, remove the entry',
    name: 'remove the entry',
    foot: 'remove',
    on: ['trust'],
  },
  { command: 'undo', keys: ['u'], help: 'undo the last of these' },
  {
    command: 'pause',
    keys: ['p'],
    help: 'pause this; all; resume',
    name: 'pause this session',
    foot: 'pause',
  },
  {
    command: 'pause-all',
    keys: ['P'],
    help: 'pause this; all; resume',
    name: 'pause all sessions',
  },
  { command: 'pause-hard', keys: ['ctrl+p'], help: 'pause hard: the mode too' },
  {
    command: 'resume',
    keys: ['r'],
    help: 'pause this; all; resume',
    name: 'resume',
    foot: 'resume',
  },
  {
    command: 'copy',
    keys: ['y'],
    help: 'copy; what; show secrets',
    name: 'copy the whole command',
    on: [...ACTIONS, 'insights'],
  },
  {
    command: 'copy-as',
    keys: ['Y'],
    help: 'copy; what; show secrets',
    name: 'copy the command, the reason or JSON',
    on: [...ACTIONS, 'insights'],
  },
  {
    command: 'reveal',
    keys: ['V'],
    help: 'copy; what; show secrets',
    name: 'show or hide the secrets in the details',
    on: [...ACTIONS, 'insights'],
  },
  { command: 'theme', keys: ['T'], help: 'next theme' },
  {
    command: 'help',
    keys: ['?'],
    help: 'this help; any command',
    name: 'help of this screen',
    foot: 'help',
  },
  {
    command: 'palette',
    keys: [':', 'ctrl+k'],
    help: 'this help; any command',
    name: 'find a command',
    foot: 'commands',
  },
  {
    command: 'suspend',
    keys: ['ctrl+z'],
    help: 'to the shell; fg returns',
  },
  {
    command: 'quit',
    keys: ['q', 'ctrl+c'],
    help: 'quit',
    also: 'exit, leave',
    foot: 'quit',
  },
]

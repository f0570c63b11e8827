/** All that a person can do on the screen, from its start to its end. */
import type { Stage } from './stage.ts'
import type { Step } from './walk.ts'

const ESC = '\u001b'
const ENTER = '\r'
const TAB = '\t'
const UP = '\u001b[A'
const LEFT = '\u001b[D'
const DOWN = '\u001b[B'
const CTRL_S = '\u0013'
const CTRL_K = '\u000b'
const paste = (text: string): string => `\u001b[200~${text}\u001b[201~`

/** It takes a moment from the gate's answer to what comes of it. */
export const all =
  (...parts: readonly string[]) =>
  (screen: string): boolean =>
    parts.every(part => screen.includes(part))
const back = (name: string): Step => ({ name, keys: [ESC], shows: 'npm test' })

/** A few of them, for who needs another screen. */
export const EVERYONE: readonly Step[] = [
  { name: 'live', keys: [], shows: 'p pause' },
  { name: 'last-blocked', keys: ['N'], shows: /rm\s+-rf/ },
  { name: 'details', keys: [ENTER], shows: /outside the\s+project/ },
  { name: 'sessions', keys: [ESC, 's'], shows: /3f6c1a52/ },
  { name: 'waiting', keys: ['w'], shows: '2 waiting' },
  { name: 'audit', keys: ['A'], shows: /\d found/ },
]

/** Of a screen that is looked at. */
const LOOKING: readonly Step[] = [
  { name: 'live', keys: [], shows: 'p pause' },
  { name: 'help', keys: ['?'], shows: '-- help' },
  { name: 'help-read-on', keys: [DOWN, DOWN, DOWN], shows: '-- help' },
  back('help-left'),
  { name: 'no-key', keys: ['z'], shows: /z is no key here/ },
  { name: 'key-of-another-screen', keys: ['x'], shows: /is\s+a\s+key\s+of\s+the\s+trust\s+list/ },
  { name: 'last-blocked', keys: ['N'], shows: 'for now' },
  { name: 'the-one-before', keys: ['N'], shows: 'for now' },
  { name: 'details', keys: [ENTER], shows: '-- details' },
  { name: 'details-scrolled', keys: ['J', 'J'], shows: '-- details' },
  { name: 'newest', keys: [ESC, '.'], shows: 'following' },
  { name: 'an-hour-ago', keys: ['<', '<', '<'], shows: 'for now' },
  { name: 'on-again', keys: ['>'], shows: 'for now' },
  { name: 'finer-time', keys: ['['], shows: 'for now' },
  { name: 'now', keys: [']', '.'], shows: 'following' },
  { name: 'by-session', keys: ['b'], shows: 'in 3 sessions' },
  { name: 'by-resource', keys: ['b'], shows: /resources?/ },
  { name: 'by-rule', keys: ['b'], shows: /rules?/ },
  { name: 'all-unfolded', keys: ['-'], shows: /rules?/ },
  { name: 'a-heading-folded', keys: [LEFT], shows: /rules?/ },
  { name: 'ungrouped', keys: ['b', '.'], shows: 'following' },
  { name: 'values', keys: ['/', 's', 't', TAB, TAB], shows: '/state:undecided' },
  { name: 'completing', keys: [ESC, '/', 's', 't', TAB, 'b', 'l', TAB], shows: '/state:blocked' },
  { name: 'filtered', keys: [ENTER], shows: 'filter state:blocked' },
  { name: 'recalled', keys: ['/', UP], shows: '/state:blocked' },
  { name: 'keeping', keys: [CTRL_S, 'r', 'i', 's', 'k', 'y'], shows: 'keep the filter as: risky' },
  { name: 'kept', keys: [ENTER], shows: 'kept as risky' },
  { name: 'filter-cleared', keys: [ESC], shows: '197 actions, following' },
  { name: 'kept-found', keys: [':', 'r', 'i', 's', 'k'], shows: 'filter: risky' },
  { name: 'kept-used', keys: [ENTER], shows: 'filter state:blocked' },
  { name: 'kept-cleared', keys: [ESC], shows: '197 actions, following' },
  { name: 'only-pending', keys: ['3'], shows: 'state:pending' },
  { name: 'all-again', keys: ['3'], shows: 'following' },
  { name: 'palette', keys: [':', 'i', 'n', 's', 'i'], shows: ':insi' },
  { name: 'insights', keys: [ENTER], shows: 'insights' },
  { name: 'insights-shorter', keys: ['['], shows: 'insights' },
  back('insights-left'),
  { name: 'palette-by-ctrl', keys: [CTRL_K, paste('trust what\n')], shows: ':trust what' },
  back('palette-left'),
  { name: 'pasted-keys', keys: [paste('q\na\n')], shows: 'pasted text' },
  { name: 'sessions', keys: ['s'], shows: 'sessions' },
  { name: 'one-session', keys: [ENTER], shows: 'filter session:' },
  { name: 'its-filter-cleared', keys: [ESC], shows: 'following' },
  { name: 'machines', keys: ['M'], shows: 'of one machine' },
  back('machines-left'),
  { name: 'newest-waiting', keys: ["'"], shows: 'waiting for you' },
  back('newest-waiting-left'),
]

/** What is told to the gate, and what comes of it. */
const deciding = ({ asks, passTime }: Stage): readonly Step[] => [
  { name: 'waiting', keys: ['w'], shows: '2 waiting for you' },
  { name: 'approved', keys: [DOWN, 'a'], shows: all('1 waiting for you', 'approved') },
  {
    name: 'another-waits',
    happens: () => asks('git push --tags'),
    keys: [],
    shows: '2 waiting for you',
  },
  { name: 'denying', keys: [DOWN, 'd', 'n', 'o'], shows: 'words for the agent' },
  { name: 'denied', keys: [ENTER], shows: all('1 waiting for you', 'denied') },
  back('waiting-left'),
  { name: 'only-blocked', keys: ['2', UP, UP], shows: 'filter state:blocked' },
  { name: 'overridden', keys: ['o'], shows: 'the same call runs once' },
  { name: 'override-undone', keys: ['u'], shows: 'took the override back' },
  { name: 'override-as', keys: ['O'], shows: '-- ' },
  { name: 'override-as-left', keys: [ESC], shows: 'filter state:blocked' },
  { name: 'trusting', keys: ['t'], shows: 'let through' },
  {
    name: 'trusting-wider',
    keys: [DOWN],
    // Every recorded action is judged again for it, which takes a moment.
    shows: screen =>
      /> github.com\/acme-labs\s+git, wider/.test(screen) && /let through/.test(screen),
  },
  { name: 'trusted', happens: passTime, keys: [ENTER], shows: 'trusts github.com' },
  { name: 'copied', keys: ['y'], shows: 'copied' },
  { name: 'copying-what', keys: ['Y'], shows: 'j JSON' },
  { name: 'copied-json', keys: ['j'], shows: 'copied' },
  { name: 'paused', keys: ['p'], shows: all('PAUSED', 'this session asks') },
  {
    name: 'resumed',
    keys: ['r'],
    shows: screen => /^resumed/m.test(screen) && !/PAUSED/.test(screen),
  },
  { name: 'blocked-no-more', keys: ['2', 'f'], shows: 'following' },
]

/** The other screens. */
const VISITING: readonly Step[] = [
  { name: 'trust-list', keys: ['R'], shows: '6 trusted' },
  { name: 'trust-entry', keys: [DOWN, ENTER], shows: '-- details' },
  { name: 'trust-list-left', keys: [ESC, ESC], shows: 'npm test' },
  { name: 'notices', keys: ['L'], shows: 'notices' },
  back('notices-left'),
  { name: 'audit', keys: ['A'], shows: 'found' },
  { name: 'mending', keys: ['m'], shows: '[y/N]' },
  { name: 'not-mended', keys: ['n'], shows: 'audit' },
  back('audit-left'),
]

export const stepsOf = (stage: Stage): readonly Step[] => [
  ...LOOKING,
  ...deciding(stage),
  ...VISITING,
]

/** What goes through details, a whole help, and back. */
export const FIRST = LOOKING.slice(0, 12)

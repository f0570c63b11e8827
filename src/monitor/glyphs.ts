/**
 * All that is drawn beyond ASCII, and what stands for it on a terminal that shows ASCII alone. Which
 * of the two it is is chosen once, before anything is drawn.
 */
export interface Glyphs {
  /** In place of what is cut off. */
  readonly cut: string
  /** A line's end inside a text of one line. */
  readonly newline: string
  /** Where typing goes on. */
  readonly caret: string
  readonly up: string
  readonly down: string
  readonly left: string
  readonly right: string
  /** Trees, and what is folded in them. */
  readonly branch: string
  readonly last: string
  readonly folded: string
  readonly unfolded: string
  /** Between facts on one line. */
  readonly dot: string
  /** From nothing to all. */
  readonly levels: string
  /** A step of a gauge that is reached, and one that is not. */
  readonly full: string
  readonly free: string
}

const UNICODE: Glyphs = {
  cut: '…',
  newline: '⏎',
  caret: '▏',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  branch: '├─ ',
  last: '└─ ',
  folded: '▸',
  unfolded: '▾',
  dot: '·',
  levels: ' ▁▂▃▄▅▆▇█',
  full: '█',
  free: '▁',
}

const ASCII: Glyphs = {
  cut: '~',
  newline: '\\n',
  caret: '_',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  branch: '|- ',
  last: '`- ',
  folded: '+',
  unfolded: '-',
  dot: '|',
  levels: ' .:-=+*%#',
  full: '#',
  free: '-',
}

let chosen = UNICODE

export const glyphs = (): Glyphs => chosen

export const isAscii = (): boolean => chosen === ASCII

export function chooseGlyphs(set: 'unicode' | 'ascii'): void {
  chosen = set === 'ascii' ? ASCII : UNICODE
}

/** Without a word on its letters a terminal has all, as nearly every one has today. */
export function glyphsOfTerminal(env: NodeJS.ProcessEnv): 'unicode' | 'ascii' {
  if (env.TERM === 'linux') return 'ascii'
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  return locale === '' || /utf-?8/i.test(locale) ? 'unicode' : 'ascii'
}

/** The screen as it would be written to a terminal, and what must hold of it in any state. */
import stringWidth from 'string-width'
import type { Monitor } from '../../../src/monitor/monitor.ts'
import { Keymap } from '../../../src/ui/keymap.ts'
import type { Size } from '../../../src/ui/layout.ts'
import { itemsOf } from '../../../src/ui/palette.ts'
import { RowPainter } from '../../../src/ui/row.ts'
import { type Frame, screenLines } from '../../../src/ui/screen.ts'
import { spokenLines, spokenSize } from '../../../src/ui/spoken.ts'
import { loadThemes, type Theme } from '../../../src/ui/theme.ts'
import { must } from './target.ts'

export const THEMES: readonly Theme[] = loadThemes({ XDG_CONFIG_HOME: '/nonexistent' }, 'dark', 24)
/** Nothing here may stop the process, as Ctrl-Z would. */
export const KEYMAP = new Keymap(new Keymap().bindings.filter(it => it.command !== 'suspend'))
const NAMES = THEMES.map(it => it.id)

export function frameOf(
  monitor: Monitor,
  size: Size,
  inputOf: (row: number) => unknown = () => null,
): Frame {
  const state = monitor.current()
  const theme = THEMES[state.view.theme % THEMES.length]
  must(theme !== undefined, `there is no theme ${state.view.theme}`)
  return {
    state,
    size,
    theme,
    place: monitor.options.place,
    keymap: KEYMAP,
    items: () => itemsOf(state, KEYMAP, NAMES),
    painter: new RowPainter(state.world),
    inputOf,
    lastUse: () => new Map(),
  }
}

export const COLOURS = /\u001b\[[0-9;]*m/g
/** Of one column each: ASCII, and what the screen itself draws. Measuring takes longer than drawing. */
const NARROW = /^[ -~·…↑↓←→├└─▏▸▾⏎▁▂▃▄▅▆▇█]*$/
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** @throws where a line is too wide, lines are too many, or one could steer the terminal */
export function checkScreen(frame: Frame): void {
  const { columns, rows } = frame.size
  const lines = screenLines(frame)
  must(lines.length === rows, `${lines.length} lines on a screen of ${rows}`)
  for (const line of lines) {
    const plain = line.replace(COLOURS, '')
    checkText(plain, 'the screen')
    const width = NARROW.test(plain) ? plain.length : stringWidth(plain)
    must(width <= columns, `a line is wider than the screen: ${JSON.stringify(plain)}`)
  }
}

/** The same for who hears it. */
export function checkSpoken(frame: Frame): void {
  for (const line of spokenLines({ ...frame, size: spokenSize(frame.size) }))
    checkText(line, 'what is heard')
}

export function checkText(text: string, where: string): void {
  must(!UNSAFE.test(text), `a control character in ${where}: ${JSON.stringify(text)}`)
}

/** Keys as the terminal gives them → the names that the keymap uses → what they do. */
import type { Key } from 'ink'
import type { MonitorState } from '../monitor/monitor.ts'
import { safe, verbatim } from '../monitor/safe-text.ts'
import { type Controlled, control, type Surroundings } from './control.ts'
import { answer, choose, edit } from './control-typing.ts'
import { type Keymap, signOf } from './keymap.ts'
import { type Item, SCREEN_NAMES } from './palette.ts'

export interface Press {
  /** `up`, `ctrl+b`, `G`: the names that the keymap uses. */
  readonly name: string
  /** What it types, if anything. */
  readonly text: string
}

/** What is open takes all keys but the one that always leaves. */
export function pressed(
  state: MonitorState,
  { name, text }: Press,
  items: () => readonly Item[],
  around: Surroundings,
): Controlled {
  const { view } = state
  if (name !== 'ctrl+c' && view.prompt !== null) return answer(state, name, text)
  if (name !== 'ctrl+c' && view.editing !== null)
    return { view: edit(state, name, text), effect: null }
  if (name !== 'ctrl+c' && view.palette !== null) return choose(state, name, text, items(), around)
  const command = around.keymap.commandOf(name, view.screen)
  if (command !== null) return control(state, command, around)
  return { view: { ...view, message: noKey(name, around.keymap) }, effect: null }
}

/** A key that does nothing here says so. */
function noKey(name: string, keymap: Keymap): string {
  const sign = verbatim(safe(signOf(name)))
  const elsewhere = keymap.bindings.find(({ keys }) => keys.includes(name))
  if (elsewhere?.on === undefined) return `${sign} is no key here; {help} shows those that are`
  const { help, name: what = help, on } = elsewhere
  return `${sign} (${what}) is a key of ${on.map(it => SCREEN_NAMES[it]).join(', ')}`
}

/** Fast typing, and a slow line, bring several keys in one piece. */
export function pressesOf(text: string, key: Key): Press[] {
  const named = nameOf(key)
  if (named !== null) return [{ name: named, text: '' }]
  if (key.ctrl || key.meta) return [{ name: `${key.ctrl ? 'ctrl' : 'meta'}+${text}`, text: '' }]
  return Array.from(text, character => {
    const name = CONTROLS[character] ?? character
    return { name, text: name === character && character >= ' ' ? character : '' }
  })
}

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
}

function nameOf(key: Key): string | null {
  if (key.upArrow) return 'up'
  if (key.downArrow) return 'down'
  if (key.leftArrow) return 'left'
  if (key.rightArrow) return 'right'
  if (key.pageUp) return 'pageup'
  if (key.pageDown) return 'pagedown'
  if (key.home) return 'home'
  if (key.end) return 'end'
  if (key.return) return 'enter'
  if (key.escape) return 'escape'
  if (key.tab) return 'tab'
  return key.backspace || key.delete ? 'backspace' : null
}

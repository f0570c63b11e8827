import { Box, type Key, Text, useApp, useInput, useWindowSize } from 'ink'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import { lineOf, textsOf, type World } from '../action/world.ts'
import type { Monitor, MonitorState, ReadInput } from '../monitor/monitor.ts'
import { copyText, toClipboard } from './clipboard.ts'
import { control, edit } from './control.ts'
import { commandOf } from './keymap.ts'
import { RowPainter } from './row.ts'
import { detailsOverflow, type Frame, listPosition, type Size, screenLines } from './screen.ts'
import type { Theme } from './theme.ts'

export interface AppProps {
  readonly monitor: Monitor
  readonly themes: readonly Theme[]
  /** Writes past Ink, for sequences that draw nothing. */
  readonly write: (bytes: string) => void
  /** Where useWindowSize cannot know it (tests). */
  readonly size?: Size
}

export function App({ monitor, themes, write, size: given }: AppProps) {
  const app = useApp()
  const terminal = useWindowSize()
  const size = given ?? terminal
  const state = useStore(monitor.store)
  const { world } = state
  const tools = useMemo(
    () => ({
      painter: new RowPainter(world),
      inputOf: lastInput(world, monitor.options.readInput),
    }),
    [world, monitor],
  )

  const theme = themes[state.view.theme % themes.length]
  const { place } = monitor.options
  const frameOf = (shown: MonitorState, look: Theme): Frame => ({
    state: shown,
    size,
    theme: look,
    place,
    painter: tools.painter,
    inputOf: tools.inputOf,
  })
  const press = ({ name, text }: Press): void => {
    const now = monitor.store.getState()
    if (now.view.editing !== null && name !== 'ctrl+c') {
      monitor.setView(view => edit(view, name, text))
      return
    }
    const command = commandOf(name)
    if (command === null) return
    const { view, effect } = control(now, command, size, themes.length, () =>
      theme === undefined ? 0 : detailsOverflow(frameOf(now, theme)),
    )
    monitor.setView(() => view)
    if (effect === 'quit') app.exit()
    if (effect === 'copy') copySelected(monitor, tools.inputOf, write)
  }
  useInput((text, key) => {
    for (const one of pressesOf(text, key)) press(one)
  })

  if (theme === undefined) return null
  const lines = screenLines(frameOf(state, theme))
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      {lines.map((line, slot) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a slot of the screen is its identity
        <Text key={slot} wrap="truncate">
          {line === '' ? ' ' : line}
        </Text>
      ))}
    </Box>
  )
}

interface Press {
  /** `up`, `ctrl+b`, `G`: the names that the keymap uses. */
  readonly name: string
  /** What it types, if anything. */
  readonly text: string
}

/** Fast typing, and a slow line, bring several keys in one piece. */
function pressesOf(text: string, key: Key): Press[] {
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
  if (key.pageUp) return 'pageup'
  if (key.pageDown) return 'pagedown'
  if (key.home) return 'home'
  if (key.end) return 'end'
  if (key.return) return 'enter'
  if (key.escape) return 'escape'
  if (key.tab) return 'tab'
  return key.backspace || key.delete ? 'backspace' : null
}

/** The input of the action that was asked for last is kept: the same one is shown on every frame. */
function lastInput(world: World, readInput: ReadInput): (row: number) => unknown {
  let last = -1
  let input: unknown = null
  return row => {
    if (row === last) return input
    last = row
    input = readInput(lineOf(world, row), textsOf(world, row).id)
    return input
  }
}

function copySelected(
  monitor: Monitor,
  inputOf: (row: number) => unknown,
  write: (bytes: string) => void,
): void {
  const state = monitor.store.getState()
  const { index, length } = listPosition(state, 1)
  if (length === 0) return
  const row = state.rows[index] ?? 0
  const text = copyText(inputOf(row), textsOf(state.world, row).summary)
  write(toClipboard(text, process.env))
  monitor.setView(view => ({ ...view, message: `copied ${text.length} characters` }))
}

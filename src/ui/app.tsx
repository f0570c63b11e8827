import { Box, type Key, Text, useApp, useInput, useWindowSize } from 'ink'
import { useMemo } from 'react'
import { useStore } from 'zustand'
import { lineOf, textsOf, type World } from '../action/world.ts'
import type { TrustTools } from '../monitor/link.ts'
import type { Monitor, MonitorState, ReadInput } from '../monitor/monitor.ts'
import { TrustUse } from '../monitor/trust.ts'
import { copyText, toClipboard } from './clipboard.ts'
import { answer, type Controlled, control, edit } from './control.ts'
import { type Command, commandOf } from './keymap.ts'
import { RowPainter } from './row.ts'
import { chosenRow, detailsOverflow, type Frame, type Size, screenLines } from './screen.ts'
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
      lastUse: lastUse(world, monitor.options.trust),
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
    lastUse: tools.lastUse,
  })
  const carryOut = ({ view, effect }: Controlled): void => {
    monitor.setView(() => view)
    if (effect === 'quit') app.exit()
    else if (effect === 'copy') copySelected(monitor, tools.inputOf, write)
    else if (effect !== null && 'mend' in effect) void monitor.mend(effect.mend)
    else if (effect !== null) void monitor.act(effect.send)
  }
  const press = ({ name, text }: Press): void => {
    const now = monitor.current()
    const { prompt, editing } = now.view
    if (name !== 'ctrl+c' && prompt !== null) carryOut(answer(now, name, text))
    else if (name !== 'ctrl+c' && editing !== null) monitor.setView(view => edit(view, name, text))
    else command(now, commandOf(name))
  }
  const command = (now: MonitorState, asked: Command | null): void => {
    if (asked === null) return
    const overflow = (): number => (theme === undefined ? 0 : detailsOverflow(frameOf(now, theme)))
    const { trust } = monitor.options
    carryOut(control(now, asked, { size, themes: themes.length, overflow, trust }))
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

const NEVER: ReadonlyMap<string, number> = new Map()

function lastUse(world: World, tools: TrustTools | undefined): Frame['lastUse'] {
  if (tools === undefined) return () => NEVER
  const use = new TrustUse(tools.matchesEntry)
  return entries => use.update(world, entries)
}

function copySelected(
  monitor: Monitor,
  inputOf: (row: number) => unknown,
  write: (bytes: string) => void,
): void {
  const state = monitor.store.getState()
  const row = chosenRow(state)
  if (row === null) return
  const text = copyText(inputOf(row), textsOf(state.world, row).summary)
  write(toClipboard(text, process.env))
  monitor.setView(view => ({ ...view, message: `copied ${text.length} characters` }))
}

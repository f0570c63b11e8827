import { Box, Text, useApp, useInput, useIsScreenReaderEnabled, usePaste, useWindowSize } from 'ink'
import { useLayoutEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import { lineOf, textsOf, type World } from '../action/world.ts'
import type { TrustTools } from '../monitor/link.ts'
import type { Monitor, MonitorState, ReadInput } from '../monitor/monitor.ts'
import type { Copied } from '../monitor/prompt.ts'
import { revealing } from '../monitor/secrets.ts'
import { TrustUse } from '../monitor/trust.ts'
import { copyText, toClipboard } from './clipboard.ts'
import type { Controlled, Effect, Surroundings } from './control.ts'
import { pasted } from './control-typing.ts'
import type { Size } from './layout.ts'
import type { Manner } from './manner.ts'
import { notifying } from './notify.ts'
import { Overflow } from './overflow.ts'
import { itemsOf } from './palette.ts'
import { pressed, pressesOf } from './press.ts'
import { RowPainter } from './row.ts'
import { chosenRow, type Frame, screenLines } from './screen.ts'
import { spokenLines, spokenSize } from './spoken.ts'
import type { Theme } from './theme.ts'

export interface AppProps {
  readonly monitor: Monitor
  readonly themes: readonly Theme[]
  /** Writes past Ink, for sequences that draw nothing. */
  readonly write: (bytes: string) => void
  readonly manner: Manner
  /** Says that something else has the terminal, and that it is ours again. */
  readonly onAway?: (away: boolean) => void
  /** Where useWindowSize cannot know it (tests). */
  readonly size?: Size
}

export function App({ monitor, themes, manner, write, onAway, size: given }: AppProps) {
  const { keymap } = manner
  const app = useApp()
  const terminal = useWindowSize()
  const spoken = useIsScreenReaderEnabled()
  const seen = given ?? terminal
  const size = spoken ? spokenSize(seen) : seen
  const state = useStore(monitor.store)
  const { world } = state
  const use = useMemo(() => lastUse(world, monitor.options.trust), [world, monitor])
  const { times } = world.forgotten
  // biome-ignore lint/correctness/useExhaustiveDependencies: both keep rows, which are numbered anew
  const tools = useMemo(
    () => ({
      painter: new RowPainter(world),
      inputOf: lastInput(world, monitor.options.readInput),
      lastUse: use,
      overflow: new Overflow(),
    }),
    [world, monitor, use, times],
  )

  useLayoutEffect(() => {
    return notifying(monitor, write, manner.notify, process.env)
  }, [monitor, write, manner])

  const theme = themes[state.view.theme % themes.length]
  const { place } = monitor.options
  const themeNames = themes.map(it => it.id)
  const items = () => itemsOf(state, keymap, themeNames)
  const frameOf = (shown: MonitorState, look: Theme): Frame => ({
    state: shown,
    size,
    theme: look,
    place,
    keymap,
    items,
    painter: tools.painter,
    inputOf: tools.inputOf,
    lastUse: tools.lastUse,
  })
  const handOver = async (work: () => Promise<void>): Promise<void> => {
    onAway?.(true)
    const alone = async (): Promise<void> => {
      await leaveKeys()
      await work()
    }
    await app.suspendTerminal(alone).finally(() => onAway?.(false))
  }
  const carryOut = (effect: Effect): void => {
    switch (effect.kind) {
      case 'quit':
        app.exit()
        break
      case 'suspend':
        void handOver(stopped)
        break
      case 'copy':
        copySelected(effect.what, monitor, tools.inputOf, write)
        break
      case 'tell':
        write(toClipboard(effect.text, process.env))
        break
      case 'run':
        void handOver(() => monitor.foreground(effect.args))
        break
      case 'mend':
        void monitor.mend(effect.mend)
        break
      case 'keep':
        void monitor.keep(effect.kept)
        break
      case 'send':
        void monitor.act(effect.command)
        break
    }
  }
  const apply = ({ view, effect }: Controlled): void => {
    monitor.setView(() => view)
    if (effect !== null) carryOut(effect)
  }
  const around = (now: MonitorState): Surroundings => {
    const { trust, asides } = monitor.options
    return {
      keymap,
      size,
      themes: themeNames,
      overflow: () => (theme === undefined ? 0 : tools.overflow.of(frameOf(now, theme))),
      trust,
      policyFile: asides?.policyFile,
    }
  }
  usePaste(text => {
    const now = monitor.current()
    apply(pasted(now, text, items(), around(now)))
  })
  useInput((text, key) => {
    for (const press of pressesOf(text, key)) {
      const now = monitor.current()
      apply(pressed(now, press, items, around(now)))
    }
  })

  if (theme === undefined) return null
  if (spoken) return <Text>{spokenLines(frameOf(state, theme)).join('\n')}</Text>
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

/**
 * Ink gives the terminal away and goes on reading from it, as long as nothing stops that: a key would
 * be ours or the other's by chance, and a read that the other was faster at would hold us for ever.
 */
async function leaveKeys(): Promise<void> {
  // Only when Ink's listener is gone does a stream know that it can be paused.
  await new Promise(resolve => setImmediate(resolve))
  process.stdin.pause()
}

/** Below a shell that goes on with us; without one the system does not stop us at all. */
const NOT_STOPPED_MS = 200

/** Until the shell lets it go on (`fg`). */
function stopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  process.once('SIGCONT', resolve)
  setTimeout(resolve, NOT_STOPPED_MS)
  // All of the job, as the terminal itself would: a launcher in front stops, too.
  process.kill(0, 'SIGTSTP')
  return promise
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
  what: Copied,
  monitor: Monitor,
  inputOf: (row: number) => unknown,
  write: (bytes: string) => void,
): void {
  const state = monitor.store.getState()
  const row = chosenRow(state)
  if (row === null) {
    monitor.setView(view => ({ ...view, message: 'no action is selected' }))
    return
  }
  // What is seen is what is copied.
  const text = revealing(state.view.revealed === row, () =>
    copyText(what, state.world, row, inputOf(row)),
  )
  if (text !== '') write(toClipboard(text, process.env))
  const message = text === '' ? `it has no ${what}` : `copied ${text.length} characters`
  monitor.setView(view => ({ ...view, message }))
}

/** Shows a source: on the screen, or without a terminal as plain lines or JSON. */
import type { Event } from '../action/event.ts'
import { fold } from '../action/fold.ts'
import { isOpen, verdictOf } from '../action/rows.ts'
import { World } from '../action/world.ts'
import { readInput } from '../clients/claude-code/input.ts'
import type { Config } from '../config/config.ts'
import { chooseGlyphs, glyphsOfTerminal } from '../monitor/glyphs.ts'
import { Monitor } from '../monitor/monitor.ts'
import { plainLine, plainLines } from '../monitor/plain.ts'
import { safe } from '../monitor/safe-text.ts'
import { actionJson, snapshotOf } from '../monitor/snapshot.ts'
import { terminalSafeJson } from '../monitor/terminal-json.ts'
import { readJournalInput } from '../sources/journal-file.ts'
import type { Keymap } from '../ui/keymap.ts'
import { mannerOf } from '../ui/manner.ts'
import type { ThemeFiles } from '../ui/theme-files.ts'
import type { Desk } from './attached.ts'
import { filterHistory } from './filter-history.ts'
import type { Options } from './options.ts'

export interface Show {
  readonly events: AsyncIterable<readonly Event[]>
  readonly stop: AbortController
  readonly options: Options
  readonly config: Config
  /** Where the events come from, in words. */
  readonly place: string
  /** It is of many machines. */
  readonly isFleet?: boolean
  /** What the screen acts with; absent where no gate is installed. */
  readonly gate?: Desk
  /** Called when the first frame is on the screen, or there will be none. */
  readonly onShown?: () => void
}

export async function show(it: Show): Promise<number> {
  if (process.stdout.isTTY) chooseGlyphs(glyphsFor(it.config))
  if (it.options.json) return stream(it, jsonWriter(it.options.limit))
  if (it.options.plain || !isScreen()) return stream(it, plainWriter(it.options.limit, it.place))
  const [{ runScreen }, themes, keymap] = await Promise.all([
    import('../ui/run.tsx'),
    themesOf(it),
    keysOf(it.config),
  ]).catch(error => {
    // What was attached already would keep the program, its terminal in raw mode.
    it.stop.abort()
    throw error
  })
  const manner = mannerOf(it.config, keymap, process.env)
  const monitor = new Monitor({
    place: it.place,
    readInput: (line, id) => readInput(line, id) ?? readJournalInput(line, id),
    readOnly: it.options.readOnly,
    filters: it.config.filters,
    history: filterHistory(process.env),
    // What is heard is read again whenever it changes.
    motion: manner.spoken ? 'reduced' : (it.config.motion ?? 'full'),
    isFleet: it.isFleet ?? false,
    ...it.gate,
  })
  const tellVersion = (): void => {
    const text = it.gate?.differs?.get() ?? ''
    if (text !== '') monitor.take([{ type: 'note', text }])
  }
  it.gate?.differs?.subscribe(tellVersion)
  tellVersion()
  const following = monitor.follow(it.events)
  following.catch(error => {
    monitor.take([{ type: 'note', text: `nothing more is read, start it again: ${error}` }])
  })
  await runScreen(monitor, themes, manner, it.onShown)
  it.stop.abort()
  monitor.stop()
  return 0
}

function glyphsFor({ unicode = 'auto' }: Config): 'unicode' | 'ascii' {
  if (unicode === 'auto') return glyphsOfTerminal(process.env)
  return unicode === 'on' ? 'unicode' : 'ascii'
}

/** @throws UsageError on a file that is no theme */
async function themesOf({ options, config }: Show): Promise<ThemeFiles> {
  const chosen = options.theme ?? config.theme ?? (await fittingTheme())
  const { ThemeFiles } = await import('../ui/theme-files.ts')
  return new ThemeFiles(process.env, chosen)
}

/** @throws UsageError on a key that cannot be, or that is two commands' */
async function keysOf({ keys, problemAt }: Config): Promise<Keymap> {
  const { keymapOf } = await import('../ui/keymap.ts')
  const { keymap, problems } = keymapOf(keys)
  const [first] = problems
  if (first !== undefined) throw problemAt(['keys', first.command], first.what)
  return keymap
}

/** Without colours all themes are the same: nobody is asked. */
async function fittingTheme(): Promise<string | undefined> {
  if (process.stdout.getColorDepth(process.env) === 1) return undefined
  const { askGround, groundOfEnv } = await import('../ui/background.ts')
  return (await askGround(process.env)) ?? groundOfEnv(process.env) ?? undefined
}

/** A dumb terminal cannot move its cursor: it gets lines. */
export const isScreen = (): boolean =>
  process.stdout.isTTY && process.stdin.isTTY && process.env.TERM !== 'dumb'

type Writer = (world: World, phase: 'start' | 'change') => string[]

/** Writes once when all that was there is read, then every change. */
async function stream(it: Show, write: Writer): Promise<number> {
  it.onShown?.()
  let world = new World()
  const print = (lines: string[]): void => {
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => it.stop.abort())
  let started = false
  for await (const batch of it.events) {
    for (const event of batch) world = fold(world, event)
    const { doneBytes, totalBytes } = world.progress
    const read = batch.some(event => event.type === 'progress') && doneBytes >= totalBytes
    const restarted = batch.some(event => event.type === 'restart')
    if (restarted || (read && !started)) print(write(world, 'start'))
    else if (started) print(write(world, 'change'))
    started ||= read || restarted
    if (started) {
      world.touched.length = 0
      world.telemetry.touched.clear()
    }
  }
  return 0
}

/** First the snapshot of `--once --json`, then `{"action":…}` for every action that changed. */
function jsonWriter(limit: number | undefined): Writer {
  return (world, phase) => {
    if (phase === 'start') return [terminalSafeJson({ snapshot: snapshotOf(world, limit) })]
    const rows = new Set([...world.touched, ...world.telemetry.touched])
    return Array.from(rows, row => terminalSafeJson({ action: actionJson(world, row) }))
  }
}

const PLAIN_START = 20

/** The newest actions, then a line for each that is decided or waits for a person. */
function plainWriter(limit: number | undefined, place: string): Writer {
  return (world, phase) => {
    if (phase === 'start') {
      return [`signalbox: ${safe(world.mark || place)}`, ...plainLines(world, limit ?? PLAIN_START)]
    }
    const rows = [...new Set(world.touched)].filter(row => {
      const verdict = verdictOf(world, row)
      return !isOpen(verdict) || verdict.state === 'pending'
    })
    return rows.map(row => plainLine(world, row))
  }
}

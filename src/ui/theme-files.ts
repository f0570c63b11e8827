/** The themes while the screen is open: reread on every change, the last good one of each kept. */
import { basename, join } from 'node:path'
import type { FSWatcher } from 'chokidar'
import { configFolder } from '../config/paths.ts'
import { stampOf } from '../config/stamp.ts'
import { FileError, UsageError } from '../config/usage-error.ts'
import { safe } from '../monitor/safe-text.ts'
import type { View } from '../monitor/view.ts'
import {
  type ColorDepth,
  depthOfTerminal,
  loadThemes,
  type Theme,
  themeFrom,
  themePaths,
} from './theme.ts'

/** A watch does not see a folder that is made later: it is looked for. */
const LOOK_MS = 2000
/** An editor writes in several steps. */
const SETTLE_MS = 40

/** @param problem the first file that does not fit, in one line, or `''` */
export type ThemesChanged = (themes: readonly Theme[], problem: string) => void

export class ThemeFiles {
  readonly #env: NodeJS.ProcessEnv
  readonly #depth: ColorDepth
  #themes: readonly Theme[]
  #stamps: ReadonlyMap<string, string>
  /** By the names of the themes. */
  readonly #problems = new Map<string, string>()
  #changed: ThemesChanged = () => {}
  #watcher: FSWatcher | null = null
  #timer: NodeJS.Timeout | null = null
  #settling: NodeJS.Timeout | null = null
  #closed = false

  /** @throws UsageError as loadThemes does */
  constructor(
    env: NodeJS.ProcessEnv,
    chosen: string | undefined,
    depth: ColorDepth = depthOfTerminal(env),
  ) {
    this.#env = env
    this.#depth = depth
    // Taken first: what changes while it is read is read again.
    this.#stamps = stampsOf(env)
    this.#themes = loadThemes(env, chosen, depth)
  }

  /** The chosen one first. */
  get current(): readonly Theme[] {
    return this.#themes
  }

  /** Begins to watch. */
  async watch(changed: ThemesChanged): Promise<void> {
    this.#changed = changed
    const { watch } = await import('chokidar')
    if (this.#closed) return
    this.#watcher = watch(join(configFolder(this.#env), 'themes'), {
      ignoreInitial: true,
      persistent: false,
      depth: 0,
    })
    const hint = (): void => {
      this.#settling ??= setTimeout(() => {
        this.#settling = null
        this.look()
      }, SETTLE_MS)
    }
    // What fails to be watched is still looked at.
    this.#watcher.on('all', hint).on('error', () => {})
    this.#timer = setInterval(() => this.look(), LOOK_MS)
    this.#timer.unref()
    this.look()
  }

  /** Rereads what is not as it was. */
  look(): void {
    if (this.#closed) return
    const stamps = stampsOf(this.#env)
    const before = this.#stamps
    const same = ([path, stamp]: [string, string]): boolean => before.get(path) === stamp
    if (stamps.size === before.size && [...stamps].every(same)) return
    this.#stamps = stamps
    this.#reread(path => same([path, stamps.get(path) ?? '']))
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer) clearInterval(this.#timer)
    if (this.#settling) clearTimeout(this.#settling)
    await this.#watcher?.close()
  }

  #reread(isSame: (path: string) => boolean): void {
    const paths = themePaths(this.#env)
    const [chosen] = this.#themes
    const kept = new Map(this.#themes.map(theme => [theme.id, theme]))
    for (const id of this.#problems.keys()) if (!paths.has(id)) this.#problems.delete(id)
    const load = (id: string): Theme[] => {
      const path = paths.get(id)
      const last = kept.get(id)
      // One that is gone stays while it is the chosen one.
      if (path === undefined || (last !== undefined && isSame(path))) return last ? [last] : []
      this.#problems.delete(id)
      try {
        return [themeFrom(path, this.#depth)]
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        this.#problems.set(id, problemOf(error))
        return last ? [last] : []
      }
    }
    const ids = [...paths.keys()].filter(id => id !== chosen?.id)
    this.#themes = [...(chosen ? [chosen.id] : []), ...ids].flatMap(load)
    const [problem = ''] = this.#problems.values()
    this.#changed(this.#themes, problem)
  }
}

/** The file's name is enough: the foot is one line. */
function problemOf(error: UsageError): string {
  if (!(error instanceof FileError)) return safe(error.message)
  return safe(`${basename(error.file)}:${error.line}:${error.column}: ${error.what}`)
}

function stampsOf(env: NodeJS.ProcessEnv): Map<string, string> {
  return new Map(Array.from(themePaths(env).values(), path => [path, stampOf(path)]))
}

/**
 * The view on themes that were reread: it stays with its theme, wherever that stands now.
 * @param problem what does not fit now @param before what did not fit before
 */
export function onReread(
  view: View,
  [shown, now]: readonly [readonly Theme[], readonly Theme[]],
  [before, problem]: readonly [string, string],
): View {
  const id = shown[view.theme % shown.length]?.id
  const theme = Math.max(
    0,
    now.findIndex(one => one.id === id),
  )
  const message = problem !== '' ? problem : view.message === before ? '' : view.message
  return { ...view, theme, message }
}

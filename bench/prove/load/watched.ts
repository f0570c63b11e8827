// The real screen in a real pseudo-terminal, and what its counters said when.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import xterm from '@xterm/headless'
import { SCREEN, signalbox } from '../../common.ts'
import { openPty, type Pty } from '../../pty.ts'

/** What one frame counted: actions, and those among them that have an end. */
export interface Seen {
  /** Unix ms. */
  readonly at: number
  readonly calls: number
  readonly results: number
}

export interface Watched {
  readonly pty: Pty
  readonly seen: readonly Seen[]
  /** Every word about being behind that was shown, with when. */
  readonly behind: readonly { readonly at: number; readonly text: string }[]
  lines(): string[]
  /** Waits for a frame that counts what is asked for. @returns whether it came */
  until(counts: (seen: Seen) => boolean, timeoutMs: number): Promise<boolean>
  /** Ends it as a person would. */
  quit(): Promise<void>
}

export interface WatchOptions {
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Where the times of its frames are put at its end (frame-clock.ts). */
  readonly frames?: string
}

export async function openWatched({ root, env, frames }: WatchOptions): Promise<Watched> {
  const [node = '', ...rest] = signalbox('watch', '--root', root)
  const clock =
    frames === undefined ? [] : ['--import', join(import.meta.dirname, 'frame-clock.ts')]
  const view = new xterm.Terminal({
    cols: SCREEN.columns,
    rows: SCREEN.rows,
    allowProposedApi: true,
  })
  const lineAt = (y: number) => view.buffer.active.getLine(y)?.translateToString(true) ?? ''
  const seen: Seen[] = []
  const behind: { at: number; text: string }[] = []
  const pty = await openPty([node, ...clock, ...rest], {
    ...SCREEN,
    env: { ...env, ...(frames === undefined ? {} : { FRAME_TIMES: frames }) },
  })
  pty.onOutput(text => {
    const at = Date.now()
    view.write(text, () => {
      const counts = countsIn(lineAt(1))
      const last = seen.at(-1)
      if (counts === null || (counts.calls === last?.calls && counts.results === last.results))
        return
      seen.push({ at, ...counts })
      const word = /behind [\d.]+\S*/.exec(lineAt(0))
      if (word !== null) behind.push({ at, text: word[0] })
    })
  })
  return {
    pty,
    seen,
    behind,
    lines: () => Array.from({ length: SCREEN.rows }, (_, y) => lineAt(y)),
    until: async (counts, timeoutMs) => {
      const limit = Date.now() + timeoutMs
      const isThere = (): boolean => {
        const last = seen.at(-1)
        return last !== undefined && counts(last)
      }
      while (Date.now() < limit && !pty.exited() && !isThere()) await sleep(20)
      return isThere()
    },
    quit: async () => {
      pty.write('q')
      for (let i = 0; i < 200 && !pty.exited(); i++) await sleep(50)
      await pty.stop()
      view.dispose()
    },
  }
}

/** `actions  pending 0  blocked 12  approved 3,456  undecided 78 …`; null before there is one. */
function countsIn(line: string): { calls: number; results: number } | null {
  const of = (name: string): number =>
    Number(new RegExp(`\\b${name} ([\\d,]+)`).exec(line)?.[1]?.replaceAll(',', '') ?? 0)
  if (!/^actions /.test(line)) return null
  const results = of('approved') + of('blocked') + of('outages')
  return { calls: results + of('pending') + of('undecided'), results }
}

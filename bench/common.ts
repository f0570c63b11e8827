// What the parts of the benchmark share: where things are, how figures are written.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'

export const SCREEN = { columns: 200, rows: 60 }

// Another build (an older release, say) can be measured by naming its launcher.
const other = process.env.SIGNALBOX_BENCH_CLI
const launcher = other ?? join(import.meta.dirname, '..', 'bin', 'signalbox.js')
const bundle = join(import.meta.dirname, '..', 'dist', 'cli.js')

export const signalbox = (...args: string[]): string[] => [process.execPath, launcher, ...args]
export const ownScript = (name: string, ...args: string[]): string[] => [
  process.execPath,
  join(import.meta.dirname, name),
  ...args,
]

/** Why Signalbox cannot run at all, if so. */
export const missing = (): string | undefined =>
  existsSync(other ?? bundle) ? undefined : 'dist/cli.js is missing: run `node build.js` first'

export type Row = { measure: string; signalbox: string; peer: string; note: string }

/** A temporary folder inside the bounds of the benchmark, removed after use. */
export async function withTemp<T>(
  name: string,
  use: (dir: string) => Promise<T>,
  below = tmpdir(),
): Promise<T> {
  const dir = mkdtempSync(join(below, `signalbox-bench-${name}-`))
  try {
    return await use(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Runs with an empty home: no settings, caches or other agents' data of this machine take part. */
export function withHome<T>(use: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  return withTemp('home', home => {
    const { CLAUDE_CONFIG_DIR: _, CI: __, NO_COLOR: ___, ...rest } = process.env
    return use({
      ...rest,
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_STATE_HOME: join(home, '.local/state'),
      XDG_DATA_HOME: join(home, '.local/share'),
    })
  })
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
export const megabytes = (mb: number): string => `${Math.round(mb)} MB`
export const count = (value: number): string => value.toLocaleString('en-US')

export function machine(): string {
  const list = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const hardware = `${list[0]?.model ?? 'unknown CPU'}, ${list.length} cores, ${memory} GiB`
  return `${hardware}, Linux ${release()}, Node ${process.versions.node}`
}

export function table(rows: Row[]): string {
  const lines = rows.map(row => `| ${row.measure} | ${row.signalbox} | ${row.peer} | ${row.note} |`)
  return ['| measure | Signalbox | peer | |', '|---|---|---|---|', ...lines].join('\n')
}

/** Progress goes to standard error, so that the table can be redirected alone. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** The first line of what went wrong, for a table cell. */
export const firstLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 160) ?? ''

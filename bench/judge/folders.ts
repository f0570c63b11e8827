/**
 * Rows as they would be on a disk: a row's project as a real folder with its files, and the call with
 * that folder's name in place of the row's. What reads the disk can be measured with them.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import type { ToolCall } from '../../src/judge/types.ts'
import { lineOf, type Row } from './sets.ts'

export interface Placed {
  readonly call: ToolCall
  readonly cwd: string
  readonly root: string
}

type Files = readonly (readonly [path: string, content: string])[]

export class Folders {
  /** The home of all rows. */
  readonly home: string
  readonly #made = new Map<string, string>()

  /** @param home an empty folder, which the caller removes */
  constructor(home: string) {
    this.home = home
  }

  place(row: Row): Placed {
    const { ctx, cwd: ownCwd, tool = 'Bash', input, cmd } = lineOf(row)
    const root = posix.resolve('/', ctx?.project_root ?? ctx?.cwd ?? '/')
    const cwd = posix.relative(root, posix.resolve(root, ownCwd ?? ctx?.cwd ?? root))
    // Elsewhere than in the project is no folder that could be made.
    const below = cwd.startsWith('..') ? '' : cwd
    const files = Object.entries(ctx?.files ?? {})
      .map(([path, content]) => [posix.relative(root, posix.resolve(root, path)), content] as const)
      .filter(([path]) => path !== '' && !path.startsWith('..'))
    const key = JSON.stringify([root, below, files])
    const folder = this.#made.get(key) ?? this.#make(root, below, files)
    this.#made.set(key, folder)
    const text = moved(JSON.stringify(input ?? { command: cmd }), [
      [root, folder],
      [ctx?.home ?? root, this.home],
    ])
    return {
      call: { tool, input: JSON.parse(text), agent: '' },
      cwd: join(folder, below),
      root: folder,
    }
  }

  #make(root: string, cwd: string, files: Files): string {
    const folder = join(this.home, 'work', String(this.#made.size), posix.basename(root))
    mkdirSync(join(folder, cwd), { recursive: true })
    execFileSync('git', ['init', '-q', folder])
    const isLink = (content: string): boolean => content.startsWith('-> ')
    // Links come last: nothing is to be written through one.
    for (const [path, content] of files)
      if (!isLink(content))
        tolerant(join(folder, path), place => writeFileSync(place, content, { flag: 'wx' }))
    for (const [path, content] of files)
      if (isLink(content))
        tolerant(join(folder, path), place => symlinkSync(content.slice(3).trim(), place))
    return folder
  }
}

/** A row may say that a path is a file and a folder too: the first wins. */
function tolerant(place: string, make: (place: string) => void): void {
  try {
    mkdirSync(dirname(place), { recursive: true })
    make(place)
  } catch {
    // The folder lacks a file, which costs a read and no more.
  }
}

/** In one go, so that a name which was put in is not found again; the longer names first. */
function moved(text: string, names: readonly (readonly [from: string, to: string])[]): string {
  const to = new Map(names)
  const escaped = names.map(([from]) => from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`(?<![\\w./~}-])(?:${escaped.join('|')})(?![\\w.-])`, 'g')
  return text.replace(pattern, name => to.get(name) ?? name)
}

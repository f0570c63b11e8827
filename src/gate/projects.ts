/**
 * Which remotes of a project are its own. Trusted are those of the session's start, minus what an
 * agent added, in this session or an earlier one; a session that is resumed keeps its first ones.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { writeWhole } from '../config/whole-file.ts'
import type { Project } from './parts.ts'

const REMOTES = v.record(v.string(), v.string())
const STORE = v.object({
  /** Project → URLs of remotes that an agent added. */
  added: v.optional(v.record(v.string(), v.array(v.string())), {}),
  sessions: v.optional(
    v.record(v.string(), v.object({ root: v.string(), baseline: REMOTES, at: v.number() })),
    {},
  ),
})
type Store = v.InferOutput<typeof STORE>

type RemotesIn = (root: string) => Promise<Readonly<Record<string, string>>>

/** A session that nobody resumed for so long starts anew. */
const KEEP_MS = 60 * 86_400_000

export class Projects {
  readonly #file: string
  readonly #remotesIn: RemotesIn
  readonly #clock: () => number
  readonly #store: Store

  /** @param remotesIn the remotes that stand in a project's git configuration now */
  constructor(file: string, remotesIn: RemotesIn, clock: () => number) {
    this.#file = file
    this.#remotesIn = remotesIn
    this.#clock = clock
    this.#store = readStore(file)
  }

  async of(cwd: string, session: string): Promise<Project> {
    const known = Object.hasOwn(this.#store.sessions, session) && this.#store.sessions[session]
    if (known) return known
    const root = rootOf(cwd)
    const added = this.#store.added[root] ?? []
    const own = Object.entries(await this.#remotesIn(root)).filter(
      ([, url]) => !added.includes(url),
    )
    const project = { root, baseline: Object.fromEntries(own), at: this.#clock() }
    this.#store.sessions[session] = project
    this.#write()
    return project
  }

  /** @param made what the agent made in the session, in the ledger's words */
  remember(root: string, made: readonly string[]): void {
    const added = this.#store.added[root] ?? []
    const urls = made
      .filter(thing => thing.startsWith('remote:'))
      .map(thing => thing.slice(thing.indexOf('=') + 1))
      .filter(url => !added.includes(url))
    if (urls.length === 0) return
    this.#store.added[root] = [...added, ...urls]
    this.#write()
  }

  #write(): void {
    const oldest = this.#clock() - KEEP_MS
    for (const [id, { at }] of Object.entries(this.#store.sessions))
      if (at < oldest) delete this.#store.sessions[id]
    writeWhole(this.#file, JSON.stringify(this.#store), 0o600, 'spare')
  }
}

/** The folders of all projects that sessions were seen in. */
export function knownProjects(file: string): string[] {
  const { added, sessions } = readStore(file)
  return [...new Set([...Object.keys(added), ...Object.values(sessions).map(it => it.root)])]
}

/** The nearest folder above that is a git work tree, else the folder itself. */
export function rootOf(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return cwd
  }
}

function readStore(file: string): Store {
  try {
    return v.parse(STORE, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { added: {}, sessions: {} } // none yet; a broken one only means that nothing is known
  }
}

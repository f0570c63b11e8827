/** The policy in force while its files are edited: reread on every change, the last good one kept. */
import { dirname, join } from 'node:path'
import type { FSWatcher } from 'chokidar'
import {
  type CheckRules,
  type LoadedPolicy,
  loadPolicy,
  type PolicySources,
  REPOSITORY_NAME,
} from './load-policy.ts'
import { configFile } from './paths.ts'
import { stampOf } from './stamp.ts'

/**
 * What holds for one project (`''`: for none). With errors, `policy` is the last that had none (or,
 * when there never was one, what loadPolicy says then).
 */
export type Changed = (project: string, loaded: LoadedPolicy) => void

/** A watch does not see a folder that is made later, nor a change of owner: those are looked for. */
const LOOK_MS = 2000
/** An editor writes in several steps. */
const SETTLE_MS = 40

interface Kept {
  readonly signature: string
  readonly loaded: LoadedPolicy
}

export class PolicyFiles {
  readonly #sources: Omit<PolicySources, 'projectRoot'>
  readonly #checkRules: CheckRules
  readonly #changed: Changed
  readonly #kept = new Map<string, Kept>()
  #watcher: FSWatcher | null = null
  #timer: NodeJS.Timeout | null = null
  #settling: NodeJS.Timeout | null = null
  #closed = false

  constructor(
    sources: Omit<PolicySources, 'projectRoot'>,
    checkRules: CheckRules,
    changed: Changed = () => {},
  ) {
    this.#sources = sources
    this.#checkRules = checkRules
    this.#changed = changed
    this.#load('')
  }

  /** What holds outside any project. */
  get current(): LoadedPolicy {
    return this.forProject('')
  }

  /** What holds in a project, its `.signalbox.yaml` included; from here on that is watched too. */
  forProject(project: string): LoadedPolicy {
    const known = this.#kept.get(project)
    if (known !== undefined) return known.loaded
    const { loaded } = this.#load(project)
    if (project !== '') this.#watcher?.add(join(project, REPOSITORY_NAME))
    return loaded
  }

  /** The same, by the files as they are now: looks at those of this project alone. */
  lookFor(project: string): LoadedPolicy {
    if (!this.#closed) this.#renew(project)
    return this.forProject(project)
  }

  /** Begins to watch. Without it, `look` or `lookFor` has to be called. */
  async watch(): Promise<void> {
    const { watch } = await import('chokidar')
    if (this.#closed) return
    const { config, managed } = this.#sources
    const projects = [...this.#kept.keys()].filter(project => project !== '')
    const files = [configFile(config), managed, ...projects.map(it => join(it, REPOSITORY_NAME))]
    this.#watcher = watch(files, { ignoreInitial: true, persistent: false })
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
    for (const project of [...this.#kept.keys()]) this.#renew(project)
  }

  #renew(project: string): void {
    const known = this.#kept.get(project)
    if (known !== undefined && known.signature !== this.#signature(project))
      this.#changed(project, this.#load(project).loaded)
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer) clearInterval(this.#timer)
    if (this.#settling) clearTimeout(this.#settling)
    await this.#watcher?.close()
  }

  #load(project: string): Kept {
    // Taken first: what changes while it is read is read again.
    const signature = this.#signature(project)
    const sources = { ...this.#sources, ...(project !== '' && { projectRoot: project }) }
    const loaded = loadPolicy(sources, this.#checkRules)
    const before = this.#kept.get(project)?.loaded
    const good = loaded.errors.length === 0 || before === undefined
    const kept = { signature, loaded: good ? loaded : { ...before, errors: loaded.errors } }
    this.#kept.set(project, kept)
    return kept
  }

  #signature(project: string): string {
    const { config, managed } = this.#sources
    const paths = [configFile(config), managed, dirname(managed)]
    if (project !== '') paths.push(join(project, REPOSITORY_NAME))
    return paths.map(stampOf).join('|')
  }
}

/** All sessions under a folder: the newest lines first, then the backlog, then what is appended. */
import { basename, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { FSWatcher } from 'chokidar'
import type { Event } from '../action/event.ts'
import {
  findTranscripts,
  isOf,
  type Transcript,
  transcriptAt,
  transcriptsUnder,
} from '../clients/claude-code/layout.ts'
import { presenceFolder } from '../clients/claude-code/presence.ts'
import type { Price } from '../clients/claude-code/transcript.ts'
import { codeOf } from '../config/error-code.ts'
import { Behind } from './behind.ts'
import { History } from './history.ts'
import { indexFile } from './history-index.ts'
import { pricePart } from './history-part.ts'
import { HotFiles } from './hot-files.ts'
import { isSame, type KeptHistory, openHistory } from './kept-history.ts'
import { PresenceWatch } from './presence.ts'
import { Queue } from './queue.ts'
import { agentEvent, lineStartBefore, type Range, TranscriptFile } from './transcript-file.ts'

export interface TranscriptsOptions {
  /** The client's config folder, or a folder or file of transcripts. */
  readonly root: string
  /** Called when the first prices are needed. */
  readonly loadPrice: () => Promise<Price>
  /** Go on with what is appended, until `signal`; else end when all was read. */
  readonly follow: boolean
  /** With `follow`: the backlog waits for this, so that the first frame has the machine. */
  readonly shown?: Promise<void>
  /** Pass over what happened before, Unix ms. */
  readonly since?: number
  /** Only this session and its subagents. */
  readonly session?: string
  /** The folder of indices: what reports have read already is taken from there. */
  readonly index?: string
  readonly signal?: AbortSignal
}

/** Enough of the newest files for a full screen, read before anything else. */
const PREVIEW_FILES = 6
const PREVIEW_BYTES = 96 << 10
/** Bytes of one file that are read before other events get their turn: ten files at once take 100 ms. */
const READ_BUDGET = 512 << 10
/** A watch can miss a change (network file systems do): active files are also looked at so often. */
const SAFETY_MS = 1000
const ACTIVE_MS = 60_000
/** Where the system gives no watch, all files are looked at so often. */
const LOOK_MS = 5000

export function transcripts(options: TranscriptsOptions): AsyncIterable<readonly Event[]> {
  const source = new TranscriptSource(options)
  void source.run()
  return source.queue
}

class TranscriptSource {
  readonly queue = new Queue<Event>()
  readonly #options: TranscriptsOptions
  /** Files that are followed, by path. */
  readonly #files = new Map<string, TranscriptFile>()
  /** Where the backlog of a known file ends, so that following goes on from there. */
  readonly #known = new Map<string, number>()
  readonly #activeAt = new Map<string, number>()
  readonly #reading = new Set<string>()
  /** When each session's own transcript last changed, Unix ms. */
  readonly #changedAt = new Map<string, number>()
  readonly #presence: PresenceWatch
  readonly #behind: Behind
  readonly #since: number
  #price: Price = () => null

  constructor(options: TranscriptsOptions) {
    this.#options = options
    this.#since = options.since ?? 0
    this.#presence = new PresenceWatch(options.root, this.queue.push)
    this.#behind = new Behind(this.queue.push)
  }

  async run(): Promise<void> {
    try {
      const found = this.#found().filter(t => t.changedAt >= this.#since)
      for (const file of found) {
        this.#known.set(file.path, file.size)
        this.#changed(file.path, file.agent, file.changedAt)
      }
      const { follow, root, index } = this.#options
      // An index holds all there was: of no use where only a part counts.
      const isPart = this.#since > 0 || this.#options.session !== undefined
      const kept =
        index === undefined || isPart ? null : openHistory(indexFile(index, resolve(root)))
      if (follow) await this.#follow(found, kept)
      else {
        await this.#backlog(
          found.map(file => this.#whole(file)),
          kept,
        )
      }
      this.#lookAtPresence()
      if (!this.#options.follow) this.queue.close()
    } catch (error) {
      this.queue.fail(error)
    }
  }

  #found(): Transcript[] {
    const { root, session } = this.#options
    const all = findTranscripts(root)
    return session === undefined ? all : all.filter(it => isOf(session, it.path))
  }

  /** Shows the ends of the newest files at once, then watches for more. */
  async #follow(found: readonly Transcript[], kept: KeptHistory | null): Promise<void> {
    this.#price = await this.#options.loadPrice()
    const ranges = found.map((file, place) => this.#beforePreview(file, place, kept))
    found.forEach((file, i) => {
      const to = ranges[i]?.to ?? 0
      if (to < file.size) this.#open(file, to).read('exact')
    })
    this.#lookAtPresence()
    await this.#options.shown
    await this.#watch()
    await this.#backlog(ranges, kept)
  }

  #open(file: Pick<Transcript, 'path' | 'agent'>, from: number): TranscriptFile {
    let named = file.agent === ''
    const followed = new TranscriptFile(
      { ...file, from, since: this.#since },
      this.#price,
      event => {
        this.queue.push(event)
        if (named || !('session' in event)) return
        named = true
        const name = agentEvent(file.path, file.agent, event.session)
        if (name !== null) this.queue.push(name)
      },
    )
    this.#files.set(file.path, followed)
    return followed
  }

  #whole({ path, agent, size }: Transcript): Range {
    return { path, agent, from: 0, to: size, since: this.#since }
  }

  /** What is left of a file for the backlog when its end is shown first. */
  #beforePreview(file: Transcript, place: number, kept: KeptHistory | null): Range {
    const whole = this.#whole(file)
    if (place >= PREVIEW_FILES) return whole
    const to = lineStartBefore(file.path, Math.max(0, file.size - PREVIEW_BYTES))
    // What the index has is not read again, or it would count twice.
    return { ...whole, to: Math.min(file.size, Math.max(to, kept?.toOf(file.path) ?? 0)) }
  }

  async #backlog(ranges: readonly Range[], kept: KeptHistory | null): Promise<void> {
    const raw = kept !== null && (await stillFits(kept, ranges)) ? kept.raw() : null
    const rest =
      raw === null ? ranges : ranges.map(it => ({ ...it, from: kept?.toOf(it.path) ?? 0 }))
    // Threads begin at once; the prices are loaded meanwhile.
    const history = new History(rest)
    this.#price = await this.#options.loadPrice()
    const { totalBytes } = history
    let doneBytes = 0
    if (raw !== null) {
      pricePart(raw, this.#price)
      this.queue.push({ type: 'backlog', part: raw })
    }
    this.queue.push({ type: 'progress', doneBytes, totalBytes })
    for await (const { part, bytes } of history.read()) {
      pricePart(part, this.#price)
      doneBytes += bytes
      this.queue.push({ type: 'backlog', part })
      this.queue.push({ type: 'progress', doneBytes, totalBytes })
    }
  }

  async #watch(): Promise<void> {
    const { root, signal } = this.#options
    const { watch } = await import('chokidar')
    if (signal?.aborted) return this.queue.close()
    const watcher: FSWatcher = watch([transcriptsUnder(root), presenceFolder(root)], {
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path, stats) => stats?.isFile() === true && !/\.jsonl?$/.test(path),
    })
    const hot = new HotFiles({
      read: path => {
        const before = this.#files.get(path)?.position
        void this.#catchUp(path)
        return this.#files.get(path)?.position !== before
      },
      unwatch: path => watcher.unwatch(path),
      rewatch: path => watcher.add(path),
    })
    const hint = (path: string): void => {
      const { session } = this.#options
      if (path.endsWith('.jsonl')) {
        if (session !== undefined && !isOf(session, path)) return
        hot.changed(path)
        void this.#catchUp(path)
      } else {
        this.#lookAtPresence()
      }
    }
    watcher.on('add', hint).on('change', hint).on('unlink', hint)
    watcher.on('ready', () => this.#lookAtAll())
    let looked = Number.POSITIVE_INFINITY
    watcher.on('error', error => {
      if (looked === Number.POSITIVE_INFINITY)
        this.queue.push({ type: 'note', text: unwatched(root, error) })
      looked = Math.min(looked, 0)
    })
    const timer = setInterval(() => {
      this.#lookAtActive()
      this.#lookAtPresence()
      if (performance.now() - looked < LOOK_MS) return
      this.#lookAtAll()
      looked = performance.now()
    }, SAFETY_MS)
    signal?.addEventListener('abort', () => {
      clearInterval(timer)
      hot.stop()
      void watcher.close()
      this.queue.close()
    })
  }

  /** What was written before the watch was ready went unseen. */
  #lookAtAll(): void {
    for (const { path, size, changedAt } of this.#found()) {
      if (changedAt < this.#since) continue
      const read = this.#files.get(path)?.position ?? this.#known.get(path) ?? 0
      if (size > read) void this.#catchUp(path)
    }
  }

  #lookAtPresence(): void {
    this.#presence.look(this.#changedAt, Date.now())
  }

  #changed(path: string, agent: string, at: number): void {
    if (agent === '') this.#changedAt.set(basename(path, '.jsonl'), at)
  }

  #lookAtActive(): void {
    const now = Date.now()
    for (const [path, at] of this.#activeAt) {
      if (now - at > ACTIVE_MS) this.#activeAt.delete(path)
      else if (this.#files.get(path)?.isAsRead() !== true) void this.#catchUp(path, at)
    }
  }

  async #catchUp(path: string, activeAt = Date.now()): Promise<void> {
    this.#activeAt.set(path, activeAt)
    if (this.#reading.has(path)) return
    this.#reading.add(path)
    try {
      const file = this.#files.get(path) ?? this.#take(path)
      if (file !== null) this.#changed(path, file.agent, activeAt)
      while (file?.read('exact', Number.POSITIVE_INFINITY, READ_BUDGET)) {
        this.#behind.waits(path, file.lastAt, Date.now())
        await setImmediate()
      }
    } finally {
      this.#reading.delete(path)
      this.#behind.reached(path, Date.now())
    }
  }

  /** Begins to follow a file that is new, or whose end was not read yet. */
  #take(path: string): TranscriptFile | null {
    const found = transcriptAt(path)
    if (found === null) return null
    const size = this.#known.get(path) ?? 0
    return this.#open(found, size === 0 ? 0 : lineStartBefore(path, size))
  }
}

function unwatched(root: string, error: unknown): string {
  const code = codeOf(error)
  const mend = /^(ENOSPC|EMFILE)$/.test(code)
    ? `: raise ${code === 'ENOSPC' ? 'fs.inotify.max_user_watches' : 'fs.inotify.max_user_instances, or ulimit -n'}`
    : ''
  return `${root} cannot be watched (${code}); it is looked at every ${LOOK_MS / 1000} s${mend}`
}

/** Files that are looked at before keys get their turn. */
const LOOK_AT_ONCE = 200

/** Every transcript of an index is there, and begins as it did. */
async function stillFits({ files }: KeptHistory, ranges: readonly Range[]): Promise<boolean> {
  const there = new Set(ranges.map(it => it.path))
  for (const [i, file] of files.entries()) {
    if (!there.has(file.path) || !isSame(file)) return false
    if (i % LOOK_AT_ONCE === LOOK_AT_ONCE - 1) await setImmediate()
  }
  return true
}

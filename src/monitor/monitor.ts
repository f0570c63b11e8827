/** The state of the screen: events in, at most one new frame's worth of state every tick out. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { STATES } from '../action/action.ts'
import type { CommandInput } from '../action/command.ts'
import type { Event, LineRef } from '../action/event.ts'
import { fold } from '../action/fold.ts'
import { World } from '../action/world.ts'
import type { Finding } from './finding.ts'
import { isUnfolded } from './folds.ts'
import { GroupedList } from './grouped-list.ts'
import { type Insights, LastInsights } from './insights.ts'
import {
  type Asides,
  type FilterHistory,
  type Named,
  NO_POLICY,
  type PolicyFacts,
  type Reach,
  type Send,
  type Simulated,
  type TrustTools,
  type Watched,
} from './link.ts'
import { ActionList } from './list.ts'
import type { KeptFilter } from './prompt.ts'
import { Room } from './room.ts'
import { safe, verbatim } from './safe-text.ts'
import { FIRST_VIEW, isFollowing, renumbered, type View } from './view.ts'

export interface MonitorState {
  readonly world: World
  /** Grows with each publication; the world itself is changed in place. */
  readonly tick: number
  /** Unix ms of the publication; ages on the screen count from it. */
  readonly now: number
  readonly rows: Uint32Array
  /** The same in groups; null while they are not grouped. */
  readonly groups: GroupedList | null
  readonly view: View
  /** It shows many machines, and none of them need be this one. */
  readonly isFleet: boolean
  /** Whether keys can act. */
  readonly reach: Reach
  /** Since when, Unix ms. */
  readonly reachSince: number
  readonly policy: PolicyFacts
  /** Of the entry that is being chosen; null until it is there. */
  readonly preview: Preview | null
  readonly audit: Audit
  /** Null while nobody looks at them. */
  readonly insights: Insights | null
  /** Whether trust entries can be made and read here. */
  readonly canTrust: boolean
  /** Filters that the user keeps, by their names. */
  readonly filters: Readonly<Record<string, string>>
}

/** What the audit found, since it was last looked for. */
export interface Audit {
  readonly state: 'not looked' | 'looking' | 'looked'
  readonly findings: readonly Finding[]
  /** Why it could not look, or `''`. */
  readonly problem: string
}

/** What an entry would have changed, or why that is not known. */
export interface Preview extends Named {
  readonly of: Simulated | string
}

/** Reads the whole input of an action from where it stands; null when it is gone. */
export type ReadInput = (line: LineRef, id: string) => unknown

export interface MonitorOptions {
  /** Where the events come from, for the head of the screen. */
  readonly place: string
  readonly readInput: ReadInput
  readonly clock?: () => number
  readonly isFleet?: boolean
  /** Asks the gate; absent where no gate is installed. */
  readonly send?: Send
  /** Whether the gate answers now; absent: it does when there is one. */
  readonly connected?: Watched<boolean>
  /** Filters that the user keeps, by their names. */
  readonly filters?: Readonly<Record<string, string>>
  readonly history?: FilterHistory
  readonly motion?: 'full' | 'reduced'
  /** Keys that act are off. */
  readonly readOnly?: boolean
  readonly policy?: Watched<PolicyFacts>
  readonly trust?: TrustTools
  readonly asides?: Asides
  /** So many actions are kept; absent: MOST_KEPT. */
  readonly most?: number
}

/**
 * Between two frames. A first event after quiet is shown at once; a trickle nearly so; in a flood
 * nobody can read each line, and frames are what costs: yet what happens is seen within 100 ms.
 */
const FULL = { shortestMs: 33, longestMs: 50, ageMs: 1000 } as const
/** So many events in one frame make the next a millisecond later. */
const FLOOD = 3
/** For who is disturbed by what moves: but for what must be seen at once. */
const REDUCED = { shortestMs: 3000, longestMs: 3000, ageMs: 5000 } as const
/** Rates fall while nothing happens. */
const IDLE_MS = 10_000

export class Monitor {
  readonly store: StoreApi<MonitorState>
  readonly options: MonitorOptions
  #list = new ActionList()
  #room: Room
  #insights = new LastInsights()
  readonly #clock: () => number
  /** On a clock that nobody sets. */
  #publishedAt = Number.NEGATIVE_INFINITY
  #foreseen: Named | null = null
  #lookAgain = false
  /** Events since the last frame, and in the one before. */
  #folded = 0
  #flow = 0
  readonly #pace: typeof FULL | typeof REDUCED
  /** How much that must be seen at once was shown. */
  #words = 1
  #timer: NodeJS.Timeout | null = null
  #ageTimer: NodeJS.Timeout | null = null
  readonly #ends: (() => void)[] = []

  constructor(options: MonitorOptions) {
    this.options = options
    this.#room = new Room(options.most)
    this.#clock = options.clock ?? Date.now
    this.#pace = options.motion === 'reduced' ? REDUCED : FULL
    const world = new World()
    const rows = new Uint32Array(0)
    this.store = createStore(() => ({
      world,
      tick: 0,
      now: this.#clock(),
      rows,
      groups: null,
      view: { ...FIRST_VIEW, history: options.history?.read() ?? [] },
      isFleet: options.isFleet ?? false,
      reach: this.#reach(),
      reachSince: this.#clock(),
      policy: options.policy?.get() ?? NO_POLICY,
      audit: { state: 'not looked', findings: [], problem: '' },
      insights: null,
      preview: null,
      canTrust: options.trust !== undefined,
      filters: options.filters ?? {},
    }))
    const { connected, policy } = options
    if (connected !== undefined) this.#ends.push(connected.subscribe(() => this.#reached()))
    if (policy !== undefined)
      this.#ends.push(policy.subscribe(() => this.store.setState({ policy: policy.get() })))
  }

  /** The state with the time as it is now, for keys. */
  current(): MonitorState {
    return { ...this.store.getState(), now: this.#clock() }
  }

  /** Asks the gate, and shows what it answered. */
  async act(command: CommandInput): Promise<void> {
    const { send } = this.options
    if (send === undefined) return
    const say = (message: string): void => this.setView(view => ({ ...view, message }))
    try {
      const { done, text } = await send(command)
      say(verbatim(safe(done ? text || 'done' : `not done: ${text}`)))
    } catch (error) {
      say(verbatim(safe(`the gate did not answer: ${messageOf(error)}`)))
    }
  }

  /** Mends what the audit found, and looks again. */
  async mend({ fix, what }: { fix: readonly string[]; what: string }): Promise<void> {
    const { asides } = this.options
    if (asides === undefined) return
    const message = await asides.mend(fix, what).catch(error => `not mended: ${messageOf(error)}`)
    this.setView(view => ({ ...view, message: verbatim(safe(message)) }))
    await this.#look()
  }

  /** Runs a command of this program while the screen is away; then things may be others. */
  async foreground(args: readonly string[]): Promise<void> {
    const { asides } = this.options
    if (asides === undefined) return
    const message = await asides.foreground(args).catch(messageOf)
    this.setView(view => ({ ...view, message: verbatim(safe(message)) }))
    if (this.store.getState().view.screen === 'audit') void this.#look()
  }

  /** Keeps a filter under a name, for this screen and those to come. */
  async keep({ name, filter }: KeptFilter): Promise<void> {
    const { asides } = this.options
    const message =
      asides === undefined
        ? `kept as ${name}, on this screen only`
        : await asides.keepFilter({ name, filter }).catch(error => `not kept: ${messageOf(error)}`)
    this.store.setState(({ filters }) => ({ filters: { ...filters, [name]: filter } }))
    this.setView(view => ({ ...view, message: verbatim(safe(message)) }))
  }

  async #look(): Promise<void> {
    const { asides } = this.options
    const { audit } = this.store.getState()
    this.#lookAgain = audit.state === 'looking'
    if (asides === undefined || this.#lookAgain) return
    this.store.setState({ audit: { ...audit, state: 'looking' } })
    const found = await asides.audit().catch(error => messageOf(error))
    const [findings, problem] = typeof found === 'string' ? [audit.findings, found] : [found, '']
    this.store.setState({ audit: { state: 'looked', findings, problem } })
    // What was mended meanwhile may still be among what was found.
    if (this.#lookAgain) await this.#look()
  }

  #reached(): void {
    const reach = this.#reach()
    if (reach !== this.store.getState().reach)
      this.store.setState({ reach, reachSince: this.#clock() })
  }

  #reach(): Reach {
    const { send, readOnly, connected } = this.options
    if (readOnly) return 'closed'
    if (send === undefined) return 'none'
    return (connected?.get() ?? true) ? 'here' : 'away'
  }

  /** Folds a source to its end. */
  async follow(events: AsyncIterable<readonly Event[]>): Promise<void> {
    // While something runs, waits or is away, its age counts up.
    this.#ageTimer = setInterval(() => this.#refresh(), this.#pace.ageMs)
    try {
      for await (const batch of events) this.take(batch)
    } finally {
      this.publish()
    }
  }

  take(batch: readonly Event[]): void {
    const before = this.store.getState()
    let { world, view } = before
    for (const event of batch) {
      const next = fold(world, event)
      if (next !== world) view = this.#begin(view)
      world = next
      view = this.#makeRoom(world, view)
    }
    if (world !== before.world) this.store.setState({ world, groups: null, view })
    else if (view !== before.view) this.#publish(view)
    const news = batch.filter(tellsNews).length
    this.#folded += news
    if (news > 0 || world.touched.length > 0) this.#schedule()
  }

  /** Nothing that came before counts. */
  #begin({ theme, history }: View): View {
    this.#list = new ActionList()
    this.#room = new Room(this.options.most)
    return { ...FIRST_VIEW, theme, history }
  }

  /** All that has numbers of rows gets the new ones here, before anybody reads them. */
  #makeRoom(world: World, view: View): View {
    const made = this.#room.make(world, this.#list)
    if (made === null) return view
    this.#list.renumber(made)
    this.#insights = new LastInsights()
    const now = renumbered(view, made.actions)
    if (view.selected === null || now.selected !== null) return now
    return { ...now, selected: this.#list.update(world, view.filter)[0] ?? null }
  }

  setView(change: (view: View) => View): void {
    const before = this.store.getState()
    const view = change(before.view)
    if (view === before.view) return
    if (view.history !== before.view.history) this.options.history?.keep(view.history)
    const rows =
      view.filter === before.view.filter
        ? before.rows
        : this.#list.update(before.world, view.filter)
    const insights = this.#insightsFor(before.world, view)
    this.store.setState({ view, rows, groups: this.#grouped(before.world, rows, view), insights })
    void this.#foresee(view)
    if (view.screen === 'audit' && before.view.screen !== 'audit') void this.#look()
  }

  publish(): void {
    this.#publish(this.store.getState().view)
  }

  #publish(view: View): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#publishedAt = performance.now()
    this.#flow = this.#folded
    this.#folded = 0
    const { world, tick } = this.store.getState()
    const rows = this.#list.update(world, view.filter)
    const insights = this.#insightsFor(world, view)
    const groups = this.#grouped(world, rows, view)
    this.store.setState({ tick: tick + 1, now: this.#clock(), view, rows, groups, insights })
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#ageTimer !== null) clearInterval(this.#ageTimer)
    for (const end of this.#ends.splice(0)) end()
  }

  #grouped(world: World, rows: Uint32Array, view: View): GroupedList | null {
    const { group: by, selected, folds } = view
    if (by === 'none') return null
    const { groups } = this.#list
    const shown = groups.update(world, rows, by, !isFollowing(view))
    const keyOf = (row: number): string => groups.keyOf(world, row)
    // What is selected is shown.
    const own = selected === null ? null : keyOf(selected)
    return new GroupedList(shown, ({ key }) => key === own || isUnfolded(folds, key), keyOf)
  }

  #insightsFor(world: World, view: View): Insights | null {
    return view.screen === 'insights' ? this.#insights.get(world, view.range, this.#clock()) : null
  }

  /** Judges all again for the entry that is being chosen: the last one that was, when several were. */
  async #foresee({ prompt }: View): Promise<void> {
    const { asides } = this.options
    const choice = prompt?.kind === 'trust' ? prompt.choices[prompt.index] : undefined
    if (asides === undefined) return
    if (choice === undefined) {
      this.#foreseen = null
      return
    }
    const { slot, entry, resource } = choice
    if (resource === null || sameEntry(this.#foreseen, choice)) return
    this.#foreseen = { slot, entry }
    this.store.setState({ preview: null })
    const of = await asides.simulate(choice).catch(error => messageOf(error))
    if (sameEntry(this.#foreseen, choice)) this.store.setState({ preview: { slot, entry, of } })
  }

  #schedule(): void {
    const { shortestMs, longestMs } = this.#pace
    const urgent = this.#pace === REDUCED && this.#isUrgent()
    if (this.#timer !== null && !urgent) return
    const pause = Math.min(longestMs, shortestMs + this.#flow / FLOOD)
    const wait = urgent ? 0 : this.#publishedAt + pause - performance.now()
    if (wait <= 0) this.publish()
    else this.#timer = setTimeout(() => this.publish(), wait)
  }

  /** What began to wait since the last frame, what the gate said, and that history is read, or all of it was. */
  #isUrgent(): boolean {
    const { gate, actions, notes, progress, touched } = this.store.getState().world
    const isRead = progress.doneBytes >= progress.totalBytes ? 1 : 0
    const words = gate.notices.length + notes.length + isRead
    const isNews = words !== this.#words
    this.#words = words
    return isNews || touched.some(row => STATES[actions.columns.state[row] ?? 0] === 'pending')
  }

  #refresh(): void {
    const { world, reach, view } = this.store.getState()
    const quiet = performance.now() - this.#publishedAt
    const ages = world.open.size > 0 || reach === 'away' || view.screen === 'machines'
    if (quiet >= IDLE_MS || (quiet >= this.#pace.ageMs && ages)) this.publish()
  }
}

/**
 * Whose an entry is comes with the entry. That a relay is there, or that nothing was appended to the journal,
 * is no news, but for what waits for its record.
 */
const tellsNews = ({ type }: Event): boolean =>
  type !== 'journal-read' && type !== 'relay' && type !== 'machine'

const sameEntry = (a: Named | null, b: Named): boolean => a?.slot === b.slot && a.entry === b.entry

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`)

/** Denied effects that the agent reached by another route. */
import type { EntryOf } from '../../action/entry.ts'
import type { Replayed } from '../../judge/replay.ts'
import type { Finding, Severity } from '../../monitor/finding.ts'
import { type Call, callOf, reachedBy, shown } from './calls.ts'
import type { Recorded, Watcher } from './record.ts'

/** What comes later has nothing to do with it any more. */
const WINDOW_MS = 15 * 60_000
const MOST_SESSIONS = 64

interface Denied extends Call {
  readonly deniedAt: number
  readonly by: string
  /** A person said something after it, or trusted something. */
  spoken: boolean
}

interface Route {
  readonly denied: Denied
  readonly later: Call
  readonly reached: string
  readonly spoken: boolean
}

interface Session {
  readonly calls: Map<string, Call>
  denied: readonly Denied[]
}

export class Routes implements Watcher {
  readonly #since: number
  readonly #sessions = new Map<string, Session>()
  readonly #routes: Route[] = []
  readonly #retried: Omit<Route, 'spoken'>[] = []

  /** @param since Unix ms */
  constructor(since: number) {
    this.#since = since
  }

  see({ entry, where, replayed }: Recorded): void {
    switch (entry.type) {
      case 'judged':
        if (replayed !== null && entry.at >= this.#since) this.#judged(replayed, where)
        break
      case 'client-denied':
        if (!entry.outage) this.#refused(entry, "the client's own check")
        break
      case 'answered':
        if (entry.answer === 'deny') this.#refused(entry, 'a person')
        else if (entry.answer === 'allow') this.#update(entry, { approved: true })
        break
      case 'ran':
        this.#update(entry, { ran: true })
        break
      case 'words':
        for (const denied of this.#sessions.get(entry.session)?.denied ?? []) denied.spoken = true
        break
      case 'trusted':
        for (const { denied } of this.#sessions.values()) for (const it of denied) it.spoken = true
        break
      case 'session-ended':
        this.#sessions.delete(entry.session)
        break
    }
  }

  findings(): Finding[] {
    const real = this.#routes.filter(it => gravityOf(it) !== null)
    const first = Map.groupBy(real, it => it.denied.entry.action)
    const retried = Map.groupBy(this.#retried, it => it.denied.entry.action)
    return [
      ...[...first.values()].flatMap(routes => findingOf(routes)),
      ...[...retried.values()].flatMap(tries => retriedOf(tries)),
    ]
  }

  #judged(replayed: Replayed, where: string): void {
    const { entry } = replayed
    const session = this.#sessionAt(entry.session, entry.at)
    const call = callOf(replayed, where)
    session.calls.set(entry.action, call)
    if (entry.answer === 'deny') {
      // Without a verdict nothing was denied for what it does.
      if (entry.by !== 'outage') this.#denyAgain(session, call, denierOf(entry))
    } else
      for (const denied of session.denied) {
        const reached = reachedBy(denied, call)
        if (reached === null) continue
        this.#routes.push({ denied, later: call, reached, spoken: denied.spoken })
      }
  }

  /** What was denied first is what the others tried. */
  #denyAgain(session: Session, call: Call, by: string): void {
    for (const denied of session.denied) {
      const reached = reachedBy(denied, call)
      if (reached === null) continue
      this.#retried.push({ denied, later: call, reached })
      break
    }
    this.#deny(session, call, by)
  }

  #refused(of: { session: string; action: string; at: number }, by: string): void {
    const session = this.#sessions.get(of.session)
    const call = session?.calls.get(of.action)
    if (session !== undefined && call !== undefined) this.#deny(session, call, by, of.at)
  }

  #deny(session: Session, call: Call, by: string, deniedAt = call.entry.at): void {
    session.denied = [...session.denied, { ...call, deniedAt, by, spoken: false }]
  }

  #update(of: { session: string; action: string }, what: Partial<Call>): void {
    const call = this.#sessions.get(of.session)?.calls.get(of.action)
    if (call !== undefined) Object.assign(call, what)
  }

  /** Sessions that never said that they end. */
  #forget(now: number): void {
    for (const [id, { calls }] of this.#sessions) {
      const last = [...calls.values()].at(-1)
      if (last !== undefined && last.entry.at < now - WINDOW_MS) this.#sessions.delete(id)
    }
  }

  #sessionAt(id: string, now: number): Session {
    const known = this.#sessions.get(id) ?? { calls: new Map<string, Call>(), denied: [] }
    this.#sessions.set(id, known)
    if (this.#sessions.size > MOST_SESSIONS) this.#forget(now)
    const isOld = (at: number): boolean => at < now - WINDOW_MS
    known.denied = known.denied.filter(it => !isOld(it.deniedAt))
    for (const [action, { entry }] of known.calls) if (isOld(entry.at)) known.calls.delete(action)
    return known
  }
}

function denierOf({ by, judgement }: EntryOf<'judged'>): string {
  return by === 'user' ? 'a person' : `the rule ${judgement.rule}`
}

/** @returns null when nobody knows that it ran, and nothing let it through */
function gravityOf({ later, spoken }: Route): Severity | null {
  if (!later.ran && !later.approved && later.entry.answer !== 'allow') return null
  if (spoken || later.approved) return 'low'
  return later.ran ? 'high' : 'medium'
}

function findingOf(routes: readonly Route[]): Finding[] {
  const [gravest] = (['high', 'medium', 'low'] as const).flatMap(severity =>
    routes.filter(it => gravityOf(it) === severity),
  )
  if (gravest === undefined) return []
  const { denied, later, reached } = gravest
  const minutes = Math.max(1, Math.round((later.entry.at - denied.deniedAt) / 60_000))
  const more = routes.length === 1 ? '' : ` (and ${routes.length - 1} more)`
  return [
    {
      kind: 'denied-effect-reached',
      severity: gravityOf(gravest) ?? 'low',
      what: `${reached}: ${denied.by} denied ${shown(denied)}, and ${minutes} min later ${shown(later)} ${fate(gravest)}${more}`,
      where: later.where,
      mend: `look who let it through; a rule of your own can deny both (session ${later.entry.session})`,
      fix: ['why', later.entry.action],
    },
  ]
}

/** So many ways are no mistake any more. */
const MANY = 3

function retriedOf(tries: readonly Omit<Route, 'spoken'>[]): Finding[] {
  const last = tries.at(-1)
  if (last === undefined) return []
  const { denied, later, reached } = last
  const ways = tries.length === 1 ? '1 other way' : `${tries.length} other ways`
  return [
    {
      kind: 'denied-effect-retried',
      severity: tries.length < MANY ? 'info' : 'low',
      what: `${reached}: ${denied.by} denied ${shown(denied)}, and ${ways} to do it were tried and denied, the last ${shown(later)}`,
      where: later.where,
      mend: `tell the agent what to do instead (session ${later.entry.session})`,
      fix: ['why', later.entry.action],
    },
  ]
}

function fate({ later, spoken }: Route): string {
  const what = later.ran ? 'ran' : later.approved ? 'was approved' : 'was allowed'
  if (later.approved) return `${what}; a person said yes to it`
  return spoken ? `${what}; a person had spoken or trusted something in between` : what
}

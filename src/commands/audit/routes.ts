/** Denied effects that the agent reached by another route. */
import type { EntryOf } from '../../action/entry.ts'
import type { Resource } from '../../action/judgement.ts'
import { summaryOf } from '../../clients/claude-code/tools.ts'
import type { Effect } from '../../judge/effects/effect.ts'
import { explainOn } from '../../judge/judge.ts'
import { isInside } from '../../judge/paths.ts'
import type { Replayed } from '../../judge/replay.ts'
import type { Facts } from '../../judge/types.ts'
import type { Finding, Severity } from '../../monitor/finding.ts'
import type { Recorded, Watcher } from './record.ts'
import { reachesSame, withOwnRemotes } from './same-effect.ts'

/** What comes later has nothing to do with it any more. */
const WINDOW_MS = 15 * 60_000
const MOST_SESSIONS = 64

interface Call {
  readonly entry: EntryOf<'judged'>
  readonly where: string
  readonly does: () => Does
  ran: boolean
  /** A person said yes to it. */
  approved: boolean
}

interface Does {
  readonly all: readonly Effect[]
  /** Those that a denial of it is about. */
  readonly denied: readonly Effect[]
}

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
    return [...first.values()].flatMap(routes => findingOf(routes))
  }

  #judged(replayed: Replayed, where: string): void {
    const { entry } = replayed
    const session = this.#sessionAt(entry.session, entry.at)
    const call = callOf(replayed, where)
    session.calls.set(entry.action, call)
    if (entry.answer === 'deny') {
      // Without a verdict nothing was denied for what it does.
      if (entry.by !== 'outage') this.#deny(session, call, denierOf(entry))
    } else
      for (const denied of session.denied) {
        const reached = reachedBy(denied, call)
        if (reached === null) continue
        this.#routes.push({ denied, later: call, reached, spoken: denied.spoken })
      }
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

/** What it does is only asked for where something was denied: of most calls nobody wants to know. */
function callOf(replayed: Replayed, where: string): Call {
  let does: Does | null = null
  return {
    entry: replayed.entry,
    where,
    does: () => {
      does ??= doesOf(replayed)
      return does
    },
    ran: false,
    approved: false,
  }
}

function doesOf({ entry, facts, policy, ledger, today }: Replayed): Does {
  const { on, seen, resources } = explainOn(today)(entry, facts, policy, ledger)
  const { verdict, evidence } = entry.judgement
  const all = withOwnRemotes(seen.effects)
  if (verdict !== 'allow' && on !== null && on.evidence === evidence) return { all, denied: [on] }
  // Somebody else denied it, or a rule over its text: what leads out of the project is what it was for.
  return { all, denied: all.filter((it, i) => leadsOut(it, resources[i] ?? null, facts)) }
}

function leadsOut(effect: Effect, resource: Resource | null, { projectRoot }: Facts): boolean {
  switch (effect.kind) {
    case 'read':
      return effect.credential
    case 'write':
    case 'delete':
      return effect.target.path !== null && !isInside(effect.target.path, projectRoot)
    case 'send':
    case 'receive':
    case 'vcs':
    case 'exec':
      return resource !== null && /^(external|unknown)$/.test(resource.trust)
    case 'cloud':
    case 'privilege':
    case 'persist':
    case 'guard-config':
      return true
  }
}

function denierOf({ by, judgement }: EntryOf<'judged'>): string {
  return by === 'user' ? 'a person' : `the rule ${judgement.rule}`
}

function reachedBy(denied: Denied, later: Call): string | null {
  // The same call once more is no other route: its verdict is another one.
  if (later.entry.inputHash === denied.entry.inputHash) return null
  for (const was of denied.does().denied)
    for (const is of later.does().all) {
      const reached = reachesSame(was, is)
      if (reached !== null) return reached
    }
  return null
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
      mend: `'signalbox why ${later.entry.action}' says who let it through; a rule of your own can deny both (session ${later.entry.session})`,
    },
  ]
}

function fate({ later, spoken }: Route): string {
  const what = later.ran ? 'ran' : later.approved ? 'was approved' : 'was allowed'
  if (later.approved) return `${what}; a person said yes to it`
  return spoken ? `${what}; a person had spoken or trusted something in between` : what
}

function shown({ entry: { tool, input } }: Call): string {
  const text = summaryOf(tool, input).replace(/\s+/g, ' ')
  return `${tool} "${text.length > 100 ? `${text.slice(0, 99)}…` : text}"`
}

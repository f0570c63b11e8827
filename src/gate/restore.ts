/** What an earlier gate left behind: pauses, grants, open calls and questions, from its journal. */
import type { EntryBody, EntryOf } from '../action/entry.ts'
import type { Spent } from '../judge/reviewer/budget.ts'
import type { Unstamped } from './gate.ts'
import type { Grant } from './grants.ts'
import type { Call } from './session.ts'

/** A line of the journal that says nothing to this gate: it was changed, or a newer gate wrote it. */
export const UNREADABLE = { type: 'unreadable' } as const

export interface RestoredSession {
  paused: { readonly hard: boolean } | null
  asking: string
  readonly calls: Call[]
  /** What its ledger is made of. */
  readonly told: EntryBody[]
}

export interface Restored {
  pausedAll: { readonly hard: boolean } | null
  readonly sessions: Map<string, RestoredSession>
  readonly grants: readonly { readonly grant: Grant; readonly givenAt: number }[]
  /** Used, and the end not written. */
  readonly used: readonly Grant[]
  /** So many lines could not be read, and nobody was told yet. */
  readonly unreadable: number
  /** What reviews have cost. */
  readonly spent: readonly Spent[]
  /** Questions that nobody answered before the gate went. */
  readonly asked: readonly { readonly session: string; readonly action: string }[]
}

/** @param history entries in the order they were written */
export function restore(history: Iterable<EntryBody | typeof UNREADABLE>): Restored {
  const sessions = new Map<string, RestoredSession>()
  const grants = new Map<string, Restored['grants'][number]>()
  const used = new Set<string>()
  const asked = new Map<string, { session: string; action: string }>()
  const spent: Spent[] = []
  let pausedAll: Restored['pausedAll'] = null
  let unreadable = 0
  const sessionOf = (id: string): RestoredSession => {
    let session = sessions.get(id)
    if (session === undefined) {
      session = { paused: null, asking: '', calls: [], told: [] }
      sessions.set(id, session)
    }
    return session
  }
  const callOf = (session: string, action: string): Call | undefined =>
    sessions.get(session)?.calls.findLast(call => call.action === action)
  for (const entry of history) {
    switch (entry.type) {
      case 'unreadable':
        // It may have been a pause, or the end of a grant.
        unreadable++
        pausedAll ??= { hard: false }
        grants.clear()
        break
      case 'words':
        sessionOf(entry.session).told.push(entry)
        break
      case 'judged': {
        const session = sessionOf(entry.session)
        session.told.push(entry)
        session.calls.push(callIn(entry))
        // The gate may have gone before it wrote the grant's end: the call it was used for has it.
        if (grants.get(entry.grant)?.grant.uses === 'once') used.add(entry.grant)
        break
      }
      case 'ran': {
        sessionOf(entry.session).told.push(entry)
        const call = callOf(entry.session, entry.action)
        if (call !== undefined) call.ended = true
        break
      }
      case 'reviewed':
        spent.push(entry)
        break
      case 'asked':
        asked.set(`${entry.session} ${entry.action}`, entry)
        break
      case 'answered':
        asked.delete(`${entry.session} ${entry.action}`)
        settle(sessions.get(entry.session)?.calls ?? [], entry)
        break
      case 'granted': {
        const call = callOf(entry.session, entry.action)
        if (call !== undefined)
          grants.set(entry.grant, { grant: grantIn(entry, call), givenAt: entry.at })
        break
      }
      case 'grant-ended':
        grants.delete(entry.grant)
        used.delete(entry.grant)
        break
      case 'paused':
        if (entry.session === null) {
          pausedAll = { hard: entry.hard }
          unreadable = 0
        } else if (entry.why === '') sessionOf(entry.session).paused = { hard: entry.hard }
        else sessionOf(entry.session).asking = entry.why
        break
      case 'resumed':
        if (entry.session === null) {
          pausedAll = null
          unreadable = 0
        } else Object.assign(sessionOf(entry.session), { paused: null, asking: '' })
        break
      case 'session-ended':
        sessions.delete(entry.session)
        break
      default:
        break
    }
  }
  const all = [...grants.values()]
  const left = {
    grants: all.filter(({ grant }) => !used.has(grant.id)),
    used: all.flatMap(({ grant }) => (used.has(grant.id) ? [grant] : [])),
    asked: [...asked.values()],
  }
  return { pausedAll, sessions, unreadable, spent, ...left }
}

/** What the gate before this one did not come to write. */
export function leftOver({ asked, used, unreadable, pausedAll }: Restored): Unstamped[] {
  const why =
    `${unreadable} lines of the journal cannot be read, so every action is asked until all ` +
    "sessions are resumed: 'signalbox audit --verify' shows them, or a newer version wrote them"
  const nobody = { answer: 'elsewhere', words: '', screen: null, changed: '' } as const
  return [
    ...asked.map(it => ({ type: 'answered', ...named(it), ...nobody }) as const),
    ...used.map(
      ({ id, session }) => ({ type: 'grant-ended', grant: id, session, why: 'used' }) as const,
    ),
    // A pause that cannot be read would else be none.
    ...(unreadable === 0
      ? []
      : [
          { type: 'alert', session: '', action: '', what: 'integrity', text: why } as const,
          { type: 'paused', session: null, hard: pausedAll?.hard === true, why } as const,
        ]),
  ]
}

const named = ({ session, action }: { session: string; action: string }) => ({ session, action })

/** A person's answer counts for its call also when the gate went before it could tell the client. */
function settle(calls: Call[], { action, ...outcome }: EntryOf<'answered'>): void {
  const at = calls.findLastIndex(call => call.action === action)
  const call = calls[at]
  if (call === undefined || (outcome.answer !== 'allow' && outcome.answer !== 'deny')) return
  const { answer, words, screen, changed } = outcome
  calls[at] = { ...call, settled: { answer, words, screen, changed } }
}

function callIn(entry: EntryOf<'judged'>): Call {
  const { action, session, agent, tool, input, inputHash, cwd, judgement, answer, grant } = entry
  const call = { action, session, agent, tool, input, inputHash, cwd, judgement, answer, grant }
  const where = { cwd, folders: [], elsewhere: null, words: [] }
  return { ...call, where, checked: '', facts: null, settled: null, ended: false }
}

function grantIn(entry: EntryOf<'granted'>, call: Call): Grant {
  const { session, agent, tool, inputHash, cwd } = call
  const { grant: id, action, until, uses } = entry
  return { id, action, until, uses, session, agent, tool, inputHash, cwd }
}

/** What an earlier gate left behind: pauses, grants, open calls and questions, from its journal. */
import type { EntryBody, EntryOf } from '../action/entry.ts'
import type { Grant } from './grants.ts'
import type { Call } from './session.ts'

export interface RestoredSession {
  paused: { readonly hard: boolean } | null
  asking: string
  readonly calls: Call[]
}

export interface Restored {
  pausedAll: { readonly hard: boolean } | null
  readonly sessions: Map<string, RestoredSession>
  readonly grants: Grant[]
  /** Questions that nobody answered before the gate went. */
  readonly asked: readonly { readonly session: string; readonly action: string }[]
}

/** @param history entries in the order they were written */
export function restore(history: Iterable<EntryBody>): Restored {
  const sessions = new Map<string, RestoredSession>()
  const grants = new Map<string, Grant>()
  const asked = new Map<string, { session: string; action: string }>()
  let pausedAll: Restored['pausedAll'] = null
  const sessionOf = (id: string): RestoredSession => {
    let session = sessions.get(id)
    if (session === undefined) {
      session = { paused: null, asking: '', calls: [] }
      sessions.set(id, session)
    }
    return session
  }
  const callOf = (session: string, action: string): Call | undefined =>
    sessions.get(session)?.calls.findLast(call => call.action === action)
  for (const entry of history) {
    switch (entry.type) {
      case 'judged':
        sessionOf(entry.session).calls.push(callIn(entry))
        break
      case 'ran': {
        const call = callOf(entry.session, entry.action)
        if (call !== undefined) call.ended = true
        break
      }
      case 'asked':
        asked.set(`${entry.session} ${entry.action}`, entry)
        break
      case 'answered':
        asked.delete(`${entry.session} ${entry.action}`)
        break
      case 'granted': {
        const call = callOf(entry.session, entry.action)
        if (call !== undefined) grants.set(entry.grant, grantIn(entry, call))
        break
      }
      case 'grant-ended':
        grants.delete(entry.grant)
        break
      case 'paused':
        if (entry.session === null) pausedAll = { hard: entry.hard }
        else if (entry.why === '') sessionOf(entry.session).paused = { hard: entry.hard }
        else sessionOf(entry.session).asking = entry.why
        break
      case 'resumed':
        if (entry.session === null) pausedAll = null
        else Object.assign(sessionOf(entry.session), { paused: null, asking: '' })
        break
      case 'session-ended':
        sessions.delete(entry.session)
        break
      default:
        break
    }
  }
  return { pausedAll, sessions, grants: [...grants.values()], asked: [...asked.values()] }
}

function callIn(entry: EntryOf<'judged'>): Call {
  const { action, session, agent, tool, input, inputHash, cwd, judgement, grant } = entry
  const call = { action, session, agent, tool, input, inputHash, cwd, judgement, grant }
  const where = { cwd, folders: [], elsewhere: null, words: [] }
  return { ...call, where, checked: '', facts: null, ended: false }
}

function grantIn(entry: EntryOf<'granted'>, call: Call): Grant {
  const { session, agent, tool, inputHash, cwd } = call
  const { grant: id, action, until, uses } = entry
  return { id, action, until, uses, session, agent, tool, inputHash, cwd }
}

/** What the gate does, for the head of the screen, the sessions and the snapshot. */

import type { Role } from '../action/entry.ts'
import type { Answered, Gated, GateEventOf } from '../action/gate-event.ts'
import type { GateAction } from '../action/gate-state.ts'
import type { Judgement } from '../action/judgement.ts'
import { sessionOfRow } from '../action/rows.ts'
import { requestKey } from '../action/telemetry.ts'
import type { ToldOfAction } from '../action/telemetry-state.ts'
import { textsOf, type World } from '../action/world.ts'
import { problemWords, reviewerProblem } from './reviews.ts'

export interface Pause {
  readonly hard: boolean
  /** Whether the session itself was paused, or all were. */
  readonly of: 'session' | 'all'
  readonly why: string
}

export const gateSession = (world: World, session: string): Gated | null =>
  world.gate.sessions.get(session)?.said ?? null

/** The request to the model that an action came with, as a checkpoint saw it; null when none did. */
export const requestOf = (world: World, row: number): Answered | null =>
  world.gate.requests.get(world.actions.columns.message[row] ?? 0) ?? null

/** What the client's own telemetry says of an action; null where it says nothing. */
export function toldOfAction(world: World, row: number): ToldOfAction | null {
  const { telemetry } = world
  if (telemetry.actions.size === 0) return null
  const { id } = sessionOfRow(world, row)
  return telemetry.actions.get(requestKey(id, textsOf(world, row).id)) ?? null
}

/** The later word counts: of a session, or of all. `session` `''`: all alone. */
export function pauseOf(world: World, session: string): Pause | null {
  const own = session === '' ? undefined : world.gate.pauses.get(session)
  const all = world.gate.pauses.get('')
  const last = own !== undefined && own.at >= (all?.at ?? 0) ? own : all
  if (last?.type !== 'paused') return null
  return { hard: last.hard, of: last === own ? 'session' : 'all', why: last.why }
}

/** What keeps the gate from approving anything in a session, for people; empty when nothing does. */
export function unmet({ preconditions: p }: Gated): string[] {
  return [
    p.enabled === '' ? 'auto mode is not enabled' : '',
    p.modelAllowed ? '' : `model ${p.model || '?'} is not on the list`,
    p.platformAllowed ? '' : `platform ${p.platform || '?'} is not on the list`,
  ].filter(text => text !== '')
}

/** Permissions that were given and not used yet. */
export function grantsAt(world: World, now: number): GateEventOf<'granted'>[] {
  return [...world.gate.grants.values()].flatMap(({ granted, ended }) =>
    granted !== null && ended === null && granted.until > now ? [granted] : [],
  )
}

const ALERT_MS = 3_600_000

export interface GateSummary {
  /** How many live sessions have each role. */
  readonly roles: readonly { readonly role: Role; readonly sessions: number }[]
  readonly paused: Pause | null
  /** Sessions that are paused by themselves. */
  readonly pausedSessions: number
  readonly grants: number
  /** Of the last hour. */
  readonly alerts: number
  readonly ungated: number
  /** The policy file that was refused, in words, or `''`. */
  readonly policyError: string
  /** What is amiss with the reviewer, or `''`. */
  readonly reviewer: string
}

/** @param isLive whether a session still goes on */
export function gateSummary(
  world: World,
  now: number,
  isLive: (session: string) => boolean,
): GateSummary {
  const { gate, forgotten } = world
  const roles = new Map<Role, number>()
  const problem = reviewerProblem(world, now)
  let pausedSessions = 0
  for (const [id, { said }] of gate.sessions) {
    if (!isLive(id)) continue
    roles.set(said.role, (roles.get(said.role) ?? 0) + 1)
    if (pauseOf(world, id)?.of === 'session') pausedSessions++
  }
  return {
    roles: Array.from(roles, ([role, sessions]) => ({ role, sessions })),
    paused: pauseOf(world, ''),
    pausedSessions,
    grants: grantsAt(world, now).length,
    alerts: gate.notices.filter(n => n.type === 'alert' && n.at > now - ALERT_MS).length,
    ungated: gate.ungated.size + forgotten.ungated,
    policyError: gate.policy?.error ?? '',
    reviewer: problem === null ? '' : problemWords(problem),
  }
}

/** What the judge said of an action, and whether it was more than an opinion. */
export interface Opinion {
  readonly judgement: Judgement
  /** The client's own check decided: this is what the judge would have said. */
  readonly opinionOnly: boolean
}

export function opinionOf(action: GateAction | undefined): Opinion | null {
  if (action === undefined) return null
  const { judged, clientDenied } = action
  if (clientDenied !== null) {
    const judgement = clientDenied.judgement ?? judged?.judgement ?? null
    // By way of a checkpoint the client's refusal is the judge's.
    const own = judged !== null && (judged.answer === 'deny' || judged.answer === 'ask')
    return judgement === null ? null : { judgement, opinionOnly: !own }
  }
  if (judged === null) return null
  return { judgement: judged.judgement, opinionOnly: judged.answer === 'abstain' }
}

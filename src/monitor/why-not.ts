/**
 * Why a key cannot act. The keys and the foot of the screen both ask here. A command in braces stands
 * for its key, whichever that is.
 */
import { STATES } from '../action/action.ts'
import type { Policy } from '../config/policy.ts'
import { gateSession, opinionOf, pauseOf } from './gate-view.ts'
import type { MonitorState } from './monitor.ts'
import { pendingItems, sessionIdOf } from './pending.ts'
import type { Target } from './target.ts'
import { strangers } from './trust.ts'

/** Keys that change something outside this screen. */
export const ACTS = [
  'approve',
  'deny',
  'override',
  'override-as',
  'trust',
  'edit',
  'remove',
  'undo',
  'pause',
  'pause-all',
  'pause-hard',
  'resume',
] as const
export type Act = (typeof ACTS)[number]

/** What a managed policy may take from the user. Saying no is never taken. */
const LOCKED_AS: Readonly<Record<Act, Policy['locked'][number] | null>> = {
  approve: 'approve',
  deny: null,
  override: 'override',
  'override-as': 'override',
  trust: 'trust',
  edit: 'trust',
  remove: 'trust',
  undo: null,
  pause: 'pause',
  'pause-all': 'pause',
  'pause-hard': 'pause',
  resume: 'pause',
}

export const STARTS_GATE =
  "'signalbox gate run --detach' starts it, and so does the next action of a session"
const NO_HOOKS = 'no hooks in this session: run signalbox init'

/** @returns one line for the user, or null when the key acts */
export function whyNot(act: Act, state: MonitorState, target: Target): string | null {
  return unreachable(act, state) ?? unfit(act, state, target)
}

function unreachable(act: Act, { reach, policy, isFleet }: MonitorState): string | null {
  const locked = LOCKED_AS[act]
  if (reach === 'closed') return 'this screen only watches: it was started with --read-only'
  if (reach === 'none')
    return isFleet
      ? 'this screen only shows: one that is started with --creds FILE acts'
      : 'no gate on this machine: run signalbox init'
  if (locked !== null && policy.locked.includes(locked)) return 'managed policy does not allow it'
  return reach === 'away' ? `the gate is away: ${STARTS_GATE}` : null
}

function unfit(act: Act, state: MonitorState, target: Target): string | null {
  const { world } = state
  const unselected = state.view.screen === 'insights' ? 'nothing was blocked in this range' : SELECT
  switch (act) {
    case 'approve':
    case 'deny':
      return unanswerable(state, target)
    case 'override':
    case 'override-as':
      return target.row === null ? unselected : notOverridable(state, target.row)
    case 'trust':
      return target.row === null ? unselected : notTrustable(state, target.row)
    case 'edit':
    case 'remove':
      return notChangeable(state)
    case 'pause':
    case 'pause-hard': {
      if (target.session === '') return 'no session is selected'
      if (gateSession(world, target.session) === null) return NO_HOOKS
      const pause = pauseOf(world, target.session)
      const already = pause !== null && (act === 'pause' || pause.hard)
      return already ? 'this session is paused already; {resume} resumes it' : null
    }
    case 'pause-all':
      return pauseOf(world, '') === null
        ? null
        : 'all sessions are paused already; {resume} resumes them'
    case 'resume': {
      const paused = pauseOf(world, target.session) ?? pauseOf(world, '')
      return paused === null ? 'nothing is paused' : null
    }
    case 'undo':
      return null
  }
}

const SELECT = 'select an action first (arrows, or {follow})'

function unanswerable({ world, now }: MonitorState, { row, pick }: Target): string | null {
  const items = pendingItems(world)
  if (items.length === 0) return 'nothing is pending'
  if (row === null) return `${items.length} actions are pending: select one ({waiting} lists them)`
  const item = items.find(one => one.row === row)
  if (item === undefined) return 'this action is not pending'
  if (item.answer === 'client') {
    if (item.why !== '') return `${item.why}: answer it in the client`
    const gated = gateSession(world, sessionIdOf(world, row))
    return gated === null ? NO_HOOKS : 'asked by the client itself: answer it there'
  }
  if (item.until !== null && item.until <= now) return 'the client no longer waits for an answer'
  // What was not chosen by hand may have come in the moment before the key.
  return pick === 'only' && isFresh(item.since, now) ? 'it came just now: press again' : null
}

/** What came, or opened, less than this before a key is not what the key is about. */
const FRESH_MS = 400
/** A time that is still to come is none: the clock was set back. */
export const isFresh = (since: number, now: number): boolean =>
  now >= since && now - since < FRESH_MS

function notOverridable({ world }: MonitorState, row: number): string | null {
  if (STATES[world.actions.columns.state[row] ?? 0] !== 'blocked')
    return 'only a blocked action can be overridden'
  if (gateSession(world, sessionIdOf(world, row)) === null) return NO_HOOKS
  const opinion = opinionOf(world.gate.byRow.get(row))
  return opinion?.judgement.tier === 'hard_deny' && !opinion.opinionOnly
    ? `nothing clears rule ${opinion.judgement.rule}`
    : null
}

function notTrustable({ world, canTrust }: MonitorState, row: number): string | null {
  if (!canTrust) return 'no trust can be given from this screen'
  if (gateSession(world, sessionIdOf(world, row)) === null) return NO_HOOKS
  const judgement = opinionOf(world.gate.byRow.get(row))?.judgement
  if (judgement === undefined) return 'the judge was not asked about this action'
  return strangers(judgement).length === 0 ? 'it touches nothing that is not trusted' : null
}

function notChangeable({ view, policy }: MonitorState): string | null {
  if (view.screen !== 'trust') return '{trusted} lists what is trusted'
  const entry = policy.trust[view.cursor]
  if (entry === undefined) return 'no entry is selected'
  const { layer, file, line } = entry.origin
  return layer === 'user' ? null : `it is ${layer}${file === '' ? '' : `, in ${file}:${line}`}`
}

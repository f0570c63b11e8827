/** The transcript's word and the gate's, put together: pure, and the same in whichever order they came. */
import type { DecidedBy } from './action.ts'
import type { GateAction, Told } from './gate-state.ts'

export const RUNNING: Told = {
  state: 'undecided',
  outcome: 'running',
  decidedBy: 'unknown',
  reason: '',
  decidedAt: 0,
  finishedAt: 0,
}

const PENDING: Told = { ...RUNNING, state: 'pending', outcome: 'none' }

/** What the gate, or a person through it, said: a yes or a no. */
interface Word {
  readonly state: 'approved' | 'blocked'
  readonly by: DecidedBy
  readonly at: number
  readonly reason: string
}

/** What to show of an action. */
export function resolve(action: GateAction): Told {
  const told = action.told ?? RUNNING
  const word = wordOf(action)
  // The client told the agent to wait for a person, who has not answered.
  if (isAsked(action) && action.asked?.held === 'Checkpoint' && told.state !== 'approved')
    return { ...PENDING, reason: action.asked.why }
  if (told.state === 'approved' || told.state === 'blocked') return ended(told, word, action.ran)
  return open(action, told, word)
}

/** The transcript has its end; the gate knows better who decided. */
function ended(told: Told, word: Word | null, ran: GateAction['ran']): Told {
  // Before 2.1.205 a hook's refusal is told as a failed call, and nothing else tells it apart from
  // one that ran; but of what ran the gate is told.
  if (word?.state === 'blocked' && told.outcome === 'failed' && ran === null)
    return { ...refused(word), finishedAt: told.finishedAt }
  if (word === null || word.state !== told.state) return told
  return {
    ...told,
    decidedBy: word.by,
    decidedAt: word.at,
    reason: word.reason || told.reason,
  }
}

function open(action: GateAction, told: Told, word: Word | null): Told {
  const { ran, clientDenied } = action
  const interrupted = told.outcome === 'interrupted'
  if (ran !== null) {
    const approved = word?.state === 'approved' ? word : null
    return {
      ...told,
      state: 'approved',
      outcome: ran.ok ? 'succeeded' : 'failed',
      decidedBy: approved?.by ?? told.decidedBy,
      decidedAt: approved?.at ?? 0,
      reason: approved?.reason || told.reason,
      finishedAt: ran.at,
    }
  }
  if (isAsked(action) && !interrupted) return { ...PENDING, reason: action.asked?.why ?? '' }
  if (word?.state === 'blocked') return refused(word)
  if (clientDenied !== null) {
    const by = clientDenied.outage ? 'outage' : 'classifier'
    return refused({ state: 'blocked', by, at: clientDenied.at, reason: clientDenied.reason })
  }
  if (word !== null) {
    const outcome = interrupted ? 'interrupted' : 'running'
    const { by: decidedBy, at: decidedAt } = word
    const reason = word.reason || told.reason
    return { ...told, state: 'approved', outcome, decidedBy, decidedAt, reason }
  }
  return told
}

const refused = ({ by, at, reason }: Word): Told => ({
  state: 'blocked',
  outcome: 'none',
  decidedBy: by,
  reason,
  decidedAt: at,
  finishedAt: at,
})

/** A person is asked through the gate, and did not answer yet. */
export function isAsked({ asked, answered, clientDenied, ran }: GateAction): boolean {
  if (asked === null || ran !== null) return false
  if (clientDenied !== null && clientDenied.at >= asked.at && asked.held !== 'Checkpoint')
    return false
  return answered === null || answered.at < asked.at
}

function wordOf(action: GateAction): Word | null {
  return personsWord(action) ?? gatesWord(action)
}

function personsWord({ asked, answered }: GateAction): Word | null {
  if (answered === null || (asked !== null && answered.at < asked.at)) return null
  const { at, words } = answered
  switch (answered.answer) {
    case 'allow':
      // It did not run: the next one like it will.
      if (asked?.held === 'Checkpoint')
        return { state: 'blocked', by: 'judge', at: asked.at, reason: asked.why }
      return { state: 'approved', by: 'user', at, reason: '' }
    case 'deny':
      return { state: 'blocked', by: 'user', at, reason: words }
    case 'timeout':
      // The client's own dialog goes on after a PermissionRequest; without one the call is refused.
      return asked !== null && asked.held !== 'PermissionRequest'
        ? { state: 'blocked', by: 'unattended', at, reason: asked.why }
        : null
    case 'elsewhere':
      return null
  }
}

function gatesWord({ judged, reviewed }: GateAction): Word | null {
  if (judged === null) return null
  const { at, by } = judged
  const second = by === 'reviewer' ? (reviewed?.reason ?? '') : ''
  switch (judged.answer) {
    case 'allow':
      return { state: 'approved', by, at, reason: second }
    case 'deny':
      return { state: 'blocked', by, at, reason: second || judged.judgement.reason }
    case 'ask':
    case 'abstain':
      return null
  }
}
